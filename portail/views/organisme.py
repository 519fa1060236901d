"""Annuaire public des organismes : leurs pages croisent contrats et gouvernance."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.decorators import method_decorator
from django.views.generic import DetailView
from django_filters.views import FilterView

from partenaires.filters import OrganismeFilterSet
from partenaires.models import Organisme
from portail.organisme import PageOrganisme


@method_decorator(login_not_required, name="dispatch")
class OrganismeListView(FilterView):
    """Organismes de l'annuaire, filtrés par l'adresse."""

    filterset_class = OrganismeFilterSet
    paginate_by = 40
    template_name = "partenaires/organisme_list.html"

    def get_queryset(self) -> QuerySet[Organisme]:
        return Organisme.objects.visibles_par(self.request.user).pour_liste()


@method_decorator(login_not_required, name="dispatch")
class OrganismeDetailView(DetailView):
    """Un organisme ; l'adresse d'un organisme fusionné mène à celui qui l'a repris."""

    slug_field = "cle"
    slug_url_kwarg = "cle"
    template_name = "partenaires/organisme_detail.html"

    def get_queryset(self) -> QuerySet[Organisme]:
        visibles = Organisme.objects.visibles_par(self.request.user)
        return visibles.select_related("territoire").prefetch_related(
            "alias", "composants", "ensembles"
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        fusionne = Organisme.objects.filter(cle=kwargs["cle"]).exclude(fusionne_dans=None)
        cible = fusionne.select_related("fusionne_dans").first()
        if cible:
            return HttpResponsePermanentRedirect(cible.fusionne_dans.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = PageOrganisme(self.object, self.request.user)
        return super().get_context_data(page=page, **kwargs)
