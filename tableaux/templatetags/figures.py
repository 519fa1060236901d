"""Figures dessinées par le serveur : géométrie seule, les nombres sont dans la table."""

from typing import Any

from django import template

from tableaux.avancement import Point
from tableaux.cartes import CLASSES
from tableaux.etat import MeteoLue

register = template.Library()
FORMES = {
    "realisees": "realise",
    "en_cours": "cours",
    "en_retard": "retard",
    "a_lancer": "lancer",
    "arretees": "suspendu",
}
MOTIFS = {"retard", "suspendu"}
LARGEUR = 200


@register.inclusion_tag("tableaux/_barre.html")
def barre_de_point(point: Point, ident: str) -> dict[str, Any]:
    """Une barre de même longueur par date : des parts, non des hauteurs à comparer."""
    x, segments = 0.0, []
    for cle, forme in FORMES.items():
        nombre = point.nombres[cle]
        if nombre:
            largeur = LARGEUR * nombre / point.total
            segments.append(
                {
                    "forme": forme,
                    "x": f"{x:.2f}",
                    "largeur": f"{largeur:.2f}",
                    "motif": forme in MOTIFS,
                }
            )
            x += largeur
    dits = [f"{mot.lower()} {point.nombres[c]}" for c, mot in CLASSES.items() if point.nombres[c]]
    return {"segments": segments, "ident": ident, "resume": ", ".join(dits) or "aucune action"}


@register.filter
def decouper(mots: str) -> list[str]:
    return mots.split()


@register.filter
def cle_de(table: dict[str, Any], cle: str) -> Any:
    """La valeur d'une clé que le gabarit calcule."""
    return table.get(cle)


# Météo et devoirs empruntent les signes dessinés des états ; le mot suit toujours.
METEOS = {"orage": "e-retard", "couvert": "e-suspendu", "nuage": "e-cours", "soleil": "e-realise"}
DEVOIRS = {"tenu": "e-realise", "manque": "e-retard", "a_venir": "e-cours"}


@register.filter
def signe_de_meteo(meteo: MeteoLue | None) -> str:
    return METEOS[meteo.valeur] if meteo else "e-lancer"


@register.filter
def signe_de_devoir(etat: str) -> str:
    return DEVOIRS.get(etat, "e-lancer")
