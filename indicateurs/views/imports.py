"""Importer des mesures : déposer un fichier ou coller une grille, relire, appliquer, annuler."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from contrats.atelier.enregistrement import lire_version
from contrats.atelier.page import moment
from contrats.models import Contrat
from edition.ecriture import VersionPerimee
from indicateurs import millesimes
from indicateurs.ecriture import MesuresPerimees
from indicateurs.importation import sessions
from indicateurs.importation.plan import Prevue
from indicateurs.models import ImportMesures, Indicateur
from indicateurs.nombres import brut
from indicateurs.views.base import EcranDuContrat
from perr.importation.formes import FichierRefuse
from perr.importation.lecteur import verifier_taille

PAR_PAGE = 40
REFUS = (VersionPerimee, sessions.ImportImpossible, MesuresPerimees)


class DepotForm(forms.Form):
    """Un fichier ou une grille, et ce qu'ils ne disent pas d'eux-mêmes."""

    fichier = forms.FileField(
        label="Fichier",
        required=False,
        max_length=200,
        help_text="CSV ou classeur XLSX : une mesure par ligne, une colonne par millésime, ou une "
        "par indicateur.",
        error_messages={"empty": "Le fichier est vide : déposez un CSV ou un classeur XLSX."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "class": "saisie"}),
    )
    grille = forms.CharField(
        label="Ou collez une grille",
        required=False,
        max_length=500_000,
        strip=False,
        help_text="Copiée d'un tableur, avec sa ligne d'en-tête : territoire, puis les millésimes.",
        widget=forms.Textarea(attrs={"rows": 8, "class": "tel-quel", "spellcheck": "false"}),
    )
    indicateur = forms.ModelChoiceField(
        label="Indicateur",
        queryset=None,
        required=False,
        empty_label="Le tableau le dit",
        to_field_name="cle",
        help_text="Pour un tableau qui ne le dit pas.",
    )
    millesime = forms.CharField(
        label="Millésime",
        required=False,
        max_length=60,
        help_text="Pour un tableau qui ne le dit pas : 2019, 1er janvier 2015, 2013-2017.",
    )

    def __init__(self, *args: Any, contrat: Contrat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        siens = Indicateur.objects.filter(contrat=contrat).retenus()
        self.fields["indicateur"].queryset = siens.order_by("ordre", "pk")

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        try:
            verifier_taille(fichier.size if fichier else 0)
        except FichierRefuse as erreur:
            raise forms.ValidationError(str(erreur)) from erreur
        return fichier

    def clean_millesime(self) -> str:
        texte = self.cleaned_data["millesime"]
        try:
            return millesimes.lire(texte).libelle if texte else ""
        except millesimes.MillesimeInvalide as erreur:
            raise forms.ValidationError(str(erreur)) from None

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        fichier, grille = donnees.get("fichier"), (donnees.get("grille") or "").strip()
        if not fichier and not grille and "fichier" not in self.errors:
            self.add_error("fichier", "Choisissez un fichier, ou collez une grille.")
        if fichier and grille:
            self.add_error("grille", "Un fichier ou une grille, pas les deux : effacez l'un.")
        return donnees

    def dits(self) -> dict[str, Any]:
        """Ce que l'agent dit du tableau."""
        return {
            "indicateur": self.cleaned_data["indicateur"],
            "millesime_dit": self.cleaned_data["millesime"],
        }

    def source(self) -> tuple[str, str, bytes]:
        """Champ, nom et octets du tableau."""
        fichier = self.cleaned_data.get("fichier")
        if fichier:
            return "fichier", fichier.name, fichier.read()
        octets = sessions.octets_de_la_grille(self.cleaned_data["grille"])
        return "grille", sessions.GRILLE, octets


class DepotListView(EcranDuContrat):
    """Déposer un tableau, et retrouver les imports passés ou en cours."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(DepotForm(contrat=self.contrat))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = DepotForm(request.POST, request.FILES, contrat=self.contrat)
        if not formulaire.is_valid():
            return self.page(formulaire, status=400)
        champ, nom, octets = formulaire.source()
        dits = formulaire.dits()
        try:
            depose = sessions.deposer(self.contrat, nom, octets, par=self.agent, **dits)
        except FichierRefuse as erreur:
            formulaire.add_error(champ, str(erreur))
            return self.page(formulaire, status=400)
        return redirect("indicateurs:depot-detail", self.contrat.slug, depose.public_id)

    def page(self, formulaire: DepotForm, status: int = 200) -> HttpResponse:
        imports = ImportMesures.objects.visibles_par(self.agent).filter(contrat=self.contrat)
        page = Paginator(imports.pour_liste(), PAR_PAGE).get_page(self.request.GET.get("page"))
        contexte = {
            "contrat": self.contrat,
            "formulaire": formulaire,
            "page_obj": page,
            "lignes": [{"objet": o, "quand": moment(o.depose_le)} for o in page],
        }
        return render(self.request, "indicateurs/depot_list.html", contexte, status=status)


class DepotDetailView(EcranDuContrat):
    """L'aperçu d'un tableau déposé ; chaque bouton marche sans JavaScript."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        imports = ImportMesures.objects.visibles_par(request.user).filter(contrat=self.contrat)
        imports = imports.select_related("contrat", "depose_par", "indicateur")
        self.objet = get_object_or_404(imports, public_id=kwargs["public_id"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        gestes = {
            "appliquer": self.appliquer,
            "abandonner": self.abandonner,
            "annuler": self.annuler,
        }
        geste = gestes.get(request.POST.get("geste", ""))
        if geste is None:
            return self.page(erreur="Choisissez un des boutons de la page.", status=400)
        try:
            phrase = geste(lire_version(request.POST))
        except REFUS as erreur:
            self.objet.refresh_from_db()
            return self.page(erreur=str(erreur), status=409)
        messages.success(request, phrase)
        return redirect("indicateurs:depot-detail", self.contrat.slug, self.objet.public_id)

    def appliquer(self, version: int) -> str:
        jeton = self.request.POST.get("jeton", "")
        sessions.appliquer(self.objet, version=version, jeton=jeton, par=self.agent)
        bilan = self.objet.bilan
        return f"Importé : {bilan['créée']} mesures créées, {bilan['modifiée']} modifiées."

    def abandonner(self, version: int) -> str:
        sessions.abandonner(self.objet, version=version, par=self.agent)
        return "Import abandonné : rien n'est écrit."

    def annuler(self, version: int) -> str:
        sessions.annuler(self.objet, version=version, par=self.agent)
        return "Import annulé : chaque mesure est revenue à son état d'avant."

    def page(self, erreur: str = "", status: int = 200) -> HttpResponse:
        contexte: dict[str, Any] = {
            "contrat": self.contrat,
            "objet": self.objet,
            "depose": moment(self.objet.depose_le),
            "erreur": erreur,
        }
        if self.objet.est_ouvert:
            contexte |= self.apercu()
        return render(self.request, "indicateurs/depot_detail.html", contexte, status=status)

    def apercu(self) -> dict[str, Any]:
        plan = sessions.plan_de(self.objet)
        page = Paginator(plan.changements, PAR_PAGE).get_page(self.request.GET.get("page"))
        return {
            "plan": plan,
            "page_obj": page,
            "comptes": [(s, plan.nombre(s)) for s in ("créée", "modifiée", "inchangée")],
            "lignes": [_ligne(p) for p in page],
        }


def _ligne(prevue: Prevue) -> dict[str, Any]:
    avant = prevue.avant
    return {
        "prevue": prevue,
        "avant": _dire(*avant) if avant else "",
        "apres": _dire(prevue.valeur, prevue.statut),
    }


def _dire(valeur: Any, statut: Any) -> str:
    if valeur is None:
        return f"{statut.label} ({statut.signe})"
    texte = (brut(valeur) or "").replace(".", ",").replace("-", "\u2212")
    return f"{texte} p" if statut == "provisoire" else texte
