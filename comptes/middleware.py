"""Ce que chaque requête sait de son auteur : d'où il vient, au nom de qui il agit, s'il a prouvé
qui il est par deux facteurs."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from comptes import assistance

Suite = Callable[[HttpRequest], HttpResponse]
# Ses propres accès : connexion, mot de passe, second facteur, sessions.
ACCES = ("comptes:", "account_", "mfa_")
# Ce que l'assistance laisse à la personne aidée : ses accès, et ses jetons d'API.
PROPRES = (*ACCES, "contrats:jeton")


def provenance(get_response: Suite) -> Suite:
    """Note sur la session l'adresse et le navigateur, que sa liste montre à son auteur."""

    def traiter(request: HttpRequest) -> HttpResponse:
        request.session.adresse = get_client_ip(request)
        request.session.navigateur = request.META.get("HTTP_USER_AGENT", "")[:300]
        return get_response(request)

    return traiter


class AssistanceMiddleware:
    """Sous assistance, la requête est celle de la personne aidée, et chaque écriture se journalise.

    Ses accès restent hors d'atteinte : ni mot de passe, ni second facteur, ni sessions.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.assistance = assistance.en_cours(request)
        if request.assistance is None:
            return self.get_response(request)
        request.user = request.assistance.au_nom_de
        request.user.assistance = request.assistance
        reponse = self.get_response(request)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            assistance.journaliser(request, reponse.status_code)
        return reponse

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> None:
        nom = request.resolver_match.view_name if request.resolver_match else ""
        permis = ("comptes:assistance-fermer", "comptes:deconnexion")
        if request.assistance is not None and nom.startswith(PROPRES) and nom not in permis:
            raise PermissionDenied("Les accès d'une personne ne se règlent pas par l'assistance.")


class DoubleFacteurMiddleware:
    """L'administration n'agit qu'après deux facteurs, si l'installation l'exige.

    Sans second facteur, elle est menée à l'inscrire ; sans l'avoir montré dans cette session, à le
    montrer. Elle garde ses accès et la déconnexion.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        nom = request.resolver_match.view_name if request.resolver_match else ""
        if not settings.DOUBLE_FACTEUR_OBLIGATOIRE or nom.startswith(ACCES):
            return None
        if not request.user.is_authenticated or not request.user.is_staff:
            return None
        if any(
            acte["method"] == "mfa" for acte in get_authentication_records(request, request.user)
        ):
            return None
        if is_mfa_enabled(request.user):
            return redirect(f"{reverse('mfa_reauthenticate')}?next={reverse('portail:accueil')}")
        messages.warning(request, "Ajoutez un second facteur : l'administration en demande un.")
        return redirect("mfa_index")
