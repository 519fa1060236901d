"""Adresses du portail : pages communes à tout le site."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.http import require_safe

from portail.sitemaps import PLANS
from portail.views import communes
from portail.views.accueil import AccueilView, DonneesView
from portail.views.recherche import RechercheView

app_name = "portail"

urlpatterns = [
    path("", AccueilView.as_view(), name="accueil"),
    path("recherche/", RechercheView.as_view(), name="recherche"),
    path("donnees/", DonneesView.as_view(), name="donnees"),
    path("mentions-legales/", communes.MentionsLegalesView.as_view(), name="mentions-legales"),
    path("accessibilite/", communes.AccessibiliteView.as_view(), name="accessibilite"),
    path("plan-du-site/", communes.PlanDuSiteView.as_view(), name="plan-du-site"),
    path("style/", communes.StyleView.as_view(), name="style"),
    path(
        "sitemap.xml",
        login_not_required(require_safe(sitemap)),
        {"sitemaps": PLANS},
        name="sitemap",
    ),
    path("robots.txt", communes.RobotsView.as_view(), name="robots"),
    path("favicon.ico", communes.FaviconView.as_view(), name="favicon"),
]
