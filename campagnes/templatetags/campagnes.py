"""Balises des campagnes : `{% load campagnes %}`."""

from typing import Any

from django import template

from campagnes.models import Reponse
from campagnes.presentation import LigneReponse, ligne_de
from contrats.models import Action
from contrats.permissions import Acte, peut

register = template.Library()


@register.simple_tag(takes_context=True)
def reponses_sur(context: template.Context, action: Action) -> list[LigneReponse]:
    """Ce que les campagnes ont recueilli sur une action, du plus récent au plus ancien.

    Pour ceux qui modifient le contrat ; le public n'en coûte aucune requête.
    """
    utilisateur: Any = context["request"].user
    if not utilisateur.is_authenticated or not peut(utilisateur, Acte.MODIFIER, action):
        return []
    siennes = Reponse.objects.visibles_par(utilisateur).filter(demande__action=action)
    return [ligne_de(r) for r in siennes.pour_relecture().order_by("-recue_le", "-pk")]
