"""Adresses de la gouvernance."""

from django.urls import path

from gouvernance.views import decisions, deliberations, publiques, seances, sessions, tenue

app_name = "gouvernance"

urlpatterns = [
    path(
        "contrats/<slug:slug>/gouvernance/",
        publiques.GouvernanceView.as_view(),
        name="contrat-gouvernance",
    ),
    path(
        "contrats/<slug:slug>/calendrier.ics",
        publiques.FluxView.as_view(),
        name="contrat-calendrier",
    ),
    path(
        "contrats/<slug:slug>/seances/preparer/",
        seances.SeanceCreerView.as_view(),
        name="contrat-seance",
    ),
    path(
        "contrats/<slug:slug>/deliberations/preparer/",
        deliberations.DeliberationCreerView.as_view(),
        name="contrat-deliberation",
    ),
    path(
        "contrats/<slug:slug>/sessions/preparer/",
        sessions.SessionCreerView.as_view(),
        name="contrat-session",
    ),
    path("calendrier/", publiques.CalendrierView.as_view(), name="calendrier"),
    path("calendrier.ics", publiques.FluxView.as_view(), name="calendrier-flux"),
    path(
        "deliberations/<uuid:public_id>/",
        publiques.DeliberationDetailView.as_view(),
        name="deliberation-detail",
    ),
    path(
        "deliberations/<uuid:public_id>/modifier/",
        deliberations.DeliberationModifierView.as_view(),
        name="deliberation-modifier",
    ),
    path(
        "deliberations/<uuid:public_id>/adopter/",
        deliberations.DeliberationAdopterView.as_view(),
        name="deliberation-adopter",
    ),
    path(
        "deliberations/<uuid:public_id>/revenir/",
        deliberations.DeliberationRevenirView.as_view(),
        name="deliberation-revenir",
    ),
    path("decisions/", decisions.DecisionListView.as_view(), name="decision-list"),
    path("seances/", seances.SeanceListView.as_view(), name="seance-list"),
    path("seances/<uuid:public_id>/", seances.SeanceDetailView.as_view(), name="seance-detail"),
    path(
        "seances/<uuid:public_id>/modifier/",
        seances.SeanceModifierView.as_view(),
        name="seance-modifier",
    ),
    path(
        "seances/<uuid:public_id>/preparer/",
        seances.SeancePreparerView.as_view(),
        name="seance-preparer",
    ),
    path(
        "seances/<uuid:public_id>/presences/",
        seances.SeancePresencesView.as_view(),
        name="seance-presences",
    ),
    path(
        "seances/<uuid:public_id>/franchir/<slug:transition>/",
        seances.SeanceFranchirView.as_view(),
        name="seance-franchir",
    ),
    path("seances/<uuid:public_id>/etat/", seances.SeanceEtatView.as_view(), name="seance-etat"),
    path("seances/<uuid:public_id>/tenir/", tenue.TenirView.as_view(), name="seance-tenir"),
    path(
        "seances/<uuid:public_id>/brouillon/",
        tenue.SeanceBrouillonView.as_view(),
        name="seance-brouillon",
    ),
    path("seances/<uuid:public_id>/clore/", tenue.CloreView.as_view(), name="seance-clore"),
    path(
        "decisions/<uuid:public_id>/suivre/",
        tenue.DecisionSuivreView.as_view(),
        name="decision-suivre",
    ),
    path("sessions/", sessions.SessionListView.as_view(), name="session-list"),
    path("sessions/<slug:slug>/", sessions.SessionDetailView.as_view(), name="session-detail"),
    path(
        "sessions/<slug:slug>/inscription/",
        sessions.SInscrireView.as_view(),
        name="session-inscrire",
    ),
    path(
        "sessions/<slug:slug>/modifier/",
        sessions.SessionModifierView.as_view(),
        name="session-modifier",
    ),
    path(
        "sessions/<slug:slug>/inscrits/",
        sessions.InscritsView.as_view(),
        name="session-inscrits",
    ),
    path("inscriptions/<str:jeton>/", sessions.InscriptionView.as_view(), name="inscription"),
]
