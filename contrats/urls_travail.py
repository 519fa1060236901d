"""Adresses où l'agent retrouve et groupe son travail, ajoutées à celles de `contrats.urls`."""

from django.urls import path

from contrats.views import filtres, masse, ouverture, travail

urlpatterns = [
    path("atelier/", travail.MonTravailView.as_view(), name="mon-travail"),
    path("atelier/actions/", masse.MesActionsView.as_view(), name="mes-actions"),
    path("atelier/actions/changer/", masse.ActionsChangerView.as_view(), name="actions-changer"),
    path("atelier/fiches/changer/", masse.FichesChangerView.as_view(), name="fiches-changer"),
    path("atelier/changements/", masse.LotListView.as_view(), name="changement-list"),
    path(
        "atelier/changements/<uuid:public_id>/",
        masse.LotLignesView.as_view(),
        name="changement-detail",
    ),
    path("atelier/filtres/", filtres.FiltreEnregistrerView.as_view(), name="filtre-enregistrer"),
    path(
        "atelier/filtres/<int:pk>/supprimer/",
        filtres.FiltreSupprimerView.as_view(),
        name="filtre-supprimer",
    ),
    path(
        "atelier/fiches/<uuid:public_id>/dupliquer/",
        ouverture.FicheDupliquerView.as_view(),
        name="fiche-dupliquer",
    ),
    path(
        "atelier/contrats/<slug:slug>/suite/",
        ouverture.ContratSuiteView.as_view(),
        name="contrat-suite",
    ),
    path("atelier/reprise/", ouverture.ContratReprendreView.as_view(), name="contrat-reprendre"),
    path(
        "contrats/<slug:slug>/original/", ouverture.OriginalView.as_view(), name="contrat-original"
    ),
]
