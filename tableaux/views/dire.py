"""Dire la météo du contrat, constater qu'une promesse est tenue ou non."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from contrats.models import Contrat
from contrats.permissions import Acte, peut
from tableaux import ecriture
from tableaux.forms import ConstatForm, MeteoForm


class DireView(View):
    """Deux formulaires ; le bouton dit lequel s'envoie."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Contrat.objects.visibles_par(request.user)
        self.contrat = get_object_or_404(visibles, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(request.user, Acte.RELIRE, self.contrat):
            raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en dire la météo.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.meteo(), self.constat())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        constate = "constater" in request.POST
        meteo = self.meteo(None if constate else request.POST)
        constat = self.constat(request.POST if constate else None)
        formulaire = constat if constate else meteo
        if not formulaire.is_valid():
            return self.page(meteo, constat, formulaire)
        dire = ecriture.constater_une_promesse if constate else ecriture.dire_la_meteo
        dire(self.contrat, par=request.user, **formulaire.cleaned_data)
        messages.success(request, "C'est dit : le tableau de bord le montre.")
        return redirect("tableaux:contrat", self.contrat.slug)

    def meteo(self, donnees: Any = None) -> MeteoForm:
        axes = [(a.cle, str(a)) for a in ecriture.axes_du_contrat(self.contrat)]
        return MeteoForm(donnees, axes=axes, prefix="meteo")

    def constat(self, donnees: Any = None) -> ConstatForm:
        promesses = ecriture.promesses_de(self.contrat)
        return ConstatForm(donnees, promesses=promesses, prefix="constat")

    def page(self, meteo: MeteoForm, constat: ConstatForm, faux: Any = None) -> HttpResponse:
        contexte = {
            "contrat": self.contrat,
            "meteo": meteo,
            "constat": constat,
            "formulaire": faux,
        }
        statut = 400 if faux else 200
        return render(self.request, "tableaux/dire.html", contexte, status=statut)
