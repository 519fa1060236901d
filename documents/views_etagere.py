"""L'étagère d'un contrat : demander un fichier long, voir où il en est, l'emporter."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contrats.models import Contrat
from documents.enums import EtatPreparation, GenrePreparation
from documents.etagere.contenus import RienAPreparer
from documents.etagere.preparations import demander
from documents.figes.sujets import SujetInconnu
from documents.models import DocumentFige, Preparation
from documents.service import servir

PATIENCE = 3  # secondes avant que la page d'attente se recharge
DANS_LE_FLUX = 50


@login_not_required
@require_POST
def preparation_demander(request: HttpRequest, slug: str, genre: str) -> HttpResponse:
    """Le fichier s'il est déjà prêt, sinon la page où l'attendre."""
    contrat = get_object_or_404(Contrat.objects.visibles_par(request.user), slug=slug)
    if genre not in GenrePreparation or genre == GenrePreparation.FIGER:
        # Figer se demande sur sa page, qui montre d'abord ce que le contrôle de cohérence trouve.
        raise Http404("L'étagère n'a rien de tel.")
    if trop := ratelimit.consume_or_429(request, action="preparation"):
        return trop
    # Les autres genres ne visent rien : un objet de trop ferait refaire le même fichier.
    objet = request.POST.get("objet", "") if genre == GenrePreparation.PARTENAIRE else ""
    try:
        preparation = demander(contrat, GenrePreparation(genre), objet, par=request.user)
    except (RienAPreparer, SujetInconnu) as erreur:
        messages.error(request, str(erreur))
        return redirect("documents:fige-list", slug=contrat.slug)
    return redirect(preparation)


@login_not_required
@require_safe
def preparation_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Où en est un fichier demandé ; la page se recharge toute seule, sans script."""
    preparation = _visible(request, public_id)
    if preparation.document:
        return redirect(preparation.document)
    reponse = render(request, "documents/preparation.html", {"preparation": preparation})
    if preparation.etat in (EtatPreparation.DEMANDEE, EtatPreparation.EN_COURS):
        reponse["Refresh"] = str(PATIENCE)
    return reponse


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def preparation_fichier(request: HttpRequest, public_id: str) -> HttpResponse:
    """Les octets ; un fichier restreint se demande d'un bouton, et s'inscrit au journal."""
    preparation = _visible(request, public_id)
    if preparation.etat != EtatPreparation.PRETE or preparation.document:
        return redirect(preparation)
    return servir(request, preparation, public=not preparation.restreinte)


def _visible(request: HttpRequest, public_id: str) -> Preparation:
    visibles = Preparation.objects.visibles_par(request.user).select_related("contrat", "document")
    return get_object_or_404(visibles, public_id=public_id)


class FluxDesPublications(Feed):
    """Les documents publiés, du plus récent au plus ancien, en Atom ; d'un contrat ou de tous."""

    feed_type = Atom1Feed
    language = "fr"

    def get_object(self, request: HttpRequest, slug: str = "") -> Contrat | None:
        self.lecteur = request.user
        if not slug:
            return None
        return get_object_or_404(Contrat.objects.visibles_par(request.user), slug=slug)

    def title(self, contrat: Contrat | None) -> str:
        return f"Documents publiés : {contrat.intitule_court}" if contrat else "Documents publiés"

    subtitle = "Les documents figés, à mesure qu'ils deviennent publics."

    def link(self, contrat: Contrat | None) -> str:
        if contrat is None:
            return reverse("contrats:contrat-list")
        return reverse("documents:fige-list", args=[contrat.slug])

    def items(self, contrat: Contrat | None) -> QuerySet[DocumentFige]:
        publies = DocumentFige.objects.visibles_par(self.lecteur).filter(publication__isnull=False)
        if contrat is not None:
            publies = publies.filter(contrat=contrat)
        return publies.pour_liste().order_by("-publication__publie_le", "-pk")[:DANS_LE_FLUX]

    def item_title(self, document: DocumentFige) -> str:
        return str(document)

    def item_description(self, document: DocumentFige) -> str:
        return f"{document.get_nature_display()}. {document.get_valeur_display()}. {document.code}."

    def item_pubdate(self, document: DocumentFige) -> Any:
        return document.publication.publie_le

    def item_updateddate(self, document: DocumentFige) -> Any:
        return document.publication.publie_le

    def item_guid(self, document: DocumentFige) -> str:
        return f"urn:uuid:{document.public_id}"

    def item_author_name(self, document: DocumentFige) -> str:
        return str(document.publication.par)


flux = login_not_required(require_safe(FluxDesPublications()))
