"""Pages publiques des territoires et des quartiers : elles croisent contrats et organismes."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import DetailView, RedirectView
from django_filters.views import FilterView

from portail.quartier import PortraitQuartier
from portail.quartiers import designes_par, par_generation
from portail.territoire import PageTerritoire
from territoires.enums import TypeTerritoire
from territoires.filters import QuartierFilterSet, TerritoireFilterSet
from territoires.models import Rattachement, Territoire
from texte.markdown import nettoyer
from texte.recherche import LONGUEUR_MAX


@method_decorator(login_not_required, name="dispatch")
class TerritoireListView(FilterView):
    """Territoires du référentiel, filtrés par l'adresse."""

    filterset_class = TerritoireFilterSet
    paginate_by = 40
    template_name = "territoires/territoire_list.html"

    def get_queryset(self) -> QuerySet[Territoire]:
        return Territoire.objects.visibles_par(self.request.user).pour_liste()


@method_decorator(login_not_required, name="dispatch")
class TerritoireDetailView(DetailView):
    """Un territoire et tout ce qui le concerne ; un quartier prioritaire a son portrait."""

    slug_field = "cle"
    slug_url_kwarg = "cle"

    @property
    def est_un_quartier(self) -> bool:
        return self.object.type == TypeTerritoire.QPV

    def get_template_names(self) -> list[str]:
        gabarit = "quartier_detail" if self.est_un_quartier else "territoire_detail"
        return [f"territoires/{gabarit}.html"]

    def get_queryset(self) -> QuerySet[Territoire]:
        directs = Rattachement.objects.select_related("parent").order_by("parent__nom", "pk")
        compris = Rattachement.objects.select_related("enfant").order_by("enfant__nom", "pk")
        return Territoire.objects.visibles_par(self.request.user).prefetch_related(
            "alias",
            Prefetch("rattachements", directs),
            Prefetch("rattachements_enfants", compris),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = PortraitQuartier if self.est_un_quartier else PageTerritoire
        return super().get_context_data(page=page(self.object, self.request.user), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class QuartierListView(FilterView):
    """Quartiers prioritaires : une carte et un tableau par génération."""

    filterset_class = QuartierFilterSet
    paginate_by = 100
    template_name = "territoires/quartier_list.html"

    def get_queryset(self) -> QuerySet[Territoire]:
        visibles = Territoire.objects.visibles_par(self.request.user)
        quartiers = visibles.filter(type=TypeTerritoire.QPV)
        return quartiers.prefetch_related("rattachements__parent").order_by(
            "generation", "nom", "pk"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte = super().get_context_data(**kwargs)
        generations = par_generation(contexte["object_list"], self.request.user)
        return contexte | {"generations": generations}


@method_decorator(login_not_required, name="dispatch")
class QuartierAdresseView(RedirectView):
    """`/quartiers/QP031008/`, `/quartiers/Arènes/` : mène au portrait, ou à la liste si le nom vaut
    pour plusieurs générations."""

    http_method_names = ["get", "head", "options"]

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        nom = nettoyer(kwargs["nom"])[:LONGUEUR_MAX]
        visibles = Territoire.objects.visibles_par(self.request.user)
        match designes_par(nom, visibles):
            case []:
                raise Http404(f"Aucun quartier prioritaire ne s'appelle « {nom} ».")
            case [seul]:
                return seul.get_absolute_url()
            case _:
                return reverse("territoires:quartier-list", query={"q": nom})
