"""Adresses de l'API, version 1."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from api.documentation import documentation, schema
from contrats.api.views import ActionViewSet, ContratViewSet, FicheViewSet
from gouvernance.api.views import (
    DecisionViewSet,
    DeliberationViewSet,
    InstanceViewSet,
    ScdlViewSet,
    SeanceViewSet,
)
from indicateurs.api.views import EcartsViewSet, IndicateurViewSet, MesureViewSet
from partenaires.api.views import OrganismeViewSet
from perr.api.views import DeclinaisonViewSet, MatriceViewSet
from tableaux.api.views import TableauViewSet
from territoires.api.views import TerritoireViewSet

app_name = "api"

routeur = DefaultRouter(use_regex_path=False)
routeur.include_format_suffixes = False
routeur.register("contrats", ContratViewSet, basename="contrat")
routeur.register("fiches", FicheViewSet, basename="fiche")
routeur.register("actions", ActionViewSet, basename="action")
routeur.register("declinaisons", DeclinaisonViewSet, basename="declinaison")
routeur.register("indicateurs", IndicateurViewSet, basename="indicateur")
routeur.register("mesures", MesureViewSet, basename="mesure")
routeur.register("instances", InstanceViewSet, basename="instance")
routeur.register("seances", SeanceViewSet, basename="seance")
routeur.register("decisions", DecisionViewSet, basename="decision")
routeur.register("deliberations", DeliberationViewSet, basename="deliberation")
routeur.register("organismes", OrganismeViewSet, basename="organisme")
routeur.register("territoires", TerritoireViewSet, basename="territoire")

urlpatterns = [
    path("", include(routeur.urls)),
    path(
        "contrats/<slug:slug>/matrice/",
        MatriceViewSet.as_view({"get": "retrieve"}),
        name="contrat-matrice",
    ),
    path(
        "contrats/<slug:slug>/tableau-de-bord/",
        TableauViewSet.as_view({"get": "retrieve"}),
        name="contrat-tableau",
    ),
    path(
        "indicateurs/<uuid:public_id>/ecarts/",
        EcartsViewSet.as_view({"get": "retrieve"}),
        name="indicateur-ecarts",
    ),
    path("deliberations/scdl/", ScdlViewSet.as_view({"get": "list"}), name="deliberation-scdl"),
    path("schema/", schema, name="schema"),
    path("documentation/", documentation, name="documentation"),
]
