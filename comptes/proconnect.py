"""ProConnect : l'identité des agents publics, par OpenID Connect.

ProConnect dit qui est la personne, dans un `userinfo` signé ; il n'ouvre pas de compte : on entre
sur invitation. Le premier passage lie l'identifiant au compte du même courriel ; ensuite seul
l'identifiant compte, un courriel peut changer de mains.
"""

from typing import Any
from urllib.parse import urlencode

import jwt
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from comptes.authentification import peut_se_connecter
from comptes.models import Utilisateur

JETON = "oidc_id_token"


class ProConnect(OIDCAuthenticationBackend):
    """Vérifie signature, émetteur, destinataire et échéance, puis retrouve le compte."""

    def authenticate(
        self, request: HttpRequest | None, *, nonce: str | None, code_verifier: str | None
    ) -> Utilisateur | None:
        """Ne répond qu'au retour de ProConnect, qui seul donne `nonce` : le formulaire de mot de
        passe, à qui l'on ajouterait `?code=`, ne l'appelle pas."""
        return super().authenticate(request, nonce=nonce, code_verifier=code_verifier)

    def _verify_jws(self, payload: Any, key: Any) -> dict[str, Any]:
        try:
            faits = super()._verify_jws(payload, key)
        except jwt.PyJWTError as erreur:
            raise SuspiciousOperation(f"Jeton refusé : {erreur}") from erreur
        destinataires = faits.get("aud", [])
        if isinstance(destinataires, str):
            destinataires = [destinataires]
        if self.OIDC_RP_CLIENT_ID not in destinataires:
            raise SuspiciousOperation("Jeton destiné à un autre service.")
        if faits.get("iss") != settings.OIDC_OP_ISSUER:
            raise SuspiciousOperation("Jeton d'un autre émetteur.")
        return faits

    def get_or_create_user(self, access_token: str, id_token: str, payload: Any) -> Any:
        """Le `userinfo` doit parler de la personne du jeton."""
        self.sub = payload.get("sub")
        return super().get_or_create_user(access_token, id_token, payload)

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        return bool(claims.get("email")) and bool(self.sub) and claims.get("sub") == self.sub

    def filter_users_by_claims(self, claims: dict[str, Any]) -> QuerySet[Utilisateur]:
        lies = Utilisateur.objects.filter(identifiant_proconnect=claims["sub"])
        if lies.exists():
            return lies
        return Utilisateur.objects.filter(
            email__iexact=claims["email"], identifiant_proconnect=None
        )

    def update_user(self, user: Utilisateur, claims: dict[str, Any]) -> Utilisateur | None:
        """Lie le compte au premier passage ; refuse un compte fermé."""
        if not peut_se_connecter(user):
            return None
        if user.identifiant_proconnect is None:
            user.identifiant_proconnect = claims["sub"]
            user.save(update_fields=["identifiant_proconnect"])
        return user


def adresse_de_sortie(request: HttpRequest) -> str:
    """Où sortir aussi de ProConnect ; vide si la session n'en vient pas."""
    jeton = request.session.get(JETON)
    if not jeton or not settings.PROCONNECT or not settings.OIDC_OP_LOGOUT_ENDPOINT:
        return ""
    parametres = {
        "id_token_hint": jeton,
        "state": get_random_string(32),
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("portail:accueil")),
    }
    return f"{settings.OIDC_OP_LOGOUT_ENDPOINT}?{urlencode(parametres)}"
