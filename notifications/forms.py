"""Préférences d'une personne."""

from typing import Any

from django import forms

from comptes.models import Utilisateur
from notifications.enums import Cadence
from notifications.preferences import Cadences, choisir
from notifications.registre import EVENEMENTS


class PreferencesForm(forms.Form):
    """Une cadence par événement."""

    def __init__(self, utilisateur: Utilisateur, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.utilisateur = utilisateur
        cadences = Cadences([utilisateur.pk])
        for evenement in EVENEMENTS.values():
            self.fields[evenement.cle] = forms.ChoiceField(
                label=evenement.quand,
                choices=Cadence.choices,
                initial=cadences.de(utilisateur.pk, evenement.cle).value,
                error_messages={
                    "required": "Choisissez une réponse.",
                    "invalid_choice": "Cette réponse n'existe pas.",
                },
            )

    def enregistrer(self) -> None:
        choisir(self.utilisateur, self.cleaned_data)
