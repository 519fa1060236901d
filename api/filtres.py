"""Filtres partagés par les pages, les exports et l'API : même paramètre, mêmes résultats.

Une valeur inconnue est une erreur dite en français, jamais une liste vide sans explication :
l'API répond 400, la page réaffiche le formulaire.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet, UUIDField
from django.db.models.enums import TextChoices
from django.http import QueryDict

OUI_NON = [("", "Indifférent"), ("true", "Oui"), ("false", "Non")]
BOOLEENS = {"true": True, "1": True, "oui": True, "false": False, "0": False, "non": False}


def _valeurs(data: QueryDict | dict[str, Any], nom: str) -> list[str]:
    """Les valeurs de `?nom=a,b&nom=c`, vides écartées."""
    brutes = data.getlist(nom) if isinstance(data, QueryDict) else data.get(nom, [])
    brutes = [brutes] if isinstance(brutes, str) else brutes
    return [v for brute in brutes for v in str(brute).split(",") if v]


class CasesParVirgules(forms.CheckboxSelectMultiple):
    """Cases à cocher dont l'adresse admet aussi `?statut=en_cours,realisee`."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return _valeurs(data, name)


class Choix(django_filters.Filter):
    """Une ou plusieurs valeurs d'un vocabulaire fermé ; plusieurs valeurs s'ajoutent (OU)."""

    field_class = forms.MultipleChoiceField

    def __init__(self, field_name: str, *, choix: type[TextChoices], **kwargs: Any) -> None:
        self.choix = choix
        messages = {
            "invalid_choice": "« %(value)s » n'est pas une valeur admise : "
            + ", ".join(choix.values)
            + "."
        }
        super().__init__(
            field_name,
            "in",
            choices=choix.choices,
            widget=CasesParVirgules,
            error_messages=messages,
            **kwargs,
        )

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        return super().filter(qs, value) if value else qs


class OuiNonField(forms.Field):
    """`true`, `1`, `oui` ou `false`, `0`, `non` ; vide : indifférent."""

    widget = forms.Select(choices=OUI_NON)

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        try:
            return BOOLEENS[str(value).lower()]
        except KeyError:
            raise ValidationError("Répondez par true (oui) ou false (non).") from None


class OuiNon(django_filters.Filter):
    """Vrai ou faux ; absent : indifférent."""

    field_class = OuiNonField


class ParCleField(forms.CharField):
    """Clé publique d'objets visibles par le lecteur ; nettoyée en la liste de ces objets."""

    def __init__(
        self, *, lire: Callable[[str], list[Model]], introuvable: str, **kwargs: Any
    ) -> None:
        self.lire = lire
        self.introuvable = introuvable
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[Model]:
        cle = super().clean(value)
        if not cle:
            return []
        objets = self.lire(cle)
        if not objets:
            raise ValidationError(f"{self.introuvable} : « {cle} ».")
        return objets


class ParCle(django_filters.Filter):
    """Filtre sur des objets désignés par leur clé publique (slug, UUID, code).

    `objets(utilisateur)` dit lesquels le lecteur peut nommer : un objet hors de son périmètre
    est inconnu, comme s'il n'existait pas. `selecteur=True` propose une liste à choisir ;
    `proposes` la resserre, sans rien refuser de plus ; `nommer` dit chaque choix.
    """

    field_class = ParCleField

    def __init__(
        self,
        field_name: str | None = None,
        *,
        objets: Callable[[Any], QuerySet],
        cles: Iterable[str],
        introuvable: str,
        selecteur: bool = False,
        proposes: Callable[[Any], QuerySet] | None = None,
        nommer: Callable[[Any], str] = str,
        **kwargs: Any,
    ) -> None:
        self.objets = objets
        self.cles = tuple(cles)
        self.proposes = proposes
        self.nommer = nommer
        self.selecteur = selecteur = selecteur or proposes is not None
        self._choix_lus: list[tuple[str, str]] | None = None
        widget = forms.Select if selecteur else forms.TextInput
        super().__init__(
            field_name, "in", lire=self.lire, introuvable=introuvable, widget=widget, **kwargs
        )

    @property
    def _lecteur(self) -> Any:
        requete = getattr(self.parent, "request", None)
        return requete.user if requete else AnonymousUser()

    @property
    def visibles(self) -> QuerySet:
        return self.objets(self._lecteur)

    def lire(self, cle: str) -> list[Model]:
        """Les objets que cette clé désigne : plusieurs si deux niveaux partagent un code."""
        visibles = self.visibles
        recherche = Q()
        for champ in self.cles:
            if isinstance(visibles.model._meta.get_field(champ), UUIDField) and not est_uuid(cle):
                return []
            recherche |= Q(**{champ: cle})
        return list(visibles.filter(recherche))

    @property
    def field(self) -> forms.Field:
        champ = getattr(self, "_field", None)
        if champ is None:
            # Un FilterSet copie ses filtres : la copie lit par elle-même, pas par l'original.
            self.extra["lire"] = self.lire
            champ = super().field
            if self.selecteur:
                champ.widget.choices = self._choix
        return champ

    def _choix(self) -> list[tuple[str, str]]:
        """Lus une fois par filtre : Django parcourt les choix plusieurs fois par page."""
        if self._choix_lus is None:
            lignes = self.visibles if self.proposes is None else self.proposes(self._lecteur)
            lus = ((str(getattr(o, self.cles[0])), self.nommer(o)) for o in lignes)
            self._choix_lus = [("", "Tous"), *lus]
        return self._choix_lus

    def filter(self, qs: QuerySet, value: list[Model]) -> QuerySet:
        return super().filter(qs, value) if value else qs


def est_uuid(texte: str) -> bool:
    """Vrai si `texte` s'écrit comme un UUID."""
    try:
        uuid.UUID(texte)
    except ValueError:
        return False
    return True


def dans_les_siecles_utiles(instant: datetime.datetime) -> None:
    """Refuse un instant que les bases ne savent pas ramener en temps universel."""
    if not 1900 <= instant.year <= 2200:
        raise ValidationError("Indiquez une année de 1900 à 2200.")


class ModifieApres(django_filters.IsoDateTimeFilter):
    """Modifié à partir de cet instant (inclus) : sert à ne relire que ce qui a changé."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            "modifie_le",
            "gte",
            label="Modifié depuis le",
            help_text="Instant ISO 8601, inclus.",
            validators=[dans_les_siecles_utiles],
            **kwargs,
        )
