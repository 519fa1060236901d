"""Formulaires d'une délibération : son projet, son adoption, ce qui suit l'adoption."""

from typing import Any

from django import forms
from django.utils import timezone

from contrats.atelier.champs import Redaction
from gouvernance.champs import ParArticles, ParLignes
from gouvernance.forms import champ_jour
from gouvernance.models import Deliberation

VOTE = ("vote_pour", "vote_contre", "vote_abstention")
LIGNES = forms.Textarea(attrs={"rows": 6})


class DeliberationForm(forms.ModelForm):
    """Le projet : ce que l'assemblée lira."""

    visas = ParLignes(label="Visas", required=False, help_text="Un par ligne.", widget=LIGNES)
    articles = ParArticles(
        label="Articles",
        required=False,
        help_text="Un par ligne : « 1. Le conseil approuve… ».",
        widget=LIGNES,
    )
    avis_le = champ_jour("Avis rendu le", requis=False)
    expose = Redaction(label="Exposé des motifs", lignes=8)

    class Meta:
        model = Deliberation
        fields = [
            "numero",
            "point",
            "objet",
            "organe",
            "rapporteur",
            "commission",
            "avis",
            "avis_le",
            "expose",
            "visas",
            "articles",
            "publique",
        ]
        labels = {
            "numero": "Numéro",
            "point": "Point de l'ordre du jour",
            "objet": "Objet",
            "organe": "Assemblée",
            "rapporteur": "Rapporteur",
            "commission": "Commission",
            "avis": "Avis de la commission",
            "publique": "Le public lit ce projet avant son adoption",
        }
        widgets = {"objet": forms.Textarea(attrs={"rows": 2, "maxlength": 500})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, manque in MANQUES.items():
            self.fields[nom].error_messages["required"] = manque


MANQUES = {
    "numero": "Donnez un numéro, même provisoire.",
    "objet": "Dites sur quoi l'assemblée délibère.",
    "organe": "Dites quelle assemblée délibère.",
}


class ActeForm(forms.ModelForm):
    """Ce qui se complète d'un acte adopté : la collectivité, la matière, la préfecture."""

    siret = forms.CharField(label="SIRET de la collectivité", max_length=20, required=False)
    prefecture_le = champ_jour("Reçue en préfecture le", requis=False)

    class Meta:
        model = Deliberation
        fields = [
            "collectivite",
            "siret",
            "matiere_code",
            "matiere_nom",
            "prefecture_ref",
            "prefecture_le",
        ]
        labels = {
            "collectivite": "Collectivité",
            "matiere_code": "Code de la matière",
            "matiere_nom": "Matière",
            "prefecture_ref": "Référence en préfecture",
        }

    def clean_siret(self) -> str:
        siret = "".join(self.cleaned_data["siret"].split())
        if siret and not (siret.isascii() and siret.isdigit() and len(siret) == 14):
            raise forms.ValidationError("Un SIRET a quatorze chiffres.")
        return siret


class AdoptionForm(forms.Form):
    """Ce qui fait d'un projet un acte : sa séance, son numéro, son vote."""

    numero = forms.CharField(
        label="Numéro de l'acte",
        max_length=40,
        error_messages={"required": "Un acte a un numéro."},
    )
    seance_le = champ_jour("Séance du")
    vote_effectif = forms.IntegerField(
        label="Membres en exercice", required=False, min_value=1, max_value=9999
    )
    vote_pour = forms.IntegerField(label="Pour", required=False, min_value=0, max_value=9999)
    vote_contre = forms.IntegerField(label="Contre", required=False, min_value=0, max_value=9999)
    vote_abstention = forms.IntegerField(
        label="Abstentions", required=False, min_value=0, max_value=9999
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seance_le"].error_messages["required"] = "Dites la date de la séance."
        for nom in (*VOTE, "vote_effectif"):
            self.fields[nom].widget.attrs["class"] = "court"
            self.fields[nom].error_messages["invalid"] = "Écrivez un nombre entier."

    def clean_seance_le(self) -> Any:
        le = self.cleaned_data["seance_le"]
        if le > timezone.localdate():
            raise forms.ValidationError("Cette séance n'a pas encore eu lieu.")
        return le

    def clean(self) -> dict[str, Any]:
        d = super().clean() or {}
        dits = [nom for nom in VOTE if d.get(nom) is not None]
        for nom in VOTE:
            if dits and nom not in dits and nom not in self.errors:
                self.add_error(nom, "Un vote dit ses pour, ses contre et ses abstentions.")
        effectif = d.get("vote_effectif")
        if len(dits) == len(VOTE):
            votes = sum(d[nom] for nom in VOTE)
            if effectif is not None and votes > effectif:
                self.add_error("vote_effectif", f"{votes} votes pour {effectif} membres.")
            elif d["vote_pour"] <= d["vote_contre"]:
                self.add_error("vote_pour", "Adoptée, elle a plus de pour que de contre.")
        return d


class RetourForm(forms.Form):
    """Pourquoi un acte redevient un projet : l'adoption avait été constatée par erreur."""

    motif = forms.CharField(
        label="Pourquoi",
        max_length=300,
        error_messages={"required": "Dites pourquoi l'adoption n'est plus constatée."},
    )
