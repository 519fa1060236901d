"""L'agent et ses délibérations : écrire un projet, constater l'adoption, compléter l'acte."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from contrats.atelier.enregistrement import lire_version
from contrats.models import Contrat
from contrats.permissions import Acte
from contrats.transitions import DonneeManquante
from gouvernance import deliberations, transitions
from gouvernance.forms_deliberation import AdoptionForm, DeliberationForm, RetourForm
from gouvernance.models import Deliberation
from gouvernance.views.socle import AgentView


class DeliberationCreerView(AgentView):
    """Un projet de délibération sur le contrat."""

    titre, bouton = "Préparer une délibération", "Enregistrer le projet"
    chapo = "Un projet n'est pas un acte : il le devient quand son adoption est constatée."

    def trouver(self, **kwargs: Any) -> None:
        self.contrat = get_object_or_404(Contrat.objects.habilites(self.agent), slug=kwargs["slug"])
        self.seance = self.deliberation = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(DeliberationForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = DeliberationForm(request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        try:
            cree = deliberations.creer(self.contrat, formulaire, par=self.agent)
        except DonneeManquante as erreur:
            formulaire.add_error(erreur.champ, str(erreur))
            return self.page(formulaire, 400)
        messages.success(request, "Projet de délibération enregistré.")
        return redirect(cree)

    def page(self, formulaire: Any, statut: int = 200) -> HttpResponse:
        contexte = {"contrat": self.contrat, "objet": self.deliberation, "formulaire": formulaire}
        contexte |= {"titre": self.titre, "chapo": self.chapo, "bouton": self.bouton}
        nom = self.deliberation.numero if self.deliberation else ""
        contexte |= {"revenir": "Revenir à la délibération", "nom": nom}
        gabarit = "gouvernance/deliberation_form.html"
        return render(self.request, gabarit, contexte, status=statut)


class DeUneDeliberation(DeliberationCreerView):
    """Une page de l'agent sur une délibération de l'un de ses contrats."""

    def trouver(self, **kwargs: Any) -> None:
        contrats = Contrat.objects.habilites(self.agent).values("pk")
        siennes = Deliberation.objects.filter(contrat__in=contrats).select_related("contrat")
        self.deliberation = get_object_or_404(siennes, public_id=kwargs["public_id"])
        self.contrat, self.seance = self.deliberation.contrat, None
        self.retour = self.deliberation


class DeliberationModifierView(DeUneDeliberation):
    """Modifie le projet, ou complète l'acte."""

    titre, bouton = "Modifier la délibération", "Enregistrer"
    chapo = "D'un projet, tout s'écrit ; d'un acte, seulement ce qui suit l'adoption."

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(deliberations.formulaire_de(self.deliberation))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = deliberations.formulaire_de(self.deliberation, request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        try:
            deliberations.modifier(
                self.deliberation, formulaire, version=lire_version(request.POST), par=self.agent
            )
        except DonneeManquante as erreur:
            formulaire.add_error(erreur.champ, str(erreur))
            return self.page(formulaire, 400)
        messages.success(request, "Délibération enregistrée.")
        return redirect(self.deliberation)


class DeliberationAdopterView(DeUneDeliberation):
    """Constate l'adoption : la date, le numéro, le vote."""

    acte = Acte.CONDUIRE
    titre = bouton = "Constater l'adoption"
    chapo = "Le projet devient un acte : son texte ne se modifie plus, et le public le lit."

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        transitions.verifier_deliberation(self.deliberation, transitions.ADOPTER, self.agent)
        return self.page(AdoptionForm(initial={"numero": self.deliberation.numero}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = AdoptionForm(request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        version = lire_version(request.POST)
        try:
            transitions.adopter(
                self.deliberation, version=version, par=self.agent, **formulaire.cleaned_data
            )
        except DonneeManquante as erreur:
            formulaire.add_error(erreur.champ, str(erreur))
            return self.page(formulaire, 400)
        messages.success(request, "Adoption constatée : le projet est un acte.")
        return redirect(self.deliberation)


class DeliberationRevenirView(DeUneDeliberation):
    """L'adoption avait été constatée par erreur : le texte redevient un projet."""

    acte = Acte.CONDUIRE
    titre = bouton = "Revenir au projet"
    chapo = "La date de séance, le vote et la préfecture de l'acte s'effacent."

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        transitions.verifier_deliberation(self.deliberation, transitions.REVENIR, self.agent)
        return self.page(RetourForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = RetourForm(request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        transitions.revenir_au_projet(
            self.deliberation,
            version=lire_version(request.POST),
            par=self.agent,
            motif=formulaire.cleaned_data["motif"],
        )
        messages.success(request, "La délibération est de nouveau un projet.")
        return redirect(self.deliberation)
