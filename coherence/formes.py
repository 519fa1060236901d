"""Ce que les règles lisent et ce qu'elles disent : des valeurs, sans base ni horloge."""

import hashlib
from dataclasses import dataclass, field

from coherence.enums import Gravite, Regle
from contrats.enums import Horizon


@dataclass(frozen=True)
class Objet:
    """Ce qu'un constat vise : son nom dans une phrase, sa page, sa place.

    `repere` le désigne dans son contrat : « article:4 », « section:velo:contexte ». `dans` : la
    fiche ou l'annexe territoriale qui se fige avec lui (« fiche:velo »), ou rien.
    """

    nom: str
    adresse: str = ""
    repere: str = ""
    dans: str = ""


@dataclass(frozen=True)
class Constat:
    """Une discordance : la règle, la phrase, l'objet, ce que le texte dit et ce qu'on lit.

    `quoi` distingue deux constats d'une règle sur le même objet.
    """

    regle: Regle
    phrase: str
    objet: Objet
    attendu: str = ""
    lu: str = ""
    quoi: str = ""

    @property
    def gravite(self) -> Gravite:
        return self.regle.gravite

    @property
    def cle(self) -> str:
        """La même tant que le texte et la donnée disent la même chose ; écartée, elle le reste."""
        dit = "\n".join((self.regle, self.objet.repere, self.quoi, self.attendu, self.lu))
        return hashlib.sha256(dit.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class RenvoiLu:
    """Renvoi enregistré : le numéro de la fiche ou de l'annexe visée, ou rien (document, ou
    fiche à la corbeille : `perdu`)."""

    texte: str
    numero: str = ""
    perdu: bool = False


@dataclass(frozen=True)
class TexteLu:
    """Un texte du contrat, sans ses marques. `compte` : les nombres qu'il annonce se vérifient."""

    objet: Objet
    texte: str
    renvois: tuple[RenvoiLu, ...] = ()
    compte: bool = True


@dataclass(frozen=True)
class ArticleLu:
    objet: Objet
    numero: str
    titre: str
    texte: str = ""
    engagements: int = 0


@dataclass(frozen=True)
class AnnexeLue:
    """`vide` : annoncée, sans contenu ; `de_fiches` : ce sont les fiches du contrat."""

    objet: Objet
    numero: str
    vide: bool = False
    de_fiches: bool = False


@dataclass(frozen=True)
class AnnonceLue:
    """Nombre relevé à l'import : l'objet compté, la phrase imprimée."""

    objet: Objet
    compte: str
    nombre: int
    libelle: str


@dataclass(frozen=True)
class AxeLu:
    """`du_parent` : intitulé du contrat parent, où ce contrat range ses actions."""

    objet: Objet
    cle: int
    nature: str
    numero: str = ""
    parent: int | None = None
    du_parent: bool = False


@dataclass(frozen=True)
class SectionLue:
    objet: Objet
    vide: bool = False


@dataclass(frozen=True)
class FicheLue:
    objet: Objet
    numero: str = ""
    deduit: bool = False
    axe: int | None = None
    sections: tuple[SectionLue, ...] = ()


@dataclass(frozen=True)
class ActionLue:
    """`declinaisons` : cellules remplies de la matrice."""

    objet: Objet
    numero: str = ""
    intitule: str = ""
    fiche: str = ""
    axe: int | None = None
    sous_point: bool = False
    horizon: str = ""
    prioritaire: bool = False
    declinaisons: int = 0


@dataclass(frozen=True)
class PartieLue:
    objet: Objet
    signataires: int = 0


@dataclass(frozen=True)
class TitreLu:
    """Une action dans une annexe territoriale : le numéro et le titre qu'elle y porte."""

    objet: Objet
    annexe: str
    numero: str
    imprime: str = ""
    titre: str = ""
    absente: bool = False


@dataclass(frozen=True)
class PrioriteLue:
    """Puce des priorités : ses programmes, et le numéro de son action si elle en a une."""

    objet: Objet
    texte: str = ""
    action: str = ""
    programmes: tuple[int, ...] = ()


@dataclass(frozen=True)
class RenvoiDeCellule:
    """« programme 1 à 5 » : le texte d'un renvoi, l'axe ou l'action qu'il vise."""

    objet: Objet
    texte: str
    axe: int | None = None
    action: str = ""


@dataclass(frozen=True)
class AnnexeTerritorialeLue:
    """`quartiers` : ceux de ses colonnes."""

    objet: Objet
    nom: str
    ordre_sommaire: int
    ordre_imprime: int
    colonnes: int = 0
    quartiers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class IndicateurLu:
    """`annees` : celles que ses millésimes couvrent ; `analyses` : ce que l'on en a écrit."""

    objet: Objet
    annees: frozenset[int] = frozenset()
    analyses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Releve:
    """Ce que l'import a noté d'une ligne : la phrase est faite."""

    regle: Regle
    objet: Objet
    phrase: str
    attendu: str = ""
    lu: str = ""


@dataclass(frozen=True)
class Matiere:
    """Tout ce qu'un contrat dit et porte, lu une fois.

    `signe` : son statut le dit signé ; `signatures` : ce qui le montre (noms, ou original joint).
    """

    contrat: Objet
    textes: tuple[TexteLu, ...] = ()
    articles: tuple[ArticleLu, ...] = ()
    annexes: tuple[AnnexeLue, ...] = ()
    annonces: tuple[AnnonceLue, ...] = ()
    axes: tuple[AxeLu, ...] = ()
    fiches: tuple[FicheLue, ...] = ()
    actions: tuple[ActionLue, ...] = ()
    parties: tuple[PartieLue, ...] = ()
    titres: tuple[TitreLu, ...] = ()
    priorites: tuple[PrioriteLue, ...] = ()
    cellules: tuple[RenvoiDeCellule, ...] = ()
    annexes_territoriales: tuple[AnnexeTerritorialeLue, ...] = ()
    indicateurs: tuple[IndicateurLu, ...] = ()
    releves: tuple[Releve, ...] = ()
    engagements: int = 0
    quartiers: int = 0
    instances: int = 0
    indicateurs_suivis: int = 0
    signatures: int = 0
    signe: bool = False
    projets: tuple[Objet, ...] = field(default=())  # délibérations non adoptées
    version_source: str = ""

    @property
    def propres(self) -> tuple[AxeLu, ...]:
        """Les axes du contrat lui-même."""
        return tuple(axe for axe in self.axes if not axe.du_parent)

    def axes_de(self, nature: str) -> tuple[AxeLu, ...]:
        """Ceux du contrat ; sans aucun de cette nature, ceux de son parent."""
        siens = tuple(a for a in self.propres if a.nature == nature)
        return siens or tuple(a for a in self.axes if a.nature == nature)

    def actions_a(self, horizon: Horizon) -> tuple[ActionLue, ...]:
        return tuple(a for a in self.actions if a.horizon == horizon)
