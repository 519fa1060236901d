"""Les formulaires : préparer une campagne, décrire un signataire, constater."""

from typing import Any

from django import forms
from django.utils import timezone

from campagnes.forms import champ_jour
from contrats.models import Contrat
from documents.models import DocumentFige
from signatures.enums import RegleEffet, TransitionSignataire
from signatures.models import CampagneSignature, Signataire

MANQUE = {"required": "Choisissez le fichier.", "empty": "Ce fichier est vide."}


class CampagneForm(forms.ModelForm):
    """Le document à signer, et comment."""

    document = forms.ModelChoiceField(
        DocumentFige.objects.none(),
        label="Document à signer",
        empty_label="Choisissez un document figé",
        error_messages={
            "required": "Choisissez un document figé de ce contrat.",
            "invalid_choice": "Choisissez un document figé de ce contrat.",
        },
    )
    effet_le = champ_jour("Date d'effet", "Si elle est fixée.", required=False)

    class Meta:
        model = CampagneSignature
        fields = ["document", "ordonnee", "regle_effet", "effet_le", "relance_jours"]
        widgets = {"regle_effet": forms.RadioSelect}
        help_texts = {"relance_jours": "0 : aucune relance automatique."}
        error_messages = {
            "relance_jours": {
                "required": "Écrivez un nombre de jours.",
                "invalid": "Écrivez un nombre de jours.",
                "min_value": "Écrivez un nombre de jours.",
            }
        }

    def __init__(self, contrat: Contrat, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        siens = DocumentFige.objects.filter(contrat=contrat).select_related("contrat")
        self.fields["document"].queryset = siens.order_by("-fige_le", "-pk")
        self.fields["relance_jours"].max_value = 365

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        fixee = donnees.get("regle_effet") == RegleEffet.DATE
        if fixee and not donnees.get("effet_le") and "effet_le" not in self.errors:
            self.add_error("effet_le", "Dites la date d'effet.")
        if not fixee:
            donnees["effet_le"] = None
            self.instance.effet_le = None
        return donnees


class SignataireForm(forms.ModelForm):
    """Qui signe, en quelle qualité, en vertu de quoi."""

    deliberation_le = champ_jour("Délibération du", required=False)
    deliberation_adoptee = forms.TypedChoiceField(
        label="Délibération",
        required=False,
        choices=[("", "Pas nécessaire"), ("non", "Attendue"), ("oui", "Adoptée")],
        coerce=lambda dit: dit == "oui",
        empty_value=None,
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )

    class Meta:
        model = Signataire
        fields = [
            "nom",
            "qualite",
            "email",
            "delegation",
            "deliberation_adoptee",
            "deliberation_numero",
            "deliberation_le",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dit = {None: "", True: "oui", False: "non"}[self.instance.deliberation_adoptee]
        self.initial["deliberation_adoptee"] = dit
        if self.instance.a_signe:
            for champ in ("nom", "qualite", "delegation"):
                self.fields[champ].disabled = True
                self.fields[champ].help_text = "Signé : ne change plus."
        self.fields["email"].help_text = "Privé : il y reçoit l'envoi, les relances, l'annulation."
        self.fields["email"].error_messages["invalid"] = "Écrivez une adresse : nom@domaine.fr."

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if self.instance.a_signe and donnees.get("deliberation_adoptee") is False:
            self.add_error("deliberation_adoptee", "La signature est reçue : elle l'exige adoptée.")
        return donnees


class ConstatForm(forms.Form):
    """Un geste sur un signataire : la version lue et, selon lui, un motif, une date, un fichier."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, signataire: Signataire, transition: TransitionSignataire, *args: Any, **kwargs: Any
    ) -> None:
        kwargs |= {"auto_id": f"{transition.value}-%s", "use_required_attribute": False}
        kwargs["initial"] = {"version": signataire.version, "le": timezone.localdate()}
        super().__init__(*args, **kwargs)
        self.transition = transition
        if transition in TransitionSignataire.motivees():
            self.fields["motif"] = forms.CharField(
                label="Pourquoi ?",
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={
                    "required": f"{transition.label} : dites pourquoi.",
                    "max_length": "Raccourcissez à 500 signes au plus.",
                },
            )
        if transition == TransitionSignataire.SIGNER_PAPIER:
            self.fields["le"] = champ_jour("Signé le")
            self.fields["piece"] = _fichier(
                "Page signée, numérisée",
                "PDF, JPEG ou PNG ; gardée telle quelle.",
                ".pdf,.jpg,.png",
            )
        if transition == TransitionSignataire.SIGNER_AILLEURS:
            self.fields["piece"] = _fichier(
                "PDF signé",
                "Le fichier rendu par son outil de signature, sans le réimprimer.",
                ".pdf",
            )

    @property
    def a_remplir(self) -> bool:
        """Autre chose qu'un bouton."""
        return len(self.fields) > 1


def _fichier(label: str, aide: str, admis: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=aide,
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": admis, "class": "saisie"}),
        error_messages={**MANQUE, "max_length": "Raccourcissez le nom du fichier."},
    )


class MotifForm(forms.Form):
    """Pourquoi le document revient en relecture."""

    motif = forms.CharField(
        label="Pourquoi revenir en relecture ?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Dites pourquoi : le motif est gardé et envoyé à chacun.",
            "max_length": "Raccourcissez à 500 signes au plus.",
        },
    )
