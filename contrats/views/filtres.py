"""Garder un filtre sous un nom, et le supprimer."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from comptes.models import Utilisateur
from contrats.atelier.champs import Ligne
from contrats.enums import ListeFiltree
from contrats.filtres_enregistres import enregistrer_filtre, filtres_de
from contrats.models import FiltreEnregistre

# Listes où un filtre se garde et se retrouve ; la première est celle de la page personnelle.
PAGES: dict[str, tuple[str, ...]] = {
    ListeFiltree.CONTRATS: ("contrats:contrat-list",),
    ListeFiltree.FICHES: ("contrats:mes-fiches", "contrats:fiche-list"),
    ListeFiltree.ACTIONS: ("contrats:mes-actions", "contrats:action-list"),
}


class AvecFiltres:
    """Liste filtrée qui montre à l'agent ses filtres enregistrés : une requête, pour lui seul."""

    liste: ListeFiltree
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        contexte["liste"] = self.liste
        contexte["filtres_enregistres"] = filtres_de(self.request.user, self.liste)
        return contexte


class FormulaireFiltre(forms.Form):
    """Le nom d'un filtre ; la liste et ses paramètres viennent de la page."""

    nom = Ligne(signes=80, manque="Donnez un nom à ce filtre.", label="Nom du filtre")
    liste = forms.CharField(widget=forms.HiddenInput, required=False)
    parametres = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)


class FiltreEnregistrerView(View):
    """Garde les filtres de la liste sous un nom ; refusés, ils reviennent avec la saisie."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        formulaire = FormulaireFiltre(request.POST, use_required_attribute=False)
        if formulaire.is_valid():
            try:
                filtre = enregistrer_filtre(
                    request, par=cast(Utilisateur, request.user), **formulaire.cleaned_data
                )
            except ValidationError as erreur:
                formulaire.add_error(None, [m for ms in erreur.message_dict.values() for m in ms])
            else:
                messages.success(request, f"Filtre « {filtre} » gardé : vous seul·e le voyez.")
                retour = retour_de(filtre.liste, request.POST.get("retour", ""))
                return redirect(f"{retour}?{filtre.parametres}")
        contexte = {"formulaire": formulaire, "retour": request.POST.get("retour", "")}
        return render(request, "contrats/filtre_refuse.html", contexte, status=400)


class FiltreSupprimerView(View):
    """Supprime un filtre à soi."""

    http_method_names = ["post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        siens = FiltreEnregistre.objects.filter(utilisateur=request.user.pk)  # hors d'eux, 404
        self.filtre = get_object_or_404(siens, pk=kwargs["pk"])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.filtre.delete()
        messages.success(request, f"Filtre « {self.filtre} » supprimé.")
        return redirect(retour_de(self.filtre.liste, request.POST.get("retour", "")))


def retour_de(liste: str, voulu: str) -> str:
    """La page d'où l'on vient, si c'est une liste de ce genre ; sinon la première."""
    adresses = [reverse(nom) for nom in PAGES[liste]]
    return voulu if voulu in adresses else adresses[0]
