"""Aller à ProConnect et en revenir ; ces adresses n'existent que s'il est réglé."""

import logging
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from jwt import PyJWTError
from mozilla_django_oidc import views as oidc
from requests import RequestException

JOURNAL = logging.getLogger("django.security.ProConnect")


@method_decorator(login_not_required, name="dispatch")
class SiProConnect:
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.PROCONNECT:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class ProConnectView(SiProConnect, oidc.OIDCAuthenticationRequestView):
    """Envoie la personne à ProConnect."""

    def __init__(self, **kwargs: Any) -> None:
        if settings.PROCONNECT:
            super().__init__(**kwargs)


class ProConnectRetourView(SiProConnect, oidc.OIDCAuthenticationCallbackView):
    """Reçoit la réponse, puis suit la même connexion que les autres : second facteur compris."""

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            return super().get(request)
        except (PyJWTError, RequestException, SuspiciousOperation, ValueError, KeyError) as erreur:
            JOURNAL.warning("Connexion par ProConnect refusée : %s", erreur)
            return self.login_failure()

    def login_success(self) -> HttpResponse:
        self.user.backend = "comptes.authentification.ConnexionParCourriel"
        record_authentication(self.request, self.user, method="proconnect")
        entree = Login(user=self.user, email=self.user.email, redirect_url=self.success_url)
        return perform_login(self.request, entree)

    def login_failure(self) -> HttpResponseRedirect:
        messages.error(
            self.request,
            "ProConnect n'a pas ouvert de session ici. Réessayez, ou demandez à "
            "l'administration si votre compte existe sous ce courriel.",
        )
        return redirect("comptes:connexion")
