"""Les documents figés : la liste d'un contrat, une fiche descriptive, les octets."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coherence.service import Bilan, bilan
from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from documents.enums import GenrePreparation
from documents.etagere.page import Etagere
from documents.etagere.preparations import demander
from documents.figes.depot import DejaPublie, publier
from documents.figes.sujets import Sujet, SujetInconnu
from documents.figes.verification import situation
from documents.models import DocumentFige
from documents.service import servir

PAR_PAGE = 40


@method_decorator(login_not_required, name="dispatch")
class FigeListView(View):
    """L'étagère d'un contrat : ce qui est en vigueur, ce que l'on emporte, tout ce qui fut figé ;
    qui en a le droit y fige le contrat, une fiche, une annexe, un rapport."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Contrat.objects.visibles_par(request.user)
        self.contrat = get_object_or_404(visibles, slug=kwargs["slug"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        documents = DocumentFige.objects.visibles_par(request.user).filter(contrat=self.contrat)
        page = Paginator(documents.pour_liste(), PAR_PAGE).get_page(request.GET.get("page"))
        etagere = Etagere(self.contrat, request.user)
        contexte = {"contrat": self.contrat, "page_obj": page, "object_list": page.object_list}
        return render(request, "documents/fige_list.html", {**contexte, "etagere": etagere})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Fige : aussitôt si rien n'a changé depuis la dernière fois, sinon en tâche de fond.

        Ce que le contrôle de cohérence trouve se lit d'abord : un constat qui bloque se corrige ou
        s'écarte (409), les autres se confirment.
        """
        dit, figer = request.POST.get("sujet") or str(Sujet()), GenrePreparation.FIGER
        try:
            reste = self.constats(Sujet.lire(dit))
            if reste.bloquants or (reste.restants and not request.POST.get("confirme")):
                contexte = {"contrat": self.contrat, "bilan": reste, "sujet": dit}
                statut = 409 if reste.bloquants else 200
                return render(request, "documents/figer_confirmer.html", contexte, status=statut)
            preparation = demander(self.contrat, figer, dit, par=request.user)
        except SujetInconnu as erreur:
            raise Http404(str(erreur)) from None
        if preparation.document:
            code = preparation.document.code
            messages.success(request, f"Figé sous le code {code} : ces octets ne changeront plus.")
        return redirect(preparation)

    def constats(self, sujet: Sujet) -> Bilan:
        """Ce que le contrôle trouve dans ce qui va se figer. Lève `PermissionDenied`."""
        if not peut(self.request.user, Acte.FIGER, self.contrat):
            raise PermissionDenied(
                "Votre rôle sur ce contrat ne permet pas d'en figer un document."
            )
        return sujet.constats(bilan(self.contrat, par=self.request.user))


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
def fige_pdf(request: HttpRequest, public_id: str) -> HttpResponse | FileResponse:
    """Les octets, tels qu'ils ont été figés."""
    return _servir(request, public_id=public_id)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def fige_par_empreinte(request: HttpRequest, empreinte: str) -> HttpResponse | FileResponse:
    """Les mêmes octets, demandés par leur empreinte."""
    return _servir(request, empreinte=empreinte)


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


def _servir(request: HttpRequest, **cle: str) -> HttpResponse | FileResponse:
    visibles = DocumentFige.objects.visibles_par(request.user).pour_servir()
    document = get_object_or_404(visibles, **cle)
    return servir(request, document, public=hasattr(document, "publication"))
