"""Les délibérations adoptées au schéma SCDL 2.1 : un projet n'est pas un acte."""

from typing import Any

from rest_framework import serializers

from api.exports import Colonnes
from api.lecture import Calcule, Contexte
from api.vues import lien
from gouvernance.api.serializers import VOTES, vote_reel
from gouvernance.models import Deliberation


def jamais(contexte: Contexte, cle: Any) -> None:
    """Colonne du schéma que la plateforme ne tient pas."""


class ScdlSerializer(serializers.ModelSerializer):
    """Une délibération adoptée, aux noms de colonnes du schéma."""

    COLL_NOM = serializers.CharField(source="collectivite")
    COLL_SIRET = serializers.CharField(source="siret")
    DELIB_ID = serializers.CharField(source="numero")
    DELIB_DATE = serializers.DateField(source="seance_le")
    DELIB_MATIERE_CODE = serializers.CharField(source="matiere_code")
    DELIB_MATIERE_NOM = serializers.CharField(source="matiere_nom")
    DELIB_OBJET = serializers.CharField(source="objet")
    BUDGET_ANNEE = Calcule("pk", par=jamais, forme=serializers.IntegerField(allow_null=True))
    BUDGET_NOM = Calcule("pk", par=jamais, forme=serializers.CharField(allow_null=True))
    PREF_ID = serializers.CharField(source="prefecture_ref")
    PREF_DATE = serializers.DateField(source="prefecture_le", allow_null=True)
    VOTE_EFFECTIF = serializers.IntegerField(source="vote_effectif", allow_null=True)
    VOTE_REEL = Calcule(*VOTES, par=vote_reel, forme=serializers.IntegerField(allow_null=True))
    VOTE_POUR = serializers.IntegerField(source="vote_pour", allow_null=True)
    VOTE_CONTRE = serializers.IntegerField(source="vote_contre", allow_null=True)
    VOTE_ABSTENTION = serializers.IntegerField(source="vote_abstention", allow_null=True)
    DELIB_URL = Calcule("public_id", par=lien("deliberations"), forme=serializers.URLField())

    class Meta:
        model = Deliberation
        fields = [
            "COLL_NOM",
            "COLL_SIRET",
            "DELIB_ID",
            "DELIB_DATE",
            "DELIB_MATIERE_CODE",
            "DELIB_MATIERE_NOM",
            "DELIB_OBJET",
            "BUDGET_ANNEE",
            "BUDGET_NOM",
            "PREF_ID",
            "PREF_DATE",
            "VOTE_EFFECTIF",
            "VOTE_REEL",
            "VOTE_POUR",
            "VOTE_CONTRE",
            "VOTE_ABSTENTION",
            "DELIB_URL",
        ]


COLONNES = Colonnes(**{champ: champ for champ in ScdlSerializer.Meta.fields})
