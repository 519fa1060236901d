"""Le changement demandé, et ce qu'une action en deviendrait."""

import datetime
from dataclasses import dataclass
from typing import Any

from contrats.contenu.valeurs import valeur_json
from contrats.enums import RolePartenaire, StatutAction, TransitionAction
from contrats.models import Action
from contrats.transitions import DonneeManquante, departs, exige_motif
from contrats.transitions.action import verifier_report
from contrats.transitions.tables import regle
from partenaires.models import Organisme

_PILOTE = RolePartenaire.PILOTE
Valeurs = dict[str, Any]  # champ du contenu d'une action → valeur (`contrats.contenu.forme`)


class Laissee(Exception):
    """L'action garde ce qu'elle a ; la phrase dit pourquoi."""


def valeurs_de_suivi(action: Action) -> Valeurs:
    """Le suivi d'une action, sous la forme du contenu d'une fiche."""
    cible = action.regroupee_dans
    return {
        "statut": action.statut,
        "motif_statut": action.motif_statut,
        "avancement": action.avancement,
        "regroupee_dans": str(cible.public_id) if cible else None,
        "echeance": valeur_json(action.echeance),
    }


def valeurs(action: Action) -> Valeurs:
    """Ce qu'un changement groupé peut toucher."""
    pilotes = [p.organisme.cle for p in action.partenariats.all() if p.role == _PILOTE]
    return {**valeurs_de_suivi(action), "pilotes": pilotes}


@dataclass(frozen=True)
class ChangerEtat:
    """Une transition, avec son motif et, pour un report, la nouvelle échéance."""

    transition: TransitionAction
    motif: str = ""
    echeance: datetime.date | None = None

    @property
    def libelle(self) -> str:
        return self.transition.label

    def apres(self, action: Action) -> Valeurs:
        arrivee = regle(self.transition).arrivee
        if action.statut == arrivee:
            raise Laissee(f"Déjà « {action.get_statut_display()} ».")
        if action.statut not in departs(self.transition):
            raise Laissee(
                f"« {self.transition.label} » n'est pas possible depuis "
                f"« {action.get_statut_display()} »."
            )
        voulues: Valeurs = {
            "statut": str(arrivee.value),
            "motif_statut": self.motif if exige_motif(self.transition) else "",
            "regroupee_dans": None,
        }
        if self.transition == TransitionAction.TERMINER:
            voulues["avancement"] = 100
        if self.transition == TransitionAction.REPORTER:
            try:
                voulues["echeance"] = verifier_report(action, self.echeance).isoformat()
            except DonneeManquante as manque:
                raise Laissee(str(manque)) from manque
        return voulues


@dataclass(frozen=True)
class ChangerPilote:
    """Un pilote, à la place des autres ou avec eux."""

    organisme: Organisme
    ajouter: bool = False

    @property
    def libelle(self) -> str:
        return f"{'Ajouter un' if self.ajouter else 'Nouveau'} pilote : {self.organisme}"

    @property
    def motif(self) -> str:
        return ""

    def apres(self, action: Action) -> Valeurs:
        actuels = valeurs(action)["pilotes"]
        cle = self.organisme.cle
        voulus = [*actuels, *([] if cle in actuels else [cle])] if self.ajouter else [cle]
        if voulus == actuels:
            raise Laissee("Ce pilote y est déjà.")
        return {"pilotes": voulus}


@dataclass(frozen=True)
class ChangerEcheance:
    """Une échéance, sans changer l'état."""

    echeance: datetime.date

    @property
    def libelle(self) -> str:
        return f"Échéance au {self.echeance:%d/%m/%Y}"

    @property
    def motif(self) -> str:
        return ""

    def apres(self, action: Action) -> Valeurs:
        if action.echeance == self.echeance:
            raise Laissee("Cette échéance y est déjà.")
        if action.debut and self.echeance < action.debut:
            raise Laissee(f"L'échéance précéderait le début, le {action.debut:%d/%m/%Y}.")
        return {"echeance": self.echeance.isoformat()}


Changement = ChangerEtat | ChangerPilote | ChangerEcheance


def dire(voulues: Valeurs, noms: dict[str, str]) -> str:
    """Ces valeurs, telles qu'on les lit dans un aperçu ; `noms` : ceux des organismes, par clé."""
    mots = []
    if "statut" in voulues:
        mots.append(StatutAction(voulues["statut"]).label)
    if "echeance" in voulues:
        jour = voulues["echeance"] and datetime.date.fromisoformat(voulues["echeance"])
        mots.append(f"échéance le {jour:%d/%m/%Y}" if jour else "sans échéance")
    if "avancement" in voulues and voulues["avancement"] is not None:
        mots.append(f"{voulues['avancement']}\u00a0%")
    if "pilotes" in voulues:
        pilotes = [noms.get(cle, cle) for cle in voulues["pilotes"]]
        mots.append(", ".join(pilotes) or "sans pilote")
    if voulues.get("motif_statut"):
        mots.append(f"motif : {voulues['motif_statut']}")
    return " · ".join(mots)
