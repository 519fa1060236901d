"""Exporter un contrat en DOCX ; recevoir son retour, accepter ou refuser chaque changement."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views import View

from comptes.models import Utilisateur
from contrats.atelier.enregistrement import lire_version
from contrats.atelier.page import moment
from contrats.contenu.forme import ContenuInvalide
from contrats.models import Contrat, Fiche
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from edition.ecriture import VersionPerimee
from reprise.lecture import DocumentRefuse
from reprise.models import Retour
from reprise.retour import sessions
from reprise.retour.comparaison import exporter
from reprise.views.depot import DepotForm, champ_de_depot, octets_deposes

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REFUS = (VersionPerimee, ContenuInvalide, TransitionImpossible)


class RetourForm(DepotForm):
    fichier = champ_de_depot(
        "Document Word revenu",
        "Le fichier DOCX exporté d'ici, tel que vos partenaires l'ont modifié. Rien n'est écrit "
        "avant que vous l'ayez accepté.",
        ".docx",
    )


def en_telechargement(octets: bytes, nom: str, genre: str) -> HttpResponse:
    """Un fichier à enregistrer, jamais à ouvrir dans la page."""
    disposition = content_disposition_header(True, nom) or "attachment"
    return HttpResponse(octets, genre, headers={"Content-Disposition": disposition})


class ContratDocxView(View):
    """Le contrat entier, pour ses agents."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        agent = cast(Utilisateur, request.user)
        contrat = get_object_or_404(Contrat.objects.habilites(agent), slug=slug)
        return en_telechargement(exporter(contrat), f"{contrat.slug}.docx", DOCX)


class FicheDocxView(View):
    """Une fiche, pour les agents de son contrat."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        siens = Contrat.objects.habilites(cast(Utilisateur, request.user))
        vivantes = Fiche.objects.vivantes().select_related("contrat", "modele", "axe")
        fiche = get_object_or_404(vivantes, public_id=public_id, contrat__in=siens)
        return en_telechargement(exporter(fiche.contrat, fiche), f"{fiche.cle}.docx", DOCX)


class RetourView(View):
    """Base : le contrat de l'adresse, où l'agent a le droit de modifier."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        contrats = Contrat.objects.habilites(self.agent)
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(self.agent, Acte.MODIFIER, self.contrat):
            raise PermissionDenied(
                "Votre rôle sur ce contrat ne permet pas d'y recevoir un retour."
            )
        return super().dispatch(request, *args, **kwargs)


class RetourListView(RetourView):
    """Exporter, déposer un retour, retrouver ceux d'avant."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(RetourForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = RetourForm(request.POST, request.FILES)
        if not formulaire.is_valid():
            return self.page(formulaire, status=400)
        nom, octets = octets_deposes(formulaire)
        try:
            retour = sessions.deposer(self.contrat, nom, octets, par=self.agent)
        except DocumentRefuse as erreur:
            formulaire.add_error("fichier", str(erreur))
            return self.page(formulaire, status=400)
        return redirect("reprise:retour-detail", self.contrat.slug, retour.public_id)

    def page(self, formulaire: forms.Form, status: int = 200) -> HttpResponse:
        retours = Retour.objects.visibles_par(self.agent).filter(contrat=self.contrat).pour_liste()
        contexte = {
            "contrat": self.contrat,
            "formulaire": formulaire,
            "lignes": [{"objet": r, "quand": moment(r.depose_le)} for r in retours[:50]],
        }
        return render(self.request, "reprise/retour_list.html", contexte, status=status)


class RetourDetailView(RetourView):
    """Le redline, section par section ; un formulaire, sans script."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        siens = Retour.objects.visibles_par(self.agent).filter(contrat=self.contrat)
        self.retour = get_object_or_404(
            siens.select_related("contrat", "depose_par"), public_id=kwargs["public_id"]
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        choix = {n[2:]: str(v) for n, v in request.POST.items() if n.startswith("c-")}
        try:
            ecrits, refuses = sessions.decider(
                self.retour,
                acceptes={c for c, v in choix.items() if v == "accepter"},
                refuses={c for c, v in choix.items() if v == "refuser"},
                versions=self.versions(),
                version=lire_version(request.POST),
                par=self.agent,
            )
        except REFUS as erreur:
            self.retour.refresh_from_db()
            return self.page(erreur=str(erreur), choix=choix, status=409)
        messages.success(request, f"{ecrits} changements écrits, {refuses} refusés.")
        return redirect("reprise:retour-detail", self.contrat.slug, self.retour.public_id)

    def versions(self) -> dict[str, int]:
        """Celles que la page montrait ; ce qui n'est pas un nombre ne vaut aucune version."""
        lues = {n[2:]: str(v) for n, v in self.request.POST.items() if n.startswith("v-")}
        return {c: int(v) if v.isdecimal() and len(v) < 10 else 0 for c, v in lues.items()}

    def page(
        self, erreur: str = "", choix: dict[str, str] | None = None, status: int = 200
    ) -> HttpResponse:
        comparaison = sessions.comparaison_de(self.retour)
        ouverts, refuses = sessions.a_decider(self.retour, comparaison)
        contexte = {
            "contrat": self.contrat,
            "retour": self.retour,
            "depose": moment(self.retour.depose_le),
            "erreur": erreur,
            "groupes": _par_groupe(ouverts, choix or {}),
            "nombre": len(ouverts),
            "refuses": refuses,
            "comparaison": comparaison,
            "versions": sessions.versions_de(Contrat.objects.get(pk=self.contrat.pk)).items(),
        }
        return render(self.request, "reprise/retour_detail.html", contexte, status=status)


def _par_groupe(changements: list[Any], choix: dict[str, str]) -> list[dict[str, Any]]:
    groupes: dict[str, list[dict[str, Any]]] = {}
    for c in changements:
        groupes.setdefault(c.groupe, []).append({"c": c, "choix": choix.get(c.cle, "")})
    return [{"nom": nom, "changements": siens} for nom, siens in groupes.items()]
