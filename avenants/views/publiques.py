"""Le texte en vigueur à une date, et ce qui change d'une date à l'autre."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from avenants.forms import BornesDuComparatif, DateDuTexte
from avenants.presentation import comparatif, page_du_texte
from contrats.models import Contrat
from contrats.permissions import Acte, peut


@method_decorator(login_not_required, name="dispatch")
class ContratLuView(View):
    """Le contrat de l'adresse, s'il se lit."""

    http_method_names = ["get", "head", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Contrat.objects.visibles_par(request.user)
        self.contrat = get_object_or_404(visibles, slug=kwargs["slug"])
        self.agent = peut(request.user, Acte.LIRE_ATELIER, self.contrat)


class TexteView(ContratLuView):
    """« Texte en vigueur au … » : chaque disposition avec l'acte dont elle vient."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = DateDuTexte(request.GET or {"au": timezone.localdate().isoformat()})
        statut = 200 if formulaire.is_valid() else 400
        contexte = page_du_texte(self.contrat, formulaire.jour, par=request.user)
        contexte |= {"formulaire": formulaire, "contrat": self.contrat, "agent": self.agent}
        return render(request, "avenants/texte.html", contexte, status=statut)


class ComparatifView(ContratLuView):
    """Ce qui change entre deux dates ; entre deux versions aussi, pour les agents du contrat."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        bornes = BornesDuComparatif(request.GET, contrat=self.contrat, agent=self.agent)
        statut = 200 if bornes.is_valid() else 400
        contexte = comparatif(self.contrat, bornes, par=request.user)
        contexte |= {"formulaire": bornes, "contrat": self.contrat}
        return render(request, "avenants/comparatif.html", contexte, status=statut)
