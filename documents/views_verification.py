"""Vérifier un document : par son code, ou en présentant le fichier. Ouvert à tous, sans compte."""

from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_safe

from documents.figes import codes
from documents.figes.verification import Examen, examiner, situation
from documents.forms import CodeForm, FichierForm
from documents.models import DocumentFige

GABARIT = "documents/verification.html"


@method_decorator(login_not_required, name="dispatch")
class VerificationView(View):
    """Un code mène à sa page ; un fichier est comparé à l'octet près, puis oublié."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if "code" not in request.GET:
            return self.montrer(CodeForm(), FichierForm())
        form = CodeForm(request.GET)
        if form.is_valid():
            return redirect("documents:verification-code", code=form.cleaned_data["code"])
        return self.montrer(form, FichierForm(), status=400)

    def post(self, request: HttpRequest) -> HttpResponse:
        if trop := ratelimit.consume_or_429(request, action="verification_fichier"):
            return trop
        form = FichierForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.montrer(CodeForm(), form, status=400)
        examen = examiner(form.cleaned_data["fichier"].read())
        return self.montrer(CodeForm(), FichierForm(), **_conclusion(examen))

    def montrer(
        self, code: CodeForm, fichier: FichierForm, status: int = 200, **contexte: Any
    ) -> HttpResponse:
        contexte |= {"code_form": code, "fichier_form": fichier}
        contexte["formulaire"] = code if code.is_bound else fichier
        return render(self.request, GABARIT, contexte, status=status)


def _conclusion(examen: Examen) -> dict[str, Any]:
    dit = situation(examen.document) if examen.document else None
    return {"examen": examen, "document": examen.document, "situation": dit}


@login_not_required
@require_safe
def verification_code(request: HttpRequest, code: str) -> HttpResponse:
    """Ce que vaut le document de ce code ; un document restreint ne dit pas son titre à tous."""
    if trop := ratelimit.consume_or_429(request, action="verification"):
        return trop
    lu = codes.lire(code)
    trouve = DocumentFige.objects.filter(code=lu).select_related("contrat").first()
    visible = DocumentFige.objects.visibles_par(request.user).pour_liste().filter(code=lu).first()
    contexte = {"code": lu or code, "trouve": trouve, "document": visible}
    if trouve:
        contexte["situation"] = situation(visible or trouve)
    return render(
        request, "documents/verification_code.html", contexte, status=200 if trouve else 404
    )
