"""Ce que montre le volet « cycle de vie » d'un objet : l'étape, les gestes permis, le journal."""

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.atelier.page import moment
from contrats.enums import (
    StatutAction,
    StatutFiche,
    TransitionAction,
    TransitionContrat,
    TransitionFiche,
)
from contrats.etape import Etape, prochaine_etape
from contrats.models import Action, Contrat, Fiche
from contrats.transitions import exige_motif, possibles
from contrats.transitions.socle import MOTIF_MAX, Objet

JOURNAL_MAX = 50
MANQUE_DATE = {"invalid": "Écrivez la date comme 31/12/2026."}


class FormulaireTransition(forms.Form):
    """Ce que demande une transition : la version lue, et selon elle un motif, une date, une cible.

    Les identifiants reçus sont cherchés dans l'objet : une section ou une action d'ailleurs
    n'existe pas ici. Le service redit ce qui est obligatoire.
    """

    # Une version illisible est périmée : le service le dit (409).
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, objet: Objet, transition: TextChoices, donnees: Any = None) -> None:
        super().__init__(
            donnees,
            initial={"version": objet.version},
            auto_id=f"{transition.value}-%s",
            use_required_attribute=False,
        )
        self.objet, self.transition = objet, transition
        if exige_motif(transition):
            self.fields["motif"] = forms.CharField(
                label="Pourquoi ?",
                max_length=MOTIF_MAX,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": f"{transition.label} : dites pourquoi."},
            )
        ajouter = PLUS.get((type(objet), transition.value))
        if ajouter:
            ajouter(self)

    @property
    def a_remplir(self) -> bool:
        """Autre chose qu'un bouton : le formulaire se déplie."""
        return len(self.fields) > 1

    def arguments(self) -> dict[str, Any]:
        """Ce que le service de transition attend, hors la version."""
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "version"}


def _nommer_ce_qui_se_rouvre(formulaire: FormulaireTransition) -> None:
    fiche: Any = formulaire.objet
    for nom, quoi, lignes in (
        ("sections", "Sections à corriger", fiche.sections.order_by("ordre", "pk")),
        ("actions", "Actions à corriger", fiche.actions.order_by("ordre", "pk")),
    ):
        formulaire.fields[nom] = forms.ModelMultipleChoiceField(
            lignes,
            label=quoi,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Ce choix n'est pas dans la fiche."},
        )


def _dire_l_echeance(formulaire: FormulaireTransition) -> None:
    formulaire.fields["echeance"] = _jour("Nouvelle échéance")


def _dire_la_fin(formulaire: FormulaireTransition) -> None:
    formulaire.fields["fin"] = _jour("Nouvelle fin")


def _choisir_la_cible(formulaire: FormulaireTransition) -> None:
    action: Any = formulaire.objet
    autres = Action.objects.filter(contrat=action.contrat_id).exclude(pk=action.pk)
    formulaire.fields["cible"] = forms.ModelChoiceField(
        autres.exclude(statut=StatutAction.REGROUPEE).order_by("ordre", "pk"),
        label="Avec quelle action ?",
        empty_label="Choisissez",
        error_messages={
            "required": "Choisissez une autre action de ce contrat.",
            "invalid_choice": "Cette action n'est pas de ce contrat.",
        },
    )


def _jour(libelle: str) -> forms.DateField:
    return forms.DateField(
        label=libelle,
        help_text="Jour/mois/année",
        error_messages={"required": f"{libelle} : dites la date.", **MANQUE_DATE},
        widget=forms.DateInput(attrs={"autocomplete": "off"}),
    )


# Par objet aussi : « renvoyer » une fiche et un contrat sont deux transitions de même nom.
PLUS: dict[tuple[type[Objet], str], Any] = {
    (Fiche, TransitionFiche.RENVOYER.value): _nommer_ce_qui_se_rouvre,
    (Action, TransitionAction.REPORTER.value): _dire_l_echeance,
    (Action, TransitionAction.REGROUPER.value): _choisir_la_cible,
    (Contrat, TransitionContrat.PROROGER.value): _dire_la_fin,
}
ROUTES: dict[type[Objet], str] = {
    Fiche: "contrats:fiche-franchir",
    Action: "contrats:action-franchir",
    Contrat: "contrats:contrat-franchir",
}


class Geste:
    """Une transition que le lecteur peut faire : son bouton, son formulaire."""

    def __init__(self, objet: Objet, transition: TextChoices, formulaire: Any = None) -> None:
        self.transition = transition
        self.libelle = transition.label
        self.formulaire = formulaire or FormulaireTransition(objet, transition)
        cle = objet.slug if isinstance(objet, Contrat) else objet.public_id
        self.adresse = reverse(ROUTES[type(objet)], args=[cle, transition.value])


class Cycle:
    """Le cycle de vie d'un objet tel que ce lecteur le voit.

    `refuse` : le formulaire envoyé et refusé, réaffiché à sa place avec ce qu'on y a écrit.
    """

    def __init__(
        self, objet: Objet, lecteur: Utilisateur, refuse: FormulaireTransition | None = None
    ) -> None:
        self.objet = objet
        self.etape: Etape = prochaine_etape(objet, lecteur)
        self.motif = "" if isinstance(objet, Contrat) else objet.motif_statut
        self.gestes = [
            Geste(objet, t, refuse if refuse and refuse.transition == t else None)
            for t in possibles(objet, lecteur)
        ]
        self.refuse = refuse
        self.modifiables = StatutFiche.modifiables()

    @property
    def etat(self) -> str:
        """Clé du signe affiché : le statut, ou « en retard » pour une action."""
        return self.objet.etat if isinstance(self.objet, Action) else self.objet.statut

    @property
    def libelle_etat(self) -> str:
        objet = self.objet
        return objet.libelle_etat if isinstance(objet, Action) else objet.get_statut_display()

    @property
    def demonstration(self) -> bool:
        return isinstance(self.objet, Action) and self.objet.demonstration

    @property
    def simples(self) -> list[Geste]:
        return [g for g in self.gestes if not g.formulaire.a_remplir]

    @property
    def detailles(self) -> list[Geste]:
        return [g for g in self.gestes if g.formulaire.a_remplir]

    @property
    def perdu(self) -> str:
        """Le motif écrit pour une transition qui n'est plus possible : il se relit et se copie."""
        if self.refuse is None or any(g.transition == self.refuse.transition for g in self.gestes):
            return ""
        return str(self.refuse.data.get("motif", ""))

    @property
    def journal(self) -> list[dict[str, Any]]:
        """Les derniers passages, du plus récent au plus ancien."""
        passages = self.objet.transitions.select_related("par").order_by("-le", "-pk")
        return [{"passage": p, "quand": moment(p.le)} for p in passages[:JOURNAL_MAX]]
