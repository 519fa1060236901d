"""Ce que les gabarits de PDF demandent en plus : textes à leur niveau de titre, sommes, groupes."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import batched, groupby
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from contrats.enums import RoleSignature
from contrats.models import Contrat, Engagement, Partie, Renvoi
from texte.markdown import rendre

register = template.Library()


@register.simple_tag(takes_context=True)
def texte(context: Context, source: str, niveau: int = 3) -> SafeString:
    """Le texte rendu ; ses titres prennent le `niveau` donné, ses liens internes une adresse.

    Un PDF n'a pas de site : « /contrats/… » y désigne la page de la plateforme.
    """
    html: str = rendre(source)
    if niveau != 3:
        html = html.replace("<h3>", f"<h{niveau}>").replace("</h3>", f"</h{niveau}>")
    html = html.replace('href="/', f'href="{context["document"].site}/')
    return mark_safe(html)  # noqa: S308 : déjà nettoyé par `rendre`, seuls niveaux et hôte changent


@register.filter
def euros(montant: Decimal) -> str:
    """« 500 000 € » ; les centimes s'ils existent."""
    decimales = 0 if montant == montant.to_integral_value() else 2
    return f"{number_format(montant, decimales, force_grouping=True)}\u00a0€"


@register.simple_tag(takes_context=True)
def ancre_du_renvoi(context: Context, renvoi: Renvoi) -> str:
    """L'ancre de la cible si elle est dans ce document, vide sinon."""
    ancre = ""
    if renvoi.fiche:
        ancre = f"fiche-{renvoi.fiche.cle}"
    elif renvoi.annexe:
        ancre = f"annexe-{renvoi.annexe.numero}"
    return ancre if any(piece.ancre == ancre for piece in context["pieces"]) else ""


@register.simple_tag
def engagements_groupes(engagements: Iterable[Engagement]) -> list[dict[str, Any]]:
    """Les engagements voisins que les mêmes doivent aux mêmes, avec le rang du premier."""
    groupes = []
    debut = 1
    for (porteurs, beneficiaires), suite in groupby(engagements, key=_qui_a_qui):
        siens = list(suite)
        groupes.append(
            {
                "porteurs": ", ".join(porteurs),
                "beneficiaires": ", ".join(beneficiaires),
                "debut": debut,
                "engagements": siens,
            }
        )
        debut += len(siens)
    return groupes


def _qui_a_qui(engagement: Engagement) -> tuple[list[str], list[str]]:
    return _noms(engagement.porteurs.all()), _noms(engagement.beneficiaires.all())


def _noms(parties: Iterable[Partie]) -> list[str]:
    return [partie.libelle or partie.organisme.nom for partie in parties]


@register.simple_tag
def signatures_groupees(contrat: Contrat) -> list[dict[str, Any]]:
    """Les signatures d'un même lieu et d'un même jour, signataires par rangées de deux."""
    signatures = list(contrat.signatures.all())
    lieux = list(dict.fromkeys((s.lieu, s.le) for s in signatures))
    groupes = []
    for lieu, le in lieux:
        ici = [s for s in signatures if (s.lieu, s.le) == (lieu, le)]
        signataires = [s for s in ici if s.role == RoleSignature.SIGNATAIRE]
        temoins = [s for s in ici if s.role == RoleSignature.TEMOIN]
        groupes.append(
            {
                "lieu": lieu,
                "le": le,
                "signataires": list(batched(signataires, 2)),
                "temoins": temoins,
            }
        )
    return groupes
