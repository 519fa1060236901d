"""Formulaires de la connexion et de l'assistance."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

from comptes.assistance import peut_aider
from comptes.models import Utilisateur


class ConnexionForm(LoginForm):
    """Courriel et mot de passe ; le refus ne dit pas lequel des deux est faux."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Courriel"
        for champ in self.fields.values():
            champ.help_text = ""
            champ.widget.attrs.pop("placeholder", None)


class CleForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Nom de la clé"
        sans_mot_de_passe = self.fields["passwordless"]
        sans_mot_de_passe.label = "Ouvrir le compte avec cette clé, sans mot de passe"
        sans_mot_de_passe.help_text = "Elle demandera votre empreinte, votre visage ou un code."


class CleNomForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Nom de la clé"


class LienForm(forms.Form):
    courriel = forms.EmailField(
        label="Courriel", widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class AssistanceForm(forms.Form):
    """Au nom de qui, et pourquoi : le motif reste au journal."""

    courriel = forms.EmailField(label="Courriel de la personne à aider")
    motif = forms.CharField(
        label="Motif", max_length=300, help_text="Gardé au journal, avec votre nom et les heures."
    )

    def __init__(self, *args: Any, agent: Utilisateur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent

    def clean_courriel(self) -> str:
        """L'administration voit tous les comptes : l'absence d'un compte n'apprend rien."""
        courriel = self.cleaned_data["courriel"]
        personne = Utilisateur.objects.filter(email__iexact=courriel).first()
        if personne is None or not peut_aider(self.agent, personne):
            raise forms.ValidationError("Aucun compte actif, hors administration, n'a ce courriel.")
        self.personne = personne
        return courriel
