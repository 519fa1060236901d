"""Formulaires des personnes d'un contrat."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import RoleHabilitation
from contrats.models import Action, Contrat, Fiche, Habilitation

AUX_ENFANTS = "Vaut aussi pour les contrats enfants"


def _role() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Rôle",
        choices=RoleHabilitation.choices,
        error_messages={"invalid_choice": "Rôle inconnu.", "required": "Choisissez un rôle."},
    )


def _fin() -> forms.DateField:
    return forms.DateField(
        label="Dernier jour",
        required=False,
        help_text="Jour/mois/année ; vide : sans fin",
        error_messages={"invalid": "Écrivez la date comme 31/12/2026."},
        widget=forms.DateInput(attrs={"autocomplete": "off"}),
    )


class FormulaireInvitation(forms.Form):
    """Qui inviter, à quel rôle, jusqu'à quand."""

    email = forms.EmailField(
        label="Courriel",
        max_length=254,
        error_messages={
            "required": "Écrivez le courriel de la personne.",
            "invalid": "Écrivez le courriel comme nom@exemple.fr.",
        },
    )
    role = _role()
    fin = _fin()
    aux_enfants = forms.BooleanField(label=AUX_ENFANTS, required=False, initial=True)

    def clean_fin(self) -> Any:
        return _a_venir(self.cleaned_data["fin"])


def _a_venir(fin: Any) -> Any:
    if fin and fin < timezone.localdate():
        raise ValidationError("Ce jour est passé : le rôle ne vaudrait rien.")
    return fin


class FormulaireRole(forms.Form):
    """Le rôle d'une personne, son étendue, son dernier jour."""

    role = _role()
    fin = _fin()
    aux_enfants = forms.BooleanField(label=AUX_ENFANTS, required=False)

    def __init__(self, habilitation: Habilitation, donnees: Any = None) -> None:
        valeurs = {c: getattr(habilitation, c) for c in ("role", "fin", "aux_enfants")}
        super().__init__(
            donnees,
            initial=valeurs,
            auto_id=f"role-{habilitation.pk}-%s",
            use_required_attribute=False,
        )
        self.habilitation = habilitation


class FormulaireCompte(forms.Form):
    """Le compte que crée une personne invitée."""

    prenom = forms.CharField(label="Prénom", max_length=100)
    nom = forms.CharField(label="Nom", max_length=100)
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        help_text="Douze signes au moins, différents de votre nom et de votre courriel",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, donnees: Any = None) -> None:
        super().__init__(donnees, use_required_attribute=False)
        self.email = email

    def clean(self) -> None:
        propres = self.cleaned_data
        compte = Utilisateur(
            email=self.email, prenom=propres.get("prenom", ""), nom=propres.get("nom", "")
        )
        if propres.get("mot_de_passe"):
            try:
                validate_password(propres["mot_de_passe"], compte)
            except ValidationError as erreur:
                self.add_error("mot_de_passe", erreur)

    def compte(self) -> dict[str, str]:
        propres = self.cleaned_data
        return {
            "password": propres["mot_de_passe"],
            "prenom": propres["prenom"],
            "nom": propres["nom"],
        }


class FormulairePourquoi(forms.Form):
    """Une personne, par son courriel, et un objet, par l'adresse de sa page."""

    personne = forms.CharField(label="Courriel de la personne", max_length=254)
    objet = forms.CharField(
        label="Adresse de la page",
        max_length=500,
        help_text="Celle d'un contrat, d'une fiche ou d'une action, copiée du navigateur",
    )

    def __init__(self, donnees: Any = None) -> None:
        super().__init__(donnees, use_required_attribute=False)

    def clean_personne(self) -> Utilisateur:
        courriel = self.cleaned_data["personne"].replace("\0", "")
        trouve = Utilisateur.objects.filter(email__iexact=courriel).first()
        if trouve is None:
            raise ValidationError("Aucun compte n'a ce courriel.")
        return trouve

    def clean_objet(self) -> Contrat | Fiche | Action:
        objet = objet_de_l_adresse(self.cleaned_data["objet"])
        if objet is None:
            raise ValidationError("Cette adresse n'est celle d'aucun contrat, fiche ou action.")
        return objet


def objet_de_l_adresse(adresse: str) -> Contrat | Fiche | Action | None:
    """Ce que montre cette page, publique ou de l'atelier."""
    try:
        route = resolve(urlsplit(adresse.strip()).path)
    except (Resolver404, ValueError):
        return None
    nom, _, _ = (route.url_name or "").partition("-")
    cles = route.kwargs
    lignes: Any = None
    if nom == "contrat":
        lignes = Contrat.objects.filter(slug=cles.get("slug", ""))
    elif nom == "fiche" and "public_id" in cles:
        lignes = Fiche.objects.filter(public_id=cles["public_id"])
    elif nom == "fiche":
        lignes = Fiche.objects.filter(contrat__slug=cles.get("slug"), cle=cles.get("fiche_slug"))
    elif nom == "action" and "public_id" in cles:
        lignes = Action.objects.filter(public_id=cles["public_id"])
    if lignes is None:
        return None
    suivre = ["parent"] if nom == "contrat" else ["contrat__parent"]
    return lignes.select_related(*suivre).first()
