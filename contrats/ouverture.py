"""Les formulaires qui ouvrent un contrat : la suite d'un autre, ou la reprise d'un signé."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from comptes.models import Utilisateur
from contrats.atelier.annuaire import Annuaire
from contrats.atelier.champs import Jour, Ligne, Nom, Vocabulaire
from contrats.duplication import Suite
from contrats.enums import LienParent, RolePartie, TypeContrat
from contrats.reprise import (
    PDFSigne,
    Reprise,
    controler_pdf,
    signature_possible,
    territoires_de_reprise,
)
from partenaires.models import Organisme

NB_PARTIES = 4


class FormulaireContrat(forms.Form):
    """Ce que tout contrat dit de lui : son nom et ses dates."""

    intitule = Ligne(signes=300, manque="Donnez l'intitulé du contrat.", label="Intitulé")
    intitule_court = Ligne(
        signes=120,
        manque="Donnez un nom court, pour les listes.",
        label="Intitulé court",
    )
    debut = Jour(label="Début")
    fin = Jour(label="Fin")

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin <= debut:
            self.add_error("fin", "La date de fin doit suivre la date de début.")
        return donnees

    def jour(self, champ: str) -> datetime.date | None:
        iso = self.cleaned_data[champ]
        return datetime.date.fromisoformat(iso) if iso else None


class FormulaireSuite(FormulaireContrat):
    """Le contrat qui part du précédent."""

    lien = Vocabulaire(
        LienParent, vide="Aucun : un contrat à part", label="Lien au contrat précédent"
    )

    def suite(self) -> Suite:
        d = self.cleaned_data
        return Suite(
            d["intitule"], d["intitule_court"], self.jour("debut"), self.jour("fin"), d["lien"]
        )


class FormulaireReprise(FormulaireContrat):
    """Un contrat signé avant l'outil, en deux minutes."""

    type = Vocabulaire(TypeContrat, label="Type de contrat")
    territoire = forms.ChoiceField(label="Territoire")
    signe_le = Jour(manque="Dites quand il a été signé.", label="Signé le")
    original = forms.FileField(
        label="PDF signé",
        help_text="20 Mo au plus ; gardé tel quel, avec son empreinte.",
        error_messages={"required": "Joignez le PDF signé.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    motif = Ligne(
        signes=500,
        manque="Dites pourquoi ce contrat entre déjà signé.",
        label="Motif de la reprise",
        initial="Signé avant la mise en service de la plateforme.",
    )
    field_order = ("intitule", "intitule_court", "type", "territoire", "signe_le", "debut", "fin")

    def __init__(self, *args: Any, agent: Utilisateur, **kwargs: Any) -> None:
        self.annuaire = Annuaire(agent)
        self.territoires = {t.cle: t for t in territoires_de_reprise(agent)}
        super().__init__(*args, **kwargs)
        choix = self.fields["territoire"]
        choix.choices = [(cle, str(t)) for cle, t in self.territoires.items()]  # type: ignore[attr-defined]
        choix.error_messages = dict.fromkeys(
            ("required", "invalid_choice"), "Choisissez dans la liste."
        )
        for rang in range(1, NB_PARTIES + 1):
            manque = "Nommez au moins une partie." if rang == 1 else ""
            self.fields[f"partie{rang}"] = Nom("organisme", manque=manque, label=f"Partie {rang}")
            self.fields[f"role{rang}"] = Vocabulaire(RolePartie, label=f"Place de la partie {rang}")
            self.fields[f"role{rang}"].required = False

    @property
    def champs_des_parties(self) -> list[forms.BoundField]:
        rangs = range(1, NB_PARTIES + 1)
        return [self[nom] for rang in rangs for nom in (f"partie{rang}", f"role{rang}")]

    @property
    def champs_du_contrat(self) -> list[forms.BoundField]:
        noms = ("intitule", "intitule_court", "type", "territoire", "signe_le", "debut", "fin")
        return [self[nom] for nom in noms]

    def clean_original(self) -> PDFSigne:
        depose = self.cleaned_data["original"]
        return controler_pdf(depose.name, depose.read())

    def clean_signe_le(self) -> datetime.date:
        le = datetime.date.fromisoformat(self.cleaned_data["signe_le"])
        signature_possible(le)
        return le

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        donnees["parties"] = []
        cites: set[str] = set()
        for rang in range(1, NB_PARTIES + 1):
            nom = donnees.get(f"partie{rang}")
            if nom:
                self._ajouter(donnees, rang, nom, cites)
        return donnees

    def _ajouter(self, donnees: dict[str, Any], rang: int, nom: str, cites: set[str]) -> None:
        try:
            cle = self.annuaire.trouver("organisme", nom)
            if cle in cites:
                raise ValidationError("Cet organisme est déjà cité.")
        except ValidationError as erreur:
            self.add_error(f"partie{rang}", erreur)
            return
        cites.add(cle)
        role = donnees.get(f"role{rang}") or RolePartie.MEMBRE
        donnees["parties"].append((cle, role))

    def reprise(self) -> Reprise:
        d = self.cleaned_data
        visibles = Organisme.objects.visibles_par(self.annuaire.utilisateur)
        organismes = visibles.in_bulk([cle for cle, _ in d["parties"]], field_name="cle")
        return Reprise(
            intitule=d["intitule"],
            intitule_court=d["intitule_court"],
            type=d["type"],
            territoire=self.territoires[d["territoire"]],
            parties=[(organismes[cle], role) for cle, role in d["parties"]],
            signe_le=d["signe_le"],
            original=d["original"],
            motif=d["motif"],
            debut=self.jour("debut"),
            fin=self.jour("fin"),
        )
