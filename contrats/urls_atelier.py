"""Adresses de l'atelier, ajoutées à celles de `contrats.urls`."""

from django.urls import path

from contrats.views import atelier, atelier_brouillon, atelier_historique, corbeille
from contrats.views.atelier import rendre_si_refus

FICHE = "atelier/fiches/<uuid:public_id>/"

urlpatterns = [
    path("atelier/corbeille/", corbeille.CorbeilleView.as_view(), name="corbeille"),
    path("atelier/lots/<uuid:public_id>/", corbeille.LotView.as_view(), name="lot-detail"),
    path(f"{FICHE}supprimer/", corbeille.FicheSupprimerView.as_view(), name="fiche-supprimer"),
    path(f"{FICHE}recuperer/", corbeille.FicheRecupererView.as_view(), name="fiche-recuperer"),
    path(
        f"{FICHE}recuperer/<uuid:retiree>/",
        corbeille.FicheRecupererActionView.as_view(),
        name="fiche-recuperer-action",
    ),
    path("atelier/fiches/", atelier.MesFichesView.as_view(), name="mes-fiches"),
    path(FICHE, rendre_si_refus(atelier.FicheModifierView.as_view()), name="fiche-modifier"),
    path(
        f"{FICHE}brouillon/",
        rendre_si_refus(atelier_brouillon.FicheBrouillonView.as_view()),
        name="fiche-brouillon",
    ),
    path(
        f"{FICHE}brouillon/<uuid:page>/",
        atelier_brouillon.FicheBrouillonComparerView.as_view(),
        name="fiche-brouillon-comparer",
    ),
    path(
        f"{FICHE}brouillon/<uuid:page>/jeter/",
        atelier_brouillon.FicheBrouillonJeterView.as_view(),
        name="fiche-brouillon-jeter",
    ),
    path(f"{FICHE}presence/", atelier_brouillon.FichePresenceView.as_view(), name="fiche-presence"),
    path(
        f"{FICHE}historique/",
        atelier_historique.FicheHistoriqueView.as_view(),
        name="fiche-historique",
    ),
    path(
        f"{FICHE}comparer/", atelier_historique.FicheComparerView.as_view(), name="fiche-comparer"
    ),
    path(
        f"{FICHE}restaurer/<int:numero>/",
        atelier_historique.FicheRestaurerView.as_view(),
        name="fiche-restaurer",
    ),
]
