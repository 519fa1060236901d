"""La matrice en fichiers, filtrée comme à l'écran."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from contrats.models import Contrat
from perr.filters import MatriceFilterSet
from perr.importation.connu import quartiers_du_contrat
from perr.lecture import Matrice, lire_matrice
from perr.models import Declinaison
from perr.tableur import classeur, table_longue

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@method_decorator(login_not_required, name="dispatch")
class MatriceFichierView(View):
    """Base : la matrice que le lecteur voit et que l'adresse demande, en pièce jointe."""

    extension = ""

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        contrats = Contrat.objects.visibles_par(request.user)
        contrat = get_object_or_404(contrats, slug=slug)
        declinaisons = Declinaison.objects.visibles_par(request.user)
        filtres = MatriceFilterSet(request.GET, declinaisons, request=request, contrat=contrat)
        if not filtres.is_valid():
            fautes = "; ".join(e for liste in filtres.errors.values() for e in liste)
            return HttpResponse(fautes, status=400, content_type="text/plain; charset=utf-8")
        matrice = lire_matrice(contrat, request.user, filtres)
        if not matrice.toutes_les_annexes:
            raise Http404("Ce contrat n'a pas de matrice.")
        reponse = self.reponse(matrice, quartiers_du_contrat(contrat))
        nom = f"{contrat.slug}-matrice.{self.extension}"
        reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
        return reponse

    def reponse(self, matrice: Matrice, quartiers: dict[str, str]) -> HttpResponseBase:
        raise NotImplementedError


class MatriceXlsxView(MatriceFichierView):
    """La disposition imprimée : une feuille par annexe."""

    extension = "xlsx"

    def reponse(self, matrice: Matrice, quartiers: dict[str, str]) -> HttpResponseBase:
        jour = timezone.localdate().strftime("%d/%m/%Y")
        filtre = ", filtrée comme à l'écran" if self.request.GET else ""
        source = f"{matrice.contrat.intitule} : matrice lue le {jour}{filtre}."
        return HttpResponse(classeur(matrice, quartiers, source), content_type=XLSX)


class MatriceCsvView(MatriceFichierView):
    """La table longue : une ligne par cellule remplie."""

    extension = "csv"

    def reponse(self, matrice: Matrice, quartiers: dict[str, str]) -> Any:
        flux = table_longue(matrice, quartiers)
        return StreamingHttpResponse(flux, content_type="text/csv; charset=utf-8")
