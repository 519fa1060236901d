"""Saisie d'une cellule : les mêmes champs pour l'écran, le bloc collé et la page sans script."""

from typing import Any

from django import forms
from django.db.models import Q

from contrats.models import Action, Axe, Contrat
from perr.contenu import LONGUEUR_MAX, Contenu, Regard, Renvoi
from perr.enums import StatutDeclinaison
from territoires.enums import TypeTerritoire
from territoires.models import Territoire


class Texte(forms.CharField):
    """Texte de plusieurs lignes ; les fins de ligne d'un navigateur ne sont pas un changement."""

    def __init__(self, *, lignes: int, **kwargs: Any) -> None:
        attributs = {"rows": lignes}
        kwargs.setdefault("required", False)
        super().__init__(max_length=LONGUEUR_MAX, widget=forms.Textarea(attrs=attributs), **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class CelluleForm(forms.Form):
    """Le corps d'une cellule et la version lue (vide : la cellule l'était)."""

    version = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )
    statut = forms.ChoiceField(
        label="État", choices=StatutDeclinaison.choices, initial=StatutDeclinaison.TEXTE
    )
    texte = Texte(label="Texte", lignes=6)
    modalites = Texte(label="Modalités de réalisation", lignes=3)
    motif = Texte(
        label="Motif",
        lignes=2,
        help_text="Pourquoi la cellule est sans objet, ou n'a pas été travaillée.",
    )
    a_verifier = forms.CharField(
        label="À faire vérifier",
        max_length=300,
        required=False,
        help_text="Question à poser ; le public ne la voit pas.",
    )

    def contenu(self, depart: Contenu | None) -> Contenu | None:
        """Le contenu voulu ; None si plus rien n'est écrit. Le reste vient de `depart`."""
        base = depart or Contenu()
        champs = {c: self.cleaned_data[c] for c in ("statut", "texte", "modalites", "motif")}
        voulu = Contenu(
            **champs,
            groupe=base.groupe,
            a_verifier=self.cleaned_data["a_verifier"],
            renvois=base.renvois,
            regards=base.regards,
        )
        return None if est_rien(voulu) else voulu


def est_rien(contenu: Contenu) -> bool:
    """Ni texte, ni motif, ni renvoi : une cellule renseignée de rien est une cellule vide."""
    corps = (contenu.texte, contenu.modalites, contenu.motif, contenu.renvois, contenu.regards)
    return contenu.statut in StatutDeclinaison.avec_texte() and not any(corps)


def initial(contenu: Contenu | None, version: int | None) -> dict[str, Any]:
    """Valeurs de `CelluleForm` pour cette cellule."""
    c = contenu or Contenu()
    return {
        "version": version if version is not None else "",
        "statut": c.statut,
        "texte": c.texte,
        "modalites": c.modalites,
        "motif": c.motif,
        "a_verifier": c.a_verifier,
    }


class RenvoiForm(forms.Form):
    """Un renvoi : sa cible, et le texte imprimé (à défaut, le nom de la cible)."""

    cible = forms.ChoiceField(label="Vers", required=False)
    texte = forms.CharField(label="Texte du renvoi", max_length=300, required=False)
    deduit = forms.BooleanField(label="Cible déduite, non imprimée", required=False)

    def __init__(self, *args: Any, cibles: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cible"].choices = cibles

    def renvoi(self) -> Renvoi | None:
        nature, _, cle = self.cleaned_data.get("cible", "").partition(":")
        texte = self.cleaned_data.get("texte") or self._libelle()
        if not texte:
            return None
        return Renvoi(
            texte=texte,
            action=cle if nature == "action" else None,
            axe=cle if nature == "axe" else None,
            deduit=self.cleaned_data.get("deduit", False),
        )

    def _libelle(self) -> str:
        cible = self.cleaned_data.get("cible", "")
        for _, groupe in self.fields["cible"].choices[1:]:
            for valeur, libelle in groupe:
                if valeur == cible:
                    return str(libelle)[:300]
        return ""


class RegardForm(forms.Form):
    """Une précision pour un quartier d'usage."""

    quartier = forms.ChoiceField(label="Quartier", required=False)
    texte = Texte(label="Précision", lignes=2)

    def __init__(self, *args: Any, quartiers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quartier"].choices = quartiers

    def clean(self) -> dict[str, Any]:
        lus = super().clean() or {}
        if lus.get("texte") and not lus.get("quartier"):
            self.add_error("quartier", "Choisissez le quartier que cette précision concerne.")
        return lus

    def regard(self) -> Regard | None:
        if not self.cleaned_data.get("quartier"):
            return None
        return Regard(self.cleaned_data["quartier"], self.cleaned_data["texte"])


LIGNES_MAX = 20
RenvoiFormSet = forms.formset_factory(
    RenvoiForm, extra=1, max_num=LIGNES_MAX, absolute_max=LIGNES_MAX, validate_max=True
)
RegardFormSet = forms.formset_factory(
    RegardForm, extra=1, max_num=LIGNES_MAX, absolute_max=LIGNES_MAX, validate_max=True
)


def cibles(contrat: Contrat) -> list[tuple[str, Any]]:
    """Choix des renvois : les actions du contrat, puis les axes du contrat et de son parent."""
    actions = Action.objects.filter(contrat=contrat, parent=None).order_by("ordre", "pk")
    axes = Axe.objects.filter(contrat__in=[contrat.pk, contrat.parent_id]).order_by(
        "nature", "ordre", "pk"
    )
    return [
        ("", "Ni action ni axe : le texte seul"),
        (
            "Actions",
            [(f"action:{a.public_id}", _court(f"{a.numero}. {a.intitule}")) for a in actions],
        ),
        ("Axes", [(f"axe:{a.cle}", _court(str(a))) for a in axes]),
    ]


def quartiers(deja: Contenu | None) -> list[tuple[str, str]]:
    """Choix des regards : quartiers d'usage, quartiers prioritaires, et ceux déjà cités."""
    types = [TypeTerritoire.QUARTIER_USAGE, TypeTerritoire.QPV]
    cites = [r.quartier for r in deja.regards] if deja else []
    lus = Territoire.objects.filter(Q(type__in=types) | Q(cle__in=cites)).order_by("nom", "pk")
    return [("", "Choisir"), *((t.cle, t.nom) for t in lus)]


def _court(texte: str) -> str:
    return texte if len(texte) <= 90 else f"{texte[:89].rstrip()}…"
