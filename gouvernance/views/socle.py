"""La séance de l'adresse, le droit exigé."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from edition.ecriture import VersionPerimee
from gouvernance.models import Seance


class AgentView(View):
    """Page d'un agent ; `acte` est ce que son rôle doit permettre sur le contrat."""

    acte = Acte.MODIFIER
    seance: Seance | None
    retour: Any = None  # où l'on continue après un refus ; à défaut, la séance

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)  # LoginRequiredMiddleware est passé
        self.trouver(**kwargs)

    def trouver(self, **kwargs: Any) -> None:
        """Pose la séance de l'adresse et son contrat ; hors périmètre, 404."""
        contrats = Contrat.objects.habilites(self.agent).values("pk")
        siennes = Seance.objects.filter(instance__contrat__in=contrats)
        siennes = siennes.select_related("instance__contrat")
        self.seance = get_object_or_404(siennes, public_id=kwargs["public_id"])
        self.contrat: Contrat = self.seance.contrat

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(self.agent, self.acte, self.contrat):
            raise PermissionDenied(f"{self.acte.label} : votre rôle ne le permet pas.")
        try:
            return super().dispatch(request, *args, **kwargs)
        except (TransitionImpossible, VersionPerimee) as erreur:
            return self.refuser(erreur)

    def refuser(self, erreur: Exception) -> HttpResponse:
        """Mauvais état ou version périmée : 409, avec ce qui a été tapé et par où continuer."""
        saisie = [(n, v) for n, v in self.request.POST.items() if " " in v.strip()]
        contexte = {"retour": self.retour or self.seance, "erreur": str(erreur), "saisie": saisie}
        return render(self.request, "gouvernance/refus.html", contexte, status=409)
