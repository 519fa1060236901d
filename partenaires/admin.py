"""Administration des organismes, de leur fusion, des personnes et de leurs mandats."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from api.admin import Exportable
from edition.admin import (
    Administration,
    AdministrationVersionnee,
    Lignes,
    compte,
)
from edition.ecriture import VersionPerimee
from partenaires import fusion
from partenaires.forms import FusionForm
from partenaires.models import AliasOrganisme, Charte, Mandat, Organisme, Personne


class AliasOrganismeLignes(Lignes):
    model = AliasOrganisme


class CharteLignes(Lignes):
    model = Charte


class MandatsDansOrganisme(Lignes):
    model = Mandat
    autocomplete_fields = ["personne"]


@admin.register(Organisme)
class OrganismeAdmin(Exportable, AdministrationVersionnee):
    comptes = ("partenariats", "parties")
    nb_partenariats = compte("partenariats", "mentions")
    nb_parties = compte("parties", "contrats conclus")
    list_display = [
        "nom",
        "sigle",
        "nature",
        "siren",
        "territoire",
        "nb_partenariats",
        "nb_parties",
        "modifie_le",
    ]
    list_filter = ["nature", ("territoire", admin.EmptyFieldListFilter)]
    list_select_related = ["territoire"]
    search_fields = ["nom", "sigle", "siren", "alias__libelle"]
    prepopulated_fields = {"cle": ["nom"]}
    autocomplete_fields = ["territoire", "composants"]
    readonly_fields = ["version", "modifie_le", "anciens"]
    fieldsets = [
        (None, {"fields": ["nom", "sigle", "nature", "association", "siren", "cle"]}),
        ("Liens", {"fields": ["territoire", "composants"]}),
        ("Suivi", {"fields": ["anciens", "version", "modifie_le"]}),
    ]
    inlines = [AliasOrganismeLignes, CharteLignes, MandatsDansOrganisme]
    change_form_template = "admin/partenaires/organisme_form.html"

    @admin.display(description="organismes réunis à celui-ci")
    def anciens(self, organisme: Organisme) -> str:
        return ", ".join(o.nom for o in organisme.fusionnes.all()) or "—"

    def get_urls(self) -> list[Any]:
        vue = self.admin_site.admin_view(self.fusionner)
        chemin = path("<int:pk>/fusionner/", vue, name="partenaires_organisme_fusionner")
        return [chemin, *super().get_urls()]

    def fusionner(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choix de l'organisme gardé, liste de tout ce qui change, puis fusion."""
        ancien = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, ancien):
            raise PermissionDenied
        saisie = request.POST or (request.GET if "garde" in request.GET else None)
        formulaire = FusionForm(saisie, ancien=ancien, site=self.admin_site)
        statut = 200
        if formulaire.is_valid() and request.method == "POST":
            try:
                return self._fusion_faite(request, ancien, **formulaire.cleaned_data)
            except VersionPerimee as erreur:
                messages.error(request, f"{erreur} Rien n'a été fusionné : relisez la liste.")
                statut = 409
        return self._page_de_fusion(request, ancien, formulaire, statut)

    def _fusion_faite(
        self, request: HttpRequest, ancien: Organisme, garde: Organisme, **versions: int
    ) -> HttpResponse:
        fusion.fusionner(ancien, garde, par=request.user, **versions)
        self.log_change(request, ancien, f"Fusionné dans « {garde} ».")
        messages.success(request, f"« {ancien} » est réuni à « {garde} » ; son adresse y mène.")
        return HttpResponseRedirect(reverse("admin:partenaires_organisme_change", args=[garde.pk]))

    def _page_de_fusion(
        self, request: HttpRequest, ancien: Organisme, formulaire: FusionForm, statut: int
    ) -> TemplateResponse:
        contexte = {
            **self.admin_site.each_context(request),
            "title": f"Fusionner « {ancien} »",
            "opts": self.opts,
            "ancien": ancien,
            "formulaire": formulaire,
            "plan": formulaire.plan() if formulaire.is_valid() else None,
            "media": self.media + formulaire.media,
        }
        gabarit = "admin/partenaires/organisme_fusion.html"
        return TemplateResponse(request, gabarit, contexte, status=statut)


class MandatsDePersonne(Lignes):
    model = Mandat
    autocomplete_fields = ["organisme"]


@admin.register(Personne)
class PersonneAdmin(Exportable, Administration):
    comptes = ("mandats", "signatures")
    nb_mandats = compte("mandats", "mandats")
    nb_signatures = compte("signatures", "signatures")
    list_display = ["nom", "prenom", "civilite", "nb_mandats", "nb_signatures"]
    search_fields = ["nom", "prenom", "mandats__qualite", "mandats__organisme__nom"]
    prepopulated_fields = {"cle": ["prenom", "nom"]}
    inlines = [MandatsDePersonne]
