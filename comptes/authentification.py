"""Qui peut ouvrir une session."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from comptes.models import Utilisateur

DOMAINE_DE_DEMONSTRATION = "@demonstration.invalid"


class ConnexionParCourriel(ModelBackend):
    """Comptes actifs ; ceux de démonstration, dont le mot de passe est public, en démo seulement.

    La règle vaut aussi pour une session déjà ouverte : Django la relit à chaque requête.
    """

    def user_can_authenticate(self, user: Utilisateur) -> bool:  # type: ignore[override]
        return peut_se_connecter(user)


def peut_se_connecter(utilisateur: Utilisateur) -> bool:
    """La même règle par mot de passe, lien, clé d'accès ou ProConnect."""
    if est_de_demonstration(utilisateur) and not settings.DEMONSTRATION:
        return False
    return utilisateur.is_active


def peut_recevoir_un_lien(utilisateur: Utilisateur) -> bool:
    """En démonstration, les courriels se lisent à l'écran : un lien n'y ouvre pas le compte de la
    vraie personne qui administre la machine."""
    if settings.DEMONSTRATION and utilisateur.is_staff and not est_de_demonstration(utilisateur):
        return False
    return peut_se_connecter(utilisateur)


def est_de_demonstration(utilisateur: Utilisateur) -> bool:
    return utilisateur.email.endswith(DOMAINE_DE_DEMONSTRATION)
