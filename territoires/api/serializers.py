"""Forme publique d'un territoire."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from api.lecture import Calcule, Contexte
from api.vues import lien
from territoires.models import Rattachement, Territoire


class TerritoireBrefSerializer(serializers.ModelSerializer):
    """Territoire cité par un autre objet."""

    id = serializers.SlugField(source="cle", help_text="Clé permanente.")

    class Meta:
        model = Territoire
        fields = ["id", "nom", "type"]


class RattachementSerializer(serializers.ModelSerializer):
    """Territoire qui en contient un autre, en tout ou partie."""

    id = serializers.SlugField(source="parent.cle", help_text="Clé du territoire qui contient.")
    nom = serializers.CharField(source="parent.nom")
    type = serializers.ChoiceField(
        source="parent.type", choices=Territoire._meta.get_field("type").choices
    )

    class Meta:
        model = Rattachement
        fields = ["id", "nom", "type", "couverture"]


class PointSerializer(serializers.Serializer):
    """Point représentatif, en degrés WGS 84."""

    longitude = serializers.FloatField(min_value=-180, max_value=180)
    latitude = serializers.FloatField(min_value=-90, max_value=90)


def point(
    contexte: Contexte, longitude: Decimal | None, latitude: Decimal | None
) -> dict[str, float] | None:
    if longitude is None or latitude is None:
        return None
    return {"longitude": float(longitude), "latitude": float(latitude)}


class TerritoireSerializer(serializers.ModelSerializer):
    """Territoire du référentiel, du pays au quartier."""

    id = serializers.SlugField(source="cle", help_text="Clé permanente.")
    url = Calcule("cle", par=lien("territoires"), forme=serializers.URLField())
    point = Calcule("longitude", "latitude", par=point, forme=PointSerializer(allow_null=True))
    rattachements = RattachementSerializer(many=True)
    alias = serializers.SlugRelatedField(slug_field="libelle", many=True, read_only=True)

    class Meta:
        model = Territoire
        fields = [
            "id",
            "url",
            "nom",
            "type",
            "code",
            "generation",
            "valide_du",
            "valide_au",
            "point",
            "rattachements",
            "alias",
            "version",
            "modifie_le",
        ]


def geometrie(contexte: Contexte, contour: Any, *coordonnees: Decimal | None) -> Any:
    """Le contour s'il est connu, sinon le point, sinon null (RFC 7946)."""
    if contour:
        return contour
    if None in coordonnees:
        return None
    return {"type": "Point", "coordinates": [float(c) for c in coordonnees]}


class TerritoireGeoSerializer(TerritoireSerializer):
    """Territoire et sa géométrie, pour GeoJSON."""

    geometrie = Calcule(
        "contour", "longitude", "latitude", par=geometrie, forme=serializers.JSONField()
    )

    class Meta(TerritoireSerializer.Meta):
        fields = [*TerritoireSerializer.Meta.fields, "geometrie"]
