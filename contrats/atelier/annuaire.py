"""Retrouve par son nom ce qu'une fiche cite, dans ce que l'agent peut voir."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from comptes.models import Utilisateur
from contrats.models import Contrat
from partenaires.models import AliasOrganisme, Organisme, Personne
from territoires.models import AliasTerritoire, Territoire
from texte.recherche import normaliser

NB_PROPOSITIONS = 300  # au-delà, la liste pèse plus qu'elle n'aide : on tape le nom


def forme_de_comparaison(nom: str) -> str:
    """Le nom sans casse, accents, ponctuation ni espaces multiples."""
    return " ".join(normaliser(nom).split())


@dataclass(frozen=True)
class Nature:
    """Ce que l'on peut citer : où le chercher, sa clé et les champs qui le nomment."""

    inconnu: str
    visibles: Callable[[Utilisateur], QuerySet]
    cle: str
    noms: tuple[str, ...]
    tri: str = "nom"
    alias: Callable[[], QuerySet] | None = None


NATURES = {
    "organisme": Nature(
        "Aucun organisme ne porte ce nom.",
        Organisme.objects.visibles_par,
        "cle",
        ("nom", "sigle"),
        alias=lambda: AliasOrganisme.objects.values_list("organisme__cle", "libelle"),
    ),
    "territoire": Nature(
        "Aucun territoire ne porte ce nom.",
        Territoire.objects.visibles_par,
        "cle",
        ("nom", "code"),
        alias=lambda: AliasTerritoire.objects.values_list("territoire__cle", "libelle"),
    ),
    "personne": Nature(
        "Aucune personne connue ne porte ce nom.",
        lambda utilisateur: Personne.objects.all(),
        "cle",
        ("prenom", "nom"),
    ),
    "contrat": Nature(
        "Aucun contrat ne porte ce nom.",
        Contrat.objects.visibles_par,
        "slug",
        ("intitule_court", "intitule"),
        "intitule_court",
    ),
}


class Annuaire:
    """Noms des objets cités (une requête par nature) et recherche par nom."""

    def __init__(self, utilisateur: Utilisateur) -> None:
        self.utilisateur = utilisateur
        self._noms: dict[str, dict[str, str]] = {nature: {} for nature in NATURES}
        self._index: dict[str, dict[str, set[str]]] = {}

    def charger(self, nature: str, cles: Iterable[str]) -> None:
        """Lit d'un coup les noms de ces clés ; une clé hors de vue garde la clé pour nom.

        Aucune ne porte de caractère nul, que PostgreSQL refuserait jusque dans la question.
        """
        inconnues = {c for c in cles if c and "\0" not in c} - set(self._noms[nature])
        if inconnues:
            n = NATURES[nature]
            cites = self._cites(nature).filter(**{f"{n.cle}__in": inconnues})
            trouves = {getattr(o, n.cle): str(o) for o in cites}
            self._noms[nature].update({c: trouves.get(c, c) for c in inconnues})

    def nom(self, nature: str, cle: str) -> str:
        """Nom affiché de cette clé ; la clé même si elle est inconnue."""
        self.charger(nature, [cle])
        return self._noms[nature].get(cle, cle)

    def trouver(self, nature: str, saisie: str, cle: str = "") -> str:
        """Clé de l'objet que `saisie` nomme : nom, sigle, alias ou clé, sans casse ni accents.

        `cle` est celle que la ligne portait : elle est gardée si le nom n'a pas changé.
        Lève `ValidationError`, avec les noms les plus proches, si rien ou plusieurs conviennent.
        """
        voulu = forme_de_comparaison(saisie)
        if cle and voulu == forme_de_comparaison(self.nom(nature, cle)):
            return cle
        trouves = self._indexer(nature).get(voulu, set())
        if len(trouves) == 1:
            return next(iter(trouves))
        if trouves:
            choix = ", ".join(sorted(trouves))
            raise ValidationError(f"« {saisie} » désigne plusieurs objets ; écrivez : {choix}.")
        raise ValidationError(f"{NATURES[nature].inconnu} {self._proches(nature, voulu)}".strip())

    def propositions(self, nature: str, choisis: Q) -> list[str]:
        """Noms proposés à la saisie, dans l'ordre alphabétique."""
        n = NATURES[nature]
        cles = n.visibles(self.utilisateur).filter(choisis).values("pk")
        objets = n.visibles(self.utilisateur).filter(pk__in=cles).order_by(n.tri, "pk")
        return [str(objet) for objet in objets[:NB_PROPOSITIONS]]

    def _cites(self, nature: str) -> QuerySet:
        visibles = NATURES[nature].visibles(self.utilisateur)
        if nature == "organisme":  # une version ancienne peut citer un organisme fusionné depuis
            return visibles | Organisme.objects.filter(fusionne_dans__isnull=False)
        return visibles

    def _indexer(self, nature: str) -> dict[str, set[str]]:
        if nature not in self._index:
            n, index = NATURES[nature], defaultdict(set)
            visibles = n.visibles(self.utilisateur).order_by("pk")
            for cle, *noms in visibles.values_list(n.cle, *n.noms):
                for nom in (cle, " ".join(noms), *noms) if nature == "personne" else (cle, *noms):
                    index[forme_de_comparaison(nom)].add(cle)
            connus = set().union(*index.values())
            for cle, libelle in n.alias() if n.alias else ():
                if cle in connus:
                    index[forme_de_comparaison(libelle)].add(cle)
            index.pop("", None)
            self._index[nature] = dict(index)
        return self._index[nature]

    def _proches(self, nature: str, voulu: str) -> str:
        index = self._indexer(nature)
        cles = [
            sorted(index[proche])[0]
            for proche in difflib.get_close_matches(voulu[:200], index, n=5, cutoff=0.6)
        ]
        cles += [sorted(index[nom])[0] for nom in index if len(voulu) > 2 and voulu in nom][:5]
        uniques = list(dict.fromkeys(cles))[:3]
        self.charger(nature, uniques)
        if not uniques:
            return ""
        noms = " ou ".join(f"« {self.nom(nature, cle)} »" for cle in uniques)
        return f"Vouliez-vous dire {noms} ?"
