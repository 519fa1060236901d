"""Adresses des territoires : pages du portail, sous le nom du paquet qui tient le référentiel."""

from django.urls import path

from portail.views.territoire import (
    QuartierAdresseView,
    QuartierListView,
    TerritoireDetailView,
    TerritoireListView,
)

app_name = "territoires"

urlpatterns = [
    path("territoires/", TerritoireListView.as_view(), name="territoire-list"),
    path("territoires/<slug:cle>/", TerritoireDetailView.as_view(), name="territoire-detail"),
    path("quartiers/", QuartierListView.as_view(), name="quartier-list"),
    path("quartiers/<str:nom>/", QuartierAdresseView.as_view(), name="quartier-adresse"),
]
