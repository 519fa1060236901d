"""Adresses de la matrice : lecture publique, écran de l'agent."""

from django.urls import path

from perr import urls_imports
from perr.views import matrice, saisie

app_name = "perr"
ATELIER = "atelier/contrats/<slug:slug>/matrice/"

urlpatterns = [
    path(
        "contrats/<slug:slug>/matrice/", matrice.MatriceDetailView.as_view(), name="matrice-detail"
    ),
    path(ATELIER, matrice.MatriceModifierView.as_view(), name="matrice-modifier"),
    path(f"{ATELIER}ecrire/", saisie.MatriceEcrireView.as_view(), name="matrice-ecrire"),
    path(f"{ATELIER}annuler/", saisie.MatriceAnnulerView.as_view(), name="matrice-annuler"),
    path(f"{ATELIER}suite/", saisie.MatriceSuiteView.as_view(), name="matrice-suite"),
    path(
        f"{ATELIER}<int:action>/<int:colonne>/",
        saisie.CelluleModifierView.as_view(),
        name="cellule-modifier",
    ),
    *urls_imports.urlpatterns,
]
