"""Ce que les gabarits de la matrice demandent : le signe et le mot d'une cellule."""

from django import template

from documents.matrice import signe
from perr.lecture import Cellule
from perr.models import RenvoiDeclinaison

register = template.Library()

# Une cellule plus longue laisse sa ligne se couper entre deux pages ; les autres restent d'un bloc.
LONGUE = 600

register.filter("signe", signe)


@register.filter
def est_longue(cellules: tuple[Cellule, ...]) -> bool:
    """La ligne a une cellule trop longue pour être gardée d'un bloc."""
    return any(c.contenu and len(c.contenu.texte) > LONGUE for c in cellules)


@register.filter
def cible(renvoi: RenvoiDeclinaison) -> str:
    """« action 31 », « programme 11 », « Cadre de vie » ; vide : hors du contrat."""
    if renvoi.action:
        return f"action {renvoi.action.numero}"
    if renvoi.axe:
        return f"programme {renvoi.axe.numero}" if renvoi.axe.numero else renvoi.axe.intitule
    return ""


@register.filter
def partage(cellule: Cellule) -> str:
    """« Case commune avec l'action 29 », ou rien."""
    numeros = cellule.partagee_avec
    mot = "l’action" if len(numeros) == 1 else "les actions"
    return f"Case commune avec {mot} {', '.join(numeros)}" if numeros else ""
