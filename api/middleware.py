"""Dernier filet de l'API : aucune erreur sous `/api/` ne part sans être un problème français."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from api.problemes import TYPE_MIME, reponse

PREFIXE = "/api/"
# Ce qu'une page d'un autre site peut lire de la réponse, outre son corps.
EXPOSES = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"


class ApiMiddleware:
    """Réponses sous `/api/` : erreurs du cadre en problèmes, partage (CORS), débit et découverte.

    Le cadre répond lui-même à une adresse inconnue, à un hôte refusé ou à une panne hors de
    nos vues : sa page HTML est remplacée ici, avec ses en-têtes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIXE):
            return response
        if response.status_code >= 400 and response.get("Content-Type") != TYPE_MIME:
            probleme = reponse(request, response.status_code)
            for nom in ("Allow", "Retry-After", "Vary"):
                if response.has_header(nom):
                    probleme[nom] = response[nom]
            response = probleme
        debit = getattr(request, "debit", None)
        if debit is not None:
            debit.annoncer(response)
        response["Link"] = f'<{reverse("api:schema")}>; rel="service-desc"'
        if not _connecte(request):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = EXPOSES
        return response


def _connecte(request: HttpRequest) -> bool:
    """Vrai si la réponse dépend d'un compte : elle ne se partage pas d'un site à l'autre."""
    utilisateur = getattr(request, "user", None)
    return utilisateur is not None and utilisateur.is_authenticated
