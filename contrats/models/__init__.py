"""Modèles du contrat, rangés par nom : contrat, texte, modèle de fiche, fiche, action, suivi."""

from contrats.models.action import Action, Partenariat, Periode
from contrats.models.contrat import Axe, Contrat, LibelleAxe, Partie, Signature
from contrats.models.droits import Habilitation, Invitation
from contrats.models.fiche import Fiche, Section
from contrats.models.historique import EtatAction
from contrats.models.jeton import Jeton
from contrats.models.lignes import Critere, Facteur, Jalon, Livrable, ProjetLie, Responsable, Risque
from contrats.models.modele_fiche import ModeleFiche, SectionModele
from contrats.models.reprise import OriginalSigne
from contrats.models.suivi import Commentaire, Transition, Version
from contrats.models.texte import (
    Annexe,
    Annonce,
    Article,
    Engagement,
    Etape,
    Financement,
    Prorogation,
    Renvoi,
)
from contrats.models.travail import FiltreEnregistre, LigneDeLot

__all__ = [
    "Action",
    "Annexe",
    "Annonce",
    "Article",
    "Axe",
    "Commentaire",
    "Contrat",
    "Critere",
    "Engagement",
    "Etape",
    "EtatAction",
    "Facteur",
    "Fiche",
    "FiltreEnregistre",
    "Financement",
    "Habilitation",
    "Invitation",
    "Jalon",
    "Jeton",
    "LibelleAxe",
    "LigneDeLot",
    "Livrable",
    "ModeleFiche",
    "OriginalSigne",
    "Partenariat",
    "Partie",
    "Periode",
    "ProjetLie",
    "Prorogation",
    "Renvoi",
    "Responsable",
    "Risque",
    "Section",
    "SectionModele",
    "Signature",
    "Transition",
    "Version",
]
