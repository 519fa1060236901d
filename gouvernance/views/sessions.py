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
from contrats.models import Contrat
from contrats.permissions import Acte
from contrats.transitions import DonneeManquante, TransitionImpossible
from edition.ecriture import VersionPerimee
from gouvernance import inscriptions, liens, sessions, transitions
from gouvernance.forms_session import InscriptionForm, SessionForm
from gouvernance.models import Session
from gouvernance.views.socle import AgentView

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
            organise=sessions.organise(self.request.user, session),
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
    """La liste de l'organisateur : qui vient, qui attend ; annuler une inscription ; publier ou
    annuler la session."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Session.objects.visibles_par(request.user).select_related("contrat")
        self.session = get_object_or_404(visibles, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not sessions.organise(request.user, self.session):
            raise PermissionDenied("Voir les inscrits : votre rôle ne le permet pas.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            dit = self.agir()
        except (TransitionImpossible, VersionPerimee) as erreur:
            return self.page(str(erreur), 409)
        messages.success(request, dit)
        return redirect("gouvernance:session-inscrits", self.session.slug)

    def agir(self) -> str:
        geste = self.request.POST.get("geste")
        if geste in ("publier", "annuler-la-session"):
            return self.passer(geste)
        siennes = self.session.inscriptions.select_related("session")
        pk = lire_version(self.request.POST, "inscription")
        inscription = siennes.filter(pk=pk).first()
        if inscription is None:
            raise TransitionImpossible("Cette inscription n'est plus là.")
        promue = inscriptions.annuler(inscription)
        suite = " La première personne en attente a sa place." if promue else ""
        return f"Inscription annulée, son auteur est prévenu.{suite}"

    def passer(self, geste: str) -> str:
        lue = {"version": lire_version(self.request.POST), "par": self.request.user}
        if geste == "publier":
            transitions.publier_session(self.session, **lue)
            return "Session publiée : on peut s'y inscrire."
        nombre = inscriptions.annuler_la_session(self.session, **lue)
        pluriel = "s" * (nombre > 1)
        return f"Session annulée : {nombre} personne{pluriel} prévenue{pluriel}."

    def page(self, erreur: str = "", statut: int = 200) -> HttpResponse:
        contexte = {
            "session": self.session,
            "inscrites": list(self.session.inscriptions.inscrites()),
            "attente": list(self.session.inscriptions.en_attente()),
            "erreur": erreur,
        }
        return render(self.request, "gouvernance/session_inscrits.html", contexte, status=statut)


class SessionCreerView(AgentView):
    """Une session du contrat, en brouillon."""

    acte = Acte.CONDUIRE
    titre, bouton = "Préparer une session", "Enregistrer le brouillon"
    chapo = "Un brouillon n'est vu que de vous ; on s'inscrit quand la session est publiée."
    session: Session | None = None

    def trouver(self, **kwargs: Any) -> None:
        self.contrat = get_object_or_404(Contrat.objects.habilites(self.agent), slug=kwargs["slug"])
        self.seance = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(SessionForm(instance=self.session))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = SessionForm(request.POST, instance=self.session)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        try:
            ecrite = self.ecrire(formulaire)
        except DonneeManquante as erreur:
            formulaire.add_error(erreur.champ, str(erreur))
            return self.page(formulaire, 400)
        messages.success(request, "Session enregistrée.")
        return redirect(ecrite)

    def ecrire(self, formulaire: SessionForm) -> Session:
        return sessions.creer(self.contrat, formulaire, par=self.agent)

    def page(self, formulaire: SessionForm, statut: int = 200) -> HttpResponse:
        contexte = {"contrat": self.contrat, "objet": self.session, "formulaire": formulaire}
        contexte |= {"titre": self.titre, "chapo": self.chapo, "bouton": self.bouton}
        contexte |= {"revenir": "Revenir à la session", "nom": str(self.session or "")}
        gabarit = "gouvernance/deliberation_form.html"
        return render(self.request, gabarit, contexte, status=statut)


class SessionModifierView(SessionCreerView):
    """Modifie une session ; ses inscrits gardent leur place."""

    titre, bouton = "Modifier la session", "Enregistrer"
    chapo = "Qui s'est déjà inscrit n'est pas prévenu d'un changement : dites-le-lui."

    def trouver(self, **kwargs: Any) -> None:
        contrats = Contrat.objects.habilites(self.agent).values("pk")
        siennes = Session.objects.filter(contrat__in=contrats).select_related("contrat")
        self.session = self.retour = get_object_or_404(siennes, slug=kwargs["slug"])
        self.contrat, self.seance = self.session.contrat, None

    def ecrire(self, formulaire: SessionForm) -> Session:
        session = Session.objects.get(pk=formulaire.instance.pk)
        version = lire_version(self.request.POST)
        sessions.modifier(session, formulaire, version=version, par=self.agent)
        return session
