"""Ouvrir et fermer une session : mot de passe, lien, clé d'accès."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, View

from comptes import assistance, demonstration, liens, proconnect
from comptes.forms import LienForm


class ConnexionView(LoginView):
    """Courriel et mot de passe, et les autres entrées ; en démonstration, les comptes à essayer."""

    template_name = "comptes/connexion.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte = super().get_context_data(**kwargs)
        contexte["suite"] = get_next_redirect_url(self.request) or ""
        contexte["proconnect"] = settings.PROCONNECT
        if settings.DEMONSTRATION:
            contexte["comptes_demo"] = demonstration.comptes_de_demonstration()
            contexte["mot_de_passe_demo"] = demonstration.MOT_DE_PASSE
        return contexte


class DeconnexionView(auth.LogoutView):
    """Ferme la session et l'assistance ; venue de ProConnect, propose d'en sortir aussi."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assistance.fermer(request)
        sortie = proconnect.adresse_de_sortie(request)
        reponse = super().post(request, *args, **kwargs)
        return render(request, "comptes/deconnecte.html", {"sortie": sortie}) if sortie else reponse


@method_decorator([login_not_required, never_cache], name="dispatch")
class LienDemandeView(FormView):
    """Envoie un lien de connexion ; répond pareil, que le compte existe ou non."""

    form_class = LienForm
    template_name = "comptes/lien_demander.html"

    def get_initial(self) -> dict[str, Any]:
        return {"courriel": getattr(self.request.user, "email", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        suite = get_next_redirect_url(self.request) or ""
        return super().get_context_data(suite=suite, minutes=liens.DUREE_EN_MINUTES, **kwargs)

    def form_valid(self, form: LienForm) -> HttpResponse:
        courriel = form.cleaned_data["courriel"]
        cle = f"{courriel.lower()} {self.request.session.adresse}"
        if trop := ratelimit.consume_or_429(self.request, action="lien", key=cle):
            return trop
        liens.envoyer(courriel, get_next_redirect_url(self.request) or "")
        return self.render_to_response(self.get_context_data(form=form, envoye_a=courriel))


@method_decorator([login_not_required, never_cache], name="dispatch")
class LienView(View):
    """Ouvre la session d'un bouton : un antivirus qui suit les liens d'un courriel ne l'use pas."""

    template_name = "comptes/lien_ouvrir.html"

    def dispatch(self, request: HttpRequest, jeton: str) -> HttpResponseBase:
        trouve = liens.ouvrir(jeton)
        if trouve is None:
            return render(request, self.template_name, {"utilisateur": None}, status=410)
        self.utilisateur, self.suite = trouve
        return super().dispatch(request)

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, self.template_name, {"utilisateur": self.utilisateur})

    def post(self, request: HttpRequest) -> HttpResponse:
        record_authentication(request, self.utilisateur, method="code")
        entree = Login(
            user=self.utilisateur, email=self.utilisateur.email, redirect_url=self.suite or None
        )
        return perform_login(request, entree)
