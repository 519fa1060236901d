"""Balises des listes filtrées : `{% load listes %}`."""

import re
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict

from texte.recherche import normaliser

register = template.Library()

# Filtres d'adresse ou de programme (identifiant, instant), que personne ne tape. S'ils
# sont dans l'adresse, le formulaire les garde et un badge les montre.
TECHNIQUES = ("fiche", "modifie_apres")


@register.simple_tag(takes_context=True)
def selection(context: template.Context) -> str:
    """Filtres de l'adresse, sans numéro de page : la même sélection dans l'API."""
    requete: HttpRequest = context["request"]
    filtres = requete.GET.copy()
    connus = set(context["filter"].form.fields)
    for nom in list(filtres):
        if nom not in connus or not any(filtres.getlist(nom)):
            del filtres[nom]
    return filtres.urlencode()


@register.simple_tag(takes_context=True)
def repartir(context: template.Context, formulaire: Any, principaux: str) -> dict[str, Any]:
    """Champs courants d'un filtre, les autres (`ouvert` si l'un a servi), et les cachés."""
    requete: HttpRequest = context["request"]
    noms = principaux.split()
    courants = [formulaire[nom] for nom in noms if nom in formulaire.fields]
    for champ in courants:
        champ.help_text = ""  # elle s'adresse à qui écrit une adresse à la main
    caches = [c for c in formulaire if c.name in TECHNIQUES or c.is_hidden]
    autres = [c for c in formulaire if c.name not in noms and c not in caches]
    return {
        "principaux": courants,
        "autres": autres,
        "caches": [c for c in caches if requete.GET.get(c.html_name)],
        "ouvert": any(requete.GET.get(c.html_name) or c.errors for c in autres),
    }


@register.filter
def accord(nombre: int, formes: str = ",s") -> str:
    """Forme singulière jusqu'à un compris, plurielle ensuite : « 0 action », « 2 actions ».

    `{{ n|accord }}` donne « » ou « s » ; `{{ n|accord:"vaut,valent" }}` choisit.
    """
    singulier, pluriel = formes.split(",")
    return pluriel if nombre > 1 else singulier


@register.filter
def memes_mots(texte: str, autre: str) -> bool:
    """Vrai si les deux ne diffèrent que par accents, casse ou ponctuation (« Etat », « État »)."""
    return normaliser(texte).split() == normaliser(autre).split()


@register.filter
def hors_changement(adresse: QueryDict) -> list[tuple[str, str]]:
    """Paramètres de la liste filtrée, sans ceux d'un changement groupé ni la page."""
    return [
        (nom, valeur)
        for nom, suite in adresse.lists()
        for valeur in suite
        if valeur and "-" not in nom and nom not in ("quoi", "page")
    ]


@register.filter
def insecables(texte: str) -> str:
    """Un guillemet ne va pas seul à la ligne."""
    return re.sub(r"\s*»", "\u00a0»", re.sub(r"«\s*", "«\u00a0", texte))
