"""Adresses des campagnes : celles des agents, et celle que reçoit un partenaire."""

from django.urls import path

from campagnes.views import conduite, preparation, relecture, repondre

app_name = "campagnes"

CAMPAGNE = "atelier/campagnes/<uuid:public_id>/"
REPONSE = "atelier/reponses/<int:pk>/"
LIEN = "repondre/<str:jeton>/"

urlpatterns = [
    path("atelier/campagnes/", preparation.CampagneListView.as_view(), name="campagne-list"),
    path(
        "atelier/contrats/<slug:slug>/campagnes/nouvelle/",
        preparation.CampagneCreerView.as_view(),
        name="contrat-campagne",
    ),
    path(CAMPAGNE, conduite.CampagneDetailView.as_view(), name="campagne-detail"),
    path(
        f"{CAMPAGNE}destinataires/",
        preparation.DestinatairesView.as_view(),
        name="campagne-destinataires",
    ),
    path(f"{CAMPAGNE}apercu/", preparation.ApercuView.as_view(), name="campagne-apercu"),
    path(f"{CAMPAGNE}conduire/", conduite.ConduireView.as_view(), name="campagne-conduire"),
    path(f"{CAMPAGNE}accepter/", relecture.AccepterView.as_view(), name="campagne-accepter"),
    path(REPONSE, relecture.ReponseDetailView.as_view(), name="reponse-detail"),
    path(f"{REPONSE}pieces/<int:piece>/", relecture.PieceView.as_view(), name="reponse-piece"),
    path(LIEN, repondre.LienView.as_view(), name="repondre"),
    path(f"{LIEN}<int:rang>/", repondre.DemandeView.as_view(), name="repondre-action"),
]
