"""Pages publiques des actions."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.generic import DetailView
from django_filters.views import FilterView

from contrats.enums import ListeFiltree
from contrats.filters import ActionFilterSet
from contrats.models import Action
from contrats.presentation.action import PageAction
from contrats.presentation.comptes import compter
from contrats.views.cycle import etape_de
from contrats.views.filtres import AvecFiltres


@method_decorator(login_not_required, name="dispatch")
class ActionListView(AvecFiltres, FilterView):
    """Actions de tous les contrats que le lecteur peut voir, filtrées par l'adresse."""

    liste = ListeFiltree.ACTIONS
    filterset_class = ActionFilterSet
    paginate_by = 25
    template_name = "contrats/action_list.html"

    def get_queryset(self) -> QuerySet[Action]:
        return Action.objects.visibles_par(self.request.user).pour_liste()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        comptes = compter(self.object_list)[None]
        return super().get_context_data(comptes=comptes, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class ActionDetailView(DetailView):
    """Une action : son suivi, ses partenaires, ses territoires, ses sous-points."""

    slug_field = "public_id"
    slug_url_kwarg = "public_id"
    template_name = "contrats/action_detail.html"

    def get_queryset(self) -> QuerySet[Action]:
        return Action.objects.visibles_par(self.request.user).pour_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = PageAction(self.object, self.request.user)
        etape = etape_de(self.object, self.request.user)
        return super().get_context_data(page=page, **etape, **kwargs)
