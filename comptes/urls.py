"""Connexion, sessions, assistance."""

from django.urls import path

from comptes.views import acces, assistance, connexion, proconnect

app_name = "comptes"

urlpatterns = [
    path("connexion/", connexion.ConnexionView.as_view(), name="connexion"),
    path("connexion/lien/", connexion.LienDemandeView.as_view(), name="lien-demander"),
    path("connexion/lien/<str:jeton>/", connexion.LienView.as_view(), name="lien-ouvrir"),
    path("connexion/proconnect/", proconnect.ProConnectView.as_view(), name="proconnect"),
    path(
        "connexion/proconnect/retour/",
        proconnect.ProConnectRetourView.as_view(),
        name="proconnect-retour",
    ),
    path("deconnexion/", connexion.DeconnexionView.as_view(), name="deconnexion"),
    path("compte/sessions/", acces.SessionListView.as_view(), name="session-list"),
    path("compte/sessions/fermer/", acces.SessionFermerView.as_view(), name="session-fermer"),
    path("assistance/", assistance.AssistanceOuvrirView.as_view(), name="assistance-ouvrir"),
    path("assistance/fermer/", assistance.AssistanceFermerView.as_view(), name="assistance-fermer"),
]
