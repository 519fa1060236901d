"""Accueil et données ouvertes."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from portail.accueil import PageAccueil


@method_decorator(login_not_required, name="dispatch")
class AccueilView(TemplateView):
    """Ce que tient la plateforme, la recherche, les contrats par type, la carte."""

    template_name = "portail/accueil.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=PageAccueil(self.request.user), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class DonneesView(TemplateView):
    """Jeux de données, formats, licence, API."""

    template_name = "portail/donnees.html"
