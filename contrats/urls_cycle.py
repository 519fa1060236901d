"""Adresses du cycle de vie et des personnes, ajoutées à celles de `contrats.urls`."""

from django.urls import path

from contrats.views import cycle, personnes

FICHE, ACTION = "atelier/fiches/<uuid:public_id>/", "atelier/actions/<uuid:public_id>/"
CONTRAT = "atelier/contrats/<slug:slug>/"
PERSONNES = f"{CONTRAT}personnes/"

urlpatterns = [
    path(f"{FICHE}cycle/", cycle.FicheCycleView.as_view(), name="fiche-cycle"),
    path(
        f"{FICHE}cycle/<slug:transition>/",
        cycle.FicheFranchirView.as_view(),
        name="fiche-franchir",
    ),
    path(f"{FICHE}commentaires/", cycle.FicheCommenterView.as_view(), name="fiche-commenter"),
    path(ACTION, cycle.ActionCycleView.as_view(), name="action-cycle"),
    path(
        f"{ACTION}cycle/<slug:transition>/",
        cycle.ActionFranchirView.as_view(),
        name="action-franchir",
    ),
    path(f"{ACTION}commentaires/", cycle.ActionCommenterView.as_view(), name="action-commenter"),
    path(
        "atelier/commentaires/<int:pk>/resoudre/",
        cycle.CommentaireResoudreView.as_view(),
        name="commentaire-resoudre",
    ),
    path(
        "atelier/commentaires/<int:pk>/rouvrir/",
        cycle.CommentaireResoudreView.as_view(resolu=False),
        name="commentaire-rouvrir",
    ),
    path("atelier/contrats/", cycle.MesContratsView.as_view(), name="mes-contrats"),
    path(CONTRAT, cycle.ContratCycleView.as_view(), name="contrat-cycle"),
    path(
        f"{CONTRAT}cycle/<slug:transition>/",
        cycle.ContratFranchirView.as_view(),
        name="contrat-franchir",
    ),
    path(f"{CONTRAT}publier/", cycle.ContratOuvrirView.as_view(), name="contrat-publier"),
    path(
        f"{CONTRAT}depublier/",
        cycle.ContratOuvrirView.as_view(ouvrir=False),
        name="contrat-depublier",
    ),
    path(PERSONNES, personnes.PersonnesView.as_view(), name="contrat-personnes"),
    path(f"{PERSONNES}inviter/", personnes.InviterView.as_view(), name="contrat-inviter"),
    path(
        f"{PERSONNES}<int:pk>/",
        personnes.HabilitationView.as_view(),
        name="contrat-habilitation",
    ),
    path(
        f"{PERSONNES}invitations/<int:pk>/revoquer/",
        personnes.RevoquerView.as_view(),
        name="contrat-revoquer",
    ),
    path("atelier/pourquoi/", personnes.PourquoiView.as_view(), name="pourquoi"),
    path("invitations/<str:jeton>/", personnes.InvitationView.as_view(), name="invitation"),
]
