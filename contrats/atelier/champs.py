"""Champs des formulaires de l'atelier : limites dites et vérifiées, messages français.

Aucun `maxlength` : le navigateur couperait un texte collé sans le dire. `classe` est la largeur du
champ dans la grille de la page.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.enums import TextChoices

from texte.markdown import nettoyer

LIMITE_TEXTE = 20_000


def milliers(nombre: int) -> str:
    """« 20 000 », espace insécable."""
    return f"{nombre:,}".replace(",", "\u00a0")


class Limite:
    """Nombre de signes à ne pas dépasser ; le message donne celui qui est atteint."""

    def __init__(self, signes: int) -> None:
        self.signes = signes

    def __call__(self, texte: str) -> None:
        if len(texte) > self.signes:
            raise ValidationError(
                f"{milliers(len(texte))} signes : raccourcissez à {milliers(self.signes)} au plus."
            )


class Ligne(forms.CharField):
    """Texte d'une seule ligne : les retours à la ligne collés deviennent des espaces."""

    CLASSES = ((20, "nombre"), (60, "moyen"), (254, "large"), (1000, "tres-large"))

    def __init__(self, *, signes: int, manque: str = "", lignes: int = 1, **kwargs: Any) -> None:
        self.classe = next(c for plafond, c in self.CLASSES if signes <= plafond)
        if lignes > 1:
            kwargs["widget"] = forms.Textarea(attrs={"rows": lignes})
        super().__init__(
            required=bool(manque),
            validators=[Limite(signes)],
            error_messages={"required": manque},
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return " ".join(nettoyer(super().to_python(value)).split())


class Redaction(forms.CharField):
    """Texte en Markdown restreint, écrit avec l'éditeur quand le navigateur a du JavaScript."""

    classe = "entier"

    def __init__(self, *, lignes: int = 5, **kwargs: Any) -> None:
        attributs = {"rows": lignes, "data-editeur": ""}
        super().__init__(
            required=False,
            strip=False,
            validators=[Limite(LIMITE_TEXTE)],
            widget=forms.Textarea(attrs=attributs),
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return nettoyer(super().to_python(value))


class Jour(forms.DateField):
    """Date en jj/mm/aaaa (ou ISO), de 1900 à 2200."""

    classe = "jour"

    def __init__(self, *, manque: str = "", **kwargs: Any) -> None:
        super().__init__(
            required=bool(manque),
            input_formats=["%d/%m/%Y", "%Y-%m-%d"],
            error_messages={
                "required": manque,
                "invalid": "Écrivez la date en jj/mm/aaaa, par exemple 31/12/2026.",
            },
            widget=forms.TextInput(attrs={"placeholder": "jj/mm/aaaa", "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str | None:
        """La date en ISO, telle que le contenu la garde."""
        jour: datetime.date | None = super().clean(value)
        if jour and not 1900 <= jour.year <= 2200:
            raise ValidationError("Indiquez une année de 1900 à 2200.")
        return jour.isoformat() if jour else None


def en_jour(iso: str | None) -> str:
    """« 31/12/2026 » pour une date ISO."""
    return datetime.date.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""


class Pourcentage(forms.IntegerField):
    """Nombre entier de 0 à 100 ; un « % » tapé se comprend."""

    classe = "nombre"

    def __init__(self, **kwargs: Any) -> None:
        erreur = "Écrivez un nombre entier de 0 à 100."
        super().__init__(
            required=False,
            min_value=0,
            max_value=100,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), erreur),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> int | None:
        return super().to_python(str(value or "").strip().removesuffix("%").strip())


class Vocabulaire(forms.ChoiceField):
    """Valeur d'un vocabulaire fermé."""

    classe = "moyen"

    def __init__(
        self, choix: type[TextChoices] | Iterable[tuple[str, str]], *, vide: str = "", **kwargs: Any
    ) -> None:
        paires = list(choix.choices) if isinstance(choix, type) else list(choix)
        super().__init__(
            choices=[("", vide), *paires] if vide else paires,
            required=not vide,
            error_messages=dict.fromkeys(
                ("invalid_choice", "required"), "Choisissez dans la liste."
            ),
            **kwargs,
        )


class Case(forms.BooleanField):
    """Case à cocher."""

    classe = "case"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class Nom(forms.CharField):
    """Nom d'un objet cité, proposé par une liste du document ; l'annuaire le retrouve."""

    classe = "large"

    def __init__(self, nature: str, *, manque: str = "", **kwargs: Any) -> None:
        self.nature = nature
        super().__init__(
            required=bool(manque),
            validators=[Limite(254)],
            error_messages={"required": manque},
            widget=forms.TextInput(attrs={"list": f"liste-{nature}", "autocomplete": "off"}),
            **kwargs,
        )
