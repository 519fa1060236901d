"""Forme du contenu d'une fiche : ce que l'on lit, écrit, compare et garde en version.

Les dates sont des chaînes ISO, les références des clés naturelles (organisme, territoire,
personne, contrat, axe), les actions portent leur identifiant public. L'horizon d'une action est
celui de la section qui la contient.
"""

from typing import Any, TypedDict

from contrats.enums import NatureSection


class ContenuAction(TypedDict):
    """Une action et ses sous-points ; `id` vide : action nouvelle."""

    id: str
    numero: str
    intitule: str
    description: str
    statut: str
    motif_statut: str
    regroupee_dans: str | None
    avancement: int | None
    debut: str | None
    echeance: str | None
    prioritaire: bool
    demonstration: bool
    pilotes: list[str]
    chefs_de_file: list[str]
    partenaires: list[str]
    territoires: list[str]
    periodes: list[dict[str, Any]]
    sous_actions: list["ContenuAction"]


class ContenuSection(TypedDict):
    """Une section ; `lignes` selon sa nature, `actions` pour les sections d'actions."""

    cle: str
    libelle: str
    etat: str
    texte: str
    liste_ouverte: bool
    partenaires: list[dict[str, str]]
    actions: list[ContenuAction]
    lignes: list[dict[str, Any]]
    renvois: list[dict[str, Any]]


class ContenuFiche(TypedDict):
    """Tout ce qui s'édite d'une fiche ; son statut relève des transitions."""

    titre: str
    numero: str
    numero_deduit: bool
    note_titre: str
    axe: str | None
    sections: list[ContenuSection]


# Nature de section → (relation de Section, champs de chaque ligne, dans l'ordre de lecture)
LIGNES: dict[str, tuple[str, tuple[str, ...]]] = {
    NatureSection.JALONS: ("jalons", ("intitule", "echeance_texte", "echeance", "precision")),
    NatureSection.LIVRABLES: (
        "livrables",
        ("intitule", "echeance_texte", "echeance", "precision"),
    ),
    NatureSection.RISQUES: ("risques", ("intitule", "imprime_sous")),
    NatureSection.FACTEURS: ("facteurs", ("intitule",)),
    NatureSection.CRITERES: ("criteres", ("intitule", "nature")),
    NatureSection.PROJETS_LIES: ("projetlies", ("intitule", "cible")),
    NatureSection.RESPONSABLES: ("responsables", ("intitule", "personne", "organisme")),
}

CHAMPS_ACTION = (
    "numero",
    "intitule",
    "description",
    "statut",
    "motif_statut",
    "avancement",
    "debut",
    "echeance",
    "prioritaire",
    "demonstration",
)

CHAMPS_PERIODE = ("libelle", "objet", "debut", "fin", "precision_debut", "precision_fin")


class ContenuInvalide(Exception):
    """Le contenu ne peut être écrit : `erreurs` associe un chemin à une phrase française."""

    def __init__(self, erreurs: dict[str, str]) -> None:
        self.erreurs = erreurs
        super().__init__(" ; ".join(f"{chemin} : {texte}" for chemin, texte in erreurs.items()))


def action_vide() -> ContenuAction:
    """Action nouvelle, sans suivi."""
    return ContenuAction(
        id="",
        numero="",
        intitule="",
        description="",
        statut="a_lancer",
        motif_statut="",
        regroupee_dans=None,
        avancement=None,
        debut=None,
        echeance=None,
        prioritaire=False,
        demonstration=False,
        pilotes=[],
        chefs_de_file=[],
        partenaires=[],
        territoires=[],
        periodes=[],
        sous_actions=[],
    )


def section_vide(cle: str, libelle: str) -> ContenuSection:
    """Section à renseigner."""
    return ContenuSection(
        cle=cle,
        libelle=libelle,
        etat="a_renseigner",
        texte="",
        liste_ouverte=False,
        partenaires=[],
        actions=[],
        lignes=[],
        renvois=[],
    )
