"""Ce que vise un point ou une décision : une action, une fiche, un article, un indicateur."""

from typing import Any

from contrats.models import Action, Article, Fiche
from gouvernance.models import Point, Seance
from gouvernance.perimetre import actions_du_comite, contrats_du_comite, indicateurs_du_comite
from indicateurs.models import Indicateur

RIEN = [("", "Rien de particulier")]
LONGUEUR = 90


class Cibles:
    """Les objets du comité, lus une fois, et ce que leur clé (« action-12 ») désigne."""

    def __init__(self, seance: Seance, lecteur: Any) -> None:
        self.seance, self.lecteur = seance, lecteur
        contrats = contrats_du_comite(seance.contrat)
        visibles = Action.objects.visibles_par(lecteur).values("pk")
        actions = actions_du_comite(seance.contrat).filter(pk__in=visibles)
        fiches = Fiche.objects.visibles_par(lecteur).vivantes().filter(contrat__in=contrats)
        articles = Article.objects.filter(contrat__in=contrats).order_by("contrat", "ordre")
        self.objets: dict[str, Any] = {f"action-{a.pk}": a for a in actions}
        self.objets |= {f"fiche-{f.pk}": f for f in fiches.order_by("contrat", "ordre", "pk")}
        self.objets |= {f"article-{a.pk}": a for a in articles}
        indicateurs = indicateurs_du_comite(seance.contrat, lecteur)
        self.objets |= {f"indicateur-{i.pk}": i for i in indicateurs}

    def choix(self) -> list[Any]:
        """Pour une liste déroulante, par genre."""
        groupes: dict[str, list[tuple[str, str]]] = {}
        for cle, objet in self.objets.items():
            groupes.setdefault(GENRES[type(objet)][1], []).append((cle, intitule(objet)))
        return [*RIEN, *groupes.items()]

    def lire(self, cle: str) -> dict[str, Any]:
        """Les quatre liens d'un point ou d'une décision, dont un au plus est rempli."""
        objet = self.objets.get(cle)
        return {
            nom: objet if isinstance(objet, modele) else None for modele, (nom, _) in GENRES.items()
        }


GENRES: dict[type, tuple[str, str]] = {
    Action: ("action", "Actions"),
    Fiche: ("fiche", "Fiches"),
    Article: ("article", "Articles"),
    Indicateur: ("indicateur", "Indicateurs"),
}


def cle_de(objet: Point | Any) -> str:
    """La clé de l'objet d'un point ou d'une décision ; vide s'il n'en a pas."""
    for genre, _ in GENRES.values():
        pk = getattr(objet, f"{genre}_id", None)
        if pk:
            return f"{genre}-{pk}"
    return ""


def intitule(objet: Action | Fiche | Article | Indicateur) -> str:
    """« Action 12. Rénover… », raccourci pour tenir en une ligne."""
    if isinstance(objet, Article):
        texte = f"Article {objet.numero}. {objet.titre}"
    elif isinstance(objet, Fiche):
        texte = f"Fiche : {objet.titre}"
    elif isinstance(objet, Indicateur):
        texte = f"Indicateur : {objet}"
    else:
        texte = f"Action {objet.numero}. {objet.intitule}" if objet.numero else objet.intitule
    return texte if len(texte) <= LONGUEUR else f"{texte[: LONGUEUR - 1]}…"
