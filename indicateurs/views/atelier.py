"""Écrans de l'agent : ce qui reste à renseigner, saisir une mesure, analyser, fixer une cible."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from indicateurs import millesimes
from indicateurs.ecriture import MesuresPerimees, ecrire_mesures
from indicateurs.forms import AnalyseForm, CibleForm, MesureForm
from indicateurs.grille import grille
from indicateurs.lecture import lire_tableau
from indicateurs.mesures_lues import montree
from indicateurs.models import Indicateur, Mesure
from indicateurs.nombres import nombre
from indicateurs.views.base import EcranDuContrat


class IndicateurSuivreView(EcranDuContrat):
    """Les indicateurs du contrat : où en est chacun, et quoi renseigner d'abord."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        visibles = Indicateur.objects.visibles_par(self.agent).filter(contrat=self.contrat)
        retenus = list(visibles.retenus().prefetch_related("millesimes_attendus").pour_liste())
        lectures = lire_tableau(retenus, self.agent)
        lignes = [
            {"indicateur": i, "lectures": lectures[i.pk], "manque": _manque(i, lectures[i.pk])}
            for i in sorted(retenus, key=lambda i: (not i.prioritaire, i.ordre))
        ]
        contexte = {"contrat": self.contrat, "lignes": lignes}
        return render(request, "indicateurs/indicateur_suivre.html", contexte)


def _manque(indicateur: Indicateur, lectures: list[Any]) -> list[str]:
    """Les millésimes attendus qui n'ont aucun chiffre."""
    chiffres = {
        pk
        for ecarts in lectures
        for ligne in ecarts.lignes
        for pk, mesure in ligne.serie.items()
        if mesure.valeur is not None
    }
    return [m.libelle for m in indicateur.millesimes_attendus.all() if m.pk not in chiffres]


class EcranDeLIndicateur(EcranDuContrat):
    """Base : un indicateur retenu du contrat."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Indicateur.objects.visibles_par(request.user).retenus().pour_liste()
        self.indicateur = get_object_or_404(visibles, contrat=self.contrat, cle=kwargs["cle"])

    def page(self, gabarit: str, formulaire: Any, statut: int = 200, **plus: Any) -> HttpResponse:
        contexte = {
            "contrat": self.contrat,
            "object": self.indicateur,
            "formulaire": formulaire,
            **plus,
        }
        return render(self.request, gabarit, contexte, status=statut)


class MesureSaisirView(EcranDeLIndicateur):
    """La grille des mesures, et le formulaire de l'une d'elles."""

    gabarit = "indicateurs/mesure_saisir.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = MesureForm(
            indicateur=self.indicateur,
            initial=self.depart(),
            use_required_attribute=False,
        )
        return self.page(self.gabarit, formulaire, grilles=self.grilles())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = MesureForm(request.POST, indicateur=self.indicateur)
        if not formulaire.is_valid():
            return self.page(self.gabarit, formulaire, 400, grilles=self.grilles())
        try:
            with transaction.atomic():
                ecrites = ecrire_mesures([formulaire.saisie()], par=self.agent, motif="Saisie")
        except MesuresPerimees:
            return self.conflit(formulaire)
        dit = "Mesure enregistrée." if ecrites else "Rien à changer : la mesure était déjà ainsi."
        messages.success(request, dit)
        return redirect("indicateurs:mesure-saisir", self.contrat.slug, self.indicateur.cle)

    def conflit(self, formulaire: MesureForm) -> HttpResponse:
        """409 : la saisie revient, à côté de ce qui est enregistré ; renvoyer la remplace."""
        d = formulaire.cleaned_data
        actuelle = self.mesures().filter(territoire=d["territoire"]).order_by("pk")
        actuelle = next((m for m in actuelle if _meme(m, d["millesime"])), None)
        formulaire.data = formulaire.data.copy()
        formulaire.data["version"] = str(actuelle.version) if actuelle else ""
        formulaire.add_error(None, _dire_conflit(actuelle))
        return self.page(self.gabarit, formulaire, 409, grilles=self.grilles())

    def mesures(self) -> Any:
        visibles = Mesure.objects.visibles_par(self.agent).filter(indicateur=self.indicateur)
        return visibles.select_related("territoire", "millesime").defer("territoire__contour")

    def grilles(self) -> list[Any]:
        return grille(self.indicateur, self.agent)

    def depart(self) -> dict[str, Any]:
        """Ce que l'adresse demande : une case de la grille, vide ou remplie."""
        lieu, date = (self.request.GET.get(nom, "") for nom in ("territoire", "millesime"))
        mesure = self.mesures().filter(territoire__cle=lieu, millesime__cle=date).first()
        if mesure is None:
            champ = MesureForm(indicateur=self.indicateur).fields["territoire"]
            trouve = champ.queryset.filter(cle=lieu).first() if lieu else None
            return {"territoire": trouve, "millesime": date[:60]}
        valeur, _ = montree(mesure.valeur, mesure.statut, mesure.secret_induit)
        return {
            "territoire": mesure.territoire_id,
            "millesime": mesure.millesime.libelle,
            "statut": mesure.statut,
            "valeur": "" if valeur is None else nombre(valeur, _decimales(valeur)),
            "note": mesure.note,
            "version": mesure.version,
        }


def _decimales(valeur: Any) -> int:
    return max(0, -valeur.normalize().as_tuple().exponent)


def _meme(mesure: Mesure, texte: str) -> bool:
    return mesure.millesime.cle == millesimes.lire(texte).cle


def _dire_conflit(actuelle: Mesure | None) -> str:
    if actuelle is None:
        return (
            "Cette mesure n'existe plus : elle a été retirée pendant votre saisie. Rien n'est "
            "enregistré ; renvoyez pour la créer de nouveau."
        )
    valeur, statut = montree(actuelle.valeur, actuelle.statut, actuelle.secret_induit)
    dit = nombre(valeur, _decimales(valeur)) if valeur is not None else statut.label.lower()
    return (
        f"Cette mesure existe déjà ou a changé pendant votre saisie : elle vaut « {dit} ». Rien "
        "n'est enregistré ; comparez, puis renvoyez pour la remplacer."
    )


class AnalyseAjouterView(EcranDeLIndicateur):
    """Écrire ce qu'on comprend ; une autre analyse s'ajoute, aucune ne s'efface."""

    gabarit = "indicateurs/analyse_ajouter.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.gabarit, AnalyseForm(initial={"signature": str(self.agent)}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = AnalyseForm(request.POST)
        if not formulaire.is_valid():
            return self.page(self.gabarit, formulaire, 400)
        analyse = formulaire.save(commit=False)
        analyse.indicateur, analyse.auteur = self.indicateur, self.agent
        analyse.save()
        messages.success(request, "Analyse enregistrée : elle se lit sur la page de l'indicateur.")
        return redirect(self.indicateur)


class CibleFixerView(EcranDeLIndicateur):
    """Fixer ce qu'on vise, dans un quartier ou dans tous."""

    gabarit = "indicateurs/cible_fixer.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.gabarit, CibleForm(indicateur=self.indicateur))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire: forms.ModelForm = CibleForm(request.POST, indicateur=self.indicateur)
        if not formulaire.is_valid():
            return self.page(self.gabarit, formulaire, 400)
        try:
            with transaction.atomic():
                formulaire.save()
        except IntegrityError:  # une autre, la même, posée entre la vérification et l'écriture
            formulaire.add_error(None, "Une cible est déjà fixée là pour cette échéance.")
            return self.page(self.gabarit, formulaire, 409)
        messages.success(request, "Cible fixée.")
        return redirect(self.indicateur)
