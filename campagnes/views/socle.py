"""La campagne de l'adresse, le droit exigé."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from campagnes.models import Campagne
from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut


class AgentView(View):
    """Page d'un agent ; `acte` est ce que son rôle doit permettre sur le contrat."""

    acte = Acte.MODIFIER

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        self.trouver(**kwargs)

    def trouver(self, **kwargs: Any) -> None:
        """Pose l'objet de l'adresse, et `self.contrat` ; hors périmètre, 404."""
        campagnes = Campagne.objects.visibles_par(self.agent)
        campagnes = campagnes.select_related("contrat", "cree_par")
        self.campagne = get_object_or_404(campagnes, public_id=kwargs["public_id"])
        self.contrat: Contrat = self.campagne.contrat

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(self.agent, self.acte, self.contrat):
            raise PermissionDenied(f"{self.acte.label} : votre rôle ne le permet pas.")
        return super().dispatch(request, *args, **kwargs)

    def refuser(self, erreur: Exception) -> HttpResponse:
        """Mauvais état : 409, et par où continuer."""
        contexte = {"campagne": self.campagne, "erreur": str(erreur)}
        return render(self.request, "campagnes/refus.html", contexte, status=409)
