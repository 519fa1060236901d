"""Ce que les étapes de l'import se passent : feuilles, cellules, anomalies."""

import hashlib
from dataclasses import dataclass, field

from django.db import models
from openpyxl.utils import get_column_letter


class FichierRefuse(Exception):
    """Le fichier ne peut pas être importé : la phrase dit où, pourquoi et quoi faire."""


class Confiance(models.TextChoices):
    """Ce que vaut une correction proposée."""

    ELEVEE = "elevee", "élevée"
    MOYENNE = "moyenne", "moyenne"
    FAIBLE = "faible", "faible"


class Genre(models.TextChoices):
    """Ce qu'une anomalie dit du fichier."""

    DECALAGE = "decalage", "Ligne décalée"
    PLACE = "place", "Texte dans une autre colonne"
    PLACE_INCONNUE = "place_inconnue", "Place à dire"
    SUITE = "suite", "Ligne sans action"
    PARTAGE = "partage", "Une case pour plusieurs actions"
    NUMERO = "numero", "Numéro et titre en désaccord"
    ACTION_INCONNUE = "action_inconnue", "Action inconnue"
    PROGRAMME = "programme", "Programme en désaccord"
    PILIER = "pilier", "Pilier mal écrit"
    COLONNE = "colonne", "Colonne à reconnaître"
    STATUT = "statut", "Statut déduit du texte"
    DOUBLON = "doublon", "Même texte pour deux actions"
    COLLISION = "collision", "Deux textes pour une case"
    VIDES = "vides", "Cases vides dans le fichier"
    INCOMPLETE = "incomplete", "Cellule incomplète"
    PARTENAIRE = "partenaire", "Partenaire à reconnaître"
    REMARQUE = "remarque", "Remarque du fichier"
    FEUILLE = "feuille", "Feuille laissée de côté"


LAISSER = "laisser"
IGNORER = "ignorer"
CREER = "creer"


@dataclass
class Feuille:
    """Une feuille lue : `lignes` porte le numéro imprimé et les valeurs de chaque ligne."""

    nom: str
    lignes: list[tuple[int, list[str]]]
    fusions: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Endroit:
    """Où regarder dans le fichier."""

    feuille: str
    ligne: int
    colonne: int | None = None
    origine: str = ""

    def __str__(self) -> str:
        texte = f"ligne {self.ligne}"
        if self.colonne is not None:
            texte += f", colonne {get_column_letter(self.colonne + 1)}"
        if self.feuille:
            texte = f"feuille « {self.feuille} », {texte}"
        if self.origine and self.origine != str(self.ligne):
            texte += f" (ligne {self.origine} de l'original)"
        return texte

    @property
    def en_tete(self) -> str:
        """L'endroit, en tête de phrase."""
        texte = str(self)
        return texte[0].upper() + texte[1:]


@dataclass
class Anomalie:
    """Un écart nommé, et ce qu'on propose d'en faire.

    Une `question` n'a pas de réponse par défaut : ses cellules attendent. Le reste suit la
    proposition tant que personne n'en décide autrement. Sans option, c'est un simple signalement.
    """

    genre: Genre
    endroit: Endroit
    constat: str
    raison: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    proposition: str = ""
    confiance: Confiance = Confiance.ELEVEE
    question: bool = False
    sujet: str = ""
    partout: bool = False  # vaut pour tout le fichier, pas pour une ligne
    reponse: str = ""

    @property
    def cle(self) -> str:
        """La même d'une lecture à l'autre du même fichier : une décision s'y rattache."""
        endroit = self.endroit
        place = () if self.partout else (endroit.feuille, endroit.ligne, endroit.colonne)
        empreinte = hashlib.sha256(repr((str(self.genre), self.sujet, *place)).encode())
        return empreinte.hexdigest()[:12]

    @property
    def retenue(self) -> str:
        return self.reponse or ("" if self.question else self.proposition)

    @property
    def en_attente(self) -> bool:
        return self.question and not self.reponse

    @property
    def libelle_propose(self) -> str:
        return dict(self.options).get(self.proposition, "")

    @property
    def libelle_retenu(self) -> str:
        return dict(self.options).get(self.retenue, "")


class Journal:
    """Les anomalies d'une lecture, avec les décisions déjà prises."""

    def __init__(self, reponses: dict[str, str]) -> None:
        self.reponses = reponses
        self._par_cle: dict[str, Anomalie] = {}

    @property
    def anomalies(self) -> list[Anomalie]:
        return list(self._par_cle.values())

    def noter(self, anomalie: Anomalie) -> Anomalie:
        """Rend l'anomalie et sa réponse ; déjà notée, celle du premier endroit.

        Une réponse qui n'est pas une des options est oubliée.
        """
        cle = anomalie.cle
        if cle not in self._par_cle:
            reponse = self.reponses.get(cle, "")
            if reponse in dict(anomalie.options):
                anomalie.reponse = reponse
            self._par_cle[cle] = anomalie
        return self._par_cle[cle]


@dataclass
class Cellule:
    """Un texte du fichier, la place où il est imprimé et celle qu'on retient."""

    endroit: Endroit
    annexe: str
    rang: int | None
    actions: list[str]
    brut: str
    rang_declare: int | None = None
    statut_declare: str = ""
    motif_declare: str = ""
    modalites_declarees: str = ""
    renvoi_declare: str = ""
    rubriques_a_part: bool = False  # la table a ses colonnes « modalités » et « motif »
    remarque: str = ""
    a_verifier: str = ""
    ligne: int = 0
    attente: list[Anomalie] = field(default_factory=list)
    ecartee: bool = False

    @property
    def est_vide(self) -> bool:
        """Un statut ou un motif déclaré suffit à remplir une cellule."""
        return not (self.brut.strip() or self.statut_declare or self.motif_declare)


@dataclass
class ActionLue:
    """Une action telle que le fichier la nomme, et où."""

    numero: str
    titre: str = ""
    programme: str = ""
    prioritaire: bool = False
    partenaires: list[str] = field(default_factory=list)


@dataclass
class Structure:
    """Ce que le fichier dit des annexes, colonnes, programmes et actions."""

    # annexe → libellés de colonnes, dans l'ordre du fichier
    colonnes: dict[str, list[str]] = field(default_factory=dict)
    abreges: dict[tuple[str, int], str] = field(default_factory=dict)
    alias: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    actions: dict[str, ActionLue] = field(default_factory=dict)
    titres: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    programmes: dict[str, str] = field(default_factory=dict)
    piliers: dict[str, str] = field(default_factory=dict)
    # places que le fichier montre, remplies ou non : (annexe, rang, numéro d'action)
    montrees: set[tuple[str, int, str]] = field(default_factory=set)
