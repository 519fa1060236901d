"""Les changements proposés : un formulaire chacun, lu aussi bien pour l'aperçu que pour l'envoi."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from contrats.atelier.annuaire import Annuaire
from contrats.atelier.champs import Jour, Ligne, Nom, Vocabulaire
from contrats.enums import TransitionAction, TransitionFiche
from contrats.masse.changement import Changement, ChangerEcheance, ChangerEtat, ChangerPilote
from contrats.masse.fiches import GROUPABLES as FICHES_GROUPABLES
from contrats.masse.fiches import ChangerEtatFiche
from contrats.transitions import DonneeManquante
from contrats.transitions.socle import motif_de
from partenaires.models import Organisme

# Un regroupement désigne une action pour chacune : il se fait depuis la page de l'action.
GROUPABLES = [t for t in TransitionAction if t != TransitionAction.REGROUPER]


class FormulaireDeChangement(forms.Form):
    """Base : `quoi` le nomme dans l'adresse, `titre` à l'écran."""

    quoi = ""
    titre = ""

    def __init__(self, donnees: QueryDict | None, annuaire: Annuaire) -> None:
        self.annuaire = annuaire
        super().__init__(donnees, prefix=self.quoi, use_required_attribute=False, auto_id="id_%s")

    def changement(self) -> Any:
        """Le changement demandé ; après `is_valid()`."""
        raise NotImplementedError


class FormulaireEtat(FormulaireDeChangement):
    quoi = "etat"
    titre = "Changer l'état"

    transition = Vocabulaire([(t.value, t.label) for t in GROUPABLES], label="Changement")
    motif = Ligne(
        signes=500,
        lignes=2,
        label="Motif",
        help_text="Demandé pour reporter, suspendre ou abandonner ; il ira sur chaque action.",
    )
    echeance = Jour(label="Nouvelle échéance", help_text="Pour un report seulement.")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if "transition" in donnees and "motif" in donnees:
            try:
                donnees["motif"] = motif_de(
                    TransitionAction(donnees["transition"]), donnees["motif"]
                )
            except DonneeManquante as manque:
                self.add_error(manque.champ, str(manque))
        report = donnees.get("transition") == TransitionAction.REPORTER
        if report and not donnees.get("echeance") and "echeance" not in self.errors:
            self.add_error("echeance", "Dites la nouvelle échéance.")
        return donnees

    def changement(self) -> Changement:
        return ChangerEtat(
            TransitionAction(self.cleaned_data["transition"]),
            self.cleaned_data["motif"],
            _jour(self.cleaned_data["echeance"]),
        )


class FormulairePilote(FormulaireDeChangement):
    quoi = "pilote"
    titre = "Changer le pilote"

    organisme = Nom("organisme", manque="Nommez l'organisme pilote.", label="Organisme pilote")
    maniere = Vocabulaire(
        [("remplacer", "À la place des pilotes actuels"), ("ajouter", "Avec les pilotes actuels")],
        label="Comment",
    )

    def clean_organisme(self) -> Organisme:
        """Parmi les organismes que l'agent voit, par son nom ou sa clé."""
        agent = self.annuaire.utilisateur
        try:
            cle = self.annuaire.trouver("organisme", self.cleaned_data["organisme"])
            return Organisme.objects.visibles_par(agent).get(cle=cle)
        except Organisme.DoesNotExist:
            raise ValidationError("Aucun organisme ne porte ce nom.") from None

    def changement(self) -> Changement:
        ajouter = self.cleaned_data["maniere"] == "ajouter"
        return ChangerPilote(self.cleaned_data["organisme"], ajouter)


class FormulaireEcheance(FormulaireDeChangement):
    quoi = "echeance"
    titre = "Changer l'échéance"

    echeance = Jour(manque="Dites la nouvelle échéance.", label="Nouvelle échéance")

    def changement(self) -> Changement:
        return ChangerEcheance(datetime.date.fromisoformat(self.cleaned_data["echeance"]))


class FormulaireEtatDeFiche(FormulaireDeChangement):
    """Les mêmes transitions que sur la page de chaque fiche."""

    quoi = "etat"
    titre = "Changer l'état"

    transition = Vocabulaire([(t.value, t.label) for t in FICHES_GROUPABLES], label="Changement")
    motif = Ligne(signes=500, lignes=2, label="Motif", help_text="Demandé pour archiver.")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if "transition" in donnees and "motif" in donnees:
            try:
                voulue = TransitionFiche(donnees["transition"])
                donnees["motif"] = motif_de(voulue, donnees["motif"])
            except DonneeManquante as manque:
                self.add_error(manque.champ, str(manque))
        return donnees

    def changement(self) -> Any:
        voulue = TransitionFiche(self.cleaned_data["transition"])
        return ChangerEtatFiche(voulue, self.cleaned_data["motif"])


FORMULAIRES_DE_FICHES: dict[str, type[FormulaireDeChangement]] = {
    FormulaireEtatDeFiche.quoi: FormulaireEtatDeFiche
}
FORMULAIRES: dict[str, type[FormulaireDeChangement]] = {
    f.quoi: f for f in (FormulaireEtat, FormulairePilote, FormulaireEcheance)
}


def _jour(iso: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(iso) if iso else None
