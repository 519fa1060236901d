"""Écrire un changement groupé, tout ou rien, et le défaire."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import ContenuFiche
from contrats.contenu.lecture import lire
from contrats.contenu.references import toutes
from contrats.enums import RolePartenaire
from contrats.historique import constater
from contrats.masse.changement import Changement, Valeurs, valeurs
from contrats.masse.plan import Lues, Plan, actions_de_l_atelier, avec_pilotes, preparer
from contrats.models import Action, Fiche, LigneDeLot
from contrats.permissions import Acte, peut
from contrats.transitions import journaliser, transition_entre
from edition.ecriture import mettre_a_jour
from edition.models import Lot
from partenaires.models import Organisme

Ecriture = tuple[Action, Valeurs]
# Ce qu'un autre paquet remet en même temps, d'après les actions remises : déclaré au démarrage.
Suite = Callable[[Lot, Collection[int]], None]
SUITES: list[Suite] = []


class LignesChangees(Exception):
    """Des lignes ont changé depuis l'aperçu : rien n'est écrit, `plan` est l'aperçu d'à présent."""

    def __init__(self, plan: Plan, disparues: int) -> None:
        self.plan = plan
        nombre = disparues + len([li for li in plan.lignes if li.a_change or li.raison])
        super().__init__(
            f"{nombre} ligne{'s' if nombre > 1 else ''} "
            f"{'ont' if nombre > 1 else 'a'} changé depuis l'aperçu : rien n'est écrit."
        )


class AnnulationImpossible(Exception):
    """Le lot est déjà annulé, ou des `lignes` ont changé depuis : rien n'est défait."""

    def __init__(self, message: str, lignes: list[LigneDeLot] | None = None) -> None:
        self.lignes = lignes or []
        super().__init__(message)


@transaction.atomic
def appliquer(lues: Lues, changement: Changement, *, par: Utilisateur) -> Lot:
    """Écrit le changement sur toutes ces actions, encore à la version lue, et rend leur lot.

    Une version de plus par fiche touchée. Lève `LignesChangees` dès qu'une ligne n'est plus celle
    de l'aperçu : version, droit, état, ou action disparue.
    """
    _verrouiller(lues)
    actions = avec_pilotes(actions_de_l_atelier(par)).filter(public_id__in=lues)
    plan = preparer(actions, changement, par, lues)
    disparues = len(lues) - len(plan.lignes)
    if disparues or plan.laissees or plan.changees:
        raise LignesChangees(plan, disparues)
    nombre = len(plan.lignes)
    libelle = f"{changement.libelle} ({nombre} action{'s' if nombre > 1 else ''})"
    lot = Lot.objects.create(libelle=libelle[:300], auteur=par)
    ecritures = [(li.action, li.apres) for li in plan.lignes]
    _ecrire(ecritures, par=par, motif=lot.libelle, lot=lot)
    inscrire(lot, [(li.action, li.avant, li.apres) for li in plan.lignes])
    return lot


def inscrire(lot: Lot, lignes: Iterable[tuple[Action, Valeurs, Valeurs]]) -> None:
    """Garde ce que le lot a changé, action par action : de quoi le relire et l'annuler."""
    LigneDeLot.objects.bulk_create(
        LigneDeLot(
            lot=lot, rang=rang, action=action, intitule=action.intitule, avant=avant, apres=apres
        )
        for rang, (action, avant, apres) in enumerate(lignes, 1)
    )


@transaction.atomic
def annuler(lot: Lot, *, par: Utilisateur, sauf_changees: bool = False) -> list[LigneDeLot]:
    """Remet chaque ligne dans son état d'avant ; rend celles qui restent, changées depuis.

    Sans `sauf_changees`, une seule ligne changée depuis empêche tout. Lève `PermissionDenied` ou
    `AnnulationImpossible`.
    """
    marque = Lot.objects.filter(pk=lot.pk, defait_le=None)
    if not marque.update(defait_le=timezone.now(), defait_par=par.pk):
        raise AnnulationImpossible("Ce lot est déjà annulé.")
    _verrouiller(lot.lignes.values_list("action__public_id", flat=True))
    lignes = lignes_du_lot(lot)
    if not all(peut(par, Acte.MODIFIER, li.action) for li in lignes if li.action):
        raise PermissionDenied("Vous ne pouvez pas modifier toutes les actions de ce lot.")
    restees = [li for li in lignes if not li.est_la_derniere]
    if restees and (not sauf_changees or len(restees) == len(lignes)):
        raise AnnulationImpossible(
            "Des lignes de ce lot ont changé depuis : rien n'est défait.", restees
        )
    defaites = [(li.action, li.avant) for li in lignes if li.action and li.est_la_derniere]
    motif = f"Annule « {lot.libelle} »"[:300]
    _ecrire(defaites, par=par, motif=motif, retablit=True)
    for suite in SUITES:
        suite(lot, [action.pk for action, _ in defaites])
    lot.refresh_from_db()
    return restees


def lignes_du_lot(lot: Lot) -> list[LigneDeLot]:
    """Les lignes du lot et leurs actions d'aujourd'hui."""
    actions = {a.pk: a for a in avec_pilotes(Action.objects.filter(lignes_de_lot__lot=lot))}
    lignes = list(lot.lignes.order_by("rang"))
    for ligne in lignes:
        ligne.action = actions.get(ligne.action_id) if ligne.action_id else None
        ligne.est_la_derniere = ligne.action is not None and (
            {champ: valeurs(ligne.action)[champ] for champ in ligne.apres} == ligne.apres
        )
    return lignes


def _verrouiller(public_ids: Iterable[uuid.UUID]) -> None:
    """Verrouille fiches puis actions, dans l'ordre : deux lots ne s'étreignent pas."""
    actions = Action.objects.filter(public_id__in=list(public_ids))
    fiches = Fiche.objects.filter(pk__in=actions.values("fiche"))
    list(fiches.select_for_update().order_by("pk").values_list("pk"))
    list(actions.select_for_update().order_by("pk").values_list("pk"))


def _ecrire(
    ecritures: list[Ecriture],
    *,
    par: Utilisateur,
    motif: str,
    lot: Lot | None = None,
    retablit: bool = False,
) -> None:
    par_fiche: dict[Fiche | None, list[Ecriture]] = defaultdict(list)
    for action, voulues in ecritures:
        par_fiche[action.fiche].append((action, voulues))
    for action, voulues in par_fiche.pop(None, []):
        _ecrire_hors_fiche(action, voulues, par=par, motif=motif)
    for fiche, siennes in par_fiche.items():
        if fiche:
            contenu = _contenu(fiche, siennes)
            enregistrer(
                fiche,
                contenu,
                version=fiche.version,
                par=par,
                motif=motif,
                lot=lot,
                retablit=retablit,
            )


def _contenu(fiche: Fiche, ecritures: list[Ecriture]) -> ContenuFiche:
    """La fiche telle qu'elle est, actions changées."""
    fiche.refresh_from_db()
    contenu = lire(fiche)
    voulues = {str(action.public_id): champs for action, champs in ecritures}
    for section in contenu["sections"]:
        for action in toutes(section["actions"]):
            action.update(voulues.get(action["id"], {}))  # type: ignore[typeddict-item]
    return contenu


def _ecrire_hors_fiche(action: Action, voulues: Valeurs, *, par: Utilisateur, motif: str) -> None:
    """Une action sans fiche : ce que fait `contenu.ecriture` pour les autres."""
    champs: dict[str, Any] = {c: v for c, v in voulues.items() if c != "pilotes"}
    if "regroupee_dans" in champs:
        cible = champs["regroupee_dans"]
        champs["regroupee_dans"] = Action.objects.get(public_id=cible) if cible else None
    depart = action.statut
    mettre_a_jour(action, version=action.version, **champs)
    if "statut" in voulues:
        passage = transition_entre(depart, voulues["statut"], libre=True)
        if passage:
            pourquoi = voulues["motif_statut"] or motif
            journaliser(action, passage, de=depart, par=par, motif=pourquoi)
    if "pilotes" in voulues:
        organismes = Organisme.objects.in_bulk(voulues["pilotes"], field_name="cle")
        action.partenariats.filter(role=RolePartenaire.PILOTE).delete()
        for ordre, cle in enumerate(voulues["pilotes"], 1):
            action.partenariats.create(
                organisme=organismes[cle], role=RolePartenaire.PILOTE, ordre=ordre
            )
    constater(action, par=par)
