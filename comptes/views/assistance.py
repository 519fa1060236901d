"""Agir au nom de quelqu'un : ouvrir et fermer une assistance."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views import View
from django.views.generic import FormView

from comptes import assistance
from comptes.forms import AssistanceForm


class AssistanceOuvrirView(FormView):
    """Choisir la personne et dire le motif ; administration de l'instance seulement."""

    form_class = AssistanceForm
    template_name = "comptes/assistance_ouvrir.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agent": self.request.user}

    def form_valid(self, form: AssistanceForm) -> HttpResponse:
        assistance.ouvrir(self.request, form.personne, motif=form.cleaned_data["motif"])
        return redirect("contrats:mes-fiches")


class AssistanceFermerView(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        assistance.fermer(request)
        return redirect("mfa_index")
