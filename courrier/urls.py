"""Boîte à l'écran, en démonstration seulement."""

from django.urls import path

from courrier import views

app_name = "courrier"

urlpatterns = [
    path("demonstration/courriels/", views.CourrielListView.as_view(), name="courriel-list"),
    path(
        "demonstration/courriels/<int:pk>/",
        views.CourrielDetailView.as_view(),
        name="courriel-detail",
    ),
]
