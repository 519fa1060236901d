"""L'API par un jeton personnel : `Authorization: Bearer rcp_…`."""

from typing import Any

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from comptes.models import Utilisateur
from contrats import jetons
from contrats.models.perimetre import jeton_de


class JetonAuthentication(authentication.BaseAuthentication):
    """L'utilisateur du jeton, borné à sa portée. Ni témoin ni jeton CSRF : rien n'est ambiant.

    Un jeton qui n'ouvre plus rien est refusé, même pour lire ce qui est public : son porteur doit
    le savoir.
    """

    def authenticate(self, request: Request) -> tuple[Utilisateur, None] | None:
        genre, _, texte = request.headers.get("Authorization", "").partition(" ")
        if genre.lower() != "bearer":
            return None
        utilisateur = jetons.ouvrir(texte.strip())
        if utilisateur is None:
            raise exceptions.AuthenticationFailed
        return utilisateur, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def refus_d_ecrire(utilisateur: Any) -> str:
    """Pourquoi cette personne, ou son jeton, ne peut écrire ici."""
    jeton = jeton_de(utilisateur)
    if jeton is not None and not jeton.ecriture:
        return "Ce jeton ne fait que lire."
    if jeton is not None:
        return "Ce jeton n'écrit que sur son contrat, et seulement ce que votre rôle permet."
    return "Votre rôle sur ce contrat ne permet pas cette écriture."
