"""Forme publique d'un organisme."""

from rest_framework import serializers

from api.lecture import Calcule
from api.vues import lien
from partenaires.models import Organisme
from territoires.api.serializers import TerritoireBrefSerializer


class OrganismeBrefSerializer(serializers.ModelSerializer):
    """Organisme cité par un autre objet."""

    id = serializers.SlugField(source="cle", help_text="Clé permanente.")

    class Meta:
        model = Organisme
        fields = ["id", "nom", "nature"]


class OrganismeSerializer(serializers.ModelSerializer):
    """Organisme, catégorie d'acteurs ou financement cité par un contrat."""

    id = serializers.SlugField(source="cle", help_text="Clé permanente.")
    url = Calcule("cle", par=lien("organismes"), forme=serializers.URLField())
    siren = Calcule(
        "siren",
        par=lambda contexte, siren: siren or None,
        forme=serializers.RegexField(r"^\d{9}$", allow_null=True),
    )
    territoire = TerritoireBrefSerializer(allow_null=True)
    alias = serializers.SlugRelatedField(slug_field="libelle", many=True, read_only=True)
    composants = OrganismeBrefSerializer(many=True)

    class Meta:
        model = Organisme
        fields = [
            "id",
            "url",
            "nom",
            "sigle",
            "nature",
            "siren",
            "territoire",
            "alias",
            "composants",
            "version",
            "modifie_le",
        ]
