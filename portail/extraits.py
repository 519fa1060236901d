"""Extraits de texte autour des mots cherchés, surlignés, pour la page de recherche."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from texte.recherche import normaliser, racines

LONGUEUR = 220
AVANT = 70
MOT = re.compile(r"[^\W_]+")
PUCE = re.compile(r"^ *- ", re.MULTILINE)


def reperer(texte: str, requete: str) -> list[tuple[int, int]]:
    """Positions des mots du texte qui commencent par un mot cherché."""
    debuts = tuple(debut for mot in racines(requete) for debut in mot)
    if not debuts:
        return []
    return [
        mot.span()
        for mot in MOT.finditer(texte)
        if normaliser(mot.group()).strip().startswith(debuts)
    ]


def surligner(texte: str, requete: str) -> SafeString:
    """Le texte échappé, chaque mot trouvé dans `<mark>`."""
    return _marquer(texte, reperer(texte, requete))


def extrait(textes: Iterable[str], requete: str) -> SafeString:
    """Un passage du premier texte qui contient un mot cherché ; vide si aucun."""
    for texte in textes:
        uni = " ".join(PUCE.sub("", texte).split())
        positions = reperer(uni, requete)
        if positions:
            debut, fin = _bornes(uni, positions[0][0])
            dedans = [(a - debut, b - debut) for a, b in positions if a >= debut and b <= fin]
            avant, apres = "… " if debut else "", " …" if fin < len(uni) else ""
            return format_html("{}{}{}", avant, _marquer(uni[debut:fin], dedans), apres)
    return SafeString("")


def _bornes(texte: str, position: int) -> tuple[int, int]:
    """Début et fin du passage, aux espaces."""
    debut = max(0, position - AVANT)
    if debut:
        debut = texte.find(" ", debut, position) + 1 or position
    fin = min(len(texte), debut + LONGUEUR)
    if fin < len(texte):
        fin = max(texte.rfind(" ", position, fin), position + 1)
    return debut, fin


def _marquer(texte: str, positions: list[tuple[int, int]]) -> SafeString:
    morceaux, curseur = [], 0
    for debut, fin in positions:
        morceaux.append((texte[curseur:debut], texte[debut:fin]))
        curseur = fin
    marques = format_html_join("", "{}<mark>{}</mark>", morceaux)
    return format_html("{}{}", marques, texte[curseur:])
