"""La prochaine étape d'un objet, dite à chaque lecteur : à lui de jouer, ou qui l'on attend."""

import datetime
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import (
    RolePartenaire,
    RoleSignature,
    StatutAction,
    StatutContrat,
    StatutFiche,
)
from contrats.models import Action, Contrat, Fiche, Partie, Transition
from contrats.permissions import Acte, peut
from contrats.transitions.signature import mis_en_signature_par

Objet = Contrat | Fiche | Action


@dataclass(frozen=True)
class Etape:
    """Ce qui vient, du point de vue du lecteur ; `a_vous` : on n'attend que lui."""

    phrase: str
    a_vous: bool = False


# Statut → (acte de qui l'on attend, ce qu'on lui dit, ce qu'on dit aux autres).
ATTENTES_FICHE: dict[str, tuple[Acte, str, str] | None] = {
    StatutFiche.BROUILLON: (
        Acte.MODIFIER,
        "À vous d'écrire, puis de soumettre à relecture.",
        "En cours d'écriture",
    ),
    StatutFiche.EN_RELECTURE: (Acte.RELIRE, "À vous de relire.", "En attente de relecture"),
    StatutFiche.A_CORRIGER: (
        Acte.MODIFIER,
        "À vous de corriger, puis de soumettre de nouveau.",
        "En attente de correction",
    ),
    StatutFiche.VALIDEE: (Acte.PUBLIER, "À vous de publier.", "Validée, en attente de publication"),
    StatutFiche.PUBLIEE: None,
    StatutFiche.ARCHIVEE: None,
}
ATTENTES_CONTRAT: dict[str, tuple[Acte, str, str] | None] = {
    StatutContrat.EN_PREPARATION: (
        Acte.MODIFIER,
        "À vous de le préparer, puis de le soumettre à relecture.",
        "En préparation",
    ),
    StatutContrat.EN_RELECTURE: (
        Acte.RELIRE,
        "À vous de relire, avant l'adoption par les assemblées.",
        "En attente de relecture",
    ),
    StatutContrat.ADOPTE: (
        Acte.CONDUIRE,
        "À vous de le mettre en signature.",
        "Adopté, en attente de mise en signature",
    ),
    StatutContrat.EN_SIGNATURE: (
        Acte.CONDUIRE,
        "Toutes les parties ont signé : à vous de constater la signature.",
        "En attente du constat de signature",
    ),
    StatutContrat.SIGNE: None,
    StatutContrat.PROROGE: None,
    StatutContrat.ECHU: (
        Acte.CONDUIRE,
        "À vous de le proroger ou de l'archiver.",
        "Échu, en attente de prorogation ou d'archivage",
    ),
    StatutContrat.ARCHIVE: None,
}
ATTENTES_ACTION: dict[str, str] = {
    StatutAction.A_LANCER: "À vous de la lancer.",
    StatutAction.EN_COURS: "À vous de dire où elle en est.",
    StatutAction.REPORTEE: "À vous de la lancer à sa nouvelle date.",
    StatutAction.SUSPENDUE: "À vous de la reprendre ou de l'abandonner.",
    StatutAction.REALISEE: "",
    StatutAction.ABANDONNEE: "",
    StatutAction.REGROUPEE: "",
}


def prochaine_etape(objet: Objet, utilisateur: Utilisateur) -> Etape:
    """« À vous de relire. », « En attente de la CAF depuis 12 jours. », « Rien à faire : publiée. »

    La durée court depuis le dernier changement de statut (`avec_depuis` la lit pour une liste).
    """
    if isinstance(objet, Action):
        return _de_l_action(objet, utilisateur)
    if isinstance(objet, Contrat):
        return _du_contrat(objet, utilisateur)
    return _attente(objet, utilisateur, ATTENTES_FICHE[objet.statut])


def avec_depuis[Q: QuerySet](lignes: Q, objet: str) -> Q:
    """Ajoute `statut_depuis`, pour que `prochaine_etape` ne fasse pas une requête par ligne ; un
    contrat vient aussi avec ses parties et qui les signe."""
    dernieres = Transition.objects.filter(**{objet: OuterRef("pk")}).order_by("-le", "-pk")
    lignes = lignes.annotate(statut_depuis=Subquery(dernieres.values("le")[:1]))
    if objet != "contrat":
        return lignes
    return avec_signataires(lignes).annotate(statut_par=Subquery(dernieres.values("par")[:1]))


def avec_signataires[Q: QuerySet](contrats: Q) -> Q:
    """Ce que lit l'étape d'un contrat en signature : ses parties, et qui les signe."""
    parties = Prefetch("parties", Partie.objects.select_related("organisme").order_by("rang"))
    return contrats.prefetch_related(parties, "signatures")


def _attente(objet: Objet, qui: Utilisateur, attente: tuple[Acte, str, str] | None) -> Etape:
    if attente is None:
        return Etape(f"Rien à faire : {objet.get_statut_display().lower()}.")
    acte, a_vous, sinon = attente
    if peut(qui, acte, objet):
        return Etape(a_vous, a_vous=True)
    return Etape(f"{sinon}{_duree(objet)}.")


def _du_contrat(contrat: Contrat, qui: Utilisateur) -> Etape:
    conduit = peut(qui, Acte.CONDUIRE, contrat)
    if contrat.statut == StatutContrat.EN_SIGNATURE:
        manquantes = _parties_sans_signature(contrat)
        if manquantes:
            return Etape(f"En attente de signature : {_enumerer(manquantes)}{_duree(contrat)}.")
        if conduit and _a_mis_en_signature(contrat, qui):
            return Etape("Vous l'avez mis en signature : à une autre personne de la constater.")
    if contrat.statut in (StatutContrat.SIGNE, StatutContrat.PROROGE) and contrat.fin:
        if contrat.fin >= timezone.localdate():
            return Etape(f"Rien à faire avant le {contrat.fin:%d/%m/%Y}, sa fin.")
        if conduit:
            return Etape("Sa fin est passée : à vous d'en constater l'échéance.", a_vous=True)
    return _attente(contrat, qui, ATTENTES_CONTRAT[contrat.statut])


def _parties_sans_signature(contrat: Contrat) -> list[str]:
    """Parties dont aucun signataire n'a de date de signature."""
    signees = {
        s.partie_id
        for s in contrat.signatures.all()
        if s.role == RoleSignature.SIGNATAIRE and s.le is not None
    }
    manquantes = [partie for partie in contrat.parties.all() if partie.pk not in signees]
    return [partie.libelle or partie.organisme.nom for partie in manquantes]


def _a_mis_en_signature(contrat: Contrat, qui: Utilisateur) -> bool:
    """Dans une liste, l'auteur du dernier passage est déjà lu (`avec_depuis`)."""
    if hasattr(contrat, "statut_par"):
        return contrat.statut_par == qui.pk
    return mis_en_signature_par(contrat) == qui.pk


def _de_l_action(action: Action, qui: Utilisateur) -> Etape:
    demande = ATTENTES_ACTION[action.statut]
    if not demande:
        return Etape(f"Rien à faire : {action.get_statut_display().lower()}.")
    if action.est_en_retard:
        demande = "Échéance dépassée : à vous de dire où elle en est."
    pilotes = [p.organisme for p in action.partenariats.all() if p.role == RolePartenaire.PILOTE]
    a_vous = peut(qui, Acte.SUIVRE, action) and (
        not pilotes or qui.organisme_id in {organisme.pk for organisme in pilotes}
    )
    if a_vous:
        return Etape(demande, a_vous=True)
    # Deux points : les noms d'organismes ne disent pas leur article.
    attendus = f": {_enumerer([o.nom for o in pilotes])}" if pilotes else "nouvelles"
    return Etape(f"En attente de {attendus}{_duree(action)}.")


def _duree(objet: Objet) -> str:
    """« depuis 12 jours », depuis le changement de statut, sinon la dernière modification."""
    if hasattr(objet, "statut_depuis"):
        le = objet.statut_depuis
    else:
        le = objet.transitions.order_by("-le", "-pk").values_list("le", flat=True).first()
    jours = (timezone.now() - (le or objet.modifie_le)) // datetime.timedelta(days=1)
    return f" depuis {jours} jour{'s' if jours > 1 else ''}" if jours > 0 else ""


def _enumerer(noms: list[str]) -> str:
    """« A », « A et B », « A, B et 3 autres »."""
    if len(noms) > 3:
        return f"{', '.join(noms[:2])} et {len(noms) - 2} autres"
    return " et ".join([", ".join(noms[:-1]), noms[-1]] if len(noms) > 1 else noms)
