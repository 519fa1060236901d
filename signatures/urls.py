"""Adresses des campagnes de signature : toutes d'agents."""

from django.urls import path

from signatures import views

app_name = "signatures"

SIGNATURE = "atelier/signatures/<uuid:public_id>/"
SIGNATAIRE = "atelier/signataires/<uuid:public_id>/"

urlpatterns = [
    path(
        "atelier/contrats/<slug:slug>/signatures/",
        views.ContratSignaturesView.as_view(),
        name="contrat-signatures",
    ),
    path(SIGNATURE, views.SignatureDetailView.as_view(), name="signature-detail"),
    path(f"{SIGNATURE}conduire/", views.ConduireView.as_view(), name="signature-conduire"),
    path(f"{SIGNATURE}signe.pdf", views.AssemblageView.as_view(), name="signature-pdf"),
    path(SIGNATAIRE, views.SignataireDetailView.as_view(), name="signataire-detail"),
    path(f"{SIGNATAIRE}constater/", views.ConstaterView.as_view(), name="signataire-constater"),
    path(f"{SIGNATAIRE}parapheur/", views.ParapheurView.as_view(), name="signataire-parapheur"),
    path(f"{SIGNATAIRE}pieces/<int:piece>/", views.PieceView.as_view(), name="signataire-piece"),
]
