"""Pages de django-allauth que nous gardons, à nos adresses et avec nos gabarits.

Les noms sont les siens : son code y renvoie. Celles qui manquent (inscription, adresses multiples,
codes par courriel) n'existent pas ici.
"""

from allauth.account import views as compte
from allauth.mfa.base import views as facteur
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as cles
from django.contrib.auth.decorators import login_not_required
from django.urls import path, register_converter

from comptes.views import acces, connexion


class EnBase36:
    """Numéro d'un compte dans un lien d'allauth : sans tiret, qui le sépare du jeton."""

    regex = "[0-9A-Za-z]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(EnBase36, "base36")

urlpatterns = [
    path("connexion/", connexion.ConnexionView.as_view(), name="account_login"),
    path("deconnexion/", connexion.DeconnexionView.as_view(), name="account_logout"),
    path(
        "connexion/cle/",
        login_not_required(cles.LoginWebAuthnView.as_view()),
        name="mfa_login_webauthn",
    ),
    path(
        "connexion/second-facteur/",
        facteur.AuthenticateView.as_view(template_name="comptes/second_facteur.html"),
        name="mfa_authenticate",
    ),
    path(
        "connexion/mot-de-passe/",
        compte.PasswordResetView.as_view(template_name="comptes/mot_de_passe_oublie.html"),
        name="account_reset_password",
    ),
    path(
        "connexion/mot-de-passe/envoye/",
        compte.PasswordResetDoneView.as_view(template_name="comptes/mot_de_passe_envoye.html"),
        name="account_reset_password_done",
    ),
    path(
        "connexion/mot-de-passe/change/",
        compte.PasswordResetFromKeyDoneView.as_view(
            template_name="comptes/mot_de_passe_change.html"
        ),
        name="account_reset_password_from_key_done",
    ),
    path(
        "connexion/mot-de-passe/<base36:uidb36>-<str:key>/",
        compte.PasswordResetFromKeyView.as_view(template_name="comptes/mot_de_passe_nouveau.html"),
        name="account_reset_password_from_key",
    ),
    path("compte/", acces.AccesView.as_view(), name="mfa_index"),
    path(
        "compte/mot-de-passe/",
        compte.PasswordChangeView.as_view(template_name="comptes/mot_de_passe_changer.html"),
        name="account_change_password",
    ),
    path(
        "compte/mot-de-passe/choisir/",
        compte.PasswordSetView.as_view(template_name="comptes/mot_de_passe_changer.html"),
        name="account_set_password",
    ),
    path(
        "compte/confirmer/",
        compte.ReauthenticateView.as_view(template_name="comptes/confirmer.html"),
        name="account_reauthenticate",
    ),
    path(
        "compte/confirmer/code/",
        facteur.ReauthenticateView.as_view(template_name="comptes/confirmer.html"),
        name="mfa_reauthenticate",
    ),
    path(
        "compte/confirmer/cle/",
        cles.ReauthenticateWebAuthnView.as_view(template_name="comptes/confirmer.html"),
        name="mfa_reauthenticate_webauthn",
    ),
    path("compte/application/", acces.TotpActiverView.as_view(), name="mfa_activate_totp"),
    path(
        "compte/application/retirer/",
        totp.DeactivateTOTPView.as_view(template_name="comptes/totp_retirer.html"),
        name="mfa_deactivate_totp",
    ),
    path(
        "compte/codes/",
        codes.ViewRecoveryCodesView.as_view(template_name="comptes/codes.html"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "compte/codes/nouveaux/",
        codes.GenerateRecoveryCodesView.as_view(template_name="comptes/codes_nouveaux.html"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/cles/",
        cles.ListWebAuthnView.as_view(template_name="comptes/cle_list.html"),
        name="mfa_list_webauthn",
    ),
    path("compte/cles/ajouter/", acces.CleAjouterView.as_view(), name="mfa_add_webauthn"),
    path(
        "compte/cles/<int:pk>/retirer/",
        cles.RemoveWebAuthnView.as_view(template_name="comptes/cle_retirer.html"),
        name="mfa_remove_webauthn",
    ),
    path(
        "compte/cles/<int:pk>/nommer/",
        cles.EditWebAuthnView.as_view(template_name="comptes/cle_nommer.html"),
        name="mfa_edit_webauthn",
    ),
]
