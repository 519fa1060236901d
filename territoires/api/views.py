"""Lecture des territoires."""

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from api import exports, formats
from api.lecture import Lecture
from api.vues import LectureViewSet, contexte
from territoires.api.serializers import TerritoireGeoSerializer, TerritoireSerializer
from territoires.filters import TerritoireFilterSet
from territoires.models import Territoire


class TerritoireViewSet(LectureViewSet):
    """Référentiel des territoires : codes officiels, générations, rattachements, point ou contour.

    Le format GeoJSON en rend une FeatureCollection (RFC 7946, WGS 84).
    """

    queryset = Territoire.objects.none()
    serializer_class = TerritoireSerializer
    filterset_class = TerritoireFilterSet
    renderer_classes = [*LectureViewSet.renderer_classes, formats.GeoJson]
    lookup_field = "cle"
    lookup_value_converter = "slug"
    ressource = "territoires"
    ordre_export = ("type", "nom", "pk")
    colonnes = exports.Colonnes(
        id="id",
        url="url",
        nom="nom",
        type="type",
        code="code",
        generation="generation",
        valide_du="valide_du",
        valide_au="valide_au",
        longitude="point.longitude",
        latitude="point.latitude",
        rattachements="rattachements.id",
        alias="alias",
        version="version",
        modifie_le="modifie_le",
    )

    def get_queryset(self) -> QuerySet[Territoire]:
        return Territoire.objects.visibles_par(self.request.user)

    def exporter(self, queryset: QuerySet, forme: str) -> StreamingHttpResponse:
        if forme != formats.GeoJson.format:
            return super().exporter(queryset, forme)
        lecture = Lecture(TerritoireGeoSerializer(), Territoire)
        lots = lecture.par_lots(queryset.order_by(*self.ordre_export), contexte(self.request))
        return self.flux(exports.en_geojson(lots), "geojson")
