"""Ce qu'un lecteur peut lire de ce que visent des points ou des décisions ; nommé, sinon tu."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from contrats.models import Action, Article, Contrat, Fiche
from contrats.permissions import Acte, peut
from indicateurs.models import Indicateur

GENRES: dict[str, Any] = {
    "action": Action,
    "fiche": Fiche,
    "article": Article,
    "indicateur": Indicateur,
}


class Visee(NamedTuple):
    """Ce que vise un point ou une décision : le mot, l'intitulé, l'adresse."""

    genre: str
    intitule: str
    adresse: str

    @property
    def lire(self) -> str:
        """Le texte d'un lien qui n'en redit pas l'intitulé."""
        article = {"fiche": "la "}.get(self.genre, "l’")
        return f"Lire {article}{self.genre}"


class Lisibles:
    """Les objets visés que le lecteur voit, en une requête par genre présent."""

    def __init__(self, objets: Iterable[Any], lecteur: Any) -> None:
        self.objets = list(objets)
        self.lecteur = lecteur

    @cached_property
    def cles(self) -> dict[str, set[int]]:
        """Identifiants lisibles, par genre."""
        return {genre: self._lire(genre, modele) for genre, modele in GENRES.items()}

    def _lire(self, genre: str, modele: Any) -> set[int]:
        visees = {pk for o in self.objets if (pk := getattr(o, f"{genre}_id"))}
        if not visees:
            return set()
        if modele is Article:
            contrats = Contrat.objects.visibles_par(self.lecteur).values("pk")
            lignes = Article.objects.filter(contrat__in=contrats)
        else:
            lignes = modele.objects.visibles_par(self.lecteur)
        return set(lignes.filter(pk__in=visees).values_list("pk", flat=True))

    def voit(self, objet: Any) -> bool:
        """Vrai si rien de ce qu'il vise n'est fermé au lecteur."""
        return all(
            (pk := getattr(objet, f"{genre}_id")) is None or pk in self.cles[genre]
            for genre in GENRES
        )

    def visees(self, objet: Any) -> list[Visee]:
        """Ce qu'il vise et que le lecteur peut ouvrir."""
        return [
            visee(genre, getattr(objet, genre))
            for genre in GENRES
            if getattr(objet, f"{genre}_id") in self.cles[genre]
        ]

    def qui(self, decision: Any) -> str:
        """Qui la doit, en une phrase ; la fonction, texte libre, ne se dit que dans l'atelier."""
        if est_interne(self.lecteur, decision.seance.contrat):
            return decision.qui_interne or "Sans responsable"
        return decision.qui or (
            "Responsable non publié" if decision.fonction else "Sans responsable"
        )


def visee(genre: str, objet: Any) -> Visee:
    """« action 12. Rénover… », « article 3. La gouvernance »."""
    if genre == "article":
        return Visee(genre, f"{objet.numero}. {objet.titre}", objet.contrat.get_absolute_url())
    if genre == "fiche":
        return Visee(genre, objet.titre, objet.get_absolute_url())
    numero = f"{objet.numero}. " if genre == "action" and objet.numero else ""
    return Visee(genre, f"{numero}{objet.intitule}", objet.get_absolute_url())


def est_interne(lecteur: Any, contrat: Contrat) -> bool:
    """Le lecteur a un rôle sur le contrat : il lit aussi ce qui n'est pas publié."""
    return peut(lecteur, Acte.LIRE_ATELIER, contrat)
