"""L'import d'un tableau : déposer, relire, répondre, appliquer, annuler."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from comptes.models import Utilisateur
from contrats.atelier.enregistrement import lire_version
from contrats.atelier.page import moment
from contrats.enums import TypeContrat
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from edition.ecriture import VersionPerimee
from perr.ecriture import AnnulationImpossible, CellulesInvalides, CellulesPerimees
from perr.importation import sessions
from perr.importation.apercu import Apercu
from perr.importation.formes import FichierRefuse
from perr.importation.lecteur import verifier_taille
from perr.models import Import

PAR_PAGE = 40
REFUS = (
    VersionPerimee,
    sessions.ImportImpossible,
    AnnulationImpossible,
    CellulesPerimees,
    CellulesInvalides,
)


class DepotForm(forms.Form):
    """Le fichier ; sa nature se juge en le lisant, jamais sur son nom."""

    fichier = forms.FileField(
        label="Tableau du PERR",
        max_length=200,
        help_text="Classeur XLSX (une feuille par annexe) ou fichier CSV. Rien n'est écrit avant "
        "que vous ayez relu l'aperçu.",
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Le fichier est vide : déposez un classeur XLSX ou un fichier CSV.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "class": "saisie"}),
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        try:
            verifier_taille(fichier.size)
        except FichierRefuse as erreur:
            raise forms.ValidationError(str(erreur)) from erreur
        return fichier


class ImportView(View):
    """Base : le contrat de l'adresse, où l'agent a le droit de modifier."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        perr = Contrat.objects.visibles_par(request.user).filter(type=TypeContrat.PERR)
        self.contrat = get_object_or_404(perr, slug=kwargs["slug"])
        self.agent = cast(Utilisateur, request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(request.user, Acte.MODIFIER, self.contrat):
            raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'y importer.")
        return super().dispatch(request, *args, **kwargs)


class ImportListView(ImportView):
    """Déposer un fichier, et retrouver les imports passés ou en cours."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(DepotForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = DepotForm(request.POST, request.FILES)
        if not formulaire.is_valid():
            return self.page(formulaire, status=400)
        fichier = formulaire.cleaned_data["fichier"]
        try:
            depose = sessions.deposer(self.contrat, fichier.name, fichier.read(), par=self.agent)
        except FichierRefuse as erreur:
            formulaire.add_error("fichier", str(erreur))
            return self.page(formulaire, status=400)
        return redirect("perr:import-detail", self.contrat.slug, depose.public_id)

    def page(self, formulaire: DepotForm, status: int = 200) -> HttpResponse:
        imports = Import.objects.visibles_par(self.agent).filter(contrat=self.contrat).pour_liste()
        page = Paginator(imports, PAR_PAGE).get_page(self.request.GET.get("page"))
        contexte = {
            "contrat": self.contrat,
            "formulaire": formulaire,
            "page_obj": page,
            "lignes": [{"objet": o, "quand": moment(o.depose_le)} for o in page],
        }
        return render(self.request, "perr/import_list.html", contexte, status=status)


class ImportDetailView(ImportView):
    """L'aperçu d'un fichier déposé ; chaque bouton marche sans JavaScript."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        imports = Import.objects.visibles_par(request.user).filter(contrat=self.contrat)
        imports = imports.select_related("contrat", "depose_par", "lot__contrat")
        self.objet = get_object_or_404(imports, public_id=kwargs["public_id"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        gestes = {
            "repondre": self.repondre,
            "appliquer": self.appliquer,
            "abandonner": self.abandonner,
            "annuler": self.annuler,
            "reprendre": self.reprendre,
        }
        geste = gestes.get(request.POST.get("geste", ""), self.repondre)
        try:
            phrase = geste(lire_version(request.POST))
        except REFUS as erreur:
            self.objet.refresh_from_db()
            return self.page(erreur=str(erreur), status=409)
        messages.success(request, phrase)
        return redirect("perr:import-detail", self.contrat.slug, self.objet.public_id)

    def repondre(self, version: int) -> str:
        reponses = self.reponses()
        sessions.repondre(self.objet, reponses, version=version, par=self.agent)
        return "Réponses enregistrées : l'aperçu en tient compte."

    def reponses(self) -> dict[str, str]:
        return {n[2:]: str(v) for n, v in self.request.POST.items() if n.startswith("r-")}

    def appliquer(self, version: int) -> str:
        nouvelles = {c: r for c, r in self.reponses().items() if r != self.objet.reponses.get(c)}
        if self.change_l_apercu(nouvelles):
            self.repondre(version)
            return "Vos réponses ont changé l'aperçu : relisez-le, puis importez."
        sessions.appliquer_import(
            self.objet, version=version, jeton=self.request.POST.get("jeton", ""), par=self.agent
        )
        bilan = self.objet.bilan
        return (
            f"Importé : {bilan['crees']} cellules créées, {bilan['modifies']} modifiées, "
            f"{bilan['vides']} vidées."
        )

    def change_l_apercu(self, nouvelles: dict[str, str]) -> bool:
        """Une réponse égale à la proposition déjà suivie ne change rien."""
        retenues = {a.cle: a.retenue for a in sessions.plan_de(self.objet).anomalies}
        return any(r != retenues.get(c, "") for c, r in nouvelles.items())

    def abandonner(self, version: int) -> str:
        sessions.abandonner(self.objet, version=version, par=self.agent)
        return "Import abandonné : rien n'est écrit."

    def annuler(self, version: int) -> str:
        sessions.annuler_import(self.objet, version=version, par=self.agent)
        return "Import annulé : chaque cellule est revenue à son état d'avant."

    def reprendre(self, version: int) -> str:
        self.objet = sessions.reprendre(self.objet, par=self.agent)
        return "Le même fichier, avec vos réponses, est de nouveau à relire."

    def page(self, erreur: str = "", status: int = 200) -> HttpResponse:
        contexte: dict[str, Any] = {
            "contrat": self.contrat,
            "objet": self.objet,
            "depose": moment(self.objet.depose_le),
            "erreur": erreur,
            "adresse": reverse("perr:import-list", args=[self.contrat.slug]),
        }
        if self.objet.est_ouvert:
            apercu = Apercu(sessions.plan_de(self.objet, self.reponses()))
            page = Paginator(apercu.changements, PAR_PAGE).get_page(self.request.GET.get("page"))
            contexte |= {"apercu": apercu, "page_obj": page}
        return render(self.request, "perr/import_detail.html", contexte, status=status)
