"""Adresses des PDF, à côté des pages qu'ils impriment."""

from django.urls import path

from documents import views, views_consolide, views_etagere, views_figes, views_verification

app_name = "documents"

urlpatterns = [
    path("contrats/<slug:slug>.pdf", views.contrat_pdf, name="contrat-pdf"),
    path("contrats/<slug:slug>/texte.pdf", views_consolide.texte_pdf, name="texte-pdf"),
    path(
        "contrats/<slug:slug>/comparatif.pdf",
        views_consolide.comparatif_pdf,
        name="comparatif-pdf",
    ),
    path("contrats/<slug:slug>/fiches.pdf", views.fiches_pdf, name="fiches-pdf"),
    path("contrats/<slug:slug>/fiches/<slug:fiche_slug>.pdf", views.fiche_pdf, name="fiche-pdf"),
    path("contrats/<slug:slug>/annexes/<slug:cle>.pdf", views.annexe_pdf, name="annexe-pdf"),
    path(
        "contrats/<slug:slug>/tableau-de-bord/<slug:genre>.pdf",
        views.dossier_pdf,
        name="dossier-pdf",
    ),
    path("seances/<uuid:public_id>/<slug:piece>.pdf", views.seance_pdf, name="seance-pdf"),
    path("sessions/<slug:slug>/<slug:piece>.pdf", views.session_pdf, name="session-pdf"),
    path("contrats/<slug:slug>/quartiers/<slug:cle>.pdf", views.quartier_pdf, name="quartier-pdf"),
    path("contrats/<slug:slug>/documents/", views_figes.FigeListView.as_view(), name="fige-list"),
    path("contrats/<slug:slug>/documents.atom", views_etagere.flux, name="flux-du-contrat"),
    path("documents.atom", views_etagere.flux, name="flux"),
    path(
        "contrats/<slug:slug>/documents/<slug:genre>/",
        views_etagere.preparation_demander,
        name="preparation-demander",
    ),
    path(
        "preparations/<uuid:public_id>/",
        views_etagere.preparation_detail,
        name="preparation-detail",
    ),
    path(
        "preparations/<uuid:public_id>/fichier/",
        views_etagere.preparation_fichier,
        name="preparation-fichier",
    ),
    path("documents/<uuid:public_id>/", views_figes.fige_detail, name="fige-detail"),
    path("documents/<uuid:public_id>.pdf", views_figes.fige_pdf, name="fige-pdf"),
    path("documents/<uuid:public_id>/publier/", views_figes.fige_publier, name="fige-publier"),
    path(
        "documents/sha256/<str:empreinte>.pdf",
        views_figes.fige_par_empreinte,
        name="fige-par-empreinte",
    ),
    path("verification/", views_verification.VerificationView.as_view(), name="verification"),
    path(
        "verification/<str:code>/",
        views_verification.verification_code,
        name="verification-code",
    ),
]
