"""La matrice telle qu'elle se montre : un signe, un mot et une teinte par cellule."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from perr.contenu import Contenu
from perr.enums import StatutDeclinaison
from perr.lecture import Cellule, ColonneLue, Ligne, Matrice, Oubli, Pilier, Programme
from perr.models import RegardSpecifique, RenvoiDeclinaison

# Statut → (classe du signe dans composants.css, mot). Le mot suffit : la teinte ne porte rien.
SIGNES: dict[str | None, tuple[str, str]] = {
    None: ("c-0", "Vide"),
    StatutDeclinaison.TEXTE: ("c-r", "Renseignée"),
    StatutDeclinaison.TEXTE_RENVOI: ("c-l", "Renseignée, avec renvoi"),
    StatutDeclinaison.RENVOI: ("c-v", "Renvoi"),
    StatutDeclinaison.A_REGROUPER: ("c-g", "À regrouper"),
    StatutDeclinaison.NON_TRAVAILLE: ("c-n", "Non travaillée"),
    StatutDeclinaison.SANS_OBJET: ("c-s", "Sans objet"),
    StatutDeclinaison.CONSIGNE: ("c-k", "Consigne"),
}


@dataclass(frozen=True, slots=True)
class CelluleMontree:
    """Une cellule, sa place et ses mots ; `absente` : l'annexe n'imprime pas la ligne."""

    cellule: Cellule
    colonne: ColonneLue
    absente: bool = False

    @property
    def id(self) -> str:
        return f"c{self.cellule.action}-{self.cellule.colonne}"

    @property
    def adresse(self) -> str:
        """Relative à la page de la matrice."""
        return f"{self.cellule.action}/{self.cellule.colonne}/"

    @property
    def statut(self) -> str | None:
        return self.cellule.contenu.statut if self.cellule.contenu else None

    @property
    def classe(self) -> str:
        partagee = self.cellule.partagee_avec and self.statut == StatutDeclinaison.TEXTE
        classe = "c-p" if partagee else SIGNES[self.statut][0]
        return classe if self.cellule.retenue else f"{classe} hors"

    @property
    def mot(self) -> str:
        if self.absente:
            return "Vide, ligne absente"
        return SIGNES[self.statut][1]

    @property
    def partage(self) -> str:
        """« Partagée avec l'action 29 », ou rien."""
        numeros = self.cellule.partagee_avec
        if not numeros:
            return ""
        mot = "l'action" if len(numeros) == 1 else "les actions"
        return f"Partagée avec {mot} {', '.join(numeros)}"

    @property
    def renvois(self) -> list[tuple[str, RenvoiDeclinaison]]:
        return [(libelle_de_renvoi(r), r) for r in self.cellule.renvois]


@dataclass(frozen=True, slots=True)
class DeclinaisonMontree:
    """Ce qu'une action devient dans une colonne, montré hors de la matrice."""

    colonne: str
    mot: str
    contenu: Contenu
    regards: list[RegardSpecifique]
    renvois: list[tuple[str, RenvoiDeclinaison]]


def libelle_de_renvoi(renvoi: RenvoiDeclinaison) -> str:
    """« Action 31 », « Programme 11 », « Cadre de vie », ou le texte imprimé."""
    if renvoi.action:
        return f"Action {renvoi.action.numero}"
    if renvoi.axe:
        return f"Programme {renvoi.axe.numero}" if renvoi.axe.numero else renvoi.axe.intitule
    return renvoi.texte


@dataclass(frozen=True, slots=True)
class LigneMontree:
    """Une action et ses cellules."""

    ligne: Ligne
    cellules: list[CelluleMontree]


class PageMatrice:
    """Ce que montrent la page publique et l'écran de l'agent."""

    def __init__(self, matrice: Matrice) -> None:
        self.matrice = matrice

    @cached_property
    def piliers(self) -> list[tuple[Pilier, list[str], list[tuple[Programme, list[LigneMontree]]]]]:
        """Pilier, ses totaux par colonne (« 9 sur 11 »), ses programmes et leurs lignes."""
        return [
            (
                pilier,
                self._totaux(pilier),
                [(p, [self._ligne(ligne) for ligne in p.lignes]) for p in pilier.programmes],
            )
            for pilier in self.matrice.piliers
        ]

    def _totaux(self, pilier: Pilier) -> list[str]:
        lignes = [ligne for p in pilier.programmes for ligne in p.lignes]
        return [
            f"{sum(_compte(ligne.cellules[rang]) for ligne in lignes)} sur {len(lignes)}"
            for rang in range(len(self.matrice.colonnes))
        ]

    def _ligne(self, ligne: Ligne) -> LigneMontree:
        return LigneMontree(
            ligne,
            [
                CelluleMontree(cellule, colonne, self._absente(ligne, cellule, colonne))
                for cellule, colonne in zip(ligne.cellules, self.matrice.colonnes, strict=True)
            ],
        )

    def _absente(self, ligne: Ligne, cellule: Cellule, colonne: ColonneLue) -> bool:
        titre = ligne.titres.get(colonne.annexe)
        return cellule.est_vide and titre is not None and titre.ligne_absente

    def montrer(self, place: tuple[int, int]) -> CelluleMontree | None:
        """La cellule de cette place, si la matrice lue la contient."""
        for ligne in self.matrice.lignes:
            for cellule, colonne in zip(ligne.cellules, self.matrice.colonnes, strict=True):
                if (cellule.action, cellule.colonne) == place:
                    return CelluleMontree(cellule, colonne, self._absente(ligne, cellule, colonne))
        return None

    @cached_property
    def totaux(self) -> list[tuple[ColonneLue, int]]:
        return [(c, self.matrice.totaux[c.pk]) for c in self.matrice.colonnes]

    @property
    def nb_places(self) -> int:
        return len(self.matrice.lignes) * len(self.matrice.colonnes)

    @cached_property
    def legende(self) -> list[tuple[str, str, int]]:
        """Classe, mot et nombre de chaque genre de cellule présent, dans l'ordre du vocabulaire."""
        nombres = Counter(
            c.contenu.statut if c.contenu else None
            for c in self.matrice.cellules.values()
            if c.retenue
        )
        ordre = [*StatutDeclinaison, None]
        return [(*SIGNES[statut], nombres[statut]) for statut in ordre if nombres[statut]]

    @cached_property
    def nb_partagees(self) -> int:
        return sum(bool(c.partagee_avec) for c in self.matrice.remplies)

    @cached_property
    def oublis(self) -> list[Oubli]:
        """Les colonnes où des programmes n'ont rien."""
        return [o for o in self.matrice.oublis if o.programmes]


def _compte(cellule: Cellule) -> bool:
    return cellule.retenue and not cellule.est_vide


def voisinage(matrice: Matrice, requete: HttpRequest) -> dict[str, Any]:
    """Les autres annexes (`onglets`, toutes d'abord), et les filtres de l'adresse sans l'annexe."""
    filtres = requete.GET.copy()
    filtres.pop("annexe", None)
    choix = [("", "Toutes les annexes", sum(len(a.colonnes) for a in matrice.toutes_les_annexes))]
    choix += [(a.cle, a.nom, len(a.colonnes)) for a in matrice.toutes_les_annexes]
    onglets = []
    for cle, nom, nombre in choix:
        adresse = filtres.copy()
        if cle:
            adresse["annexe"] = cle
        onglets.append(
            {
                "nom": nom,
                "nombre": nombre,
                "adresse": f"{requete.path}?{adresse.urlencode()}".rstrip("?"),
                "choisi": cle == requete.GET.get("annexe", ""),
            }
        )
    return {"onglets": onglets, "requete": filtres.urlencode()}
