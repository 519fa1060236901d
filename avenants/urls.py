"""Adresses du texte en vigueur et des avenants."""

from django.urls import path

from avenants.views import atelier, publiques

app_name = "avenants"
AVENANT = "atelier/avenants/<slug:slug>/"

urlpatterns = [
    path("contrats/<slug:slug>/texte/", publiques.TexteView.as_view(), name="texte"),
    path("contrats/<slug:slug>/comparatif/", publiques.ComparatifView.as_view(), name="comparatif"),
    path(
        "atelier/contrats/<slug:slug>/avenants/",
        atelier.AvenantListView.as_view(),
        name="avenant-list",
    ),
    path(AVENANT, atelier.AvenantDetailView.as_view(), name="avenant-detail"),
    path(f"{AVENANT}rediger/", atelier.AvenantRedigerView.as_view(), name="avenant-rediger"),
    path(f"{AVENANT}entrer/", atelier.AvenantEntrerView.as_view(), name="avenant-entrer"),
    path(f"{AVENANT}effet/", atelier.EffetAjouterView.as_view(), name="effet-ajouter"),
    path(
        f"{AVENANT}effets/<int:pk>/retirer/",
        atelier.EffetRetirerView.as_view(),
        name="effet-retirer",
    ),
]
