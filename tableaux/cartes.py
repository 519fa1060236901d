"""La carte d'un contrat : une ligne par programme, une colonne par quartier, ou par état."""

from dataclasses import dataclass

from tableaux.calculs.actions import classe
from tableaux.etat import AxeLu, Etat

CLASSES = {
    "realisees": "Réalisées",
    "en_cours": "En cours",
    "en_retard": "En retard",
    "a_lancer": "À lancer",
    "arretees": "Arrêtées",
}
# Part remplie → (classe de teinte, mot) : cinq degrés, fixes dans le temps.
DEGRES = ("aucune", "jusqu'à un tiers", "jusqu'à deux tiers", "plus de deux tiers", "toutes")


@dataclass(frozen=True, slots=True)
class Case:
    """« 2/3 », sa teinte et son mot ; sans dénominateur, un nombre seul."""

    nombre: int
    sur: int | None = None

    @property
    def texte(self) -> str:
        return f"{self.nombre}/{self.sur}" if self.sur is not None else str(self.nombre)

    @property
    def degre(self) -> int:
        if not self.nombre or not self.sur:
            return 0
        if self.nombre == self.sur:
            return 4
        return 1 if 3 * self.nombre <= self.sur else 2 if 3 * self.nombre <= 2 * self.sur else 3

    @property
    def mot(self) -> str:
        return DEGRES[self.degre]


@dataclass(frozen=True, slots=True)
class Rangee:
    """Un programme, ses cases, son total."""

    axe: AxeLu | None
    nom: str
    numero: str
    cases: tuple[Case, ...]
    total: int
    actions: int


@dataclass(frozen=True, slots=True)
class Carte:
    """La table entière ; `genre` : « quartiers » ou « etats »."""

    genre: str
    colonnes: tuple[tuple[str, str, str], ...]  # (clé, abrégé, libellé)
    rangees: tuple[Rangee, ...]
    totaux: tuple[int, ...]
    total: int
    actions: int

    @property
    def titre(self) -> str:
        """La phrase que la carte fait lire."""
        if self.genre == "etats":
            return "Où en est chaque programme"
        vides = [c[2] for c, n in zip(self.colonnes, self.totaux, strict=True) if not n]
        if vides:
            return f"{_accord(len(vides))} {', '.join(vides)}"
        moyenne = self.total / max(1, len(self.totaux))
        pauvres = sum(2 * n < moyenne for n in self.totaux)
        if pauvres:
            verbe = "reste presque vide" if pauvres == 1 else "restent presque vides"
            mot = "colonne" if pauvres == 1 else "colonnes"
            return f"{pauvres} {mot} sur {len(self.totaux)} {verbe}"
        return "Chaque quartier a sa part"


def _accord(nombre: int) -> str:
    return "Un quartier n'a rien :" if nombre == 1 else f"{nombre} quartiers n'ont rien :"


def carte(etat: Etat) -> Carte:
    """Par quartier s'il y a une matrice, par état sinon."""
    groupes: dict[AxeLu | None, list[str]] = {}
    for action in sorted(etat.suivies, key=lambda a: _ordre(etat.axe_de(a))):
        groupes.setdefault(etat.axe_de(action), []).append(action.identifiant)
    if etat.colonnes:
        colonnes = tuple((str(c.pk), c.court, c.libelle) for c in etat.colonnes)
        remplies = {
            axe: [sum((i, c.pk) in etat.cellules for i in siennes) for c in etat.colonnes]
            for axe, siennes in groupes.items()
        }
    else:
        classes = {a.identifiant: classe(etat, a) for a in etat.suivies}
        colonnes = tuple((cle, mot, mot) for cle, mot in CLASSES.items())
        remplies = {
            axe: [sum(classes[i] == cle for i in siennes) for cle in CLASSES]
            for axe, siennes in groupes.items()
        }
    sur = bool(etat.colonnes)
    rangees = tuple(
        Rangee(
            axe,
            (axe.court or axe.intitule) if axe else "Sans programme",
            axe.numero if axe else "",
            tuple(Case(n, len(siennes) if sur else None) for n in remplies[axe]),
            sum(remplies[axe]),
            len(siennes),
        )
        for axe, siennes in groupes.items()
    )
    totaux = tuple(sum(r.cases[i].nombre for r in rangees) for i in range(len(colonnes)))
    return Carte(
        "quartiers" if sur else "etats",
        colonnes,
        rangees,
        totaux,
        sum(totaux),
        len(etat.suivies),
    )


def _ordre(axe: AxeLu | None) -> tuple[int, int]:
    return (0, axe.ordre) if axe else (1, 0)
