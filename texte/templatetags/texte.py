"""Les textes dans les gabarits : `{% load texte %}`."""

from collections.abc import Iterable
from dataclasses import replace

from django import template
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from texte import deplacements, markdown
from texte.differences import au_mot, en_html
from texte.typographie import insecables

register = template.Library()


@register.filter
def rendu(source: str | None, prefixe: str = "") -> SafeString:
    """`{{ section.texte|rendu }}` : le HTML sûr ; l'argument préfixe les identifiants de notes."""
    return markdown.rendre(source, prefixe=str(prefixe))


@register.filter
def insecable(texte: str) -> str:
    """`{{ partie.libelle|insecable }}` : un guillemet ne reste pas seul en fin de ligne."""
    return insecables(texte)


@register.filter
def texte_nu(source: str | None) -> str:
    """`{{ section.texte|texte_nu|truncatewords:30 }}` : les mots sans les marques."""
    return markdown.en_texte(source)


@register.filter
def differences(ancien: str | None, nouveau: str | None) -> SafeString:
    """`{{ ancien|differences:nouveau }}` : ce qui est ajouté et supprimé, au mot près."""
    return en_html(au_mot(ancien or "", nouveau or ""))


@register.filter
def capitale(compares: Iterable[deplacements.Fragment]) -> list[deplacements.Fragment]:
    """`{{ ecart.titre|capitale|fragments }}` : une majuscule à l'ancien titre et au nouveau."""
    cotes, dits = [deplacements.AVANT, deplacements.APRES], []
    for fragment in compares:
        if any(fragment.sort in cote for cote in cotes):
            cotes = [cote for cote in cotes if fragment.sort not in cote]
            dits.append(replace(fragment, texte=capfirst(fragment.texte)))
        else:
            dits.append(fragment)
    return dits


@register.filter
def fragments(compares: Iterable[deplacements.Fragment], trajets: str = "") -> SafeString:
    """`{{ ecart.texte|fragments }}` : ajouté, supprimé, déplacé, par le trait et par le mot.

    `fragments:"nus"` : sans les liens d'un bout à l'autre d'un déplacement.
    """
    return deplacements.en_html(compares, trajets=not trajets)
