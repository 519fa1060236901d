"""Le formulaire public d'inscription à une session."""

from typing import Any

from django import forms

from gouvernance.models import Session


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
