"""Base des écrans d'agent : le contrat de l'adresse, où il a le droit d'écrire."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.views import View

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut


class EcranDuContrat(View):
    """Hors périmètre 404, sans droit de modifier 403."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Contrat.objects.visibles_par(request.user)
        self.contrat = get_object_or_404(visibles, slug=kwargs["slug"])
        self.agent = cast(Utilisateur, request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(request.user, Acte.MODIFIER, self.contrat):
            raise PermissionDenied(
                "Votre rôle sur ce contrat ne permet pas d'en écrire les mesures."
            )
        return super().dispatch(request, *args, **kwargs)
