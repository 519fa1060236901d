"""Formulaires d'une session : celui de qui l'organise, celui de qui s'inscrit."""

from typing import Any

from django import forms

from contrats.atelier.champs import Redaction
from gouvernance.champs import ParLignes, ParMoments
from gouvernance.forms import champ_heure, champ_jour
from gouvernance.models import Session

LIGNES = forms.Textarea(attrs={"rows": 5})


class SessionForm(forms.ModelForm):
    """Quand, où, pour qui, et le programme."""

    le = champ_jour("Date")
    debut = champ_heure("Début")
    fin = champ_heure("Fin")
    cloture_le = champ_jour("Inscriptions avant le")
    presentation = Redaction(label="Pourquoi cette session", lignes=6)
    profils = ParLignes(label="Pour qui", required=False, help_text="Un par ligne.", widget=LIGNES)
    programme = ParMoments(
        label="Programme",
        required=False,
        help_text="Un temps par ligne : « 9h30 Accueil », « 10h Table ronde (visio) ». Dessous, "
        "ses intervenants : « - Nom, fonction, organisme (sous réserve) ».",
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    class Meta:
        model = Session
        fields = [
            "intitule",
            "nature",
            "le",
            "debut",
            "fin",
            "lieu",
            "capacite",
            "cloture_le",
            "organisateur",
            "condition",
            "presentation",
            "profils",
        ]
        labels = {"condition": "Condition d'adhésion"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom in ("debut", "fin"):
            self.fields[nom].required = True
        self.fields["capacite"].widget.attrs["class"] = "court"
        for champ in self.fields.values():
            champ.error_messages["required"] = "À remplir."
        if self.instance.pk:
            self.initial["programme"] = [
                {
                    "heure": p.heure,
                    "intitule": p.intitule,
                    "visio": p.visio,
                    "interventions": p.interventions.order_by("ordre", "pk").values(),
                }
                for p in self.instance.programme.order_by("ordre", "pk")
            ]


class InscriptionForm(forms.Form):
    """Qui vient, à quel titre ; rien de plus que ce qu'il faut pour l'accueillir."""

    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=80)
    email = forms.EmailField(
        label="Courriel",
        max_length=254,
        help_text="Il reçoit la confirmation et le lien pour annuler.",
        error_messages={"invalid": "Écrivez une adresse, comme prenom.nom@exemple.fr."},
    )
    organisme = forms.CharField(label="Organisme", max_length=150, required=False)
    profil = forms.ChoiceField(
        label="Vous êtes",
        required=False,
        error_messages={"invalid_choice": "Choisissez un profil de la liste."},
    )
    adhesion = forms.BooleanField(label="", required=False)

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: dict[str, Any] = self.fields
        champs["prenom"].widget.attrs["autocomplete"] = "given-name"
        champs["nom"].widget.attrs["autocomplete"] = "family-name"
        champs["email"].widget.attrs["autocomplete"] = "email"
        champs["organisme"].widget.attrs["autocomplete"] = "organization"
        profils = [str(profil)[:120] for profil in session.profils]
        champs["profil"].choices = [("", "Sans précision"), *((p, p) for p in profils)]
        if not profils:
            del champs["profil"]
        if session.condition:
            champs["adhesion"].label = f"Je remplis la condition : {session.condition}"
            champs["adhesion"].required = True
            champs["adhesion"].error_messages["required"] = (
                "Cette session demande de remplir la condition."
            )
        else:
            del champs["adhesion"]
        for nom in ("prenom", "nom", "email"):
            champs[nom].error_messages["required"] = "À remplir."
