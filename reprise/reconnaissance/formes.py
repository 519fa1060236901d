"""Ce que la reconnaissance se passe d'une étape à l'autre."""

from dataclasses import dataclass, field
from enum import StrEnum

from reprise.lecture.formes import Bloc

DOUTE = 0.99  # en dessous, plus d'une chance sur cent d'être faux : l'agent tranche


class Role(StrEnum):
    """Ce qu'un bloc fait dans le contrat. `SECTION` et `AXE` ont une cible : clé ou nature."""

    INTITULE = "intitule"
    SOUS_TITRE = "sous_titre"
    PREAMBULE = "preambule"
    ARTICLE = "article"
    ENGAGEMENT = "engagement"
    AXE = "axe"
    INSTANCE = "instance"
    LIEU_DATE = "lieu_date"
    SIGNATAIRE = "signataire"
    TEMOIN = "temoin"
    ANNEXE = "annexe"
    FICHE = "fiche"
    SECTION = "section"
    ACTION = "action"
    SOUS_ACTION = "sous_action"
    PARTENAIRES = "partenaires"
    LIGNE = "ligne"
    TEXTE = "texte"
    NOTE = "note"
    ANNONCE = "annonce"
    VERSION_SOURCE = "version_source"
    DELIBERATION = "deliberation"
    OBJET = "objet"
    EXPOSE = "expose"
    DECISION = "decision"
    VISA = "visa"
    DISPOSITIF = "dispositif"
    RUBRIQUE = "rubrique"
    POINT = "point"
    REMPLISSAGE = "remplissage"
    BRUIT = "bruit"
    IGNORE = "ignore"
    NON_PLACE = "non_place"


LIBELLES: dict[Role, str] = {
    Role.INTITULE: "Intitulé du contrat",
    Role.SOUS_TITRE: "Sous-titre",
    Role.PREAMBULE: "Préambule",
    Role.ARTICLE: "Titre d'article",
    Role.ENGAGEMENT: "Engagement",
    Role.AXE: "Axe",
    Role.INSTANCE: "Instance",
    Role.LIEU_DATE: "Lieu et date de signature",
    Role.SIGNATAIRE: "Signataire",
    Role.TEMOIN: "Témoin",
    Role.ANNEXE: "Annexe",
    Role.FICHE: "Titre de fiche",
    Role.SECTION: "Libellé de section",
    Role.ACTION: "Action",
    Role.SOUS_ACTION: "Sous-point d'une action",
    Role.PARTENAIRES: "Liste de partenaires",
    Role.LIGNE: "Ligne de la section",
    Role.TEXTE: "Texte, à la suite",
    Role.NOTE: "Note de bas de page",
    Role.ANNONCE: "Nombre annoncé",
    Role.VERSION_SOURCE: "Version du document",
    Role.DELIBERATION: "Numéro de délibération",
    Role.OBJET: "Objet de la délibération",
    Role.EXPOSE: "Exposé",
    Role.DECISION: "Décision",
    Role.VISA: "Visa",
    Role.DISPOSITIF: "Article de la délibération",
    Role.RUBRIQUE: "Rubrique de session",
    Role.POINT: "Point de rubrique",
    Role.REMPLISSAGE: "Texte de remplissage, écarté",
    Role.BRUIT: "Habillage du document, écarté",
    Role.IGNORE: "Ignoré",
    Role.NON_PLACE: "Non placé",
}
ECARTES = (Role.BRUIT, Role.REMPLISSAGE, Role.IGNORE)


@dataclass
class Element:
    """Un bloc tel qu'il se place : entier, morceau d'un bloc scindé, ou plusieurs réunis."""

    id: str
    bloc: Bloc
    bruts: list[str] = field(default_factory=list)  # blocs de l'original qu'il couvre

    @property
    def nu(self) -> str:
        return self.bloc.nu


@dataclass(frozen=True)
class Choix:
    """Une place possible : rôle, cible, et ce qu'elle vaut."""

    role: Role
    cible: str = ""
    confiance: float = 1.0
    raison: str = ""

    @property
    def code(self) -> str:
        return f"{self.role}:{self.cible}" if self.cible else str(self.role)


@dataclass
class Place:
    """Où va un élément, pourquoi, ce que vaut ce choix, et où il pourrait aller."""

    element: Element
    choix: Choix
    alternatives: list[Choix] = field(default_factory=list)
    decide: bool = False
    ou: str = ""  # chemin lisible, posé par l'assemblage
    conteneur: str = ""  # élément qui ouvre l'article, la fiche… où il se range
    section: str = ""
    indices: dict[str, float] = field(default_factory=dict)  # ce qui a pesé dans sa confiance

    @property
    def role(self) -> Role:
        return self.choix.role

    @property
    def cible(self) -> str:
        return self.choix.cible

    @property
    def confiance(self) -> float:
        return 1.0 if self.decide else self.choix.confiance

    @property
    def doute(self) -> bool:
        return self.confiance < DOUTE


class Gravite(StrEnum):
    QUESTION = "question"
    REMARQUE = "remarque"


@dataclass
class Anomalie:
    """Ce qui cloche dans le fond ; `elements` : où regarder."""

    genre: str
    constat: str
    elements: list[str] = field(default_factory=list)


@dataclass
class Passage:
    """Un texte placé, et les éléments dont il vient."""

    texte: str
    element: str
    numero: str = ""


@dataclass
class ActionComprise:
    texte: str
    element: str
    numero: str = ""
    sous: list["ActionComprise"] = field(default_factory=list)
    suite: list[Passage] = field(default_factory=list)


@dataclass
class SectionComprise:
    cle: str
    nature: str
    libelle: str
    element: str = ""
    horizon: str = ""
    periode: str = ""
    texte: list[Passage] = field(default_factory=list)
    actions: list[ActionComprise] = field(default_factory=list)
    partenaires: list[str] = field(default_factory=list)
    ouverte: bool = False
    lignes: list[dict[str, str]] = field(default_factory=list)


@dataclass
class FicheComprise:
    titre: str
    element: str
    numero: str = ""
    note: str = ""
    axe: str = ""
    sections: list[SectionComprise] = field(default_factory=list)

    def section(self, cle: str) -> SectionComprise | None:
        return next((s for s in self.sections if s.cle == cle), None)


@dataclass
class ArticleCompris:
    numero: str
    titre: str
    element: str
    texte: list[Passage] = field(default_factory=list)


@dataclass
class SignatureComprise:
    role: str
    personne: str = ""
    qualite: str = ""
    element: str = ""


@dataclass
class AxeCompris:
    nature: str
    intitule: str
    element: str
    numero: str = ""
    texte: list[Passage] = field(default_factory=list)


@dataclass
class DeliberationComprise:
    numero: str = ""
    point: str = ""
    projet: bool = True
    objet: str = ""
    organe: str = ""
    commission: str = ""
    avis: str = ""
    avis_le: str = ""
    expose: list[Passage] = field(default_factory=list)
    visas: list[str] = field(default_factory=list)
    articles: list[Passage] = field(default_factory=list)
    element: str = ""


@dataclass
class SessionComprise:
    rubriques: dict[str, list[Passage]] = field(default_factory=dict)
    profils: list[str] = field(default_factory=list)
    programme: list[Passage] = field(default_factory=list)
    intervenants: list[dict[str, str]] = field(default_factory=list)
    date: str = ""
    cloture: str = ""
    places: int | None = None


@dataclass
class Compris:
    """Tout ce qui a été compris d'un document."""

    type: str = ""
    type_confiance: float = 0.0
    modele: str = ""
    intitule: str = ""
    sous_titre: str = ""
    numero_projet: str = ""
    version_source: str = ""
    preambule: list[Passage] = field(default_factory=list)
    articles: list[ArticleCompris] = field(default_factory=list)
    engagements: list[tuple[str, Passage]] = field(default_factory=list)
    axes: list[AxeCompris] = field(default_factory=list)
    instances: list[Passage] = field(default_factory=list)
    annexes: list[ArticleCompris] = field(default_factory=list)
    signatures: list[SignatureComprise] = field(default_factory=list)
    lieu: str = ""
    date: str = ""
    fiches: list[FicheComprise] = field(default_factory=list)
    annonces: list[tuple[str, int, str]] = field(default_factory=list)
    deliberation: DeliberationComprise | None = None
    session: SessionComprise | None = None
    notes: list[Passage] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)

    @property
    def doutes(self) -> list[Place]:
        return [p for p in self.places if p.doute]

    @property
    def non_places(self) -> list[Place]:
        return [p for p in self.places if p.role == Role.NON_PLACE]
