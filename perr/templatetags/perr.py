"""Balises de la matrice : `{% load perr %}`."""

from typing import Any

from django import template

from contrats.enums import TypeContrat
from contrats.models import Action
from perr.contenu import contenu_de
from perr.lecture import avec_contenu
from perr.models import Declinaison
from perr.presentation import SIGNES, DeclinaisonMontree, libelle_de_renvoi

register = template.Library()


@register.simple_tag(takes_context=True)
def declinaisons_de(context: template.Context, action: Action) -> list[DeclinaisonMontree]:
    """Ce que l'action devient dans chaque colonne remplie, dans l'ordre de la matrice.

    Seul un PERR a une matrice : l'action d'un autre contrat n'en coûte aucune requête.
    """
    if action.contrat.type != TypeContrat.PERR:
        return []
    utilisateur: Any = context["request"].user
    siennes = Declinaison.objects.visibles_par(utilisateur).filter(action=action)
    lues = avec_contenu(siennes.select_related("colonne__annexe"))
    return [
        DeclinaisonMontree(
            colonne=d.colonne.libelle,
            mot=SIGNES[d.statut][1],
            contenu=contenu_de(d),
            regards=list(d.regards.all()),
            renvois=[(libelle_de_renvoi(r), r) for r in d.renvois.all()],
        )
        for d in lues.order_by("colonne__annexe__ordre_imprime", "colonne__rang", "pk")
    ]
