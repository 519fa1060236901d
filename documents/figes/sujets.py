"""Ce qui se fige d'un contrat : le contrat entier, une fiche, une annexe, un rapport à une date."""

import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser

from coherence.service import Bilan
from comptes.models import Utilisateur
from contrats.models import Contrat, Fiche
from documents import rendu
from documents.dossier import contexte_dossier
from documents.enums import RAPPORTS, Nature
from documents.matrice import contexte_annexe
from perr.filters import MatriceFilterSet
from tableaux.enums import GenreRapport

Lecteur = Utilisateur | AnonymousUser


class SujetInconnu(ValueError):
    """Le contrat n'a rien de tel à figer."""


class Sujet(NamedTuple):
    """`cle` : celle de la fiche ou de l'annexe, la date d'un rapport ; vide pour le contrat."""

    nature: Nature = Nature.CONTRAT
    cle: str = ""

    def __str__(self) -> str:
        return f"{self.nature}:{self.cle}" if self.cle else str(self.nature)

    def constats(self, fait: Bilan) -> Bilan:
        """Du contrôle du contrat, ce qui touche ce document ; rien pour un rapport, qui se dit à
        sa date."""
        if self.nature == Nature.CONTRAT:
            return fait
        return Bilan([], []) if self.nature in RAPPORTS else fait.de(str(self))

    @classmethod
    def lire(cls, dit: str) -> "Sujet":
        """L'inverse de `str`. Lève `SujetInconnu`."""
        nature, _, cle = dit.partition(":")
        if nature not in Nature:
            raise SujetInconnu("Ce document n'est pas de ceux qui se figent.")
        return cls(Nature(nature), cle)


def contexte(contrat: Contrat, sujet: Sujet, *, par: Lecteur, site: str, code: str = "") -> Any:
    """Ce que lisent les gabarits. Lève `SujetInconnu` si `par` ne voit rien de tel."""
    lu = _LECTURES[sujet.nature](contrat, sujet, par, site, code)
    if lu is None:
        raise SujetInconnu("Ce contrat n'a pas ce document.")
    return lu


def _contrat(contrat: Contrat, sujet: Sujet, par: Lecteur, site: str, code: str) -> Any:
    return rendu.contexte(contrat, par=par, site=site, code=code, entier=True)


def _fiche(contrat: Contrat, sujet: Sujet, par: Lecteur, site: str, code: str) -> Any:
    if not Fiche.objects.visibles_par(par).filter(contrat=contrat, cle=sujet.cle).exists():
        return None
    return rendu.contexte(contrat, par=par, site=site, code=code, cles=[sujet.cle])


def _annexe(contrat: Contrat, sujet: Sujet, par: Lecteur, site: str, code: str) -> Any:
    filtres = MatriceFilterSet({"annexe": sujet.cle}, contrat=contrat)
    if not sujet.cle or not filtres.is_valid():
        return None
    return contexte_annexe(contrat, filtres, par=par, site=site, code=code)


def _rapport(contrat: Contrat, sujet: Sujet, par: Lecteur, site: str, code: str) -> Any:
    try:
        au = datetime.date.fromisoformat(sujet.cle)
    except ValueError:
        return None
    genre = GenreRapport(sujet.nature.value)
    return contexte_dossier(contrat, genre, au, None, par=par, site=site, code=code)


_LECTURES = {
    Nature.CONTRAT: _contrat,
    Nature.FICHE: _fiche,
    Nature.ANNEXE: _annexe,
    **dict.fromkeys(RAPPORTS, _rapport),
}
