"""La page personnelle de l'agent : ce qu'on attend de lui."""

from typing import Any, cast

from django import forms
from django.views.generic import TemplateView

from comptes.models import Utilisateur
from contrats.enums import ListeFiltree
from contrats.models import FiltreEnregistre
from contrats.permissions import roles
from contrats.travail import JOURS, Travail
from contrats.views.filtres import PAGES


class FormulaireJours(forms.Form):
    """À partir de combien de jours une action est sans nouvelles."""

    jours = forms.IntegerField(
        min_value=1,
        max_value=3650,
        label="Sans nouvelles depuis (jours)",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Écrivez un nombre de 1 à 3650."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class MonTravailView(TemplateView):
    """À écrire, à relire, à répondre, en retard, sans pilote, sans nouvelles, à compléter."""

    template_name = "contrats/mon_travail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agent = cast(Utilisateur, self.request.user)
        donnees = self.request.GET if "jours" in self.request.GET else {"jours": JOURS}
        formulaire = FormulaireJours(donnees, use_required_attribute=False)
        jours = formulaire.cleaned_data["jours"] if formulaire.is_valid() else JOURS
        travail = Travail(agent, jours)
        return super().get_context_data(
            blocs=travail.blocs,
            a_completer=travail.a_completer,
            formulaire=formulaire,
            filtres=[(f, _libelle(f), PAGES[f.liste][0]) for f in agent.filtres.all()],
            a_des_roles=agent.is_superuser or bool(roles(agent)),
            **kwargs,
        )


def _libelle(filtre: FiltreEnregistre) -> str:
    return f"{ListeFiltree(filtre.liste).label} : {filtre.nom}"
