"""Adresses des notifications."""

from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("notifications/", views.NotificationListView.as_view(), name="notification-list"),
    path("notifications/lues/", views.ToutLireView.as_view(), name="tout-lire"),
    path("notifications/<int:pk>/lue/", views.LireView.as_view(), name="notification-lire"),
    path("notifications/preferences/", views.PreferencesView.as_view(), name="preferences"),
    path("desabonnement/<str:jeton>/", views.DesabonnementView.as_view(), name="desabonnement"),
]
