"""Pages du portail : légales, plan du site, composants, fichiers attendus des robots."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import RedirectView, TemplateView, View

from portail import vitrine


@method_decorator(login_not_required, name="dispatch")
class PagePubliqueView(TemplateView):
    """Page sans donnée, ouverte à tous."""


class MentionsLegalesView(PagePubliqueView):
    """Éditeur, hébergeur, données personnelles, licence : l'instance complète par ses réglages."""

    template_name = "portail/mentions_legales.html"


class AccessibiliteView(PagePubliqueView):
    """Déclaration d'accessibilité, sans prétendre à un audit qui n'a pas eu lieu."""

    template_name = "portail/accessibilite.html"


class PlanDuSiteView(PagePubliqueView):
    template_name = "portail/plan_du_site.html"


class StyleView(PagePubliqueView):
    """Tous les composants dans tous leurs états ; hors des menus et des moteurs de recherche."""

    template_name = "portail/style.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | vitrine.exemples(self.request.GET or None)


@method_decorator(login_not_required, name="dispatch")
class RobotsView(View):
    """`robots.txt` : tout est lisible sauf l'atelier, l'administration et la page de style."""

    def get(self, request: HttpRequest) -> HttpResponse:
        fermes = ["/atelier/", "/administration/", "/connexion/", "/style/"]
        lignes = ["User-agent: *", *(f"Disallow: {chemin}" for chemin in fermes)]
        lignes += ["", f"Sitemap: {request.build_absolute_uri(reverse('portail:sitemap'))}"]
        return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")


@method_decorator(login_not_required, name="dispatch")
class FaviconView(RedirectView):
    """Les outils qui ne lisent pas `<link rel=icon>` demandent cette adresse."""

    http_method_names = ["get", "head", "options"]

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return static("marque.svg")
