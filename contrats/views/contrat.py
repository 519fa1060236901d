"""Pages publiques des contrats."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.generic import DetailView
from django_filters.views import FilterView

from contrats.enums import ListeFiltree
from contrats.filters import ContratFilterSet
from contrats.models import Contrat
from contrats.presentation.comptes import avec_comptes
from contrats.presentation.contrat import PageContrat
from contrats.views.cycle import etape_de
from contrats.views.filtres import AvecFiltres


@method_decorator(login_not_required, name="dispatch")
class ContratListView(AvecFiltres, FilterView):
    """Contrats que le lecteur peut voir, filtrés par l'adresse."""

    liste = ListeFiltree.CONTRATS
    filterset_class = ContratFilterSet
    paginate_by = 20
    template_name = "contrats/contrat_list.html"

    def get_queryset(self) -> QuerySet[Contrat]:
        visibles = Contrat.objects.visibles_par(self.request.user)
        return avec_comptes(visibles, self.request.user).pour_liste()


@method_decorator(login_not_required, name="dispatch")
class ContratDetailView(DetailView):
    """Un contrat entier : parties, textes, gouvernance, fiches, signatures."""

    template_name = "contrats/contrat_detail.html"

    def get_queryset(self) -> QuerySet[Contrat]:
        visibles = Contrat.objects.visibles_par(self.request.user)
        return avec_comptes(visibles, self.request.user).pour_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = PageContrat(self.object, self.request.user)
        etape = etape_de(self.object, self.request.user)
        return super().get_context_data(page=page, **etape, **kwargs)
