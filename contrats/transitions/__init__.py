"""Cycles de vie : le seul endroit qui écrit le statut d'un contrat, d'une fiche, d'une action.

`tables` les décrit, `socle` franchit une transition, puis un module par objet.
"""

from contrats.enums import TransitionAction, TransitionContrat, TransitionFiche
from contrats.transitions.action import motif_du_statut, suivre_action, transition_entre
from contrats.transitions.contrat import conduire_contrat, depublier_contrat, publier_contrat
from contrats.transitions.fiche import (
    archiver_fiche,
    corrections_restantes,
    depublier_fiche,
    desarchiver_fiche,
    publier_fiche,
    renvoyer_fiche,
    reprendre_fiche,
    soumettre_fiche,
    valider_fiche,
    verifier_modifiable,
)
from contrats.transitions.signature import (
    AutrePersonneAttendue,
    PreuveManquante,
    mis_en_signature_par,
)
from contrats.transitions.socle import (
    DonneeManquante,
    TransitionImpossible,
    journaliser,
    possibles,
    verifier,
)
from contrats.transitions.suivi import Suivi, ecrire_suivi, statuts_possibles, verifier_suivi
from contrats.transitions.tables import (
    TRANSITIONS_ACTION,
    TRANSITIONS_CONTRAT,
    TRANSITIONS_FICHE,
    Regle,
    departs,
    exige_motif,
)

__all__ = [
    "TRANSITIONS_ACTION",
    "TRANSITIONS_CONTRAT",
    "TRANSITIONS_FICHE",
    "AutrePersonneAttendue",
    "DonneeManquante",
    "PreuveManquante",
    "Regle",
    "Suivi",
    "TransitionAction",
    "TransitionContrat",
    "TransitionFiche",
    "TransitionImpossible",
    "archiver_fiche",
    "conduire_contrat",
    "corrections_restantes",
    "departs",
    "depublier_contrat",
    "depublier_fiche",
    "desarchiver_fiche",
    "ecrire_suivi",
    "exige_motif",
    "journaliser",
    "mis_en_signature_par",
    "motif_du_statut",
    "possibles",
    "publier_contrat",
    "publier_fiche",
    "renvoyer_fiche",
    "reprendre_fiche",
    "soumettre_fiche",
    "statuts_possibles",
    "suivre_action",
    "transition_entre",
    "valider_fiche",
    "verifier",
    "verifier_modifiable",
    "verifier_suivi",
]
