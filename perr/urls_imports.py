"""Adresses de l'import et de l'export de la matrice, ajoutées à celles de `perr.urls`."""

from django.urls import path

from perr.views import exports, imports

IMPORTS = "atelier/contrats/<slug:slug>/matrice/imports/"

urlpatterns = [
    path(IMPORTS, imports.ImportListView.as_view(), name="import-list"),
    path(f"{IMPORTS}<uuid:public_id>/", imports.ImportDetailView.as_view(), name="import-detail"),
    path(
        "contrats/<slug:slug>/matrice.xlsx",
        exports.MatriceXlsxView.as_view(),
        name="matrice-xlsx",
    ),
    path("contrats/<slug:slug>/matrice.csv", exports.MatriceCsvView.as_view(), name="matrice-csv"),
]
