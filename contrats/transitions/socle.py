"""Franchir une transition : le droit, puis l'état, puis une écriture à version contrôlée."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import TextChoices

from comptes import assistance
from comptes.models import Utilisateur
from contrats.enums import TransitionAction, TransitionContrat, TransitionFiche
from contrats.evenements import prevenir_du_passage
from contrats.historique import constater
from contrats.models import Action, Contrat, Fiche, Transition
from contrats.permissions import peut
from contrats.transitions.signature import est_a_un_autre, verifier_la_personne
from contrats.transitions.tables import TABLES, exige_motif, regle
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour
from edition.models import Lot

MOTIF_MAX = 500
# Ce qu'un passage entraîne dans un autre paquet, dans sa transaction ; il peut l'y refuser.
SUITES: list[Callable[[Transition], None]] = []
Objet = Contrat | Fiche | Action
TRANSITIONS: dict[type[Objet], type[TextChoices]] = {
    Contrat: TransitionContrat,
    Fiche: TransitionFiche,
    Action: TransitionAction,
}
NOMS: dict[type[Objet], str] = {Contrat: "le contrat", Fiche: "la fiche", Action: "l'action"}


class TransitionImpossible(Exception):
    """Le statut actuel n'admet pas ce changement : 409."""


class DonneeManquante(Exception):
    """La transition demande un motif, une date ou une cible : 400 ; `champ` dit lequel."""

    def __init__(self, champ: str, message: str) -> None:
        self.champ = champ
        super().__init__(message)


def possibles(objet: Objet, utilisateur: Utilisateur) -> list[TextChoices]:
    """Transitions que l'état de l'objet et les droits de l'utilisateur permettent."""
    return [
        transition
        for transition, r in TABLES[TRANSITIONS[type(objet)]].items()
        if objet.statut in r.departs
        and peut(utilisateur, r.acte, objet)
        and not (isinstance(objet, Contrat) and _se_tait(objet, transition, utilisateur))
    ]


def _se_tait(contrat: Contrat, transition: TextChoices, utilisateur: Utilisateur) -> bool:
    """Permise, mais pas offerte : la reprise d'un contrat signé se fait en l'entrant, avec son
    original ; sous assistance, aucune signature ; et sa signature se constate par un autre."""
    if utilisateur.assistance and transition in TransitionContrat.de_signature():
        return True
    if transition == TransitionContrat.SIGNER:
        return est_a_un_autre(contrat, utilisateur)
    return transition == TransitionContrat.REPRENDRE


def verifier(objet: Objet, transition: TextChoices, *, par: Utilisateur) -> None:
    """Lève `PermissionDenied` sans le droit, `TransitionImpossible` dans le mauvais état, et
    `AutrePersonneAttendue` si la signature à constater est à un autre."""
    r = regle(transition)
    if not peut(par, r.acte, objet):
        raise PermissionDenied(f"{transition.label} : votre rôle sur ce contrat ne le permet pas.")
    if isinstance(objet, Contrat) and transition in TransitionContrat.de_signature():
        assistance.refuser(par)
    if objet.statut not in r.departs:
        raise TransitionImpossible(
            f"{transition.label} : {NOMS[type(objet)]} est « {objet.get_statut_display()} »."
        )
    if isinstance(objet, Contrat) and transition == TransitionContrat.SIGNER:
        verifier_la_personne(objet, par)


def motif_de(transition: TextChoices, motif: str) -> str:
    """Le motif, espaces resserrés ; lève `DonneeManquante` s'il le faut et n'est pas dit."""
    propre = " ".join(motif.replace("\0", "").split())
    if exige_motif(transition) and not propre:
        raise DonneeManquante("motif", f"{transition.label} : dites pourquoi.")
    if len(propre) > MOTIF_MAX:
        raise DonneeManquante(
            "motif", f"Le motif fait {len(propre)} signes ; raccourcissez à {MOTIF_MAX} au plus."
        )
    return propre


@transaction.atomic
def franchir(
    objet: Objet,
    transition: TextChoices,
    *,
    version: int,
    par: Utilisateur,
    motif: str = "",
    lot: Lot | None = None,
    preuve: str = "",
    **champs: Any,
) -> Transition:
    """Écrit le statut d'arrivée à la version lue, et le journal.

    `lot` : l'acte groupé dont ce passage fait partie ; `preuve` : par quoi son auteur a montré que
    c'était lui, si la transition le demande. Lève `PermissionDenied`,
    `TransitionImpossible`, `DonneeManquante` ou `VersionPerimee`. La version lue garantit l'état
    lu : de deux transitions concurrentes, une seule passe.
    """
    verifier(objet, transition, par=par)
    motif = motif_de(transition, motif)
    depart = objet.statut
    if isinstance(objet, Action):
        toucher_la_fiche(objet, par)
    if not isinstance(objet, Contrat):
        champs["motif_statut"] = motif if exige_motif(transition) else ""
    if isinstance(objet, Fiche):
        champs["modifie_par"] = par
    mettre_a_jour(objet, version=version, statut=regle(transition).arrivee, **champs)
    if isinstance(objet, Action):
        constater(objet, par=par)
        if objet.fiche:
            dit = f"{transition.label} : « {objet} »"[:300]
            versionner(objet.fiche, par=par, motif=dit, lot=lot)
    else:
        versionner(objet, par=par, motif=transition.label, lot=lot)
    passage = journaliser(objet, transition, de=depart, par=par, motif=motif, preuve=preuve)
    for suite in SUITES:
        suite(passage)
    return passage


def toucher_la_fiche(action: Action, par: Utilisateur) -> None:
    """Une action s'écrit avec sa fiche : qui écrit la fiche au même moment le saura.

    La fiche se verrouille avant l'action, comme le fait son enregistrement : pas d'étreinte.
    """
    if action.fiche_id is None:
        return
    # `of` : PostgreSQL ne verrouille pas l'axe, que la fiche peut ne pas avoir.
    fiches = Fiche.objects.select_for_update(of=("self",)).select_related("axe")
    fiche = fiches.get(pk=action.fiche_id)
    action.fiche = fiche
    mettre_a_jour(fiche, version=fiche.version, modifie_par=par)


def journaliser(
    objet: Objet,
    transition: TextChoices,
    *,
    de: str,
    par: Utilisateur | None,
    motif: str = "",
    preuve: str = "",
) -> Transition:
    """Ajoute le passage au journal et prévient qui le doit ; s'appelle dans la transaction qui
    écrit le statut."""
    passage = Transition.objects.create(
        **{type(objet).__name__.lower(): objet},
        transition=transition,
        de=de,
        vers=regle(transition).arrivee,
        motif=motif,
        par=par,
        preuve=preuve,
    )
    prevenir_du_passage(passage, transition)
    return passage
