"""Pages publiques des fiches."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.generic import DetailView
from django_filters.views import FilterView

from contrats.enums import ListeFiltree
from contrats.filters import FicheFilterSet
from contrats.models import Fiche
from contrats.permissions import Acte, peut
from contrats.presentation.fiche import PageFiche
from contrats.views.cycle import etape_de
from contrats.views.filtres import AvecFiltres


@method_decorator(login_not_required, name="dispatch")
class FicheListView(AvecFiltres, FilterView):
    """Fiches de tous les contrats que le lecteur peut voir, filtrées par l'adresse."""

    liste = ListeFiltree.FICHES
    filterset_class = FicheFilterSet
    paginate_by = 25
    template_name = "contrats/fiche_list.html"

    def get_queryset(self) -> QuerySet[Fiche]:
        return Fiche.objects.visibles_par(self.request.user).pour_liste()


@method_decorator(login_not_required, name="dispatch")
class FicheDetailView(DetailView):
    """Une fiche, ses sections dans l'ordre imprimé et ses actions."""

    slug_field = "cle"
    slug_url_kwarg = "fiche_slug"
    template_name = "contrats/fiche_detail.html"

    def get_queryset(self) -> QuerySet[Fiche]:
        visibles = Fiche.objects.visibles_par(self.request.user)
        return visibles.filter(contrat__slug=self.kwargs["slug"]).pour_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page=PageFiche(self.object, self.request.user),
            peut_modifier=peut(self.request.user, Acte.MODIFIER, self.object),
            **etape_de(self.object, self.request.user),
            **kwargs,
        )
