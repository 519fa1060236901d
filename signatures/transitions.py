"""La seule porte qui écrit l'état d'une campagne de signature et de ses signataires.

Chaque acte verrouille la campagne, vérifie le droit puis l'état, écrit, inscrit au journal enchaîné
et prévient, dans une seule transaction : tué à mi-chemin, rien n'est fait ; les octets reçus sont
gardés avant elle, sous leur empreinte.
"""

import datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from comptes import assistance
from comptes.models import Utilisateur
from contrats.enums import RoleSignature, StatutContrat
from contrats.permissions import Acte, peut
from contrats.transitions import DonneeManquante, TransitionImpossible
from documents.enums import ActeInscrit
from documents.figes import journal
from notifications.depot import notifier
from signatures import courriels
from signatures.enums import (
    EtatCampagne,
    EtatSignataire,
    GenrePiece,
    RegleEffet,
    TransitionSignataire,
)
from signatures.models import CampagneSignature, Passage, Signataire
from signatures.pieces import Recue, garder
from signatures.tables import TRANSITIONS
from signatures.taches import assembler_le_pdf

MOTIF_MAX = 500
PASSAGE, ANNULATION = "signature", "signature-annulee"
INSCRITS = {
    TransitionSignataire.ENVOYER: ActeInscrit.ENVOYER,
    TransitionSignataire.RENVOYER: ActeInscrit.ENVOYER,
    TransitionSignataire.SIGNER_PAPIER: ActeInscrit.SIGNER,
    TransitionSignataire.SIGNER_AILLEURS: ActeInscrit.SIGNER,
    TransitionSignataire.REFUSER: ActeInscrit.REFUSER,
    TransitionSignataire.ANNULER: ActeInscrit.ANNULER,
}
# Le contrat peut être soumis à la signature des parties.
SIGNABLE = {StatutContrat.ADOPTE, StatutContrat.EN_SIGNATURE}


def exiger(par: Utilisateur, campagne: CampagneSignature) -> None:
    """Lève `PermissionDenied` sans le droit, ou sous assistance : rien ne s'y signe."""
    if not peut(par, Acte.CONDUIRE, campagne.document.contrat):
        raise PermissionDenied("Conduire une signature : votre rôle ne le permet pas.")
    assistance.refuser(par)


@transaction.atomic
def lancer(campagne: CampagneSignature, *, par: Utilisateur) -> int:
    """Envoie le document aux signataires : tous, ou le premier si chacun signe à son tour."""
    exiger(par, campagne)
    campagne = _verrouiller(campagne, {EtatCampagne.EN_PREPARATION})
    _verifier_prete(campagne)
    _ecrire(campagne, etat=EtatCampagne.EN_COURS, lancee_le=timezone.now())
    return _envoyer_la_suite(campagne, par=par)


def _verifier_prete(campagne: CampagneSignature) -> None:
    contrat = campagne.document.contrat
    if contrat.statut not in SIGNABLE:
        raise TransitionImpossible(
            f"Le contrat est « {contrat.get_statut_display()} » : il se signe une fois adopté."
        )
    siens = list(campagne.signataires.qui_signent().order_by("rang"))
    if not siens:
        raise TransitionImpossible("Cette campagne n'a aucun signataire.")
    muets = [s.pour for s in siens if not s.nom or not s.qualite]
    if muets:
        raise TransitionImpossible(f"Dites qui signe, et sa qualité, pour : {', '.join(muets)}.")


def _envoyer_la_suite(campagne: CampagneSignature, *, par: Utilisateur | None) -> int:
    """Envoie à ceux dont c'est le tour ; rend leur nombre."""
    siens = list(campagne.signataires.qui_signent().order_by("rang"))
    a_envoyer = [s for s in siens if s.etat == EtatSignataire.A_ENVOYER]
    if campagne.ordonnee:
        libre = all(s.a_signe for s in siens if s.rang < a_envoyer[0].rang) if a_envoyer else False
        a_envoyer = a_envoyer[:1] if libre else []
    for signataire in a_envoyer:
        signataire.campagne = campagne
        _passer(signataire, TransitionSignataire.ENVOYER, par=par)
    return len(a_envoyer)


@transaction.atomic
def constater(
    signataire: Signataire,
    transition: TransitionSignataire,
    *,
    version: int,
    par: Utilisateur,
    motif: str = "",
) -> Passage:
    """Note un envoi, une réception, un refus, une annulation."""
    if transition in (TransitionSignataire.SIGNER_PAPIER, TransitionSignataire.SIGNER_AILLEURS):
        raise DonneeManquante("piece", "Une signature se constate avec sa pièce.")
    exiger(par, signataire.campagne)
    campagne = _verrouiller(signataire.campagne, {EtatCampagne.EN_COURS, EtatCampagne.COMPLETE})
    signataire.campagne = campagne
    if campagne.etat == EtatCampagne.COMPLETE:
        _verifier_defaisable(campagne, transition)
    passage = _passer(signataire, transition, version=version, par=par, motif=motif)
    if campagne.etat == EtatCampagne.COMPLETE:
        _rouvrir(campagne)
    return passage


def _verifier_defaisable(campagne: CampagneSignature, transition: TransitionSignataire) -> None:
    if transition != TransitionSignataire.ANNULER:
        raise TransitionImpossible("Toutes les signatures sont reçues.")
    if campagne.document.contrat.statut not in SIGNABLE:
        raise TransitionImpossible("Le contrat est signé : ses signatures ne s'annulent plus.")


def _rouvrir(campagne: CampagneSignature) -> None:
    champs: dict[str, Any] = {"etat": EtatCampagne.EN_COURS, "terminee_le": None, "assemblage": ""}
    if campagne.regle_effet == RegleEffet.DERNIERE:
        champs["effet_le"] = None
    _ecrire(campagne, **champs)


def signer(
    signataire: Signataire,
    recue: Recue,
    *,
    version: int,
    le: datetime.date,
    par: Utilisateur,
) -> Passage:
    """Constate une signature par sa pièce ; la dernière termine la campagne et fixe l'effet.

    Les octets sont gardés d'abord : interrompu, il reste un fichier que rien ne cite.
    """
    exiger(par, signataire.campagne)
    if le > timezone.localdate():
        raise DonneeManquante("le", "Une signature ne se constate pas d'avance.")
    garder(recue)
    return _signer(signataire, recue, version=version, le=le, par=par)


@transaction.atomic
def _signer(
    signataire: Signataire, recue: Recue, *, version: int, le: datetime.date, par: Utilisateur
) -> Passage:
    campagne = _verrouiller(signataire.campagne, {EtatCampagne.EN_COURS})
    signataire.campagne = campagne
    if signataire.deliberation_adoptee is False:
        raise TransitionImpossible(
            f"La délibération de « {signataire.pour} » n'est pas adoptée : rien ne se signe."
        )
    recue.verifier_nouvelle(campagne)
    if recue.genre == GenrePiece.SCAN:
        transition = TransitionSignataire.SIGNER_PAPIER
    else:
        transition = TransitionSignataire.SIGNER_AILLEURS
    faits = {"empreinte": recue.empreinte, "signe_le": le.isoformat()}
    passage = _passer(signataire, transition, version=version, par=par, signe_le=le, faits=faits)
    recue.enregistrer(signataire, par=par)
    _terminer_si_complete(campagne)
    if campagne.etat == EtatCampagne.EN_COURS and campagne.ordonnee:
        _envoyer_la_suite(campagne, par=par)
    return passage


def _terminer_si_complete(campagne: CampagneSignature) -> None:
    siens = list(campagne.signataires.qui_signent())
    if not all(s.a_signe for s in siens):
        return
    champs: dict[str, Any] = {"etat": EtatCampagne.COMPLETE, "terminee_le": timezone.now()}
    if campagne.regle_effet == RegleEffet.DERNIERE:
        champs["effet_le"] = max(s.signe_le for s in siens if s.signe_le)
    _ecrire(campagne, **champs)
    transaction.on_commit(partial(assembler_le_pdf.enqueue, campagne.pk))


@transaction.atomic
def annuler(campagne: CampagneSignature, *, par: Utilisateur | None, motif: str) -> int:
    """Annule tout ce qui était signé ou attendu, et le dit à chacun, une fois.

    Rend le nombre de signatures annulées. Les pièces reçues restent : rien ne s'efface. Le droit
    est celui de qui appelle : un agent (`renvoyer_en_relecture`), ou le contrat qui se retire.
    """
    campagne = _verrouiller(
        campagne, {EtatCampagne.EN_PREPARATION, EtatCampagne.EN_COURS, EtatCampagne.COMPLETE}
    )
    motif = motif_de(motif)
    lancee = campagne.lancee_le is not None
    annulees = 0
    for signataire in campagne.signataires.qui_signent().order_by("rang"):
        signataire.campagne = campagne
        annulees += signataire.a_signe
        if signataire.etat in TRANSITIONS[TransitionSignataire.ANNULER][0]:
            _passer(signataire, TransitionSignataire.ANNULER, par=par, motif=motif, prevenir=False)
    champs: dict[str, Any] = {"assemblage": ""}
    if campagne.regle_effet == RegleEffet.DERNIERE:
        champs["effet_le"] = None
    _ecrire(
        campagne,
        etat=EtatCampagne.ANNULEE,
        terminee_le=timezone.now(),
        motif=motif,
        **champs,
    )
    _inscrire(ActeInscrit.ANNULER, campagne, par=par, motif=motif)
    if lancee:
        courriels.annoncer_l_annulation(campagne)
        notifier(ANNULATION, campagne, par=par)
    return annulees


def motif_de(motif: str) -> str:
    """Le motif, espaces resserrés ; lève `DonneeManquante` s'il n'est pas dit."""
    propre = " ".join(motif.replace("\0", "").split())
    if not propre:
        raise DonneeManquante("motif", "Dites pourquoi : le motif est gardé et envoyé.")
    if len(propre) > MOTIF_MAX:
        raise DonneeManquante("motif", f"Raccourcissez le motif à {MOTIF_MAX} signes au plus.")
    return propre


@transaction.atomic
def relancer(
    campagne: CampagneSignature,
    *,
    par: Utilisateur | None,
    depuis: datetime.datetime | None = None,
) -> int:
    """Réécrit à qui n'a pas répondu ; rend le nombre de courriels.

    `par` vide : la ronde ; `depuis` : seulement à qui n'a rien reçu depuis cet instant.
    """
    if par is not None:
        exiger(par, campagne)
    campagne = _verrouiller(campagne, {EtatCampagne.EN_COURS})
    attendus = campagne.signataires.qui_signent().filter(etat__in=EtatSignataire.attendus())
    if depuis is not None:
        attendus = attendus.annotate(dernier=Coalesce("relance_le", "envoye_le"))
        attendus = attendus.filter(dernier__lt=depuis)
    nombre = 0
    for signataire in attendus.exclude(email="").order_by("rang"):
        signataire.campagne = campagne
        signataire.nb_relances += 1
        signataire.relance_le = timezone.now()
        signataire.save(update_fields=["nb_relances", "relance_le"])
        courriels.relancer(signataire)
        nombre += 1
    return nombre


def _verrouiller(campagne: CampagneSignature, admis: set[EtatCampagne]) -> CampagneSignature:
    """La campagne relue et verrouillée ; deux constats simultanés attendent l'un l'autre."""
    lignes = CampagneSignature.objects.select_for_update(of=("self",))
    relue = lignes.select_related("document__contrat").get(pk=campagne.pk)
    if relue.etat not in admis:
        raise TransitionImpossible(f"La campagne est « {relue.get_etat_display()} ».")
    return relue


def _ecrire(campagne: CampagneSignature, **champs: Any) -> None:
    for champ, valeur in champs.items():
        setattr(campagne, champ, valeur)
    campagne.save(update_fields=list(champs))


def _passer(
    signataire: Signataire,
    transition: TransitionSignataire,
    *,
    par: Utilisateur | None,
    version: int | None = None,
    motif: str = "",
    signe_le: datetime.date | None = None,
    faits: dict[str, Any] | None = None,
    prevenir: bool = True,
) -> Passage:
    """Écrit l'état à la version lue, le passage, le journal ; prévient."""
    departs, arrivee = TRANSITIONS[transition]
    depart = EtatSignataire(signataire.etat)
    if signataire.role == RoleSignature.TEMOIN or depart not in departs:
        raise TransitionImpossible(f"{transition.label} : « {signataire} » est {depart.label}.")
    motif = motif_de(motif) if transition in TransitionSignataire.motivees() else ""
    champs: dict[str, Any] = {"etat": arrivee, "motif": motif, "signe_le": signe_le}
    if arrivee == EtatSignataire.ENVOYE:
        champs |= {"envoye_le": timezone.now(), "relance_le": None, "nb_relances": 0}
        champs["dossier"] = ""
    lue = signataire.version if version is None else version
    lignes = Signataire.objects.filter(pk=signataire.pk, etat=depart, version=lue)
    if not lignes.update(version=lue + 1, **champs):
        raise TransitionImpossible(f"« {signataire} » a changé depuis que vous l'avez lu.")
    for champ, valeur in {**champs, "version": lue + 1}.items():
        setattr(signataire, champ, valeur)
    passage = Passage.objects.create(
        signataire=signataire, transition=transition, de=depart, vers=arrivee, motif=motif, par=par
    )
    if transition in INSCRITS:
        dits = {"signataire": str(signataire.public_id), **(faits or {})}
        _inscrire(INSCRITS[transition], signataire.campagne, par=par, motif=motif, **dits)
    if arrivee == EtatSignataire.ENVOYE and signataire.email:
        courriels.envoyer(signataire)
    if prevenir and arrivee not in (EtatSignataire.ENVOYE, EtatSignataire.RECU):
        notifier(PASSAGE, passage, par=par)
    return passage


def _inscrire(
    acte: ActeInscrit,
    campagne: CampagneSignature,
    *,
    par: Utilisateur | None,
    motif: str = "",
    **faits: Any,
) -> None:
    if motif:
        faits["motif"] = motif
    document = str(campagne.document.public_id)
    journal.inscrire(
        acte,
        par=par.pk if par else None,
        document=document,
        campagne=str(campagne.public_id),
        **faits,
    )
