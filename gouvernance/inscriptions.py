"""S'inscrire, annuler, promouvoir : la seule porte qui écrit l'état d'une inscription.

La session se verrouille d'abord : deux demandes au même instant se suivent, la dernière place n'a
qu'un preneur, et une annulation promeut exactement la première personne en attente.
"""

from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comptes.models import Utilisateur
from edition.ecriture import mettre_a_jour
from gouvernance import courriels_session as courriels
from gouvernance import liens
from gouvernance.enums import EtatInscription
from gouvernance.models import Inscription, Session
from gouvernance.transitions import annuler_session


class InscriptionClose(Exception):
    """La session ne reçoit plus d'inscription : 409, la phrase dit pourquoi."""


@transaction.atomic
def inscrire(session: Session, **demande: Any) -> Inscription:
    """Prend une place, ou la suite de la liste d'attente ; le courriel dit laquelle.

    Une adresse déjà inscrite reçoit de nouveau son lien : la page ne dit pas qu'elle l'était.
    """
    session = _verrouiller(session)
    if not session.est_ouverte:
        raise InscriptionClose("Les inscriptions à cette session sont closes.")
    demande["email"] = demande["email"].lower()
    siennes = session.inscriptions.exclude(etat=EtatInscription.ANNULEE)
    connue = siennes.filter(email=demande["email"]).first()
    if connue is not None:
        courriels.redire(connue)
        return connue
    libre = session.inscriptions.inscrites().count() < session.capacite
    rang = (session.inscriptions.aggregate(m=Max("rang"))["m"] or 0) + 1
    etat = EtatInscription.INSCRITE if libre else EtatInscription.EN_ATTENTE
    nouvelle = Inscription(session=session, rang=rang, etat=etat, **demande)
    liens.attribuer(nouvelle)
    nouvelle.save()
    courriels.confirmer(nouvelle)
    return nouvelle


@transaction.atomic
def annuler(inscription: Inscription) -> Inscription | None:
    """Rend la place ; la première personne en attente la prend. Rend celle-ci, s'il y en a une.

    Annuler deux fois ne rend qu'une place.
    """
    session = _verrouiller(inscription.session)
    inscription = Inscription.objects.select_related("session").get(pk=inscription.pk)
    if inscription.etat == EtatInscription.ANNULEE:
        return None
    avait_une_place = inscription.etat == EtatInscription.INSCRITE
    siennes = Inscription.objects.filter(pk=inscription.pk)
    siennes.update(etat=EtatInscription.ANNULEE, annulee_le=timezone.now())
    courriels.dire_annulee(inscription)
    if not avait_une_place or timezone.localdate() > session.le:
        return None
    return _promouvoir(session)


@transaction.atomic
def annuler_la_session(session: Session, *, version: int, par: Utilisateur) -> int:
    """Prévient tous ceux qui attendaient d'y venir ; rend leur nombre."""
    annuler_session(session, version=version, par=par)
    prevenus = list(session.inscriptions.exclude(etat=EtatInscription.ANNULEE))
    for inscription in prevenus:
        courriels.dire_session_annulee(inscription)
    return len(prevenus)


@transaction.atomic
def purger(session: Session) -> int:
    """Efface les inscrits une fois le délai passé ; il n'en reste que des nombres."""
    session = _verrouiller(session)
    if session.purgee_le or timezone.localdate() < session.s_efface_le:
        return 0
    lignes = session.inscriptions.values_list("etat", "profil")
    etats, profils = Counter(e for e, _ in lignes), Counter(p for e, p in lignes if e == "inscrite")
    bilan = {"etats": dict(etats), "profils": {p or "Non dit": n for p, n in profils.items()}}
    effacees = session.inscriptions.all().delete()[0]
    mettre_a_jour(session, version=session.version, purgee_le=timezone.now(), bilan=bilan)
    return effacees


def _verrouiller(session: Session) -> Session:
    verrouillees = Session.objects.select_for_update(of=("self",)).select_related("contrat")
    return verrouillees.get(pk=session.pk)


def _promouvoir(session: Session) -> Inscription | None:
    premiere = session.inscriptions.en_attente().first()
    if premiere is None:
        return None
    Inscription.objects.filter(pk=premiere.pk).update(
        etat=EtatInscription.INSCRITE, promue_le=timezone.now()
    )
    premiere.refresh_from_db()
    courriels.promouvoir(premiere)
    return premiere
