"""Adresses de l'annuaire : pages du portail, sous le nom du paquet qui tient les organismes."""

from django.urls import path

from portail.views.organisme import OrganismeDetailView, OrganismeListView

app_name = "partenaires"

urlpatterns = [
    path("organismes/", OrganismeListView.as_view(), name="organisme-list"),
    path("organismes/<slug:cle>/", OrganismeDetailView.as_view(), name="organisme-detail"),
]
