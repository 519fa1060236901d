"""Ce qui n'est pas enregistré : le brouillon, gardé pour son seul auteur, et qui d'autre écrit."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from contrats.atelier import brouillon
from contrats.atelier.enregistrement import lire_version
from contrats.atelier.noms import nommer
from contrats.atelier.page import moment
from contrats.atelier.saisie import Saisie
from contrats.contenu.comparaison import comparer
from contrats.contenu.lecture import lire
from contrats.permissions import Acte
from contrats.views.atelier import FicheAtelierView
from edition import brouillons, presence
from edition.models import Brouillon


class FicheBrouillonView(FicheAtelierView):
    """Garde la saisie d'une page à mesure : ni validée, ni journalisée, ni vue de personne."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.MODIFIER)
        if "fin" not in request.POST:
            return JsonResponse({"phrase": "L'envoi est arrivé incomplet."}, status=400)
        source = brouillon.source(self.fiche, self.agent, request.POST)
        contenu = "" if "vide" in request.POST else brouillon.empaqueter(request.POST)
        version = lire_version(request.POST)
        try:
            garde = brouillons.garder(source.envoi, version=version, contenu=contenu)
        except brouillons.BrouillonTropGrand as trop:
            return JsonResponse({"phrase": str(trop)}, status=413)
        brouillon.quitter_la_reprise(source)
        return JsonResponse({"garde": garde, "quand": moment(timezone.now())})


class FicheBrouillonComparerView(FicheAtelierView):
    """Ce que le brouillon change à la fiche enregistrée, champ par champ."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.MODIFIER)
        siens = brouillons.proposes(self.agent, brouillon.cle(self.fiche))
        trouve = get_object_or_404(siens, page=kwargs["page"])
        contexte = {
            "fiche": self.fiche,
            "brouillon": trouve,
            "quand": moment(trouve.modifie_le),
            **self.ecarts(trouve),
        }
        return render(request, "contrats/fiche_brouillon.html", contexte)

    def ecarts(self, trouve: Brouillon) -> dict[str, Any]:
        """Les écarts avec la fiche enregistrée, et ce qui reste à corriger dans le brouillon."""
        saisie = Saisie(self.cadre, brouillon.deballer(trouve), valider=True)
        saisie.est_valide()
        avant, apres = nommer([lire(self.fiche), saisie.contenu_inacheve()], self.cadre)
        return {"ecarts": comparer(avant, apres), "erreurs": saisie.erreurs()}


class FicheBrouillonJeterView(FicheAtelierView):
    """Jette un brouillon, s'il est encore celui que l'agent a vu."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.MODIFIER)
        ordre, cle = lire_version(request.POST, "ordre"), brouillon.cle(self.fiche)
        if brouillons.jeter(self.agent, cle, kwargs["page"], ordre=ordre):
            messages.success(request, "Brouillon jeté.")
        else:
            messages.warning(request, "Ce brouillon a changé depuis : il n'est pas jeté.")
        return redirect(self.adresse("fiche-modifier"))


class FichePresenceView(FicheAtelierView):
    """La page dit qu'elle est ouverte, toutes les 15 secondes ; la réponse dit qui d'autre l'a."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.MODIFIER)
        cle = brouillon.cle(self.fiche)
        presence.signaler(self.agent, cle, actif="actif" in request.POST)
        presents = presence.autres(self.agent, cle)
        contexte = {"presents": presents}
        return JsonResponse(
            {
                "html": render_to_string("contrats/atelier/_presence.html", contexte),
                "noms": [present.nom for present in presents],
                "version": self.fiche.version,
            }
        )
