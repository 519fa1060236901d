"""Le champ de dépôt d'un fichier, sa taille vue avant de le lire."""

from typing import Any

from django import forms

from reprise.lecture import DocumentRefuse
from reprise.lecture.lecteur import verifier_taille


class DepotForm(forms.Form):
    """Un seul champ « fichier », dont la taille se voit avant de le lire."""

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        try:
            verifier_taille(fichier.size)
        except DocumentRefuse as erreur:
            raise forms.ValidationError(str(erreur)) from erreur
        return fichier


def champ_de_depot(libelle: str, aide: str, accepte: str) -> forms.FileField:
    """Le champ d'un dépôt ; `accepte` : les extensions que propose le navigateur."""
    return forms.FileField(
        label=libelle,
        max_length=200,
        help_text=aide,
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Le fichier est vide.",
            "max_length": "Le nom du fichier est trop long : raccourcissez-le.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": accepte, "class": "saisie"}),
    )


def octets_deposes(formulaire: forms.Form) -> tuple[str, bytes]:
    fichier = formulaire.cleaned_data["fichier"]
    return fichier.name, fichier.read()
