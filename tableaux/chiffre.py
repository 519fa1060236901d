"""Un chiffre et tout ce qui le fonde : le même objet va à la page, aux figures et aux fichiers."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Self

from django.utils.formats import number_format

Valeur = int | Decimal | None

ABSENT = "Non renseigné"


@dataclass(frozen=True, slots=True)
class Ligne:
    """Ce qu'un chiffre compte ou écarte ; `detail` : ce qu'elle apporte, ou pourquoi écartée."""

    libelle: str
    detail: str = ""
    adresse: str = ""
    demonstration: bool = False
    maj_le: datetime.datetime | None = None
    auteur: str = ""


@dataclass(frozen=True, slots=True)
class Precedent:
    """Le même chiffre, calculé par la même fonction sur l'état d'une date passée."""

    le: datetime.date
    valeur: Valeur
    denominateur: Valeur
    texte: str


@dataclass(frozen=True)
class Chiffre:
    """Une valeur, ou l'aveu qu'elle manque (`valeur` vide) ; zéro n'est pas vide.

    Avec un dénominateur, elle se lit « 9 sur 45 », jamais en pourcentage seul.
    """

    cle: str
    libelle: str
    valeur: Valeur
    definition: str
    formule: str
    denominateur: Valeur = None
    unite: str = ""
    comptees: tuple[Ligne, ...] = ()
    ecartees: tuple[Ligne, ...] = ()
    source: str = "Suivi saisi sur la plateforme"
    cible: str = ""
    precedent: Precedent | None = field(default=None)

    @property
    def texte(self) -> str:
        """« 9 sur 45 », « 500 000 € », « Non renseigné »."""
        if self.valeur is None:
            return ABSENT
        if self.denominateur is not None:
            return f"{nombre(self.valeur)} sur {nombre(self.denominateur)}"
        return f"{nombre(self.valeur)} {self.unite}".strip()

    @property
    def part(self) -> Decimal | None:
        """Pour cent, à une décimale ; ne s'affiche qu'à la suite de `texte`."""
        if self.valeur is None or not self.denominateur:
            return None
        part = Decimal(self.valeur) * 100 / Decimal(self.denominateur)
        return part.quantize(Decimal("0.1"))

    @property
    def part_texte(self) -> str:
        return "" if self.part is None else f"{number_format(self.part, 1)} %"

    @property
    def demonstration(self) -> bool:
        """Une ligne dont il dépend est inventée, comptée ou non : le chiffre le dit partout."""
        return any(ligne.demonstration for ligne in self._lignes())

    @property
    def maj_le(self) -> datetime.datetime | None:
        """Dernière mise à jour d'une ligne comptée ou écartée."""
        return max((li.maj_le for li in self._lignes() if li.maj_le), default=None)

    @property
    def auteur(self) -> str:
        """Qui a fait cette dernière mise à jour, si le lecteur peut le savoir."""
        return next((li.auteur for li in self._lignes() if li.maj_le == self.maj_le), "")

    @property
    def evolution(self) -> str:
        """« 6 sur 45 le 10 février 2021 » se lit à côté ; ici, l'écart : « + 3 »."""
        if self.precedent is None or self.precedent.valeur is None or self.valeur is None:
            return ""
        ecart = Decimal(self.valeur) - Decimal(self.precedent.valeur)
        if not ecart:
            return "inchangé"
        return f"{'+' if ecart > 0 else '−'} {nombre(abs(ecart))}"

    def depuis(self, autre: "Chiffre | None", le: datetime.date) -> Self:
        """Le même, avec sa valeur à une date passée."""
        if autre is None:
            return self
        precedent = Precedent(le, autre.valeur, autre.denominateur, autre.texte)
        return replace(self, precedent=precedent)

    def _lignes(self) -> Iterable[Ligne]:
        return (*self.comptees, *self.ecartees)


def nombre(valeur: int | Decimal) -> str:
    """Nombre à la française ; les centimes nuls d'un montant ne s'écrivent pas."""
    if isinstance(valeur, Decimal):
        decimales = 0 if valeur == valeur.to_integral_value() else 2
        return number_format(valeur, decimales, force_grouping=True)
    return number_format(valeur, force_grouping=True)
