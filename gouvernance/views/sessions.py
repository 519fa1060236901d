"""Sessions : la liste, la page publique, l'inscription, son lien, et la liste de l'organisateur."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import DetailView, ListView

from contrats.atelier.enregistrement import lire_version
from contrats.transitions import TransitionImpossible
from edition.ecriture import VersionPerimee
from gouvernance import inscriptions, liens
from gouvernance.forms_session import InscriptionForm
from gouvernance.models import Session

TROP = "Trop de demandes depuis cet endroit : attendez dix minutes, puis envoyez de nouveau."


@method_decorator(login_not_required, name="dispatch")
class SessionListView(ListView):
    """Les sessions, de la plus récente à la plus ancienne."""

    paginate_by = 20
    template_name = "gouvernance/session_list.html"

    def get_queryset(self) -> QuerySet[Session]:
        return Session.objects.visibles_par(self.request.user).pour_liste()


@method_decorator(login_not_required, name="dispatch")
class SessionDetailView(DetailView):
    """Une session : pourquoi, pour qui, programme, en pratique ; jamais un inscrit."""

    template_name = "gouvernance/session_detail.html"

    def get_queryset(self) -> QuerySet[Session]:
        return Session.objects.visibles_par(self.request.user).pour_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        session = self.object
        prises = session.inscriptions.inscrites().count()
        return super().get_context_data(
            session=session,
            restantes=max(0, session.capacite - prises),
            organise=inscriptions.organise(self.request.user, session),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class SInscrireView(View):
    """Le formulaire public : nom, adresse, profil ; le courriel dit la place."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Session.objects.visibles_par(request.user)
        self.session = get_object_or_404(visibles, slug=kwargs["slug"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(InscriptionForm(self.session))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = InscriptionForm(self.session, request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        cle = f"{self.session.pk} {formulaire.cleaned_data['email'].lower()}"
        if not ratelimit.consume(request, action="inscription", key=cle):
            return self.trop(formulaire)
        try:
            inscriptions.inscrire(self.session, **formulaire.cleaned_data)
        except inscriptions.InscriptionClose as erreur:
            formulaire.add_error(None, str(erreur))
            return self.page(formulaire, 409)
        messages.success(
            request, "Demande reçue : un courriel part à cette adresse, et dit votre place."
        )
        return redirect(self.session)

    def trop(self, formulaire: InscriptionForm) -> HttpResponse:
        """La saisie reste dans la page."""
        formulaire.add_error(None, TROP)
        reponse = self.page(formulaire, 429)
        reponse["Retry-After"] = "600"
        return reponse

    def page(self, formulaire: InscriptionForm, statut: int = 200) -> HttpResponse:
        contexte = {"session": self.session, "formulaire": formulaire}
        return render(self.request, "gouvernance/session_inscrire.html", contexte, status=statut)


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class InscriptionView(View):
    """Le lien du courriel : où en est l'inscription, et l'annuler. Le jeton est le seul droit."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.inscription = liens.ouvrir(kwargs["jeton"])
            reponse = super().dispatch(request, *args, **kwargs)
        except liens.LienInvalide:
            reponse = render(request, "gouvernance/inscription_invalide.html", status=404)
        # L'adresse porte le jeton : elle ne va pas au journal.
        reponse._has_been_logged = True
        reponse["Cache-Control"] = "private, no-cache"
        reponse["X-Robots-Tag"] = "noindex"
        return reponse

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        contexte = {"inscription": self.inscription, "session": self.inscription.session}
        return render(request, "gouvernance/inscription.html", contexte)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        inscriptions.annuler(self.inscription)
        return redirect(request.path)


class InscritsView(View):
    """La liste de l'organisateur : qui vient, qui attend ; annuler une inscription, la session."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Session.objects.visibles_par(request.user).select_related("contrat")
        self.session = get_object_or_404(visibles, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not inscriptions.organise(request.user, self.session):
            raise PermissionDenied("Voir les inscrits : votre rôle ne le permet pas.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            dit = self.annuler()
        except (TransitionImpossible, VersionPerimee) as erreur:
            return self.page(str(erreur), 409)
        messages.success(request, dit)
        return redirect("gouvernance:session-inscrits", self.session.slug)

    def annuler(self) -> str:
        if self.request.POST.get("geste") == "annuler-la-session":
            version = lire_version(self.request.POST)
            nombre = inscriptions.annuler_la_session(
                self.session, version=version, par=self.request.user
            )
            pluriel = "s" * (nombre > 1)
            return f"Session annulée : {nombre} personne{pluriel} prévenue{pluriel}."
        siennes = self.session.inscriptions.select_related("session")
        pk = lire_version(self.request.POST, "inscription")
        inscription = siennes.filter(pk=pk).first()
        if inscription is None:
            raise TransitionImpossible("Cette inscription n'est plus là.")
        promue = inscriptions.annuler(inscription)
        suite = " La première personne en attente a sa place." if promue else ""
        return f"Inscription annulée, son auteur est prévenu.{suite}"

    def page(self, erreur: str = "", statut: int = 200) -> HttpResponse:
        contexte = {
            "session": self.session,
            "inscrites": list(self.session.inscriptions.inscrites()),
            "attente": list(self.session.inscriptions.en_attente()),
            "erreur": erreur,
        }
        return render(self.request, "gouvernance/session_inscrits.html", contexte, status=statut)
