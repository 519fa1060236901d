"""Adresse du contrôle de cohérence d'un contrat."""

from django.urls import path

from coherence import views

app_name = "coherence"

urlpatterns = [
    path(
        "atelier/contrats/<slug:slug>/coherence/",
        views.ContratCoherenceView.as_view(),
        name="contrat-coherence",
    ),
]
