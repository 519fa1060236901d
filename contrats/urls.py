"""Adresses des contrats, des fiches et des actions."""

from django.urls import path

from contrats import urls_atelier, urls_cycle, urls_travail
from contrats.views.action import ActionDetailView, ActionListView
from contrats.views.contrat import ContratDetailView, ContratListView
from contrats.views.fiche import FicheDetailView, FicheListView
from contrats.views.jetons import JetonListView, JetonRevoquerView

app_name = "contrats"

urlpatterns = [
    path("contrats/", ContratListView.as_view(), name="contrat-list"),
    path("contrats/<slug:slug>/", ContratDetailView.as_view(), name="contrat-detail"),
    path(
        "contrats/<slug:slug>/fiches/<slug:fiche_slug>/",
        FicheDetailView.as_view(),
        name="fiche-detail",
    ),
    path("fiches/", FicheListView.as_view(), name="fiche-list"),
    path("actions/", ActionListView.as_view(), name="action-list"),
    path("actions/<uuid:public_id>/", ActionDetailView.as_view(), name="action-detail"),
    path("compte/jetons/", JetonListView.as_view(), name="jeton-list"),
    path("compte/jetons/revoquer/", JetonRevoquerView.as_view(), name="jeton-revoquer"),
    *urls_atelier.urlpatterns,
    *urls_travail.urlpatterns,
    *urls_cycle.urlpatterns,
]
