"""Le texte en vigueur et le comparatif, en PDF, aux mêmes adresses que leurs pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from avenants.forms import BornesDuComparatif, DateDuTexte
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from documents.consolide import contexte_comparatif, contexte_texte
from documents.views import servir


@login_not_required
@require_safe
def texte_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Le texte en vigueur à la date de l'adresse."""
    contrat = get_object_or_404(Contrat.objects.visibles_par(request.user), slug=slug)
    formulaire = DateDuTexte(request.GET)
    if not formulaire.is_valid():
        raise Http404("Aucun texte ne répond à cette adresse.")
    site = request.build_absolute_uri("/")
    return servir(request, contexte_texte(contrat, formulaire.jour, par=request.user, site=site))


@login_not_required
@require_safe
def comparatif_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Le comparatif des deux textes de l'adresse."""
    contrat = get_object_or_404(Contrat.objects.visibles_par(request.user), slug=slug)
    agent = peut(request.user, Acte.LIRE_ATELIER, contrat)
    bornes = BornesDuComparatif(request.GET, contrat=contrat, agent=agent)
    if not bornes.is_valid():
        raise Http404("Aucun comparatif ne répond à cette adresse.")
    site = request.build_absolute_uri("/")
    return servir(request, contexte_comparatif(contrat, bornes, par=request.user, site=site))
