"""Traduit ce que l'agent tape en modifications de cellules (`perr.ecriture`).

Une case imprimée pour deux actions est une seule pensée : l'écrire écrit ses deux cellules, sauf si
la saisie donne à chacune son texte, ou demande à les séparer.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from comptes.models import Utilisateur
from contrats.models import Contrat
from perr.contenu import Contenu
from perr.ecriture import (
    CellulesInvalides,
    Modification,
    Place,
    ecrire_cellules,
)
from perr.forms import CelluleForm, initial
from perr.lecture import Cellule, Matrice, lire_matrice
from perr.models import Lot

CHAMPS = ("statut", "texte", "modalites", "motif", "a_verifier")
CELLULES_MAX = 1000  # d'un bloc collé


class SaisieIllisible(Exception):
    """Ce que la page n'envoie jamais : 400."""


class Saisie:
    """Ce que l'agent écrit dans la matrice d'un contrat, lue une fois."""

    def __init__(self, contrat: Contrat, agent: Utilisateur) -> None:
        self.contrat = contrat
        self.agent = agent
        self.matrice: Matrice = lire_matrice(contrat, agent)

    def cellule(self, place: Place) -> Cellule | None:
        return self.matrice.cellules.get(place)

    def enregistrer(self, modifications: Iterable[Modification], *, motif: str) -> Lot | None:
        voulues = self._avec_les_partagees(list(modifications))
        return ecrire_cellules(self.contrat, voulues, par=self.agent, motif=motif)

    def lire(self, envoi: Any) -> list[Modification]:
        """Les modifications d'un envoi JSON : `[{action, colonne, version, …champs}]`.

        Un champ absent garde sa valeur ; `vider` vide la cellule. Lève `SaisieIllisible` ou
        `CellulesInvalides`.
        """
        if not isinstance(envoi, list) or not 0 < len(envoi) <= CELLULES_MAX:
            raise SaisieIllisible(f"Envoyez de 1 à {CELLULES_MAX} cellules.")
        modifications, fautes = [], {}
        for brut in envoi:
            cellule = self._place(brut)
            depart = cellule.contenu
            place = (cellule.action, cellule.colonne)
            donnees = initial(depart, None) | {c: brut[c] for c in CHAMPS if c in brut}
            formulaire = CelluleForm({**donnees, "version": brut.get("version")})
            if not formulaire.is_valid():
                fautes[place] = {champ: e[0] for champ, e in formulaire.errors.items()}
                continue
            contenu = None if brut.get("vider") is True else formulaire.contenu(depart)
            modifications.append(Modification(*place, formulaire.cleaned_data["version"], contenu))
        if fautes:
            raise CellulesInvalides(fautes)
        return modifications

    def _place(self, brut: Any) -> Cellule:
        if not isinstance(brut, dict):
            raise SaisieIllisible("Une cellule est un objet.")
        action, colonne = brut.get("action"), brut.get("colonne")
        if not isinstance(action, int) or not isinstance(colonne, int):
            raise SaisieIllisible("Une cellule a une action et une colonne.")
        if not all(isinstance(brut[c], str) for c in CHAMPS if c in brut):
            raise SaisieIllisible("Un champ de cellule est un texte.")
        cellule = self.cellule((action, colonne))
        if cellule is None:
            raise SaisieIllisible("Cette cellule n'est pas dans la matrice de ce contrat.")
        return cellule

    def _avec_les_partagees(self, voulues: list[Modification]) -> list[Modification]:
        citees = {m.place: m for m in voulues}
        completes = list(voulues)
        for m in voulues:
            if m.contenu is not None and not m.contenu.groupe:
                continue  # jamais partagée, ou séparée par cette saisie
            for place in self._soeurs(m.place):
                if place not in citees:
                    soeur = self.matrice.cellules[place]
                    citees[place] = Modification(*place, soeur.version, m.contenu)
                    completes.append(citees[place])
        return [self._separer(m, citees) for m in completes]

    def _separer(self, m: Modification, citees: dict[Place, Modification]) -> Modification:
        """Deux textes dans un même groupe ne sont plus une case partagée."""
        if m.contenu is None or not m.contenu.groupe:
            return m
        autres = [citees[p].contenu for p in self._soeurs(m.place) if p in citees]
        if all(autre == m.contenu for autre in autres):
            return m
        return replace(m, contenu=replace(m.contenu, groupe=""))

    def _soeurs(self, place: Place) -> list[Place]:
        """Les autres cellules de la même case imprimée."""
        contenu = self.matrice.cellules[place].contenu
        if contenu is None or not contenu.groupe:
            return []
        return [
            autre
            for autre, cellule in self.matrice.cellules.items()
            if autre != place
            and autre[1] == place[1]
            and cellule.contenu is not None
            and cellule.contenu.groupe == contenu.groupe
        ]


def sans_groupe(contenu: Contenu | None) -> Contenu | None:
    """Le contenu d'une cellule qu'on sépare de celles qui partageaient sa case."""
    return replace(contenu, groupe="") if contenu else None
