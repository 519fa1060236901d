"""Les pages : le tableau, et ce qu'ouvre chaque chiffre."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator

from contrats.permissions import Acte, peut
from tableaux.tableau import Tableau
from tableaux.views.socle import TableauView


@method_decorator(login_not_required, name="dispatch")
class TableauDetailView(TableauView):
    """Le tableau de bord : celui d'un contrat est la page du comité."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        contexte = self.contexte(self.lire())
        return render(request, "tableaux/tableau_detail.html", contexte)

    def contexte(self, t: Tableau) -> dict[str, Any]:
        contrat = getattr(self, "contrat", None)
        return {
            "t": t,
            "formulaire": self.formulaire,
            "contrat": contrat,
            "requete": self.request.GET.urlencode(),
            "peut_dire": contrat is not None and peut(self.request.user, Acte.RELIRE, contrat),
        }


@method_decorator(login_not_required, name="dispatch")
class ChiffreDetailView(TableauView):
    """Un chiffre, ses lignes comptées, ses lignes écartées et pourquoi."""

    def get(self, request: HttpRequest, chiffre: str, **kwargs: Any) -> HttpResponse:
        t = self.lire()
        if chiffre not in t.chiffres:
            raise Http404("Ce tableau n'a pas ce chiffre.")
        contexte = {"t": t, "c": t.chiffres[chiffre], "requete": request.GET.urlencode()}
        return render(request, "tableaux/chiffre_detail.html", contexte)
