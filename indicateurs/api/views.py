"""Lecture des indicateurs, de leurs mesures et de l'écart."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.request import Request

from api import exports, formats
from api.problemes import ParametreInvalide
from api.vues import LectureViewSet, contexte
from indicateurs.api.serializers import (
    COLONNES_INDICATEURS,
    COLONNES_MESURES,
    EcartsSerializer,
    IndicateurBrefSerializer,
    IndicateurSerializer,
    MesureSerializer,
    lecture_entiere,
)
from indicateurs.filters import EcartsFilterSet, IndicateurFilterSet, MesureFilterSet
from indicateurs.lecture import lire_generations
from indicateurs.models import Indicateur, Mesure


class IndicateurViewSet(LectureViewSet):
    """Indicateurs des contrats publiés, retenus ou écartés, et la phrase qui dit leur écart.

    Le détail quartier par quartier se lit en un appel : `/api/v1/indicateurs/<id>/ecarts/`.
    """

    queryset = Indicateur.objects.none()
    serializer_class = IndicateurSerializer
    filterset_class = IndicateurFilterSet
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    ressource = "indicateurs"
    ordre_export = ("contrat", "ordre", "pk")
    colonnes = COLONNES_INDICATEURS

    def get_queryset(self) -> QuerySet[Indicateur]:
        return Indicateur.objects.visibles_par(self.request.user)


class MesureViewSet(LectureViewSet):
    """Mesures des indicateurs : une valeur ou la raison de son absence, jamais une valeur secrète.

    Aucun filtre ni tri ne porte sur la valeur. Une valeur inventée porte `demonstration`.
    """

    queryset = Mesure.objects.none()
    serializer_class = MesureSerializer
    filterset_class = MesureFilterSet
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    ressource = "mesures"
    ordre_export = ("indicateur", "millesime__fin", "territoire__nom", "pk")
    colonnes = COLONNES_MESURES

    def get_queryset(self) -> QuerySet[Mesure]:
        return Mesure.objects.visibles_par(self.request.user)

    def exporter(self, queryset: QuerySet, forme: str) -> StreamingHttpResponse:
        """Dans un tableau, la valeur est un nombre : ni texte, ni apostrophe de tableur."""
        if forme not in (formats.Xlsx.format, formats.Csv.format):
            return super().exporter(queryset, forme)
        lots = self.lecture.par_lots(queryset.order_by(*self.ordre_export), contexte(self.request))
        if forme == formats.Csv.format:
            return self.flux(exports.en_csv(_nombres(lots, Decimal), self.colonnes), forme)
        nombres = _nombres(lots, float)
        return self.flux(exports.en_xlsx(nombres, self.colonnes, self.ressource), forme)


def _nombres(
    lots: Iterable[list[dict[str, Any]]], nombre: Callable[[str], Any]
) -> Iterator[list[dict[str, Any]]]:
    for lot in lots:
        yield [{**o, "valeur": None if o["valeur"] is None else nombre(o["valeur"])} for o in lot]


class EcartsViewSet(LectureViewSet):
    """L'écart d'un indicateur, quartier par quartier, et la phrase qui le dit.

    `a_la_date` : ce qu'on savait ce jour-là, moins ce qui est devenu secret depuis.
    """

    queryset = Indicateur.objects.none()
    serializer_class = EcartsSerializer
    filterset_class = EcartsFilterSet
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    ressource = "ecarts"
    filtres_de_l_objet = True

    def retrieve(self, request: Request, **cle: Any) -> HttpResponseBase:
        self.refuser_inconnus({"format", *self.filtres()})
        visibles = Indicateur.objects.visibles_par(request.user).select_related("reference")
        indicateur = visibles.filter(**cle).first()
        if indicateur is None:
            raise exceptions.NotFound
        jeu = EcartsFilterSet(request.query_params, request=request)
        if not jeu.is_valid():
            raise ParametreInvalide(jeu.errors)
        return self.reponse(
            {
                "indicateur": IndicateurBrefSerializer(indicateur).data,
                "url": request.build_absolute_uri(),
                **self.lectures(indicateur, **jeu.form.cleaned_data),
            }
        )

    def lectures(self, indicateur: Indicateur, **choix: Any) -> dict[str, Any]:
        """Ce que la date et la génération demandées laissent à dire."""
        date, generation = choix["a_la_date"], choix["generation"]
        lues = lire_generations(indicateur, self.request.user, a_la_date=date)
        retenues = [e for e in lues if generation in (None, e.generation)]
        return {"a_la_date": date, "lectures": [lecture_entiere(e) for e in retenues]}
