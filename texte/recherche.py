"""La recherche sans accents, casse ni pluriel : seul module, hors `config`, qui connaît le moteur.

Un mot cherché se retrouve au début d'un mot du texte : « eau » trouve « eaux », pas « réseau ».
Une seule table de lettres sert aux deux moteurs, donc les mêmes lignes sortent des deux.
"""

import string
import unicodedata
from typing import Any

import django_filters
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Contains
from django.db.models.sql.compiler import SQLCompiler

from texte.markdown import nettoyer

MOTS_MAX = 12  # au-delà, la requête SQL grossirait sans rien préciser
LONGUEUR_MAX = 200

MOTS_VIDES = """
    a au aux avec c ce ces d dans de des du elle en est et eux il ils j je l la le les leur leurs
    m n ne nos notre nous ou par pas pour qu que qui s sa se ses son sont sur t un une vos votre
    vous y
"""
# Mots du domaine dont la marque finale n'est pas un pluriel : « pays » ne cherche pas « payer ».
INVARIABLES = """
    acces avis bois choix concours corps cours discours fois mois parcours pays paix prix processus
    progres recours repas secours succes temps tiers univers voix
"""

# Ce que Unicode ne décompose pas, ou décompose en deux lettres : `translate` n'en rend qu'une.
LIGATURES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ĳ": "ij", "Ĳ": "ij"}
SANS_DECOMPOSITION = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i"}
PONCTUATION = string.punctuation + "\t\n\r\u00a0\u202f\u2009\u200b«»‹›“”„‘’‚–—―‐‑…•·°§€×"


def _table() -> dict[str, str]:
    """Caractère → lettre nue minuscule, espace pour la ponctuation, vide pour l'accent isolé."""
    table = {lettre: lettre.lower() for lettre in string.ascii_uppercase}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base in string.ascii_letters:
            table[chr(code)] = base.lower()
    table |= SANS_DECOMPOSITION
    table |= dict.fromkeys(PONCTUATION, " ")
    return table | dict.fromkeys(map(chr, range(0x300, 0x370)), "")


TABLE = _table()
# Une lettre absente de la table coûte cinq fois une lettre présente : les plus courantes y sont.
_INCHANGEES = {lettre: lettre for lettre in string.ascii_lowercase + string.digits + " "}
_TABLE_PYTHON = str.maketrans(_INCHANGEES | TABLE | LIGATURES)
# Pour `translate` de PostgreSQL, les caractères à effacer viennent après tous les autres.
_DEPART = "".join(sorted(TABLE, key=lambda c: not TABLE[c]))
_ARRIVEE = "".join(TABLE[c] for c in _DEPART)


def normaliser(texte: str) -> str:
    """Le texte en minuscules sans accent, chaque signe de ponctuation devenu une espace."""
    return texte.translate(_TABLE_PYTHON)


class SansAccents(Func):
    """`normaliser`, calculé par la base."""

    arity = 1
    output_field = TextField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **contexte: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Fonction Python déterministe, posée sur la connexion par `equiper_sqlite`."""
        return self.as_sql(compiler, connection, function="sans_accents", **contexte)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **contexte: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """SQL pur : ni extension à installer, ni dépendance à la langue de la base."""
        modele = "(%(expressions)s)::text"
        for _ in LIGATURES:
            modele = f"replace({modele}, %%s, %%s)"
        sql, parametres = self.as_sql(
            compiler, connection, template=f"translate({modele}, %%s, %%s)", **contexte
        )
        ligatures = [lettre for paire in LIGATURES.items() for lettre in paire]
        return sql, (*parametres, *ligatures, _DEPART, _ARRIVEE)


def equiper_sqlite(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Pose `sans_accents` sur une connexion SQLite qui s'ouvre."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("sans_accents", 1, _sans_accents, deterministic=True)


def _sans_accents(valeur: object) -> str | None:
    return None if valeur is None else normaliser(str(valeur))


def racines(requete: str) -> list[tuple[str, ...]]:
    """Les mots cherchés ; pour chacun, les débuts de mot qui conviennent (singulier, pluriel).

    Les mots vides sont ignorés, sauf s'il n'y a qu'eux. Au plus `MOTS_MAX` mots.
    """
    mots = list(dict.fromkeys(normaliser(nettoyer(requete[:LONGUEUR_MAX])).split()))
    utiles = [mot for mot in mots if mot not in MOTS_VIDES.split()] or mots
    return [_debuts(mot) for mot in utiles[:MOTS_MAX]]


def _debuts(mot: str) -> tuple[str, ...]:
    """« régionaux » et « régional » donnent les mêmes débuts ; « quartiers » donne « quartier »."""
    if len(mot) < 4 or mot in INVARIABLES.split():
        return (mot,)
    if mot.endswith("aux") and not mot.endswith("eaux"):
        radical = mot.removesuffix("ux")
        return (f"{radical}l", mot, f"{radical}il")  # régional, régionaux ; travail, travaux
    if mot.endswith(("al", "ail")):
        radical = mot.removesuffix("l").removesuffix("i")
        return (mot, f"{radical}ux")
    if mot.endswith(("s", "x")) and not mot.endswith("ss"):
        return (mot[:-1],)
    return (mot,)


def filtrer[M: Model](queryset: QuerySet[M], requete: str, *champs: str) -> QuerySet[M]:
    """Les lignes où chaque mot de la requête commence un mot d'au moins un des champs.

    Un champ peut traverser des relations (`partenaires__nom`) : la ligne ne sort qu'une fois.
    Requête vide : rien n'est filtré. Requête sans aucun mot (« ? ») : aucune ligne.
    """
    if not nettoyer(requete):
        return queryset
    mots = racines(requete)
    if not mots:
        return queryset.none()
    for debuts in mots:
        condition = Q()
        for champ in champs:
            condition |= _un_champ(queryset, champ, debuts)
        queryset = queryset.filter(condition)
    return queryset


def _un_champ(queryset: QuerySet[Any], champ: str, debuts: tuple[str, ...]) -> Q:
    """La condition sur ce champ ; à travers une relation, une sous-requête évite les doublons."""
    texte = Concat(Value(" "), SansAccents(F(champ)), output_field=TextField())
    condition = Q()
    for debut in debuts:
        condition |= Q(Contains(texte, f" {debut}"))
    if "__" not in champ:
        return condition
    lignes = queryset.model._base_manager.using(queryset.db).filter(condition)
    return Q(pk__in=lignes.values("pk"))


class FiltreRecherche(django_filters.CharFilter):
    """Champ « Rechercher » d'un FilterSet : `FiltreRecherche("intitule", "axe__intitule")`."""

    def __init__(self, *champs: str, **options: Any) -> None:
        options.setdefault("label", "Rechercher")
        options.setdefault("max_length", LONGUEUR_MAX)
        super().__init__(**options)
        self.champs = champs

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return filtrer(qs, value or "", *self.champs)
