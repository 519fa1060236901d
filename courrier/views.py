"""La boîte à l'écran de la démonstration : ce que les destinataires auraient reçu."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.generic import DetailView
from django_filters.views import FilterView

from courrier.filters import CourrielFilterSet
from courrier.models import Courriel


@method_decorator(login_not_required, name="dispatch")
class BoiteDeDemonstration:
    """Ouverte à qui essaie la démonstration, même sans compte ; n'existe pas ailleurs."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMONSTRATION:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Courriel]:
        return Courriel.objects.pour_boite()


class CourrielListView(BoiteDeDemonstration, FilterView):
    filterset_class = CourrielFilterSet
    paginate_by = 50
    template_name = "courrier/courriel_list.html"


class CourrielDetailView(BoiteDeDemonstration, DetailView):
    template_name = "courrier/courriel_detail.html"
