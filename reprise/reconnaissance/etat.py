"""Où l'on en est d'un document que l'on parcourt."""

from dataclasses import dataclass, field

from reprise.reconnaissance.formes import Place
from reprise.reconnaissance.vocabulaire import SectionConnue


@dataclass
class Etat:
    """Où l'on en est du document."""

    zone: str = "tete"
    fiche: str = ""
    section: SectionConnue | None = None
    vues: list[str] = field(default_factory=list)
    ordre: int = 0
    contenu: int = 0  # éléments depuis l'ouverture de la section
    inconnu: bool = False  # sous un intertitre que rien ne reconnaît
    enumeration: int = -1  # profondeur d'un point qui finit par « : »
    attendu: str = ""  # ce qu'annonce la dernière phrase : engagements, axes…
    gouvernance: bool = False
    intitule: str = ""
    sous_titre: bool = False
    annonce: str = ""  # nature des intitulés annoncés
    allure: tuple[int, bool, bool] | None = None  # forme des titres de fiche annoncés
    avant: Place | None = None
    puces: int = 0  # points depuis l'ouverture de la section
    instances: int = 0
    articles: int = 0  # numéro du dernier article
    sous: str = ""  # l'élément qui annonce
    orientations: int = 0  # combien d'intitulés sont annoncés
    fiches: int = 0
