"""Un formulaire par ligne de la fiche : libellés, limites et phrases d'erreur."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict

from contrats.atelier.annuaire import Annuaire
from contrats.atelier.champs import Case, Jour, Ligne, Nom, Pourcentage, Redaction, Vocabulaire
from contrats.atelier.donnees import ROLES
from contrats.enums import (
    EtatSection,
    NatureCritere,
    NatureSection,
    Precision,
    StatutAction,
)


class FormulaireDeLigne(forms.Form):
    """Formulaire toujours lié aux données de la page ; muet, il ne dit aucune erreur.

    `quoi` nomme ce que la ligne décrit, dans le résumé des erreurs.
    """

    def __init__(
        self, donnees: QueryDict, *, prefixe: str, annuaire: Annuaire, muet: bool, quoi: str = ""
    ) -> None:
        super().__init__(donnees, prefix=prefixe, use_required_attribute=False)
        self.donnees = donnees
        self.annuaire = annuaire
        self.quoi = quoi
        if muet:
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, Any] = {}

    @property
    def jeton(self) -> str:
        """Jeton de la ligne dans la page."""
        return str(self.prefix).partition("-")[2]

    @property
    def cles_citees(self) -> list[tuple[str, str]]:
        """Champs cachés (nom, clé) : l'objet que chaque nom désignait à la lecture."""
        noms = [nom for nom, champ in self.fields.items() if isinstance(champ, Nom)]
        return [(self.add_prefix(f"{nom}_cle"), self.brut(f"{nom}_cle")) for nom in noms]

    def brut(self, champ: str) -> str:
        """Valeur tapée de ce champ."""
        return self.donnees.get(self.add_prefix(champ), "")

    def bruts(self, champ: str) -> list[str]:
        """Valeurs de ce champ répété."""
        return self.donnees.getlist(self.add_prefix(champ))

    def _trouver(self, champ: str) -> str | None:
        """Clé de l'objet nommé dans ce champ ; None s'il est vide, erreur sur le champ sinon."""
        saisie = self.cleaned_data.get(champ)
        if not saisie:
            return None
        nature = self.fields[champ].nature  # type: ignore[attr-defined]
        try:
            return self.annuaire.trouver(nature, saisie, self.brut(f"{champ}_cle"))
        except ValidationError as erreur:
            self.add_error(champ, erreur)
            return None


class FormulaireFiche(FormulaireDeLigne):
    """L'en-tête de la fiche."""

    titre = Ligne(label="Titre", signes=300, manque="Donnez un titre à la fiche.")
    numero = Ligne(label="Numéro", signes=20)
    numero_deduit = Case(label="Numéro déduit de renvois, non imprimé")
    note_titre = Redaction(label="Note sur le titre", lignes=2)
    axe = Vocabulaire([], vide="Aucun", label="Axe du contrat")

    def __init__(self, *args: Any, axes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["axe"].choices += axes  # type: ignore[attr-defined]

    def clean_numero_deduit(self) -> bool:
        if self.cleaned_data["numero_deduit"] and not self.cleaned_data.get("numero"):
            raise ValidationError("Indiquez le numéro, ou décochez « déduit ».")
        return self.cleaned_data["numero_deduit"]


class FormulaireSection(FormulaireDeLigne):
    """Une section : son libellé imprimé, son état, son texte."""

    libelle = Ligne(label="Libellé imprimé", signes=200, manque="Donnez un libellé à la section.")
    etat = Vocabulaire(EtatSection, label="État")
    texte = Redaction(label="Texte")
    liste_ouverte = Case(label="Liste ouverte (« … » : d'autres partenaires sont possibles)")
    ajout = Nom("organisme", label="Ajouter un organisme")
    ajout_mention = Ligne(label="Mention imprimée", signes=254)

    def clean(self) -> None:
        # Un nom reconnu a déjà rejoint la liste : il ne reste ici que ce qui ne désigne rien.
        self._trouver("ajout")
        if self.cleaned_data.get("ajout_mention") and not self.cleaned_data.get("ajout"):
            self.add_error("ajout", "Nommez l'organisme que cette mention désigne.")
        etat, texte = self.cleaned_data.get("etat"), self.cleaned_data.get("texte")
        if texte and etat in (EtatSection.NEANT, EtatSection.SANS_OBJET):
            mot = EtatSection(etat).label
            self.add_error(
                "etat", f"Cette section porte un texte : effacez-le, ou quittez l'état « {mot} »."
            )


class FormulaireAction(FormulaireDeLigne):
    """Une action ou un sous-point."""

    numero = Ligne(label="Numéro", signes=20)
    intitule = Ligne(
        label="Intitulé", signes=1000, manque="Écrivez l'intitulé, ou retirez l'action.", lignes=2
    )
    description = Redaction(label="Description", lignes=3)
    place = Vocabulaire([], label="Horizon")
    statut = Vocabulaire(StatutAction, label="Statut")
    motif_statut = Ligne(label="Motif du report, de la suspension ou de l'abandon", signes=500)
    regroupee_dans = forms.CharField(required=False, widget=forms.HiddenInput)
    avancement = Pourcentage(label="Avancement, %")
    debut = Jour(label="Début")
    echeance = Jour(label="Échéance")
    prioritaire = Case(label="Prioritaire")
    demonstration = Case(label="Suivi de démonstration (inventé)")
    pilotes_ajout = Nom("organisme", label="Ajouter un pilote")
    chefs_de_file_ajout = Nom("organisme", label="Ajouter un chef de file")
    partenaires_ajout = Nom("organisme", label="Ajouter un partenaire")
    territoires_ajout = Nom("territoire", label="Ajouter un territoire")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]

    def clean(self) -> None:
        debut, echeance = self.cleaned_data.get("debut"), self.cleaned_data.get("echeance")
        if debut and echeance and echeance < debut:
            self.add_error("echeance", "L'échéance ne peut précéder le début.")
        for role in ROLES:
            self.cleaned_data[role] = self._role(role)

    def _role(self, role: str) -> list[str]:
        """Clés déjà choisies, plus celle du nom resté dans le champ d'ajout."""
        cles = self.bruts(role)
        ajout = self._trouver(f"{role}_ajout")
        uniques = list(dict.fromkeys([*cles, ajout] if ajout else cles))
        return sorted(uniques) if role == "territoires" else uniques


class FormulairePartenaire(FormulaireDeLigne):
    """Mention d'une liste de partenaires : la forme imprimée et l'organisme qu'elle désigne."""

    mention = Ligne(label="Mention imprimée", signes=254)
    organisme = Nom("organisme", label="Organisme", manque="Nommez l'organisme, ou retirez-le.")

    @property
    def nom_affiche(self) -> str:
        """La forme imprimée, sinon le nom de l'organisme."""
        return self.brut("mention") or self.brut("organisme")

    def clean(self) -> None:
        self.cleaned_data["organisme"] = self._trouver("organisme")


class FormulaireRenvoi(FormulaireDeLigne):
    """Renvoi à une autre fiche, à une annexe ou à un document."""

    texte = Ligne(label="Renvoi imprimé", signes=300, manque="Écrivez le renvoi, ou retirez-le.")
    fiche = Vocabulaire([], vide="Aucune", label="Fiche visée")
    annexe = Vocabulaire([], vide="Aucune", label="Annexe visée")
    document = Ligne(label="Autre document", signes=300)
    deduit = Case(label="Cible déduite")

    def __init__(self, *args: Any, cibles: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ, choix in cibles.items():
            self.fields[champ].choices += choix  # type: ignore[attr-defined]

    def clean(self) -> None:
        for champ in ("fiche", "annexe"):
            self.cleaned_data[champ] = self.cleaned_data.get(champ) or None
        if sum(bool(self.cleaned_data.get(c)) for c in ("fiche", "annexe", "document")) != 1:
            self.add_error("fiche", "Visez une fiche, une annexe ou un autre document, un seul.")


class FormulairePeriode(FormulaireDeLigne):
    """Période imprimée d'une action."""

    libelle = Ligne(
        label="Période imprimée", signes=60, manque="Écrivez la période, ou retirez-la."
    )
    objet = Ligne(label="Objet", signes=300)
    debut = Jour(label="Début", manque="Indiquez le début de la période.")
    precision_debut = Vocabulaire(Precision, label="Précision du début")
    fin = Jour(label="Fin")
    precision_fin = Vocabulaire(Precision, vide="Sans objet", label="Précision de la fin")

    def clean(self) -> None:
        debut, fin = self.cleaned_data.get("debut"), self.cleaned_data.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin de la période ne peut précéder son début.")


# Lignes des sections, selon leur nature


class FormulaireLigne(FormulaireDeLigne):
    """Facteur de succès, et base des autres lignes."""

    intitule = Ligne(
        label="Intitulé", signes=500, manque="Écrivez l'intitulé, ou retirez la ligne.", lignes=2
    )


class FormulaireEcheance(FormulaireLigne):
    """Jalon ou livrable."""

    echeance_texte = Ligne(label="Échéance imprimée", signes=60)
    echeance = Jour(label="Échéance")
    precision = Vocabulaire(Precision, label="Précision")


class FormulaireRisque(FormulaireLigne):
    imprime_sous = Ligne(label="Imprimé sous la rubrique", signes=200)


class FormulaireCritere(FormulaireLigne):
    nature = Vocabulaire(NatureCritere, label="Nature")


class FormulaireProjetLie(FormulaireLigne):
    cible = Nom("contrat", label="Contrat de la plateforme")

    def clean(self) -> None:
        self.cleaned_data["cible"] = self._trouver("cible")


class FormulaireResponsable(FormulaireLigne):
    intitule = Ligne(label="Qualité", signes=500, manque="Écrivez la qualité, ou retirez la ligne.")
    personne = Nom("personne", label="Personne", manque="Nommez la personne, ou retirez la ligne.")
    organisme = Nom("organisme", label="Organisme")

    def clean(self) -> None:
        for champ in ("personne", "organisme"):
            self.cleaned_data[champ] = self._trouver(champ)


# Nature de section → (formulaire de ligne, nom d'une ligne)
LIGNES: dict[str, tuple[type[FormulaireLigne], str]] = {
    NatureSection.JALONS: (FormulaireEcheance, "jalon"),
    NatureSection.LIVRABLES: (FormulaireEcheance, "livrable"),
    NatureSection.RISQUES: (FormulaireRisque, "risque"),
    NatureSection.FACTEURS: (FormulaireLigne, "facteur de succès"),
    NatureSection.CRITERES: (FormulaireCritere, "critère"),
    NatureSection.PROJETS_LIES: (FormulaireProjetLie, "projet lié"),
    NatureSection.RESPONSABLES: (FormulaireResponsable, "responsable"),
}
