"""Recherche sur toute la plateforme."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from portail.recherche import chercher
from texte.markdown import nettoyer
from texte.recherche import LONGUEUR_MAX


@method_decorator(login_not_required, name="dispatch")
class RechercheView(TemplateView):
    """Résultats groupés, dans le périmètre du lecteur. Une requête trop longue est coupée."""

    template_name = "portail/recherche.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        requete = nettoyer(self.request.GET.get("q", ""))[:LONGUEUR_MAX].strip()
        groupes = chercher(requete, self.request)
        total = sum(groupe.nombre for groupe in groupes)
        return super().get_context_data(q=requete, groupes=groupes, total=total, **kwargs)
