"""Versions d'une fiche : liste, comparaison, rétablissement."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from contrats import corbeille, transitions
from contrats.atelier.enregistrement import lire_version
from contrats.atelier.noms import nommer
from contrats.atelier.page import lecteurs, moment
from contrats.contenu.comparaison import comparer
from contrats.contenu.ecriture import retablir
from contrats.contenu.forme import ContenuInvalide
from contrats.models import Version
from contrats.permissions import Acte, peut
from contrats.views.atelier import FicheAtelierView
from contrats.views.cycle import etape_de
from edition.ecriture import VersionPerimee

PAR_PAGE = 20


class FicheHistoriqueView(FicheAtelierView):
    """Toutes les versions, de la dernière à la première, et l'état de publication."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.LIRE_ATELIER)
        return render(request, "contrats/fiche_historique.html", self.contexte())

    def contexte(self, erreur: str = "") -> dict[str, Any]:
        versions = self.fiche.versions.select_related("auteur", "lot").order_by("-numero", "-pk")
        page = Paginator(versions, PAR_PAGE).get_page(self.request.GET.get("page"))
        agent, fiche = self.agent, self.fiche
        return {
            "fiche": fiche,
            "page_obj": page,
            "groupes": grouper(self.lignes(page)),
            "retirees": corbeille.actions_retirees(fiche),
            "supprimable": peut(agent, Acte.SUPPRIMER, fiche),
            "lecteurs": lecteurs(fiche),
            "erreur": erreur,
            "modifiable": peut(agent, Acte.MODIFIER, fiche),
            "retablissable": peut(agent, Acte.RESTAURER, fiche),
            **etape_de(fiche, agent),
        }

    def lignes(self, page: Any) -> list[dict[str, Any]]:
        """Chaque version avec le nombre de champs changés depuis celle qui la précède."""
        versions = list(page)
        dernier = versions[-1].numero if versions else 0
        avant = self.fiche.versions.filter(numero__lt=dernier).order_by("-numero").first()
        suivantes = [*versions[1:], avant][: len(versions)]
        return [_ligne(*couple) for couple in zip(versions, suivantes, strict=True)]


def _ligne(version: Version, precedente: Version | None) -> dict[str, Any]:
    """Une version et ce qu'elle change ; sans précédente gardée, on ne sait pas le dire."""
    ecarts = comparer(precedente.instantane, version.instantane) if precedente else []
    return {
        "version": version,
        "quand": moment(version.cree_le),
        "nb_champs": len(ecarts),
        "precedente": precedente,
    }


def grouper(lignes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Les versions qui se suivent, par personne et par jour."""

    def qui_et_quand(ligne: dict[str, Any]) -> tuple[Any, Any]:
        version = ligne["version"]
        return version.auteur, timezone.localdate(version.cree_le)

    return [
        {"auteur": auteur, "jour": jour, "lignes": list(suite)}
        for (auteur, jour), suite in groupby(lignes, key=qui_et_quand)
    ]


class FicheComparerView(FicheAtelierView):
    """Deux versions quelconques, champ par champ, avec les différences au mot."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.LIRE_ATELIER)
        de, a = self.version("de"), self.version("a")
        avant, apres = nommer([de.instantane, a.instantane], self.cadre)
        contexte = {
            "fiche": self.fiche,
            "de": de,
            "a": a,
            "ecarts": comparer(avant, apres),
            "quand_de": moment(de.cree_le),
            "quand_a": moment(a.cree_le),
            "retablissable": peut(request.user, Acte.RESTAURER, self.fiche),
        }
        return render(request, "contrats/fiche_comparer.html", contexte)

    def version(self, parametre: str) -> Version:
        numero = lire_version_de_l_adresse(self.request.GET.get(parametre, ""))
        version = self.fiche.versions.select_related("auteur").filter(numero=numero).first()
        if version is None:
            raise Http404("Cette version de la fiche n'existe pas.")
        return version


def lire_version_de_l_adresse(texte: str) -> int:
    """Numéro de version demandé ; 0, qui n'existe pas, s'il est illisible."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else 0


class ActeDeVersionView(FicheHistoriqueView):
    """Un acte (POST) sur la version que l'agent a sous les yeux ; périmée, il est refusé (409)."""

    http_method_names = ["post"]
    retour = "fiche-historique"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        version = lire_version(request.POST)
        try:
            phrase = self.agir(version)
        except (VersionPerimee, transitions.TransitionImpossible, ContenuInvalide) as erreur:
            self.fiche.refresh_from_db()
            contexte = self.contexte(f"{erreur} Vérifiez l'état actuel, puis recommencez.")
            return render(request, "contrats/fiche_historique.html", contexte, status=409)
        messages.success(request, phrase)
        args = [] if self.retour == "mes-fiches" else [self.fiche.public_id]
        return redirect(reverse(f"contrats:{self.retour}", args=args))

    def agir(self, version: int) -> str:
        raise NotImplementedError


class FicheRestaurerView(ActeDeVersionView):
    """Remet la fiche dans l'état d'une version : c'est une version de plus."""

    def agir(self, version: int) -> str:
        self.exiger(Acte.RESTAURER)
        ancienne = self.fiche.versions.filter(numero=self.kwargs["numero"]).first()
        if ancienne is None:
            raise Http404("Cette version de la fiche n'existe pas.")
        faite = retablir(self.fiche, ancienne, version=version, par=self.agent)
        if faite is None:
            return f"La fiche est déjà dans l'état de la version {ancienne.numero}."
        return f"Version {ancienne.numero} rétablie : c'est la version {faite.numero}."
