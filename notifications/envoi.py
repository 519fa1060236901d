"""Composer et déposer les courriels : un par personne et par passage, chaque fait une seule fois.

Tout se joue dans une transaction par personne, sous verrou : lire ce qui attend, le composer avec
ses droits de maintenant, le marquer, déposer le courriel. Tué avant la fin, rien n'est fait et le
passage suivant reprend ; deux passages ensemble se suivent. Le courriel d'un résumé porte le nom de
sa période : il n'y en a qu'un par jour, ou par semaine, même relancé.
"""

import datetime
import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from comptes.models import Utilisateur
from courrier.depot import adresse_absolue, composer, deposer
from courrier.models import Courriel
from notifications.enums import Cadence
from notifications.lecture import Ligne, lire
from notifications.liens import lien
from notifications.models import Notification
from notifications.preferences import TOUS, Cadences
from notifications.registre import EVENEMENTS, RELEVES

# Un résumé reste lisible : le reste se lit à l'écran.
LIGNES_MAX = 50
journal = logging.getLogger(__name__)


def envoyer_resumes(le: datetime.date | None = None) -> dict[Cadence, int]:
    """Relève ce que le calendrier dit de neuf, puis envoie ce qui attend ; rend les nombres."""
    jour = le or timezone.localdate()
    for releve in RELEVES:
        releve(jour)
    return {cadence: envoyer(cadence, le=jour) for cadence in Cadence.par_courriel()}


def envoyer(cadence: Cadence, *, le: datetime.date | None = None) -> int:
    """Un courriel par personne qui a quelque chose à apprendre à cette cadence."""
    nombre = 0
    for pk in _en_attente(cadence):
        try:
            nombre += _envoyer_a(pk, cadence, le or timezone.localdate())
        except ValidationError:
            # Une adresse mal formée ne prive personne d'autre de son courriel.
            journal.exception("Le compte %s n'a pas d'adresse valable.", pk)
    return nombre


def _en_attente(cadence: Cadence) -> list[int]:
    """Ceux qui ont peut-être quelque chose à apprendre ; le verrou pris, on regarde de nouveau."""
    couples = set(
        Notification.objects.a_envoyer()
        .filter(evenement__in=list(EVENEMENTS))
        .order_by()
        .values_list("destinataire", "evenement")
        .distinct()
    )
    cadences = Cadences({pk for pk, _ in couples})
    return sorted({pk for pk, evenement in couples if cadences.de(pk, evenement) == cadence})


@transaction.atomic
def _envoyer_a(pk: int, cadence: Cadence, le: datetime.date) -> bool:
    """Vrai si un courriel est déposé. Le verrou sur la personne met les passages à la suite ; son
    compte et ses droits se lisent après lui."""
    lecteur = Utilisateur.objects.actifs().select_for_update(no_key=True).filter(pk=pk).first()
    if lecteur is None:
        return False
    cadences = Cadences([pk])
    attente = [
        n
        for n in Notification.objects.visibles_par(lecteur).a_envoyer().pour_liste()
        if cadences.de(pk, n.evenement) == cadence
    ]
    lignes = lire(attente, lecteur)
    if not lignes:
        return False
    cle = _cle(pk, cadence, le, lignes)
    if Courriel.objects.filter(cle=cle).exists():
        return False
    _marquer(lignes)
    _deposer(cle, lecteur, cadence, lignes)
    return True


def _cle(pk: int, cadence: Cadence, le: datetime.date, lignes: list[Ligne]) -> str:
    """La période d'un résumé ; sinon la première notification, qui n'est que dans ce courriel."""
    if cadence == Cadence.QUOTIDIEN:
        return f"resume-{pk}-{le:%Y-%m-%d}"
    if cadence == Cadence.HEBDOMADAIRE:
        return f"resume-{pk}-{le:%G-S%V}"
    return f"notification-{min(ligne.notification.pk for ligne in lignes)}"


def _marquer(lignes: list[Ligne]) -> None:
    pks = [ligne.notification.pk for ligne in lignes]
    Notification.objects.filter(pk__in=pks).update(envoyee_le=timezone.now())


def _deposer(cle: str, lecteur: Utilisateur, cadence: Cadence, lignes: list[Ligne]) -> None:
    evenements = {ligne.evenement.cle: ligne.evenement for ligne in lignes}
    seul = next(iter(evenements)) if len(evenements) == 1 else TOUS
    message = composer(
        "notifications",
        {
            "lignes": [
                (ligne.evenement.libelle, ligne.avis, adresse_absolue(ligne.avis.adresse))
                for ligne in lignes[:LIGNES_MAX]
            ],
            "nombre": len(lignes),
            "reste": len(lignes) - LIGNES_MAX,
            "resume": cadence != Cadence.IMMEDIAT,
            "hebdomadaire": cadence == Cadence.HEBDOMADAIRE,
            "boite": adresse_absolue(reverse("notifications:notification-list")),
            "reglages": adresse_absolue(reverse("notifications:preferences")),
            "desabonnements": [(e.libelle, lien(lecteur.pk, e.cle)) for e in evenements.values()],
            "tout": lien(lecteur.pk),
        },
    )
    deposer(
        cle=cle,
        destinataire=lecteur.email,
        sujet=message.sujet,
        texte=message.texte,
        entetes={
            "List-Unsubscribe": f"<{lien(lecteur.pk, seul)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
