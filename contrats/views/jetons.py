"""Mes jetons d'API : les voir, en créer un, en révoquer un."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from contrats import jetons
from contrats.models import Jeton


class JetonForm(forms.Form):
    """À quoi sert le jeton, sur quel contrat, pour quoi faire, jusqu'à quand."""

    nom = forms.CharField(
        label="À quoi sert-il ?", max_length=100, help_text="Par exemple : tableau de bord régional"
    )
    contrat = forms.ModelChoiceField(label="Contrat", queryset=None, empty_label=None)
    ecriture = forms.TypedChoiceField(
        label="Il peut",
        choices=[("", "lire"), ("oui", "lire et écrire")],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    jours = forms.TypedChoiceField(
        label="Il expire dans",
        choices=[(j, f"{j} jours") for j in jetons.DUREES],
        coerce=int,
        initial=jetons.DUREE,
    )

    def __init__(self, *args: Any, agent: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contrat"].queryset = jetons.contrats_ouverts(agent)


@method_decorator(never_cache, name="dispatch")
@method_decorator(reauthentication_required(allow_get=True), name="dispatch")
class JetonListView(FormView):
    """Les jetons de l'agent, et de quoi en créer un : son texte ne se montre qu'une fois.

    La création demande une connexion récente : une session laissée ouverte n'y suffit pas.
    """

    form_class = JetonForm
    template_name = "contrats/jeton_list.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"agent": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        siens = Jeton.objects.de(self.request.user)
        return super().get_context_data(jetons=siens, **{"neuf": None, "texte": "", **kwargs})

    def form_valid(self, form: JetonForm) -> HttpResponse:
        neuf, texte = jetons.creer(self.request.user, **form.cleaned_data)
        vierge = self.form_class(agent=self.request.user)
        return self.render_to_response(
            self.get_context_data(form=vierge, neuf=neuf, texte=texte), status=201
        )

    def form_invalid(self, form: JetonForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class JetonRevoquerView(View):
    """Révoque un de ses jetons ; l'effet est immédiat."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        choisi = request.POST.get("jeton", "")
        siens = Jeton.objects.de(request.user)
        jetons.revoquer(get_object_or_404(siens, cle=choisi))
        messages.success(request, "Ce jeton n’ouvre plus rien.")
        return redirect("contrats:jeton-list")
