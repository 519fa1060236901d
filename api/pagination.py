"""Pages à curseur opaque : stables pendant que d'autres écrivent, aussi rapides à la millième.

L'ordre est celui de la clé primaire : total, jamais modifié, suivi par l'index. Une ligne ajoutée
ou supprimée pendant le parcours n'en fait ni sauter ni répéter une autre.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet
from django.http import HttpRequest

from api.problemes import ParametreInvalide

LIMITE = 50
LIMITE_MAX = 1000
PARAMETRES = ("limit", "cursor", "count")
JETON = re.compile(rb"([+-])(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Curseur:
    """Place dans la liste : après (`+`) ou avant (`-`) une clé primaire."""

    sens: str
    pk: int

    @classmethod
    def lire(cls, texte: str) -> Self:
        """Décode un curseur reçu ; lève `ParametreInvalide` s'il ne vient pas de nous."""
        try:
            jeton = JETON.fullmatch(urlsafe_b64decode(texte.encode("ascii")))
        except (Error, ValueError):
            jeton = None
        if jeton is None:
            raise ParametreInvalide(
                {"cursor": ["Curseur inconnu : reprenez le lien « next » ou « previous »."]}
            )
        return cls(jeton[1].decode(), int(jeton[2]))

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.sens}{self.pk}".encode()).decode()


@dataclass(frozen=True)
class Page:
    """Une page demandée : sa taille, son curseur, et s'il faut compter."""

    limite: int = LIMITE
    curseur: Curseur | None = None
    compter: bool = False

    @classmethod
    def demandee(cls, parametres: Any) -> Self:
        """Lit `limit`, `cursor` et `count` ; une limite au-delà du maximum y est ramenée."""
        curseur = parametres.get("cursor")
        compter = parametres.get("count", "false").lower()
        if compter not in ("true", "false"):
            raise ParametreInvalide({"count": ["Répondez par true ou false."]})
        return cls(
            limite=_limite(parametres.get("limit", "")),
            curseur=Curseur.lire(curseur) if curseur else None,
            compter=compter == "true",
        )

    def decouper(self, queryset: QuerySet) -> QuerySet:
        """La page et une ligne de plus, qui dit s'il y en a d'autres ; à rebours vers l'arrière."""
        if self.curseur is None:
            return queryset.order_by("pk")[: self.limite + 1]
        if self.curseur.sens == "+":
            return queryset.filter(pk__gt=self.curseur.pk).order_by("pk")[: self.limite + 1]
        return queryset.filter(pk__lt=self.curseur.pk).order_by("-pk")[: self.limite + 1]

    def liens(
        self, requete: HttpRequest, lignes: list[tuple[Any, ...]]
    ) -> tuple[list[tuple[Any, ...]], str | None, str | None]:
        """(lignes de la page en ordre, lien suivant, lien précédent) ; `ligne[0]` est la clé."""
        page, reste = lignes[: self.limite], len(lignes) > self.limite
        arriere = self.curseur is not None and self.curseur.sens == "-"
        if arriere:
            page.reverse()
        if not page:
            return page, None, None
        apres = arriere or reste
        avant = reste if arriere else self.curseur is not None
        return (
            page,
            lien(requete, Curseur("+", page[-1][0])) if apres else None,
            lien(requete, Curseur("-", page[0][0])) if avant else None,
        )


def _limite(texte: str) -> int:
    if not texte:
        return LIMITE
    if not (texte.isascii() and texte.isdigit() and int(texte[:9])):
        raise ParametreInvalide({"limit": ["Indiquez un nombre entier, au moins 1."]})
    return min(int(texte[:9]), LIMITE_MAX)


def lien(requete: HttpRequest, curseur: Curseur) -> str:
    """L'adresse de la requête, à un autre curseur."""
    parametres = requete.GET.copy()
    parametres["cursor"] = str(curseur)
    return requete.build_absolute_uri(f"{requete.path}?{parametres.urlencode()}")
