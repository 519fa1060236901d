"""Le tableau de bord d'un contrat, en un appel."""

from typing import Any

import django_filters
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.request import Request

from api.problemes import ParametreInvalide
from api.vues import LectureViewSet
from contrats.models import Contrat
from tableaux.api.serializers import TableauSerializer
from tableaux.forms import DateDuTableau
from tableaux.perimetre import du_contrat
from tableaux.tableau import tableau
from tableaux.tables import en_objet


class TableauFilterSet(django_filters.FilterSet):
    """Les dates de la page."""

    au = django_filters.DateFilter(label="À la date du (aujourd'hui par défaut)")
    depuis = django_filters.DateFilter(label="Date à comparer (le comité précédent par défaut)")


class TableauViewSet(LectureViewSet):
    """Tableau de bord d'un contrat à une date : chiffres, carte, avancement, mouvements.

    Mêmes valeurs que la page du comité et que ses fichiers. `au` relit le passé.
    """

    queryset = Contrat.objects.none()
    serializer_class = TableauSerializer
    filterset_class = TableauFilterSet
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ressource = "tableau-de-bord"
    filtres_de_l_objet = True

    @classmethod
    def filtres(cls) -> dict[str, Any]:
        return dict(TableauFilterSet.base_filters)

    def retrieve(self, request: Request, slug: str) -> HttpResponseBase:
        self.refuser_inconnus({"format", *self.filtres()})
        contrat = Contrat.objects.visibles_par(request.user).filter(slug=slug).first()
        if contrat is None:
            raise exceptions.NotFound
        dates = DateDuTableau(request.query_params)
        if not dates.is_valid():
            raise ParametreInvalide(dates.errors)
        t = tableau(du_contrat(contrat), request.user, **dates.cleaned_data)
        url = request.build_absolute_uri()
        return self.reponse({"contrat": contrat.slug, "url": url, **en_objet(t)})
