"""Le périmètre que l'adresse désigne, et le tableau à la date qu'elle demande."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views import View

from contrats.models import Axe, Contrat
from partenaires.models import Organisme
from tableaux import perimetre as p
from tableaux.forms import DateDuTableau
from tableaux.tableau import Tableau, tableau
from territoires.models import Territoire


class TableauView(View):
    """Base : lecture de ce que `visibles_par` montre, à qui le demande."""

    genre = "contrat"
    http_method_names = ["get", "head", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.perimetre = getattr(self, f"_{self.genre}")(request, **kwargs)
        self.formulaire = DateDuTableau(request.GET)

    def lire(self) -> Tableau:
        """Une date invalide ne filtre pas : le champ dit son erreur."""
        self.formulaire.is_valid()
        dates = self.formulaire.cleaned_data
        return tableau(self.perimetre, self.request.user, dates.get("au"), dates.get("depuis"))

    def _contrat(self, request: HttpRequest, slug: str, **kwargs: Any) -> p.Perimetre:
        self.contrat = self.trouver_contrat(request, slug)
        return p.du_contrat(self.contrat)

    def _programme(self, request: HttpRequest, slug: str, cle: str, **kwargs: Any) -> p.Perimetre:
        contrat = self.trouver_contrat(request, slug)
        axes = Axe.objects.filter(contrat__in=[contrat.pk, contrat.parent_id], cle=cle)
        axe = axes.order_by("contrat").last()
        if axe is None:
            raise Http404("Ce contrat n'a pas ce programme.")
        return p.du_programme(contrat, axe, p.descendance(axe))

    def _territoire(self, request: HttpRequest, cle: str, **kwargs: Any) -> p.Perimetre:
        return p.du_territoire(
            get_object_or_404(Territoire.objects.visibles_par(request.user), cle=cle)
        )

    def _organisme(self, request: HttpRequest, cle: str, **kwargs: Any) -> p.Perimetre:
        return p.de_l_organisme(
            get_object_or_404(Organisme.objects.visibles_par(request.user), cle=cle)
        )

    def _instance(self, request: HttpRequest, **kwargs: Any) -> p.Perimetre:
        return p.de_l_instance()

    @staticmethod
    def trouver_contrat(request: HttpRequest, slug: str) -> Contrat:
        visibles = Contrat.objects.visibles_par(request.user).select_related("parent")
        return get_object_or_404(visibles, slug=slug)
