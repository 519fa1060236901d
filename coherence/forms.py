"""Écarter un constat : le motif, gardé avec le nom et la date."""

from django import forms


class EcarterForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi l'écarter",
        max_length=300,
        help_text="Gardé avec votre nom et la date ; lu des personnes du contrat.",
        error_messages={
            "required": "Dites pourquoi ce constat s'écarte.",
            "max_length": "Trois cents signes au plus.",
        },
    )
