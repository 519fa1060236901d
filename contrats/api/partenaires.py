"""Partenaires d'une action : ses rôles propres, puis la liste de sa fiche qui s'y applique."""

from collections import defaultdict
from typing import Any

from django.db.models import TextChoices
from rest_framework import serializers

from api.lecture import Contexte
from contrats.enums import NatureSection, RolePartenaire
from contrats.models import Partenariat
from partenaires.enums import NatureOrganisme

COLONNES = ("organisme__cle", "organisme__nom", "organisme__nature")
NOMS = ("id", "nom", "nature", "role", "origine")
# Préparées une fois : à chaque page, il ne reste qu'à dire de quelles actions, de quelles fiches.
ROLES = Partenariat.objects.order_by("ordre", "pk").values_list("action_id", *COLONNES, "role")
CITATIONS = (
    Partenariat.objects.filter(section__modele__nature=NatureSection.PARTENAIRES)
    .order_by("section__ordre", "section_id", "ordre", "pk")
    .values_list("section__fiche_id", "section__modele__horizon", *COLONNES)
)


class Origine(TextChoices):
    """D'où vient un partenaire d'action."""

    ACTION = "action", "Rôle dans l'action"
    FICHE = "fiche", "Liste de la fiche"


class PartenaireSerializer(serializers.Serializer):
    """Organisme engagé dans une action, ou cité par la liste de sa fiche."""

    id = serializers.SlugField(help_text="Clé de l'organisme.")
    nom = serializers.CharField()
    nature = serializers.ChoiceField(choices=NatureOrganisme.choices)
    role = serializers.ChoiceField(choices=RolePartenaire.choices)
    origine = serializers.ChoiceField(choices=Origine.choices)


def partenaires(
    contexte: Contexte, actions: list[tuple[int, int | None, str]]
) -> list[list[dict[str, Any]]]:
    """Les partenaires de chaque action `(pk, fiche, horizon)`, en deux requêtes.

    Une liste sans horizon vaut pour toutes les actions de sa fiche, une autre pour les actions de
    son horizon. Un organisme cité deux fois par les listes n'y paraît qu'une fois.
    """
    roles = _roles([pk for pk, _, _ in actions])
    listes = _listes({fiche for _, fiche, _ in actions if fiche is not None})
    return [
        roles.get(pk, []) + listes.get((fiche, horizon), listes.get((fiche, ""), []))
        for pk, fiche, horizon in actions
    ]


def _roles(actions: list[int]) -> dict[int, list[dict[str, Any]]]:
    origine = Origine.ACTION.value
    par_action = defaultdict(list)
    for action, *valeurs in ROLES.filter(action__in=actions):
        par_action[action].append(dict(zip(NOMS, (*valeurs, origine), strict=True)))
    return par_action


def _listes(fiches: set[int]) -> dict[tuple[int, str], list[dict[str, Any]]]:
    """Listes par (fiche, horizon) ; la liste d'un horizon contient celles sans horizon."""
    role, origine = RolePartenaire.POTENTIEL.value, Origine.FICHE.value
    citations = defaultdict(list)
    horizons = defaultdict(lambda: {""})
    for fiche, horizon, *valeurs in CITATIONS.filter(section__fiche__in=fiches):
        objet = dict(zip(NOMS, (*valeurs, role, origine), strict=True))
        citations[fiche].append((horizon, objet))
        horizons[fiche].add(horizon)
    return {
        (fiche, voulu): list({o["id"]: o for h, o in cites if h in ("", voulu)}.values())
        for fiche, cites in citations.items()
        for voulu in horizons[fiche]
    }
