"""Écrire la matrice : une cellule sans script, des cellules en JSON, annuler, suivre les autres."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from contrats.atelier.page import moment
from perr.ecriture import (
    AnnulationImpossible,
    CellulesInvalides,
    CellulesPerimees,
    Perimee,
    Place,
    annuler,
    v_place,
)
from perr.lecture import lire_matrice
from perr.models import Lot, VersionDeclinaison
from perr.presentation import PageMatrice
from perr.saisie import Saisie, SaisieIllisible
from perr.saisie_complete import SaisieComplete
from perr.views.matrice import SaisieView, dernier_lot_de


class CelluleModifierView(SaisieView):
    """Une cellule entière : texte, état, modalités, renvois, regards. Marche sans script."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.place: Place = (kwargs["action"], kwargs["colonne"])

    def saisie(self, donnees: Any = None) -> SaisieComplete:
        saisie = SaisieComplete(self.contrat, self.request.user, self.place, donnees)
        if saisie.montree is None:
            raise Http404("Cette cellule n'est pas dans la matrice de ce contrat.")
        return saisie

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.saisie())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        saisie = self.saisie(request.POST)
        if not saisie.est_valide():
            return self.page(saisie, status=400)
        try:
            lot = saisie.enregistrer_la_cellule(motif=f"Cellule : {saisie.nom}"[:300])
        except CellulesInvalides as erreur:
            saisie.refuser(erreur)
            return self.page(saisie, status=400)
        except CellulesPerimees as erreur:
            saisie.constater(erreur.cellules)
            return self.page(saisie, status=409)
        messages.success(request, f"{saisie.nom} : {'enregistrée' if lot else 'rien à changer'}.")
        return redirect(self.suite(saisie))

    def suite(self, saisie: SaisieComplete) -> str:
        suivante = saisie.suivante if "suivante" in self.request.POST else None
        if suivante:
            return reverse("perr:cellule-modifier", args=[self.contrat.slug, *suivante])
        adresse = reverse("perr:matrice-modifier", args=[self.contrat.slug])
        return f"{adresse}#c{self.place[0]}-{self.place[1]}"

    def page(self, saisie: SaisieComplete, status: int = 200) -> HttpResponse:
        contexte = {"contrat": self.contrat, "saisie": saisie}
        return render(self.request, "perr/cellule_modifier.html", contexte, status=status)


class MatriceEcrireView(SaisieView):
    """Une ou plusieurs cellules en JSON : tout ou rien, une requête, l'état rendu tel qu'il est."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        saisie = Saisie(self.contrat, request.user)
        try:
            envoi = _json(request)
            modifications = saisie.lire(envoi.get("cellules"))
            lot = saisie.enregistrer(modifications, motif=_motif(len(modifications)))
        except SaisieIllisible as erreur:
            return JsonResponse({"message": str(erreur)}, status=400)
        except CellulesInvalides as erreur:
            fautes = {_id(place): f for place, f in erreur.fautes.items()}
            return JsonResponse({"message": str(erreur), "fautes": fautes}, status=400)
        except CellulesPerimees as erreur:
            return self.conflit(erreur.cellules)
        places = [m.place for m in modifications]
        touchees = [v_place(v) for v in lot.versions.all()] if lot else places
        return JsonResponse(self.etat(touchees, lot))

    def etat(self, places: list[Place], lot: Lot | None = None) -> dict[str, Any]:
        return {
            "cellules": _rendues(self, places),
            "lot": str(lot.public_id) if lot else None,
            "quand": moment(lot.cree_le) if lot else "",
        }

    def conflit(self, perimees: list[Perimee]) -> HttpResponse:
        corps = {
            "message": "Une autre personne a écrit cette cellule pendant que vous la modifiiez.",
            "cellules": _rendues(self, [p.place for p in perimees]),
            "auteurs": {_id(p.place): str(p.auteur or "l'administration") for p in perimees},
        }
        return JsonResponse(corps, status=409)


class MatriceAnnulerView(MatriceEcrireView):
    """Défait un lot de l'agent : celui que nomme l'envoi, sinon sa dernière écriture."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        lot = dernier_lot_de(request.user, self.contrat)
        if lot is None:
            return self.dire("Vous n'avez rien à annuler.", 409)
        try:
            retour = annuler(lot, par=request.user)
        except AnnulationImpossible as erreur:
            return self.dire(str(erreur), 409, erreur.places)
        places = [v_place(v) for v in retour.versions.all()] if retour else []
        return self.dire("Dernière modification annulée.", 200, places)

    def dire(self, phrase: str, status: int, places: Any = ()) -> HttpResponse:
        if self.request.accepts("text/html"):
            niveau = messages.success if status == 200 else messages.error
            niveau(self.request, phrase)
            return redirect("perr:matrice-modifier", self.contrat.slug)
        corps = {"message": phrase, "cellules": _rendues(self, list(places))}
        return JsonResponse(corps, status=status)


class MatriceSuiteView(SaisieView):
    """Ce que d'autres ont écrit depuis le lot `depuis`, et un jeton de formulaire à jour."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        depuis = request.GET.get("depuis", "")
        if not depuis.isdecimal() or len(depuis) > 18:
            return JsonResponse({"message": "Indiquez un numéro de lot."}, status=400)
        return JsonResponse(self.depuis(int(depuis)) | {"jeton": get_token(request)})

    def depuis(self, numero: int) -> dict[str, Any]:
        versions = VersionDeclinaison.objects.filter(
            lot__contrat=self.contrat, lot__pk__gt=numero
        ).select_related("lot__auteur")
        lues = list(versions.order_by("lot").defer("avant", "apres"))
        autres = {v_place(v): v.lot for v in lues if v.lot.auteur_id != self.request.user.pk}
        return {
            "depuis": max([numero, *(v.lot_id for v in lues)]),
            "cellules": _rendues(self, list(autres)) if autres else {},
            "auteurs": {
                _id(place): f"{lot.auteur or 'l’administration'}, {moment(lot.cree_le)}"
                for place, lot in autres.items()
            },
        }


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        envoi = json.loads(request.body)
    except (ValueError, RecursionError):  # ni JSON, ni texte lisible
        raise SaisieIllisible("L'envoi n'est pas lisible.") from None
    if not isinstance(envoi, dict):
        raise SaisieIllisible("L'envoi n'est pas lisible.")
    return envoi


def _motif(nombre: int) -> str:
    return "Saisie dans la matrice" if nombre == 1 else f"{nombre} cellules saisies ou collées"


def _id(place: Place) -> str:
    return f"c{place[0]}-{place[1]}"


def _rendues(vue: SaisieView, places: list[Place]) -> dict[str, str]:
    """Les cellules telles qu'elles sont enregistrées, en HTML, par identifiant."""
    page = PageMatrice(lire_matrice(vue.contrat, vue.request.user))
    montrees = [montree for place in places if (montree := page.montrer(place))]
    return {m.id: render_to_string("perr/_cellule.html", {"m": m, "agent": 1}) for m in montrees}
