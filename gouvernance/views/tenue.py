"""Le mode séance, à l'écran du mur et au clavier ; puis la clôture, qui se confirme."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from contrats.atelier.enregistrement import lire_version
from contrats.permissions import Acte
from edition.brouillons import BrouillonTropGrand
from edition.ecriture import VersionPerimee
from gouvernance import transitions
from gouvernance.cloture import PageCloture
from gouvernance.enums import StatutDecision, StatutSeance
from gouvernance.forms import DecisionForm
from gouvernance.models import Decision
from gouvernance.tenue import Tenue, a_une_decision, exiger
from gouvernance.transitions import EffetRefuse
from gouvernance.views.socle import AgentView


class TenirView(AgentView):
    """Un point à la fois : ses chiffres, ce qui a changé, ce que l'on dit, ce que l'on décide."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.seance.statut != StatutSeance.OUVERTE:
            return redirect(self.seance)
        tenue = self.tenue(request.GET)
        return self.page(tenue, tenue.formulaire(), tenue.saisie["note"])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        exiger(self.seance, self.agent)
        tenue, formulaire = self.tenue(request.POST), None
        if a_une_decision(request.POST):
            formulaire = tenue.formulaire(request.POST)
            if not formulaire.is_valid():
                return self.page(tenue, formulaire, request.POST.get("note", ""), 400)
        if not tenue.enregistrer(request.POST, formulaire):
            dit = "Quelqu'un notait aussi ce point : les deux textes sont gardés, à la suite."
            messages.warning(request, dit)
        return self.suite(tenue)

    def tenue(self, donnees: Any) -> Tenue:
        return Tenue(self.seance, self.agent, lire_version(donnees, "point"))

    def suite(self, tenue: Tenue) -> HttpResponse:
        """Où l'on va après avoir enregistré : le geste le dit."""
        geste = self.request.POST.get("geste", "")
        vers = {"suivant": tenue.suivant, "precedent": tenue.precedent}.get(geste)
        if geste.startswith("retirer-") and geste[8:].isdigit():
            tenue.retirer(int(geste[8:19]))
        if geste == "clore" or (geste == "suivant" and vers is None):
            tenue.aller(None)
            return redirect("gouvernance:seance-clore", self.seance.public_id)
        if vers is not None:
            tenue.aller(vers)
        cible = (vers or tenue.point).pk
        return redirect(f"{self.adresse()}?point={cible}")

    def adresse(self) -> str:
        return reverse("gouvernance:seance-tenir", args=[self.seance.public_id])

    def page(
        self, tenue: Tenue, formulaire: DecisionForm, note: str, statut: int = 200
    ) -> HttpResponse:
        contexte = {
            "seance": self.seance,
            "contrat": self.contrat,
            "tenue": tenue,
            "formulaire": formulaire,
            "note": note,
        }
        return render(self.request, "gouvernance/seance_tenir.html", contexte, status=statut)


class SeanceBrouillonView(AgentView):
    """Garde ce qui se tape à mesure : ni validé, ni vu de personne."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.seance.points.filter(pk=lire_version(request.POST, "point")).exists():
            phrase = "Ce point n'est pas à l'ordre du jour."
            return JsonResponse({"phrase": phrase}, status=400)
        tenue = Tenue(self.seance, self.agent, lire_version(request.POST, "point"))
        try:
            garde = tenue.garder(request.POST)
        except BrouillonTropGrand as trop:
            return JsonResponse({"phrase": str(trop)}, status=413)
        quand = date_format(timezone.localtime(), "H:i")
        return JsonResponse({"garde": garde, "phrase": f"Gardé à {quand}"})


class CloreView(AgentView):
    """Ce que la clôture va faire, décision par décision ; puis elle le fait, d'un bloc."""

    acte = Acte.CONDUIRE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.seance.statut != StatutSeance.OUVERTE:
            return redirect(self.seance)
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        page = PageCloture(self.seance, self.agent)
        version = lire_version(request.POST)
        appliquer = page.confirmees(request.POST)
        try:
            fait = transitions.clore(
                self.seance, version=version, par=self.agent, appliquer=appliquer
            )
        except (EffetRefuse, VersionPerimee, transitions.TransitionImpossible) as erreur:
            self.trouver(**kwargs)
            return self.page(str(erreur), 409)
        messages.success(request, page.phrase(fait))
        return redirect(self.seance)

    def page(self, erreur: str = "", statut: int = 200) -> HttpResponse:
        contexte = {
            "seance": self.seance,
            "contrat": self.contrat,
            "page": PageCloture(self.seance, self.agent),
            "erreur": erreur,
        }
        return render(self.request, "gouvernance/seance_clore.html", contexte, status=statut)


class DecisionSuivreView(AgentView):
    """Dit une décision faite ou abandonnée, ou la rouvre (POST)."""

    http_method_names = ["post"]

    def trouver(self, **kwargs: Any) -> None:
        visibles = Decision.objects.visibles_par(self.agent)
        visibles = visibles.select_related("seance__instance__contrat")
        self.decision = get_object_or_404(visibles, public_id=kwargs["public_id"])
        self.seance = self.decision.seance
        self.contrat = self.seance.contrat

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        voulu = request.POST.get("statut", "")
        if voulu not in StatutDecision.values:
            messages.error(request, "Choisissez ce qu'est devenue la décision.")
            return redirect(self.decision)
        suite, version = request.POST.get("suite", ""), lire_version(request.POST)
        try:
            transitions.suivre_decision(
                self.decision, StatutDecision(voulu), version=version, par=self.agent, suite=suite
            )
        except transitions.DonneeManquante as erreur:
            messages.error(request, str(erreur))
            return redirect(self.decision)
        messages.success(request, "Décision mise à jour.")
        return redirect(self.decision)
