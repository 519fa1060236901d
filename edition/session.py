"""Une session expirée ne coûte pas un texte : la saisie revient à son auteur."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url

HORS_SAISIE = {"csrfmiddlewaretoken", "fin"}


class ConnexionExigee(LoginRequiredMiddleware):
    """Connexion exigée ; une saisie envoyée sans session est rendue (401), prête à repartir.

    Un formulaire dont rien ne doit se perdre finit par le champ `fin`.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        if request.method == "POST" and "fin" in request.POST:
            return rendre_la_saisie(request, "session_expiree.html", 401)
        return super().handle_no_permission(request, view_func)


def rendre_la_saisie(request: HttpRequest, gabarit: str, statut: int) -> HttpResponse:
    """Page qui porte la saisie refusée : à copier, et prête à repartir à la même adresse."""
    contexte = {
        "saisie": champs(request.POST),
        "texte": texte(request.POST),
        "connexion": resolve_url(settings.LOGIN_URL),
    }
    return render(request, gabarit, contexte, status=statut)


def champs(donnees: QueryDict) -> list[tuple[str, str]]:
    """Couples (nom, valeur), le dernier champ excepté, que la page écrit elle-même."""
    return [
        (nom, valeur)
        for nom, valeurs in donnees.lists()
        if nom not in HORS_SAISIE
        for valeur in valeurs
    ]


def texte(donnees: QueryDict) -> str:
    """Ce qui a été rédigé, un paragraphe par champ : les phrases, sans les clés ni les codes."""
    return "\n\n".join(valeur for _, valeur in champs(donnees) if " " in valeur.strip())
