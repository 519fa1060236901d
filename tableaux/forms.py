"""Ce que l'adresse d'un tableau demande, et ce que l'on dit à côté des chiffres."""

from typing import Any

from django import forms
from django.utils import timezone

from tableaux.enums import EtatConstat, ValeurMeteo


class DateDuTableau(forms.Form):
    """« À la date du », et la date depuis laquelle dire ce qui a changé."""

    au = forms.DateField(
        label="À la date du",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    depuis = forms.DateField(
        label="Comparer au (vide : dernier comité)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_au(self) -> Any:
        au = self.cleaned_data["au"]
        if au and au > timezone.localdate():
            raise forms.ValidationError("Cette date n'est pas encore venue.")
        return au

    def clean(self) -> dict[str, Any]:
        propres = super().clean() or {}
        au, depuis = propres.get("au") or timezone.localdate(), propres.get("depuis")
        if depuis and depuis >= au:
            self.add_error("depuis", "La date à comparer précède celle du tableau.")
        return propres


class MeteoForm(forms.Form):
    """Un mot, et une phrase qui le fonde ; sur le contrat, ou sur un programme."""

    axe = forms.ChoiceField(label="Sur", required=False)
    valeur = forms.ChoiceField(label="Météo", choices=ValeurMeteo, widget=forms.RadioSelect)
    phrase = forms.CharField(
        label="Pourquoi, en une phrase",
        max_length=300,
        error_messages={"required": "Dites en une phrase ce qui fonde cette météo."},
    )

    def __init__(self, *args: Any, axes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["axe"].choices = [("", "Le contrat entier"), *axes]  # type: ignore[attr-defined]


class ConstatForm(forms.Form):
    """Une promesse, tenue ou non."""

    promesse = forms.ChoiceField(label="Promesse")
    etat = forms.ChoiceField(label="Constat", choices=EtatConstat, widget=forms.RadioSelect)
    phrase = forms.CharField(label="Précision", max_length=300, required=False)

    def __init__(self, *args: Any, promesses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["promesse"].choices = promesses  # type: ignore[attr-defined]
