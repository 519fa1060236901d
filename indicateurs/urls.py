"""Adresses des indicateurs : lecture publique, saisie de l'agent, imports."""

from django.urls import path

from indicateurs.views import atelier, imports, pages

app_name = "indicateurs"
UN = "contrats/<slug:slug>/indicateurs/<slug:cle>"
ATELIER = "atelier/contrats/<slug:slug>/indicateurs/"
IMPORTS = "atelier/contrats/<slug:slug>/mesures/"

urlpatterns = [
    path("indicateurs/", pages.IndicateurListView.as_view(), name="indicateur-list"),
    path(f"{UN}/", pages.IndicateurDetailView.as_view(), name="indicateur-detail"),
    path(f"{UN}.csv", pages.IndicateurCsvView.as_view(), name="indicateur-csv"),
    path(
        f"{UN}/classement-<int:generation>.svg",
        pages.IndicateurSvgView.as_view(),
        name="indicateur-svg",
    ),
    path(ATELIER, atelier.IndicateurSuivreView.as_view(), name="indicateur-suivre"),
    path(f"{ATELIER}<slug:cle>/mesures/", atelier.MesureSaisirView.as_view(), name="mesure-saisir"),
    path(
        f"{ATELIER}<slug:cle>/analyses/",
        atelier.AnalyseAjouterView.as_view(),
        name="analyse-ajouter",
    ),
    path(f"{ATELIER}<slug:cle>/cibles/", atelier.CibleFixerView.as_view(), name="cible-fixer"),
    path(IMPORTS, imports.DepotListView.as_view(), name="depot-list"),
    path(f"{IMPORTS}<uuid:public_id>/", imports.DepotDetailView.as_view(), name="depot-detail"),
]
