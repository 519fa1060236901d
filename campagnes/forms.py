"""Les formulaires : préparer une campagne, répondre, relire."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from campagnes.conduite import CampagneImpossible, verifier_fin
from campagnes.fichiers import TAILLE_MAX, FichierRefuse, controler
from campagnes.models import Campagne, Contact
from campagnes.plan import Concerne
from contrats.enums import StatutAction
from contrats.models import Action
from contrats.transitions import (
    DonneeManquante,
    Suivi,
    TransitionImpossible,
    statuts_possibles,
    verifier_suivi,
)

# Ce que chaque état veut dire pour qui répond.
SENS = {
    StatutAction.A_LANCER: "Rien n'a commencé",
    StatutAction.EN_COURS: "Le travail est engagé",
    StatutAction.REALISEE: "Terminée et vérifiable",
    StatutAction.REPORTEE: "La date ne sera pas tenue : dites la nouvelle",
    StatutAction.SUSPENDUE: "Arrêtée pour l'instant : dites pourquoi",
    StatutAction.ABANDONNEE: "Elle ne se fera pas : dites pourquoi",
    StatutAction.REGROUPEE: "Suivie avec une autre action",
}
CHAMP_DE = {"motif": "phrase", "echeance": "echeance", "avancement": "avancement"}


class Jour(forms.DateInput):
    """Date du navigateur ; un clavier sans elle tape jj/mm/aaaa."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "court"})


def champ_jour(label: str, aide: str = "", *, required: bool = True) -> forms.DateField:
    messages = {"required": "Choisissez une date.", "invalid": "Écrivez la date : jj/mm/aaaa."}
    return forms.DateField(
        label=label, help_text=aide, required=required, widget=Jour(), error_messages=messages
    )


class SuiviForm(forms.Form):
    """Où en est l'action : mêmes règles à l'envoi et à l'acceptation."""

    statut = forms.ChoiceField(
        label="État de l'action",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un état.",
            "invalid_choice": "Choisissez un état de la liste.",
        },
    )
    avancement = forms.IntegerField(
        label="Avancement, en %",
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"class": "court", "inputmode": "numeric"}),
        error_messages={
            "invalid": "Écrivez un nombre de 0 à 100.",
            "min_value": "Écrivez un nombre de 0 à 100.",
            "max_value": "Écrivez un nombre de 0 à 100.",
        },
    )
    echeance = champ_jour("Prochaine date", "Celle où l'action sera terminée.", required=False)
    phrase = forms.CharField(
        label="Une phrase pour le comité",
        required=False,
        max_length=500,
        help_text="Ce qui a avancé, ce qui bloque. N'écrivez pas de donnée personnelle.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Raccourcissez à 500 signes au plus."},
    )

    def __init__(self, action: Action, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["statut"].choices = [(s.value, s.label) for s in statuts_possibles(action)]

    def clean_phrase(self) -> str:
        return " ".join(self.cleaned_data["phrase"].split())

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        if self.errors:
            return donnees
        try:
            verifier_suivi(self.action, self.suivi())
        except DonneeManquante as erreur:
            self.add_error(CHAMP_DE.get(erreur.champ), str(erreur))
        except TransitionImpossible as erreur:
            self.add_error("statut", str(erreur))
        return donnees

    def suivi(self) -> Suivi:
        d = self.cleaned_data
        return Suivi(d["statut"], d["avancement"], d["echeance"], d["phrase"])

    @property
    def choix(self) -> list[dict[str, Any]]:
        """Les états, avec leur sens, pour l'écran."""
        return [
            {"bouton": bouton, "statut": bouton.data["value"], "sens": SENS[bouton.data["value"]]}
            for bouton in self["statut"]
        ]


class ReponseForm(SuiviForm):
    """Ce qu'un destinataire envoie."""

    piece = forms.FileField(
        label="Photo ou fichier",
        required=False,
        max_length=200,
        help_text=f"Photo (JPEG, PNG, WebP) ou PDF, {TAILLE_MAX // 1_000_000} Mo au plus.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,.pdf"}),
        error_messages={
            "empty": "Ce fichier est vide : choisissez-en un autre.",
            "max_length": "Le nom de ce fichier est trop long : renommez-le.",
            "invalid": "Le fichier n'est pas arrivé : choisissez-le de nouveau.",
        },
    )

    def clean_piece(self) -> Any:
        piece = self.cleaned_data["piece"]
        if not piece:
            return None
        try:
            return controler(piece)
        except FichierRefuse as erreur:
            raise forms.ValidationError(str(erreur)) from erreur


class CampagneForm(forms.ModelForm):
    """L'intitulé, à qui, jusqu'à quand, avec quel mot, et quand relancer."""

    fin = champ_jour("Dernier jour pour répondre", "Les liens s'ouvrent jusqu'au soir de ce jour.")
    relances = forms.CharField(
        label="Relances",
        required=False,
        help_text="Une ou plusieurs dates séparées par un blanc (jj/mm/aaaa) : ce matin-là, on "
        "réécrit à qui n'a pas tout répondu.",
        max_length=200,
    )

    class Meta:
        model = Campagne
        fields = ["intitule", "destination", "fin", "message"]
        labels = {"intitule": "Intitulé", "destination": "À qui écrire", "message": "Votre mot"}
        help_texts = {
            "intitule": "Il fait le sujet du courriel.",
            "message": "Ajouté au courriel, après la première phrase.",
        }
        widgets = {
            "destination": forms.RadioSelect,
            "message": forms.Textarea(attrs={"rows": 3}),
        }

    field_order = ["intitule", "destination", "fin", "relances", "message"]

    def clean_fin(self) -> datetime.date:
        try:
            verifier_fin(self.cleaned_data["fin"])
        except CampagneImpossible as erreur:
            raise forms.ValidationError(str(erreur)) from erreur
        return self.cleaned_data["fin"]

    def clean_relances(self) -> list[datetime.date]:
        lire = champ_jour("")
        mots = self.cleaned_data["relances"].replace(",", " ").split()
        try:
            return sorted({lire.clean(mot) for mot in mots})
        except forms.ValidationError as erreur:
            raise forms.ValidationError("Écrivez chaque date : jj/mm/aaaa.") from erreur

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        fin, relances = donnees.get("fin"), donnees.get("relances") or []
        if fin and any(not timezone.localdate() <= le <= fin for le in relances):
            self.add_error("relances", "Une relance part avant la fin de la campagne, et pas hier.")
        return donnees


class ContactForm(forms.Form):
    """Qui répond pour un organisme ; sans adresse, on ne lui écrit pas."""

    ecrire = forms.BooleanField(label="Écrire", required=False)
    nom = forms.CharField(label="Personne", required=False, max_length=120)
    email = forms.EmailField(
        label="Courriel",
        required=False,
        max_length=254,
        error_messages={
            "invalid": "Écrivez une adresse, comme prenom.nom@exemple.fr.",
            "max_length": "Cette adresse est trop longue.",
        },
    )

    def __init__(self, concerne: Concerne, *args: Any, **kwargs: Any) -> None:
        self.concerne = concerne
        contact = concerne.contact
        initial = {
            "ecrire": not concerne.ecarte,
            "nom": contact.nom if contact else "",
            "email": contact.email if contact else "",
        }
        prefixe = f"o{concerne.organisme.pk}"
        super().__init__(*args, initial=initial, prefix=prefixe, **kwargs)
        for nom, champ in self.fields.items():
            champ.widget.attrs["aria-label"] = f"{champ.label}, {concerne.organisme.nom}"
            if nom != "ecrire":
                champ.widget.attrs["class"] = "saisie"

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def enregistrer(self, campagne: Campagne) -> None:
        """Écrit le contact et la mise à l'écart ; une adresse vidée efface le contact."""
        organisme, d = self.concerne.organisme, self.cleaned_data
        siens = Contact.objects.filter(contrat=campagne.contrat_id, organisme=organisme)
        if d["email"]:
            Contact.objects.update_or_create(
                contrat_id=campagne.contrat_id,
                organisme=organisme,
                defaults={"nom": d["nom"], "email": d["email"]},
            )
        elif self.concerne.contact:
            siens.delete()
        if d["ecrire"]:
            campagne.ecartes.remove(organisme)
        else:
            campagne.ecartes.add(organisme)


class DateForm(forms.Form):
    """Une date : prolonger, relancer."""

    le = champ_jour("Date")


class RetourForm(forms.Form):
    """Ce qui manque à une réponse."""

    retour = forms.CharField(
        label="Ce que vous redemandez",
        max_length=500,
        help_text="Votre phrase part par courriel à l'auteur de la réponse, avec son lien.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "Dites au destinataire ce qui manque.",
            "max_length": "Raccourcissez à 500 signes au plus.",
        },
    )
