"""Changer d'un coup l'état d'une liste de fiches : aperçu, lot tout ou rien, annulation."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import StatutFiche, TransitionFiche
from contrats.masse.changement import Valeurs
from contrats.masse.lot import AnnulationImpossible, LignesChangees
from contrats.masse.plan import Lues, Plan
from contrats.models import Contrat, Fiche, LigneDeLot
from contrats.models.fiche import FicheQuerySet
from contrats.permissions import peut
from contrats.transitions import corrections_restantes, exige_motif, journaliser
from contrats.transitions.socle import franchir
from contrats.transitions.tables import TRANSITIONS_FICHE, regle
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour
from edition.models import Lot

LIMITE = 200  # fiches d'un lot : chacune fait une version entière
# Une correction nomme ce qu'elle demande : elle se fait depuis la page de la fiche.
GROUPABLES = [t for t in TransitionFiche if t != TransitionFiche.RENVOYER]


@dataclass(frozen=True)
class ChangerEtatFiche:
    """Une transition, avec son motif."""

    transition: TransitionFiche
    motif: str = ""

    @property
    def libelle(self) -> str:
        return self.transition.label


@dataclass
class LigneDeFiche:
    """Une fiche du lot : l'état d'arrivée, ou la raison de la laisser."""

    fiche: Fiche
    changement: ChangerEtatFiche
    raison: str = ""
    a_change: bool = False

    @property
    def objet(self) -> Fiche:
        return self.fiche

    @property
    def texte_avant(self) -> str:
        return self.fiche.get_statut_display()

    @property
    def texte_apres(self) -> str:
        return str(regle(self.changement.transition).arrivee.label)

    @property
    def avant(self) -> Valeurs:
        return {"statut": self.fiche.statut, "motif_statut": self.fiche.motif_statut}


def fiches_de_l_atelier(utilisateur: Utilisateur) -> FicheQuerySet:
    """Les fiches des contrats où l'utilisateur a un rôle : hors d'elles, 404."""
    return Fiche.objects.vivantes().filter(contrat__in=Contrat.objects.habilites(utilisateur))


def fiches_a_changer(utilisateur: Utilisateur) -> QuerySet[Fiche]:
    """Les mêmes, dans l'ordre imprimé, avec de quoi préparer un plan."""
    return fiches_de_l_atelier(utilisateur).pour_liste().select_related("contrat")


def preparer_fiches(
    fiches: Iterable[Fiche],
    changement: ChangerEtatFiche,
    par: Utilisateur,
    lues: Lues | None = None,
) -> Plan:
    """Ce que ferait le changement ; `lues` : les versions montrées, pour dire ce qui a changé."""
    liste = list(fiches)
    soumet = changement.transition == TransitionFiche.SOUMETTRE
    restantes = corrections_restantes(liste) if soumet else {}
    lignes = []
    for fiche in liste:
        ligne = LigneDeFiche(fiche, changement)
        ligne.a_change = lues is not None and lues.get(fiche.public_id) != fiche.version
        ligne.raison = _raison(fiche, changement.transition, par, restantes.get(fiche.pk, 0))
        lignes.append(ligne)
    return Plan(changement, lignes)


def _raison(fiche: Fiche, transition: TransitionFiche, par: Utilisateur, restantes: int) -> str:
    """Pourquoi la fiche reste telle quelle ; vide si elle change."""
    r = regle(transition)
    if fiche.statut == r.arrivee:
        return f"Déjà « {fiche.get_statut_display()} »."
    if fiche.statut not in r.departs:
        return f"« {transition.label} » n'est pas possible depuis « {fiche.get_statut_display()} »."
    if not peut(par, r.acte, fiche):
        return "Votre rôle sur ce contrat ne le permet pas."
    if restantes:
        s = "s" if restantes > 1 else ""
        return f"Il reste {restantes} correction{s} demandée{s} à résoudre."
    return ""


@transaction.atomic
def appliquer_aux_fiches(lues: Lues, changement: ChangerEtatFiche, *, par: Utilisateur) -> Lot:
    """Franchit la transition pour toutes ces fiches, encore à la version lue, et rend leur lot.

    Lève `LignesChangees` dès qu'une ligne n'est plus celle de l'aperçu.
    """
    _verrouiller(lues)
    plan = preparer_fiches(fiches_a_changer(par).filter(public_id__in=lues), changement, par, lues)
    disparues = len(lues) - len(plan.lignes)
    if disparues or plan.laissees or plan.changees:
        raise LignesChangees(plan, disparues)
    nombre = len(plan.lignes)
    libelle = f"{changement.libelle} ({nombre} fiche{'s' if nombre > 1 else ''})"
    lot = Lot.objects.create(libelle=libelle[:300], auteur=par)
    faites = [(li.fiche, li.avant) for li in plan.lignes]
    for fiche, _ in faites:
        franchir(
            fiche,
            changement.transition,
            version=fiche.version,
            par=par,
            motif=changement.motif,
            lot=lot,
        )
    LigneDeLot.objects.bulk_create(
        LigneDeLot(
            lot=lot,
            rang=rang,
            fiche=fiche,
            intitule=fiche.titre,
            avant=avant,
            apres={
                "statut": fiche.statut,
                "motif_statut": fiche.motif_statut,
                "version": fiche.version,
            },
        )
        for rang, (fiche, avant) in enumerate(faites, 1)
    )
    return lot


@transaction.atomic
def annuler_aux_fiches(
    lot: Lot, *, par: Utilisateur, sauf_changees: bool = False
) -> list[LigneDeLot]:
    """Remet chaque fiche dans son état d'avant ; rend celles qui restent, changées depuis.

    Une fiche dont le texte a changé depuis n'est pas remise : on n'avait relu, validé ou publié
    que l'ancien. Lève `PermissionDenied` ou `AnnulationImpossible`.
    """
    marque = Lot.objects.filter(pk=lot.pk, defait_le=None)
    if not marque.update(defait_le=timezone.now(), defait_par=par.pk):
        raise AnnulationImpossible("Ce lot est déjà annulé.")
    _verrouiller(lot.lignes.values_list("fiche__public_id", flat=True))
    lignes = lignes_de_fiches(lot)
    if not all(peut_annuler(par, li) for li in lignes if li.fiche):
        raise PermissionDenied("Vous ne pouvez pas remettre l'état de toutes les fiches de ce lot.")
    restees = [li for li in lignes if not li.est_la_derniere]
    if restees and (not sauf_changees or len(restees) == len(lignes)):
        raise AnnulationImpossible(
            "Des fiches de ce lot ont changé depuis : rien n'est défait.", restees
        )
    motif = f"Annule « {lot.libelle} »"[:300]
    for ligne in lignes:
        if ligne.fiche and ligne.est_la_derniere:
            _remettre(ligne.fiche, ligne.avant, par=par, motif=motif)
    lot.refresh_from_db()
    return restees


def lignes_de_fiches(lot: Lot) -> list[LigneDeLot]:
    """Les lignes du lot et leurs fiches d'aujourd'hui."""
    fiches = Fiche.objects.vivantes().filter(lignes_de_lot__lot=lot).select_related("contrat")
    vivantes = {f.pk: f for f in fiches}
    lignes = list(lot.lignes.order_by("rang"))
    for ligne in lignes:
        ligne.fiche = vivantes.get(ligne.fiche_id) if ligne.fiche_id else None
        ligne.est_la_derniere = ligne.fiche is not None and (
            (ligne.fiche.statut, ligne.fiche.version)
            == (ligne.apres["statut"], ligne.apres["version"])
        )
    return lignes


def peut_annuler(par: Utilisateur, ligne: LigneDeLot) -> bool:
    """Qui pouvait le faire peut le défaire."""
    faite = _transition(ligne.avant["statut"], ligne.apres["statut"])
    return ligne.fiche is not None and peut(par, regle(faite).acte, ligne.fiche)


def _remettre(fiche: Fiche, avant: Valeurs, *, par: Utilisateur, motif: str) -> None:
    """L'état d'avant, d'où que l'on parte : une version de plus, et un passage au journal."""
    depart = fiche.statut
    retour = _transition(depart, avant["statut"])
    champs = {"statut": avant["statut"], "modifie_par": par}
    # Un état motivé garde le motif qu'il avait.
    champs["motif_statut"] = avant["motif_statut"] or (motif if exige_motif(retour) else "")
    mettre_a_jour(fiche, version=fiche.version, **champs)
    versionner(fiche, par=par, motif=motif)
    journaliser(fiche, retour, de=depart, par=par, motif=motif)


def _transition(de: str, vers: str) -> TransitionFiche:
    """La transition qui mène de l'un à l'autre ; à défaut, une qui mène à l'arrivée."""
    vers = StatutFiche(vers)
    menent = [t for t, r in TRANSITIONS_FICHE.items() if r.arrivee == vers]
    directes = [t for t in menent if de in TRANSITIONS_FICHE[t].departs]
    return TransitionFiche((directes or menent)[0])


def _verrouiller(public_ids: Iterable[uuid.UUID]) -> None:
    """Dans l'ordre : deux lots ne s'étreignent pas."""
    fiches = Fiche.objects.filter(public_id__in=list(public_ids))
    list(fiches.select_for_update().order_by("pk").values_list("pk"))
