"""Lecture rapide : ce qu'un sérialiseur déclare, lu par colonnes, une requête par relation.

Le sérialiseur reste la seule description d'une ressource : il donne le schéma OpenAPI et la
sortie de référence. `Lecture` en tire un plan (`values_list`, puis une requête par relation) qui
rend les mêmes objets sans instancier de modèle ; un test vérifie l'égalité.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from typing import Any

from django.db.models import ManyToManyField, ManyToOneRel, Model, QuerySet
from rest_framework import serializers

Contexte = dict[str, Any]
Colonnes = dict[str, tuple[Any, ...]]
Champ = Callable[[Colonnes, Contexte], Iterable[Any]]

LOT = 1000


def attribut(objet: Any, chemin: str) -> Any:
    """`attribut(action, "fiche__axe__cle")` ; None dès qu'un maillon manque."""
    for nom in chemin.split("__"):
        if objet is None:
            return None
        objet = getattr(objet, nom)
    return objet


class Calcule(serializers.Field):
    """Valeur tirée de colonnes de la ligne : `par(contexte, *valeurs)`.

    `forme` est le champ ou le sérialiseur qui décrit le résultat dans le schéma.
    """

    def __init__(
        self, *colonnes: str, par: Callable[..., Any], forme: serializers.Field, **kwargs: Any
    ) -> None:
        self.colonnes = colonnes
        self.par = par
        self.forme = forme
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: Model) -> Any:
        return self.par(self.context, *(attribut(value, c) for c in self.colonnes))

    def champ(self, prefixe: str) -> Champ:
        chemins = [prefixe + c for c in self.colonnes]
        par = self.par
        return lambda colonnes, contexte: (
            par(contexte, *valeurs) for valeurs in zip(*(colonnes[c] for c in chemins), strict=True)
        )


class Lu(Calcule):
    """Valeur lue pour tout un lot : `par(contexte, lignes)` rend une valeur par ligne, en ordre."""

    def to_representation(self, value: Model) -> Any:
        return self.par(self.context, [tuple(attribut(value, c) for c in self.colonnes)])[0]

    def champ(self, prefixe: str) -> Champ:
        chemins = [prefixe + c for c in self.colonnes]
        par = self.par
        return lambda colonnes, contexte: par(
            contexte, list(zip(*(colonnes[c] for c in chemins), strict=True))
        )


class Lecture:
    """Plan de lecture d'un sérialiseur : `lire(queryset, contexte)` rend ses objets JSON."""

    def __init__(
        self, serialiseur: serializers.Serializer, modele: type[Model], prefixe: str = ""
    ) -> None:
        self.prefixe = prefixe
        self.modele = modele
        self.colonnes: dict[str, None] = {f"{prefixe}pk": None}
        self.champs: dict[str, Champ] = {
            nom: self._champ(champ) for nom, champ in serialiseur.fields.items()
        }

    def lire(self, queryset: QuerySet, contexte: Contexte) -> list[dict[str, Any]]:
        """Les objets du queryset, dans son ordre ; une requête, plus une par relation."""
        return self.assembler(list(queryset.values_list(*self.colonnes)), contexte)

    def par_lots(
        self, queryset: QuerySet, contexte: Contexte, taille: int = LOT
    ) -> Iterator[list[dict[str, Any]]]:
        """Comme `lire`, par lots : la mémoire ne dépend pas du nombre d'objets."""
        lignes = queryset.values_list(*self.colonnes).iterator(chunk_size=taille)
        for lot in batched(lignes, taille):
            yield self.assembler(list(lot), contexte)

    def assembler(self, lignes: list[tuple[Any, ...]], contexte: Contexte) -> list[dict[str, Any]]:
        if not lignes:
            return []
        colonnes = dict(zip(self.colonnes, zip(*lignes, strict=True), strict=True))
        return self._objets(colonnes, contexte)

    def _objets(self, colonnes: Colonnes, contexte: Contexte) -> list[dict[str, Any]]:
        valeurs = zip(*(champ(colonnes, contexte) for champ in self.champs.values()), strict=True)
        noms = tuple(self.champs)
        return [dict(zip(noms, ligne, strict=True)) for ligne in valeurs]

    def _champ(self, champ: serializers.Field) -> Champ:
        if isinstance(champ, Calcule):
            self.colonnes.update(dict.fromkeys(self.prefixe + c for c in champ.colonnes))
            return champ.champ(self.prefixe)
        if isinstance(champ, serializers.ListSerializer):
            return self._relation(champ.source, champ.child)
        if isinstance(champ, serializers.ManyRelatedField):
            return self._relation(champ.source, champ.child_relation)
        if isinstance(champ, serializers.Serializer):
            return self._imbrique(champ)
        chemin = self.prefixe + champ.source.replace(".", "__")
        self.colonnes[chemin] = None
        return lambda colonnes, _: colonnes[chemin]

    def _imbrique(self, champ: serializers.Serializer) -> Champ:
        """Objet visé par une clé étrangère, ou null."""
        chemin = self.prefixe + champ.source.replace(".", "__")
        lecture = Lecture(champ, self._modele_vise(champ.source), f"{chemin}__")
        self.colonnes.update(lecture.colonnes)
        cle = f"{chemin}__pk"
        return lambda colonnes, contexte: [
            objet if pk is not None else None
            for objet, pk in zip(lecture._objets(colonnes, contexte), colonnes[cle], strict=True)
        ]

    def _modele_vise(self, source: str) -> type[Model]:
        modele = self.modele
        for nom in source.split("."):
            modele = modele._meta.get_field(nom).related_model
        return modele

    def _relation(self, source: str, enfant: serializers.Field) -> Champ:
        """Liste d'objets liés, en une requête pour tout le lot."""
        relation = self.modele._meta.get_field(source)
        visee = relation.related_model
        if isinstance(relation, ManyToManyField):
            table = relation.remote_field.through
            lien, prefixe = (
                f"{relation.m2m_field_name()}_id",
                f"{relation.m2m_reverse_field_name()}__",
            )
        elif isinstance(relation, ManyToOneRel):
            table, lien, prefixe = visee, relation.field.attname, ""
        else:
            raise TypeError(f"Relation non lue : {source}")
        ordre = [prefixe + c for c in ordre_propre(visee, relation)]
        if isinstance(enfant, serializers.SlugRelatedField):
            return _scalaires(table, lien, prefixe + enfant.slug_field, ordre, f"{self.prefixe}pk")
        lecture = Lecture(enfant, visee, prefixe)
        cle = f"{self.prefixe}pk"
        toutes = table._default_manager.order_by(*ordre).values_list(*lecture.colonnes, lien)

        def champ(colonnes: Colonnes, contexte: Contexte) -> list[list[dict[str, Any]]]:
            pks = colonnes[cle]
            lignes = list(toutes.filter(**{f"{lien}__in": pks}))
            objets = lecture.assembler([ligne[:-1] for ligne in lignes], contexte)
            par_parent = defaultdict(list)
            for ligne, objet in zip(lignes, objets, strict=True):
                par_parent[ligne[-1]].append(objet)
            return [par_parent.get(pk, []) for pk in pks]

        return champ


def _scalaires(table: type[Model], lien: str, chemin: str, ordre: list[str], cle: str) -> Champ:
    """Liste de valeurs simples liées (alias…), en une requête pour tout le lot."""

    toutes = table._default_manager.order_by(*ordre).values_list(lien, chemin)

    def champ(colonnes: Colonnes, contexte: Contexte) -> list[list[Any]]:
        pks = colonnes[cle]
        par_parent = defaultdict(list)
        for parent, valeur in toutes.filter(**{f"{lien}__in": pks}):
            par_parent[parent].append(valeur)
        return [par_parent.get(pk, []) for pk in pks]

    return champ


def ordre_propre(modele: type[Model], relation: Any) -> list[str]:
    """L'ordre du modèle sans la clé vers son parent, rendu total par la clé primaire."""
    parent = relation.field.name if isinstance(relation, ManyToOneRel) else ""
    ordre = [c for c in modele._meta.ordering if c != parent]
    return ordre if "pk" in ordre else [*ordre, "pk"]
