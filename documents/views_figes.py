"""Les documents figés : la liste d'un contrat, une fiche descriptive, les octets."""

import logging
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views import View
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptes.models import Utilisateur
from contrats.models import Contrat, Fiche
from contrats.permissions import Acte, peut
from documents import rendu
from documents.enums import ActeInscrit
from documents.figes import journal, stockage
from documents.figes.depot import DejaPublie, figer, publier
from documents.figes.verification import situation
from documents.models import DocumentFige

PAR_PAGE = 40
alerte = logging.getLogger(__name__)


@method_decorator(login_not_required, name="dispatch")
class FigeListView(View):
    """Les documents figés d'un contrat ; qui en a le droit y fige le contrat ou une fiche."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Contrat.objects.visibles_par(request.user)
        self.contrat = get_object_or_404(visibles, slug=kwargs["slug"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        documents = DocumentFige.objects.visibles_par(request.user).filter(contrat=self.contrat)
        page = Paginator(documents.pour_liste(), PAR_PAGE).get_page(request.GET.get("page"))
        contexte = {"contrat": self.contrat, "page_obj": page, "object_list": page.object_list}
        contexte["peut_figer"] = peut(request.user, Acte.FIGER, self.contrat)
        contexte["fiches"] = self.fiches() if contexte["peut_figer"] else []
        return render(request, "documents/fige_list.html", contexte)

    def fiches(self) -> Any:
        visibles = Fiche.objects.visibles_par(self.request.user).filter(contrat=self.contrat)
        return visibles.order_by("ordre", "pk")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        cle = request.POST.get("fiche", "")
        fiche = get_object_or_404(self.fiches(), cle=cle) if cle else None
        par, site = cast(Utilisateur, request.user), request.build_absolute_uri("/")
        try:
            document = figer(self.contrat, par=par, fiche=fiche, site=site)
        except rendu.RenduImpossible as erreur:
            messages.error(request, f"Rien n'est figé. {erreur}")
            return redirect("documents:fige-list", slug=self.contrat.slug)
        messages.success(
            request, f"Figé sous le code {document.code} : ces octets ne changeront plus."
        )
        return redirect(document)


@login_not_required
@require_safe
def fige_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ce qu'est un document figé : qui, quand, quoi, son empreinte et ce qu'il vaut."""
    document = _visible(request, public_id)
    contexte = {
        "document": document,
        "situation": situation(document),
        "peut_publier": peut(request.user, Acte.FIGER, document.contrat)
        and not hasattr(document, "publication"),
    }
    return render(request, "documents/fige_detail.html", contexte)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def fige_pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    """Les octets, tels qu'ils ont été figés."""
    return _servir(request, _visible(request, public_id))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def fige_par_empreinte(request: HttpRequest, empreinte: str) -> HttpResponse:
    """Les mêmes octets, demandés par leur empreinte."""
    visibles = DocumentFige.objects.visibles_par(request.user).pour_liste()
    return _servir(request, get_object_or_404(visibles, empreinte=empreinte))


@require_POST
def fige_publier(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rend le document public."""
    document = _visible(request, public_id)
    if not peut(request.user, Acte.FIGER, document.contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en publier un document.")
    try:
        publier(document, par=cast(Utilisateur, request.user))
    except DejaPublie as erreur:
        messages.info(request, str(erreur))
    else:
        messages.success(request, "Publié : tout le monde peut le lire et le vérifier.")
    return redirect(document)


def _visible(request: HttpRequest, public_id: str) -> DocumentFige:
    visibles = DocumentFige.objects.visibles_par(request.user).pour_liste()
    return get_object_or_404(visibles, public_id=public_id)


def _servir(request: HttpRequest, document: DocumentFige) -> HttpResponse:
    """Un document publié se lit ; un document restreint se demande d'un bouton, et s'inscrit."""
    publie = hasattr(document, "publication")
    if not publie and request.method != "POST":
        return redirect(document)
    reponse = get_conditional_response(request, etag=f'"{document.empreinte}"') if publie else None
    if reponse is None:
        reponse = _octets(request, document, a_inscrire=not publie)
    if publie and reponse.status_code < 400:
        reponse["ETag"] = f'"{document.empreinte}"'
        reponse["Cache-Control"] = "public, max-age=31536000, immutable"
    return reponse


def _octets(request: HttpRequest, document: DocumentFige, *, a_inscrire: bool) -> HttpResponse:
    try:
        octets = stockage.octets_de(document)
    except stockage.OctetsAlteres as erreur:
        alerte.exception("Document figé altéré")
        texte = f"{erreur} Prévenez la personne qui administre la plateforme."
        return HttpResponse(texte, status=503, content_type="text/plain; charset=utf-8")
    if a_inscrire:
        faits = {"document": str(document.public_id)}
        journal.inscrire(ActeInscrit.TELECHARGER, par=request.user.pk, **faits)
    nom = content_disposition_header(a_inscrire, document.nom_de_fichier)
    return HttpResponse(
        octets, content_type="application/pdf", headers={"Content-Disposition": nom or ""}
    )
