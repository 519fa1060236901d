"""Formulaires des documents figés : vérifier un code ou un fichier, figer une fiche."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from documents.figes import codes


class CodeForm(forms.Form):
    """Le code imprimé en page 1 ; majuscules, tirets et O pour 0 ne comptent pas."""

    code = forms.CharField(
        label="Code de vérification",
        max_length=40,
        help_text="Imprimé en page 1, par exemple RCP-7K3M-Q2ZD.",
        error_messages={"required": "Écrivez le code imprimé en page 1."},
    )

    def clean_code(self) -> str:
        code = codes.lire(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                "Ce n'est pas un code de vérification : RCP, puis huit lettres ou chiffres."
            )
        return code


class FichierForm(forms.Form):
    """Le PDF reçu ; il est comparé, puis oublié."""

    fichier = forms.FileField(
        label="Le PDF que vous avez reçu",
        max_length=200,
        help_text="Il est comparé à l'octet près, et n'est pas gardé.",
        error_messages={
            "required": "Choisissez le PDF à vérifier.",
            "empty": "Le fichier est vide : choisissez le PDF que vous avez reçu.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf", "class": "saisie"}),
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > settings.VERIFICATION_TAILLE_MAX:
            plafond = filesizeformat(settings.VERIFICATION_TAILLE_MAX)
            raise forms.ValidationError(f"Ce fichier dépasse {plafond} : il n'est pas d'ici.")
        return fichier
