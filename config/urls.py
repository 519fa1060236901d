"""Adresses du site : chaque paquet tient les siennes."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

# L'administration se fait par la connexion commune, second facteur compris.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "Administration de Réciproque"
admin.site.site_title = "Administration de Réciproque"
admin.site.index_title = "Données et comptes"

urlpatterns = [
    path(
        "administration/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="mot-de-passe-de-l-administration",
    ),
    path("administration/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("", include("courrier.urls")),
    path("", include("comptes.urls")),
    path("", include("comptes.urls_allauth")),
    path("", include("notifications.urls")),
    path("", include("contrats.urls")),
    path("", include("perr.urls")),
    path("", include("indicateurs.urls")),
    path("", include("portail.urls_organismes")),
    path("", include("portail.urls_territoires")),
    path("", include("gouvernance.urls")),
    path("", include("avenants.urls")),
    path("", include("campagnes.urls")),
    path("", include("signatures.urls")),
    # Avant les tableaux : leurs fichiers prennent toute extension.
    path("", include("reprise.urls")),
    path("", include("coherence.urls")),
    path("", include("documents.urls")),
    path("", include("tableaux.urls")),
    path("", include("portail.urls")),
]
