"""Forme publique d'une fiche."""

from collections import defaultdict
from typing import Any

from rest_framework import serializers

from api.lecture import Calcule, Contexte, Lu
from api.vues import lien
from contrats.api.formes import (
    AxeBrefSerializer,
    FicheBreveSerializer,
    fiches_visibles,
    horizon,
    ou_null,
)
from contrats.api.lignes import LigneSerializer, lignes
from contrats.enums import Horizon, NatureSection
from contrats.models import Action, Fiche, Partenariat, Renvoi, Section
from partenaires.api.serializers import OrganismeBrefSerializer


class MentionSerializer(serializers.ModelSerializer):
    """Partenaire d'une liste : la forme imprimée et l'organisme qu'elle désigne."""

    organisme = OrganismeBrefSerializer()

    class Meta:
        model = Partenariat
        fields = ["mention", "organisme"]


class RenvoiSerializer(serializers.ModelSerializer):
    """Renvoi vers une fiche, une annexe ou un document extérieur."""

    fiche = Lu("fiche_id", par=fiches_visibles, forme=FicheBreveSerializer(allow_null=True))
    annexe = serializers.CharField(source="annexe.numero", allow_null=True)
    document = Calcule("document", par=ou_null, forme=serializers.CharField(allow_null=True))

    class Meta:
        model = Renvoi
        fields = ["texte", "deduit", "fiche", "annexe", "document"]


class SectionSerializer(serializers.ModelSerializer):
    """Section d'une fiche, sous son libellé imprimé."""

    cle = serializers.SlugField(source="modele.cle")
    nature = serializers.ChoiceField(source="modele.nature", choices=NatureSection.choices)
    horizon = horizon("modele__horizon")
    mentions = MentionSerializer(source="partenariats", many=True)
    lignes = Lu("pk", "modele__nature", par=lignes, forme=LigneSerializer(many=True))
    renvois = RenvoiSerializer(many=True)

    class Meta:
        model = Section
        fields = [
            "cle",
            "nature",
            "horizon",
            "libelle",
            "etat",
            "texte",
            "liste_ouverte",
            "mentions",
            "lignes",
            "renvois",
        ]


class ActionsParHorizonSerializer(serializers.Serializer):
    """Identifiants des actions de la fiche, en ordre imprimé, sous-points compris."""

    pilote = serializers.ListField(child=serializers.UUIDField())
    court = serializers.ListField(child=serializers.UUIDField())
    moyen_long = serializers.ListField(child=serializers.UUIDField())
    sans_horizon = serializers.ListField(child=serializers.UUIDField())


def actions(contexte: Contexte, fiches: list[tuple[int]]) -> list[dict[str, list[Any]]]:
    """Identifiants des actions de chaque fiche, par horizon : une requête."""
    par_fiche: dict[int, dict[str, list[Any]]] = defaultdict(
        lambda: {**{h.value: [] for h in Horizon}, "sans_horizon": []}
    )
    lues = Action.objects.filter(fiche__in=[pk for (pk,) in fiches]).order_by("ordre", "pk")
    for fiche, terme, public_id in lues.values_list("fiche_id", "horizon", "public_id"):
        par_fiche[fiche][terme or "sans_horizon"].append(public_id)
    return [par_fiche[pk] for (pk,) in fiches]


class FicheSerializer(serializers.ModelSerializer):
    """Fiche entière : ses sections dans l'ordre imprimé et ses actions par horizon."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("fiches"), forme=serializers.URLField())
    contrat = serializers.SlugField(source="contrat.slug", help_text="Adresse du contrat.")
    axe = AxeBrefSerializer(allow_null=True)
    modele = serializers.SlugField(source="modele.cle", help_text="Clé du modèle de fiche.")
    sections = SectionSerializer(many=True)
    actions = Lu("pk", par=actions, forme=ActionsParHorizonSerializer())

    class Meta:
        model = Fiche
        fields = [
            "id",
            "url",
            "contrat",
            "axe",
            "modele",
            "cle",
            "numero",
            "numero_deduit",
            "ordre",
            "titre",
            "note_titre",
            "statut",
            "sections",
            "actions",
            "version",
            "modifie_le",
        ]
