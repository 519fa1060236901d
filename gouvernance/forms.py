"""Formulaires de l'atelier : une séance, ses points, ses présences, ses décisions."""

from typing import Any

from django import forms

from contrats.enums import TransitionAction
from contrats.models import Contrat
from gouvernance.enums import EtatPresence, GenrePoint
from gouvernance.models import Convocation, Decision, Instance, Seance
from gouvernance.responsables import ChampOrganisme, de_la_fonction

# Regrouper demande une cible, remettre à zéro n'est pas une décision de comité.
EFFETS = [
    TransitionAction.LANCER,
    TransitionAction.TERMINER,
    TransitionAction.REPORTER,
    TransitionAction.SUSPENDRE,
    TransitionAction.REPRENDRE,
    TransitionAction.ABANDONNER,
]


def champ_jour(libelle: str, *, requis: bool = True, aide: str = "") -> forms.DateField:
    return forms.DateField(
        label=libelle,
        required=requis,
        help_text=aide,
        widget=forms.DateInput(attrs={"type": "date", "class": "court"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "Écrivez la date : jj/mm/aaaa."},
    )


def champ_heure(libelle: str) -> forms.TimeField:
    return forms.TimeField(
        label=libelle,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "court"}, format="%H:%M"),
        error_messages={"invalid": "Écrivez l'heure : 10:30."},
    )


class SeanceForm(forms.ModelForm):
    """Quelle instance, quand, où, sur quoi."""

    le = champ_jour("Date")
    heure = champ_heure("Heure")
    fin = champ_heure("Heure de fin")

    class Meta:
        model = Seance
        fields = ["instance", "le", "heure", "fin", "lieu", "objet", "quorum", "publique"]
        labels = {
            "instance": "Instance",
            "lieu": "Lieu",
            "objet": "Objet",
            "quorum": "Quorum",
            "publique": "Le public voit sa date, puis ses décisions",
        }
        help_texts = {"quorum": "Membres présents ou représentés qu'il faut ; vide : sans quorum."}

    def __init__(self, contrat: Contrat, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instances = Instance.objects.filter(contrat=contrat).order_by("ordre", "pk")
        self.fields["instance"].queryset = instances
        self.fields["instance"].error_messages["invalid_choice"] = (
            "Choisissez une instance de ce contrat."
        )

    def clean(self) -> dict[str, Any]:
        d = super().clean() or {}
        heure, fin = d.get("heure"), d.get("fin")
        if fin and not heure:
            self.add_error("heure", "Dites aussi l'heure de début.")
        elif fin and heure and fin <= heure:
            self.add_error("fin", "La fin suit le début.")
        return d


class PointForm(forms.Form):
    """Un point libre, sur quelque chose du contrat ou non."""

    intitule = forms.CharField(label="Autre point", max_length=300)
    cible = forms.ChoiceField(label="Sur", required=False)

    def __init__(self, cibles: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cible"].choices = cibles.choix()


class ConvocationForm(forms.ModelForm):
    """Une personne attendue : qui, pour qui, et si elle est là."""

    class Meta:
        model = Convocation
        fields = ["libelle", "nom", "email", "deliberatif", "presence", "represente_par"]
        labels = {
            "libelle": "Qualité",
            "nom": "Nom",
            "email": "Courriel",
            "deliberatif": "Compte pour le quorum",
            "presence": "Présence",
            "represente_par": "Représenté par",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = (
            "Écrivez une adresse, comme prenom.nom@exemple.fr."
        )
        for nom, champ in self.fields.items():
            qui = self.instance.libelle if self.instance.pk else "personne à ajouter"
            champ.widget.attrs["aria-label"] = f"{champ.label}, {qui}"
            if nom != "deliberatif":
                champ.widget.attrs["class"] = "saisie"

    def clean(self) -> dict[str, Any]:
        d = super().clean() or {}
        if d.get("presence") == EtatPresence.REPRESENTE and not d.get("represente_par"):
            self.add_error("represente_par", "Dites par qui.")
        return d


class DecisionForm(forms.ModelForm):
    """Une décision : quoi, qui, avant quand, sur quoi, et ce qu'elle change."""

    avant_le = champ_jour("Avant le", requis=False)
    cible = forms.ChoiceField(label="Sur", required=False)

    class Meta:
        model = Decision
        fields = ["texte", "fonction", "avant_le", "effet"]
        labels = {
            "texte": "Quoi",
            "fonction": "Fonction ou service",
            "effet": "À la clôture, l'action",
        }
        help_texts = {"fonction": "Jamais publiée."}
        widgets = {"texte": forms.Textarea(attrs={"rows": 2, "maxlength": 500})}

    field_order = ["texte", "organisme", "fonction", "avant_le", "cible", "effet"]

    def __init__(self, cibles: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cibles = cibles
        organisme = ChampOrganisme(cibles.lecteur, label="Qui", help_text="Un organisme.")
        organisme.widget.attrs |= {"list": "organismes", "autocomplete": "off"}
        self.fields["organisme"] = organisme
        self.order_fields(self.field_order)
        self.fields["cible"].choices = cibles.choix()
        self.fields["effet"].choices = [("", "ne change pas d'état"), *_effets()]
        self.fields["effet"].error_messages["invalid_choice"] = "Choisissez un des effets proposés."
        self.fields["fonction"].widget.attrs["list"] = "fonctions"
        self.fields["texte"].error_messages["required"] = "Dites ce qui est décidé."

    def clean_texte(self) -> str:
        return " ".join(self.cleaned_data["texte"].split())

    def clean(self) -> dict[str, Any]:
        d = super().clean() or {}
        for nom, objet in self.cibles.lire(d.get("cible") or "").items():
            setattr(self.instance, nom, objet)
        if d.get("effet") and self.instance.action is None:
            self.add_error("effet", "Choisissez l'action dont l'état change.")
        if d.get("effet") == TransitionAction.REPORTER and not d.get("avant_le"):
            self.add_error("avant_le", "Un report dit la nouvelle échéance.")
        fonction = d.get("fonction") or ""
        if d.get("organisme") is None and fonction and "organisme" not in self.errors:
            d["organisme"] = de_la_fonction(self.cibles.seance, fonction)
        self.instance.organisme = d.get("organisme")
        return d


def _effets() -> list[tuple[str, str]]:
    return [(effet.value, effet.label.lower()) for effet in EFFETS]


class SuiteForm(forms.Form):
    """Ce qu'il est advenu d'une décision."""

    suite = forms.CharField(label="Ce qui en a été fait", required=False, max_length=300)


GENRES_PROPOSES = [genre for genre in GenrePoint if genre != GenrePoint.LIBRE]
