"""La matrice d'un contrat : page publique, et écran de l'agent."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import ensure_csrf_cookie

from contrats.models import Contrat
from contrats.permissions import Acte, peut
from perr.enums import StatutDeclinaison
from perr.filters import MatriceFilterSet
from perr.lecture import lire_matrice
from perr.models import Declinaison, Lot
from perr.presentation import PageMatrice, voisinage


class MatriceView(View):
    """Base : le contrat de l'adresse, la matrice que l'adresse demande."""

    template_name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        contrats = Contrat.objects.visibles_par(request.user).select_related("parent")
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])
        self.modifiable = peut(request.user, Acte.MODIFIER, self.contrat)

    def contexte(self) -> dict[str, Any]:
        declinaisons = Declinaison.objects.visibles_par(self.request.user)
        filtres = MatriceFilterSet(
            self.request.GET, declinaisons, request=self.request, contrat=self.contrat
        )
        filtres.form.fields["annexe"].widget = HiddenInput()  # les onglets la choisissent
        matrice = lire_matrice(self.contrat, self.request.user, filtres)
        return {
            "contrat": self.contrat,
            "filter": filtres,
            "matrice": matrice,
            "page": PageMatrice(matrice),
            "filtre": bool(set(self.request.GET) - {"annexe"}),
            "modifiable": self.modifiable,
            **voisinage(matrice, self.request),
        }


@method_decorator(login_not_required, name="dispatch")
class MatriceDetailView(MatriceView):
    """Lecture publique : les textes entiers, sans rien à ouvrir."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "perr/matrice_detail.html", self.contexte())


@method_decorator(ensure_csrf_cookie, name="dispatch")
class MatriceModifierView(MatriceView):
    """Écran de l'agent ; sans le droit de modifier, la page publique dit tout."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.modifiable:
            return redirect("perr:matrice-detail", self.contrat.slug)
        lots = Lot.objects.filter(contrat=self.contrat)
        contexte = self.contexte() | {
            "dernier": lots.aggregate(Max("pk"))["pk__max"] or 0,
            "statuts": StatutDeclinaison.choices,
            "annulable": dernier_lot_de(request.user, self.contrat),
        }
        return render(request, "perr/matrice_modifier.html", contexte)


class SaisieView(MatriceView):
    """Base des écritures : le droit de modifier, ou 403."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.modifiable:
            raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'écrire la matrice.")
        return super().dispatch(request, *args, **kwargs)


def dernier_lot_de(utilisateur: Any, contrat: Contrat) -> Lot | None:
    """La dernière écriture de l'agent ni annulée, ni elle-même une annulation."""
    lots = Lot.objects.filter(contrat=contrat, auteur=utilisateur, annule_le=None, defait=None)
    return lots.order_by("-pk").first()
