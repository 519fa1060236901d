"""Ce qu'un PATCH d'action admet : son suivi."""

from typing import Any, ClassVar

from rest_framework import serializers

from api.saisie import Saisie
from contrats.enums import StatutAction
from contrats.models import Action
from contrats.transitions import Suivi
from contrats.transitions.suivi import CHAMPS


class SuiviSaisie(Saisie):
    """Suivi d'une action. Un champ absent ne change pas ; null efface une date, un avancement."""

    exemple: ClassVar[dict[str, Any]] = {"statut": "en_cours", "avancement": 40}

    statut = serializers.ChoiceField(
        choices=StatutAction.choices, help_text="Le passage suit le cycle de vie, sinon 409."
    )
    motif = serializers.CharField(
        max_length=500,
        allow_blank=True,
        help_text="Pourquoi ce changement de statut ; exigé pour reporter, suspendre, abandonner.",
    )
    avancement = serializers.IntegerField(
        min_value=0, max_value=100, allow_null=True, help_text="En % ; 100 dès que réalisée."
    )
    debut = serializers.DateField(allow_null=True)
    echeance = serializers.DateField(allow_null=True, help_text="Un report dit la nouvelle.")


def suivi_voulu(action: Action, champs: dict[str, Any]) -> Suivi:
    """Le suivi que disent ces champs."""
    vides = frozenset(c for c in CHAMPS if c in champs and champs[c] is None)
    return Suivi(**{"statut": action.statut, **champs, "vides": vides})
