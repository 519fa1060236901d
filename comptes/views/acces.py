"""Les accès de chacun : second facteur, sessions ouvertes."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views import View
from django.views.generic import ListView

from comptes.models import SessionOuverte
from comptes.sessions import empreinte


class AccesView(IndexView):
    """Mot de passe, second facteur, clés, codes, sessions : ce qui tient la porte du compte."""

    template_name = "comptes/acces.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nb_sessions = SessionOuverte.objects.valables().de(self.request.user).count()
        return super().get_context_data(nb_sessions=nb_sessions, **kwargs)


class Inscription:
    """Qui vient d'inscrire un second facteur vient aussi de le montrer dans cette session."""

    def form_valid(self, form: Any) -> HttpResponse:
        reponse = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa")
        return reponse


class TotpActiverView(Inscription, ActivateTOTPView):
    template_name = "comptes/totp_activer.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Le dessin est dans la page : la politique de sécurité refuse les images `data:`."""
        contexte = super().get_context_data(**kwargs)
        dessin = contexte["totp_svg"].partition("?>")[2]
        contexte["dessin"] = mark_safe(dessin)  # noqa: S308 - fait par qrcode, sans texte
        return contexte


class CleAjouterView(Inscription, AddWebAuthnView):
    template_name = "comptes/cle_ajouter.html"


class SessionListView(ListView):
    """Les sessions de l'utilisateur, celle-ci comprise."""

    template_name = "comptes/session_list.html"
    context_object_name = "sessions"

    def get_queryset(self) -> Any:
        return SessionOuverte.objects.valables().de(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        celle_ci = empreinte(self.request.session.session_key)
        return super().get_context_data(celle_ci=celle_ci, **kwargs)


class SessionFermerView(View):
    """Ferme une de ses sessions, ou toutes les autres ; l'effet est immédiat."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        siennes = SessionOuverte.objects.de(request.user)
        choisie = request.POST.get("session", "")
        if choisie == "autres":
            fermees = siennes.exclude(pk=empreinte(request.session.session_key))
        else:
            fermees = siennes.filter(pk=choisie)
            if not fermees.exists():
                raise Http404
        fermees.delete()
        messages.success(request, "C'est fermé.")
        return redirect("comptes:session-list")
