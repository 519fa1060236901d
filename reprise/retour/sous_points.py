"""À qui sont les sous-points, quand une action s'en va, arrive ou disparaît d'au-dessus d'eux.

Dans le fichier, un sous-point est à l'action qui le précède. Il la suit tel qu'il est, par le
changement qui la touche : ce qu'un autre changement en récrit se décide à part.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reprise.retour.changements import Geste, Placer

if TYPE_CHECKING:
    from reprise.retour.comparaison import Comparaison


class SousPoints:
    """Ceux d'une comparaison ; `i` désigne un paragraphe en vigueur, `j` et `k` un revenu."""

    def __init__(self, comparaison: Comparaison) -> None:
        self.c = comparaison
        self.origine = comparaison.alignement.origine
        self.deplaces = comparaison.alignement.deplaces
        self.laisses = self._laisses()
        self.portes = {g.ordre for gestes in self.laisses.values() for g in gestes}

    def niveau(self, j: int) -> int:
        """Un sous-point sans action au-dessus de lui, dans sa section, est une action."""
        return 1 if self.c.revenus[j].niveau and self._action_du_fichier(j) is not None else 0

    def pris(self, j: int, geste: Geste, cle: str = "") -> list[Placer]:
        """Une action posée entre une autre et ses sous-points : ce sont désormais les siens."""
        pris: list[Placer] = []
        if not isinstance(geste, Placer) or geste.niveau or ":actions:" not in geste.liste:
            return pris
        apres = geste.apres
        for k in range(j + 1, len(self.c.revenus)):
            i, ligne = self.origine.get(k), self.c.revenus[k]
            if not ligne.puce or not ligne.niveau:
                break
            sous = self.c.piece_de[i] if i is not None else None
            if i not in self.c.en_place or k in self.deplaces or sous is None:
                continue  # venu d'ailleurs : son propre changement dit où il va
            if sous.forme != "puce2" or sous.liste != geste.liste or self._mere(i) == cle:
                break
            pris.append(Placer(geste.liste, apres, 1, "", sous.cle, k))
            apres = sous.cle  # ce qui s'ajoute entre deux sous-points y reste
        return pris

    def _laisses(self) -> dict[int, list[Placer]]:
        """Par action partie ou ôtée : ses sous-points restés sur place, et où ils sont alors."""
        laisses: dict[int, list[Placer]] = {}
        rangs = {i: j for j, i in self.origine.items() if j not in self.deplaces}
        mere: int | None = None
        for i, piece in enumerate(self.c.piece_de):
            if piece is None or not piece.est_point or ":actions:" not in piece.liste:
                continue
            if piece.forme == "puce":
                mere = i
            elif mere is not None and mere not in self.c.en_place and i in rangs:
                au_dessus = self._action_du_fichier(rangs[i])
                if au_dessus is not None and self.origine.get(au_dessus) not in self.c.en_place:
                    continue  # l'action arrivée là, ou la même, les prend
                geste, _ = self.c.destination(rangs[i], self.niveau(rangs[i]))
                if isinstance(geste, Placer):
                    place = replace(geste, texte="", cle=piece.cle)
                    laisses.setdefault(mere, []).append(place)
        return laisses

    def _mere(self, i: int | None) -> str:
        """L'action dont ce paragraphe en vigueur est un sous-point."""
        avant = (self.c.piece_de[k] for k in range((i or 0) - 1, -1, -1))
        return next((p.cle for p in avant if p and p.est_point and p.forme == "puce"), "")

    def _action_du_fichier(self, j: int) -> int | None:
        """Le point de premier niveau qui précède, dans la même section du fichier."""
        for k in range(j - 1, -1, -1):
            ligne, i = self.c.revenus[k], self.origine.get(k)
            if ligne.texte.startswith("### "):
                return None
            piece = self.c.piece_de[i] if i is not None else None
            if ligne.puce and not ligne.niveau and (piece is None or piece.est_point):
                return k
        return None
