"""Petites formes partagées par les contrats, les fiches et les actions."""

from typing import Any

from rest_framework import serializers

from api.lecture import Calcule, Contexte
from contrats.enums import Horizon
from contrats.models import Action, Axe, Contrat, Fiche


def ou_null(contexte: Contexte, valeur: str) -> str | None:
    """Un vocabulaire vide se lit null."""
    return valeur or None


def horizon(colonne: str = "horizon") -> Calcule:
    """Champ « horizon » ; null quand la source n'en donne pas."""
    forme = serializers.ChoiceField(choices=Horizon.choices, allow_null=True)
    return Calcule(colonne, par=ou_null, forme=forme)


class AxeBrefSerializer(serializers.ModelSerializer):
    """Intitulé de l'arbre stratégique auquel se rattache une fiche ou une action."""

    class Meta:
        model = Axe
        fields = ["cle", "nature", "numero", "intitule"]


class FicheBreveSerializer(serializers.ModelSerializer):
    """Fiche citée par un autre objet."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Fiche
        fields = ["id", "cle", "numero", "titre"]


class ActionBreveSerializer(serializers.ModelSerializer):
    """Action citée par un autre objet."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Action
        fields = ["id", "numero", "intitule"]


def _visibles(queryset: Any, colonnes: tuple[str, ...], lignes: list[tuple[Any, ...]]) -> list[Any]:
    """Pour chaque clé étrangère, ces colonnes de l'objet s'il est visible, sinon None."""
    cles = {pk for (pk,) in lignes if pk is not None}
    if not cles:
        return [None] * len(lignes)
    lus = {
        pk: valeurs for pk, *valeurs in queryset.filter(pk__in=cles).values_list("pk", *colonnes)
    }
    return [lus.get(pk) for (pk,) in lignes]


def contrats_visibles(contexte: Contexte, lignes: list[tuple[Any, ...]]) -> list[str | None]:
    """Adresse du contrat visé ; null s'il n'est pas visible du lecteur."""
    visibles = Contrat.objects.visibles_par(contexte["utilisateur"])
    return [vu and vu[0] for vu in _visibles(visibles, ("slug",), lignes)]


def fiches_visibles(contexte: Contexte, lignes: list[tuple[Any, ...]]) -> list[Any]:
    """Fiche visée, en bref ; null si elle n'est pas visible du lecteur."""
    visibles = Fiche.objects.visibles_par(contexte["utilisateur"])
    colonnes = ("public_id", "cle", "numero", "titre")
    noms = ("id", "cle", "numero", "titre")
    return [vu and dict(zip(noms, vu, strict=True)) for vu in _visibles(visibles, colonnes, lignes)]


def actions_visibles(contexte: Contexte, lignes: list[tuple[Any, ...]]) -> list[Any]:
    """Action visée, en bref ; null si elle n'est pas visible du lecteur."""
    visibles = Action.objects.visibles_par(contexte["utilisateur"])
    colonnes = ("public_id", "numero", "intitule")
    noms = ("id", "numero", "intitule")
    return [vu and dict(zip(noms, vu, strict=True)) for vu in _visibles(visibles, colonnes, lignes)]
