"""Les décisions des comités : ce qui reste à faire, en retard, fait ; la liste et ses filtres."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django_filters.views import FilterView

from gouvernance.filters import DecisionFilterSet
from gouvernance.lisibles import Lisibles
from gouvernance.models import Decision


@method_decorator(login_not_required, name="dispatch")
class DecisionListView(FilterView):
    """Décisions que le lecteur peut voir, filtrées par l'adresse : d'un contrat, d'une instance,
    d'un organisme, à faire, en retard."""

    filterset_class = DecisionFilterSet
    paginate_by = 25
    template_name = "gouvernance/decision_list.html"

    def get_queryset(self) -> QuerySet[Decision]:
        return Decision.objects.visibles_par(self.request.user).pour_liste()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte = super().get_context_data(**kwargs)
        contexte["lisibles"] = Lisibles(contexte["object_list"], self.request.user)
        return contexte
