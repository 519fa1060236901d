"""Saisir une mesure, écrire une analyse, fixer une cible."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from contrats.models import Contrat
from indicateurs import millesimes
from indicateurs.ecriture import Saisie, millesime
from indicateurs.enums import ObjetCible, StatutMesure
from indicateurs.models import Analyse, Cible, Indicateur, Mesure
from indicateurs.saisie_nombres import ValeurIllisible, lire_valeur
from territoires.enums import TypeTerritoire
from territoires.models import Territoire

VERSION_MAX = 2_147_483_647


def territoires_mesurables(contrat: Contrat, indicateur: Indicateur) -> Any:
    """La référence, les quartiers du contrat et ceux, d'une autre génération, déjà mesurés."""
    siens = contrat.territoires.values("pk")
    mesures = Mesure.objects.filter(indicateur=indicateur).values("territoire")
    lieux = Territoire.objects.filter(pk__in=siens) | Territoire.objects.filter(pk__in=mesures)
    lieux |= Territoire.objects.filter(pk=indicateur.reference_id)
    lieux |= Territoire.objects.filter(
        type=TypeTerritoire.QPV, filiations_precedentes__ancien__in=siens
    )
    return lieux.defer("contour").order_by("generation", "type", "nom", "pk").distinct()


class TerritoireField(forms.ModelChoiceField):
    """Deux générations ont des quartiers de même nom : la génération se dit."""

    def label_from_instance(self, obj: Territoire) -> str:
        return f"{obj.nom} ({obj.generation})" if obj.generation else obj.nom


class DecimaleField(forms.CharField):
    """Un nombre écrit à la française ; rend un `Decimal`."""

    def clean(self, value: Any) -> Any:
        texte = super().clean(value)
        if not texte:
            return None
        try:
            valeur, _ = lire_valeur(texte)
        except ValeurIllisible as erreur:
            raise forms.ValidationError(f"{str(erreur)[:1].upper()}{str(erreur)[1:]}.") from None
        if valeur is None:
            raise forms.ValidationError("Écrivez un nombre ; le signe se dit par le statut.")
        return valeur


class MesureForm(forms.Form):
    """Une valeur, ou la raison de son absence."""

    territoire = TerritoireField(label="Territoire", queryset=None)
    millesime = forms.CharField(
        label="Millésime",
        max_length=60,
        help_text="2019 ; 2014 et 2015 ; 1er janvier 2015 ; 2013-2017.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    statut = forms.ChoiceField(label="Statut", choices=StatutMesure.choices)
    valeur = DecimaleField(
        label="Valeur",
        required=False,
        max_length=40,
        help_text="Seulement pour une mesure publiée ou provisoire. Par exemple 12,5.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=300,
        help_text="Lue par le public. N'y écrivez pas une valeur secrète.",
    )
    version = forms.IntegerField(
        required=False, min_value=1, max_value=VERSION_MAX, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, indicateur: Indicateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicateur = indicateur
        self.fields["territoire"].queryset = territoires_mesurables(indicateur.contrat, indicateur)

    def clean_millesime(self) -> str:
        texte = self.cleaned_data["millesime"]
        try:
            millesimes.lire(texte)
        except millesimes.MillesimeInvalide as erreur:
            raise forms.ValidationError(str(erreur)) from None
        return texte

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        chiffre = donnees.get("statut") in StatutMesure.chiffres()
        if chiffre and donnees.get("valeur") is None and "valeur" not in self.errors:
            self.add_error("valeur", "Une mesure publiée ou provisoire a une valeur.")
        if not chiffre and donnees.get("valeur") is not None:
            self.add_error("valeur", "Effacez la valeur, ou dites la mesure publiée ou provisoire.")
        return donnees

    def saisie(self) -> Saisie:
        """Ce que la porte d'écriture attend ; le millésime se crée s'il est nouveau."""
        d = self.cleaned_data
        return Saisie(
            self.indicateur.pk,
            d["territoire"].pk,
            millesime(d["millesime"]).pk,
            d["valeur"],
            d["statut"],
            d["note"],
            version=d["version"],
        )


class AnalyseForm(forms.ModelForm):
    """Ce qu'on comprend d'un indicateur, un jour donné."""

    class Meta:
        model = Analyse
        fields = ["le", "texte", "signature"]
        widgets = {
            "texte": forms.Textarea(attrs={"rows": 6, "data-editeur": ""}),
            "le": forms.DateInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "le": "Par exemple 10/02/2021.",
            "texte": "Ce que disent les chiffres, et ce qu'ils ne disent pas. Jamais une valeur "
            "secrète.",
            "signature": "Au nom de qui : lue par le public.",
        }

    def clean_le(self) -> datetime.date:
        le = self.cleaned_data["le"]
        if le > timezone.localdate():
            raise forms.ValidationError("Une analyse ne se date pas de demain.")
        if le.year < 1900:
            raise forms.ValidationError("Indiquez une année à partir de 1900.")
        return le


class CibleForm(forms.ModelForm):
    """Ce qu'on vise pour une échéance."""

    territoire = TerritoireField(
        label="Quartier", queryset=None, required=False, empty_label="Tous les quartiers"
    )
    valeur = DecimaleField(label="Valeur visée", max_length=40, help_text="Par exemple 60 ou -5,5.")
    porte_sur = forms.ChoiceField(
        label="Porte sur", choices=ObjetCible.choices, widget=forms.RadioSelect, initial="valeur"
    )

    class Meta:
        model = Cible
        fields = ["territoire", "porte_sur", "valeur", "echeance", "origine"]
        help_texts = {
            "echeance": "Par exemple 31/12/2030.",
            "origine": "Contrat, comité, délibération.",
        }
        widgets = {"echeance": forms.DateInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, indicateur: Indicateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.indicateur = indicateur
        lieux = territoires_mesurables(indicateur.contrat, indicateur)
        self.fields["territoire"].queryset = lieux.filter(type=TypeTerritoire.QPV)

    def clean_echeance(self) -> datetime.date:
        echeance = self.cleaned_data["echeance"]
        if not 1900 <= echeance.year <= 2200:
            raise forms.ValidationError("Indiquez une année de 1900 à 2200.")
        return echeance

    def _get_validation_exclusions(self) -> set[str]:
        # L'indicateur n'est pas un champ, mais entre dans l'unicité : la phrase du modèle le dit.
        return super()._get_validation_exclusions() - {"indicateur"}
