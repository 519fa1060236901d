"""Adresses de la reprise d'un document et du retour d'un contrat."""

from django.urls import path

from reprise.views import documents, retours

app_name = "reprise"
RETOURS = "atelier/contrats/<slug:slug>/retours/"

urlpatterns = [
    path("atelier/reprises/", documents.DocumentListView.as_view(), name="document-list"),
    path(
        "atelier/reprises/<uuid:public_id>/",
        documents.DocumentDetailView.as_view(),
        name="document-detail",
    ),
    path(
        "atelier/reprises/<uuid:public_id>/fichier/",
        documents.DocumentFichierView.as_view(),
        name="document-fichier",
    ),
    path(
        "atelier/contrats/<slug:slug>/contrat.docx",
        retours.ContratDocxView.as_view(),
        name="contrat-docx",
    ),
    path(
        "atelier/fiches/<uuid:public_id>/fiche.docx",
        retours.FicheDocxView.as_view(),
        name="fiche-docx",
    ),
    path(RETOURS, retours.RetourListView.as_view(), name="retour-list"),
    path(f"{RETOURS}<uuid:public_id>/", retours.RetourDetailView.as_view(), name="retour-detail"),
]
