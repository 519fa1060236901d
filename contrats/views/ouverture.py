"""Ouvrir un contrat, dupliquer une fiche, télécharger l'original d'un contrat repris."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views import View

from comptes.models import Utilisateur
from contrats.atelier.annuaire import Annuaire
from contrats.contenu.forme import ContenuInvalide
from contrats.duplication import dupliquer_fiche, partir_de
from contrats.models import Contrat, OriginalSigne
from contrats.ouverture import FormulaireReprise, FormulaireSuite
from contrats.permissions import Acte, peut
from contrats.reprise import reprendre, territoires_de_reprise
from contrats.views.atelier import FicheAtelierView
from contrats.views.masse import organismes_proposes


class FicheDupliquerView(FicheAtelierView):
    """Une fiche de plus, partie de celle-ci."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.MODIFIER)
        try:
            copie = dupliquer_fiche(self.fiche, par=self.agent)
        except ContenuInvalide as erreur:
            messages.error(request, f"La fiche n'est pas dupliquée : {erreur}")
            return redirect(self.adresse("fiche-historique"))
        messages.success(
            request, "Fiche dupliquée, en brouillon, sans suivi : donnez-lui un titre."
        )
        return redirect("contrats:fiche-modifier", public_id=copie.public_id)


class ContratSuiteView(View):
    """Partir d'un contrat pour ouvrir le suivant."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        contrats = Contrat.objects.habilites(self.agent)
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(self.agent, Acte.OUVRIR, self.contrat):
            raise PermissionDenied(f"{Acte.OUVRIR.label} : votre rôle ne le permet pas.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(FormulaireSuite())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = FormulaireSuite(request.POST)
        if formulaire.is_valid():
            try:
                contrat = partir_de(self.contrat, formulaire.suite(), par=self.agent)
            except (ValidationError, ContenuInvalide) as erreur:
                _refuser(formulaire, erreur)
            else:
                messages.success(request, f"« {contrat} » est ouvert, en préparation.")
                return redirect(contrat)
        return self.page(formulaire, 400)

    def page(self, formulaire: FormulaireSuite, statut: int = 200) -> HttpResponse:
        contexte = {"formulaire": formulaire, "contrat": self.contrat}
        return render(self.request, "contrats/contrat_suite.html", contexte, status=statut)


class ContratReprendreView(View):
    """Entrer un contrat signé avant l'outil."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.agent = cast(Utilisateur, request.user)
        if request.user.is_authenticated and not territoires_de_reprise(self.agent):
            raise PermissionDenied("Reprendre un contrat : pilotez-en déjà un sur ce territoire.")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(FormulaireReprise(agent=self.agent))

    def post(self, request: HttpRequest) -> HttpResponse:
        formulaire = FormulaireReprise(request.POST, request.FILES, agent=self.agent)
        if formulaire.is_valid():
            try:
                contrat = reprendre(formulaire.reprise(), par=self.agent)
            except ValidationError as erreur:
                _refuser(formulaire, erreur)
            else:
                messages.success(request, f"« {contrat} » est entré, signé, avec son original.")
                return redirect(contrat)
        return self.page(formulaire, 400)

    def page(self, formulaire: FormulaireReprise, statut: int = 200) -> HttpResponse:
        contexte = {
            "formulaire": formulaire,
            "organismes": organismes_proposes(Annuaire(self.agent)),
        }
        return render(self.request, "contrats/contrat_reprendre.html", contexte, status=statut)


class OriginalView(View):
    """Les octets déposés, tels quels, pour les agents du contrat."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        contrats = Contrat.objects.habilites(cast(Utilisateur, request.user))
        original = get_object_or_404(OriginalSigne, contrat__slug=slug, contrat__in=contrats)
        nom = content_disposition_header(True, original.nom)
        return HttpResponse(
            bytes(original.octets),
            content_type="application/pdf",
            headers={"Content-Disposition": nom or "attachment"},
        )


def _refuser(formulaire: Any, erreur: ValidationError | ContenuInvalide) -> None:
    """Le refus, sur son champ quand le formulaire l'a."""
    if isinstance(erreur, ContenuInvalide):
        formulaire.add_error(None, str(erreur))
        return
    for champ, phrases in getattr(erreur, "message_dict", {"": erreur.messages}).items():
        formulaire.add_error(champ if champ in formulaire.fields else None, phrases)
