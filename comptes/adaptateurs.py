"""Ce que Réciproque change à django-allauth, par les points qu'il prévoit."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from comptes.authentification import peut_recevoir_un_lien, peut_se_connecter
from comptes.preuve import preuve_fraiche
from courrier import chiffrement
from courrier.depot import adresse_absolue, composer, deposer

REFUS = "Le courriel ou le mot de passe est inexact."
# Ce qu'allauth annonce par courriel à la personne dont le compte change.
CHANGEMENTS = {
    "password_changed": "Le mot de passe de votre compte a été changé.",
    "password_set": "Un mot de passe a été choisi pour votre compte.",
    "password_reset": "Le mot de passe de votre compte a été remplacé.",
    "totp_activated": "Une application d'authentification a été ajoutée à votre compte.",
    "totp_deactivated": "L'application d'authentification de votre compte a été retirée.",
    "recovery_codes_generated": "Des codes de secours ont été créés pour votre compte.",
    "webauthn_added": "Une clé d'accès a été ajoutée à votre compte.",
    "webauthn_removed": "Une clé d'accès de votre compte a été retirée.",
}


class AdaptateurDeCompte(DefaultAccountAdapter):
    """Refus neutre, essais limités par personne et par lieu, courriels par la boîte d'envoi."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": REFUS,
        "account_inactive": REFUS,
        "too_many_login_attempts": "Trop d'essais depuis cet endroit. Attendez dix minutes, ou "
        "demandez un lien de connexion.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """On entre sur invitation."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Compte les essais par couple courriel et adresse, et par adresse : qui se trompe, ou
        attaque, ne bloque que lui ; le vrai titulaire, ailleurs, se connecte toujours."""
        courriel = str(credentials.get("email", "")).lower()
        self._login_failed_rl_usage = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed",
            key=f"{courriel} {self.get_client_ip(request)}",
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """La dernière porte, la même quel que soit le moyen de se connecter."""
        if not peut_se_connecter(user):
            messages.error(request, REFUS)
            return redirect("comptes:connexion")
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Dépose le courriel ; aucun lien de connexion vers un compte à protéger."""
        nom = template_prefix.rpartition("/")[2]
        if nom == "password_reset_key":
            if not peut_recevoir_un_lien(context["user"]):
                return
            chemin = urlsplit(context["password_reset_url"]).path
            message = composer("mot_de_passe", {"lien": adresse_absolue(chemin)})
        else:
            faits = {"phrase": CHANGEMENTS[nom], "le": context["timestamp"]}
            message = composer("compte_modifie", faits)
        deposer(
            cle=f"{nom}-{uuid4()}",
            destinataire=email,
            sujet=message.sujet,
            texte=message.texte,
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Un geste sensible demande une preuve de moins de cinq minutes ; se connecter en est une,
        par quelque moyen que ce soit."""
        if preuve_fraiche(context.request) is not None:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Sans mot de passe ni second facteur, on confirme que c'est soi par un lien."""
        lien = {
            "id": "lien",
            "description": "Recevoir un lien par courriel",
            "url": reverse("comptes:lien-demander"),
        }
        return super().get_reauthentication_methods(user) or [lien]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")


class AdaptateurDeSecondFacteur(DefaultMFAAdapter):
    """Secrets chiffrés en base ; noms du service."""

    def encrypt(self, text: str) -> str:
        return chiffrement.chiffrer(text)

    def decrypt(self, encrypted_text: str) -> str:
        return chiffrement.dechiffrer(encrypted_text)

    def _get_site_name(self) -> str:
        return "Réciproque"
