"""La preuve que c'est bien cette personne : ce qu'elle vient de montrer, ou qu'on lui demande."""

import time
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from comptes.enums import Preuve


def preuve_fraiche(request: HttpRequest) -> Preuve | None:
    """La dernière montrée dans cette session, si elle a moins de cinq minutes.

    Se connecter en est une. Sous assistance, il n'y en a pas : la session est celle d'un autre.
    """
    depuis = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    actes = get_authentication_records(request, request.user)
    recents = [acte["method"] for acte in actes if acte["at"] > depuis]
    fraiches = [methode for methode in recents if methode in Preuve.values]
    return Preuve(fraiches[-1]) if fraiches else None


def demander_une_preuve(suite: str) -> HttpResponseRedirect:
    """Mène à la page où l'on confirme que c'est soi, puis à `suite` ; rien ne s'y fait d'office."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': suite})}")
