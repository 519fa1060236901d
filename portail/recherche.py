"""La recherche sur tout : une requête, cinq groupes, le périmètre du lecteur.

Chaque groupe passe par le FilterSet de sa liste : le lien « tous » mène aux mêmes lignes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from contrats.filters import ActionFilterSet, ContratFilterSet, FicheFilterSet
from contrats.models import Action, Contrat, Fiche
from contrats.variables import dire
from partenaires.filters import OrganismeFilterSet
from partenaires.models import Organisme
from portail.extraits import extrait, surligner
from territoires.filters import TerritoireFilterSet
from territoires.models import Territoire
from texte.markdown import en_texte
from texte.recherche import filtrer, racines

NB_PAR_GROUPE = 8


@dataclass(frozen=True)
class Source:
    """Un groupe : son nom, son filtre, sa racine, son titre et les textes où citer un passage."""

    nom: str
    filterset: type[django_filters.FilterSet]
    modele: Any  # classe de modèle, à l'`objects` de périmètre
    liste: str
    titre: str
    situer: Callable[[Any], str]
    textes: Callable[[Any], Iterator[str]]
    avec: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resultat:
    adresse: str
    titre: SafeString
    situation: str
    extrait: SafeString


@dataclass(frozen=True)
class Groupe:
    """Résultats d'un même genre : les premiers, leur nombre et l'adresse de tous."""

    nom: str
    nombre: int
    tous: str
    resultats: list[Resultat]


def _textes_contrat(contrat: Contrat) -> Iterator[str]:
    yield from (contrat.sous_titre, en_texte(contrat.preambule), contrat.nature_juridique)
    yield from (partie.libelle or partie.organisme.nom for partie in contrat.parties.all())
    for article in contrat.articles.all():
        yield article.titre
        yield en_texte(dire(contrat, article.texte))
    yield from (engagement.texte for engagement in contrat.engagements.all())
    yield from (territoire.nom for territoire in contrat.territoires.all())
    yield from (f"Signé à {s.lieu}" for s in contrat.signatures.all() if s.lieu)


def _textes_fiche(fiche: Fiche) -> Iterator[str]:
    yield fiche.note_titre
    yield from (en_texte(section.texte) for section in fiche.sections.all())


def _textes_alias(objet: Organisme | Territoire) -> Iterator[str]:
    yield from (f"Aussi écrit « {alias.libelle} »" for alias in objet.alias.all())


SOURCES = (
    Source(
        "Contrats",
        ContratFilterSet,
        Contrat,
        "contrats:contrat-list",
        "intitule",
        lambda c: c.get_type_display(),
        _textes_contrat,
        avec=("parties__organisme", "articles", "engagements", "territoires", "signatures"),
    ),
    Source(
        "Fiches",
        FicheFilterSet,
        Fiche,
        "contrats:fiche-list",
        "titre",
        lambda f: f.contrat.intitule_court,
        _textes_fiche,
        avec=("sections",),
    ),
    Source(
        "Actions",
        ActionFilterSet,
        Action,
        "contrats:action-list",
        "intitule",
        lambda a: " · ".join([a.contrat.intitule_court, *([a.fiche.titre] if a.fiche else [])]),
        lambda a: iter([en_texte(a.description)]),
    ),
    Source(
        "Organismes",
        OrganismeFilterSet,
        Organisme,
        "partenaires:organisme-list",
        "nom",
        lambda o: o.sigle,
        _textes_alias,
        avec=("alias",),
    ),
    Source(
        "Territoires",
        TerritoireFilterSet,
        Territoire,
        "territoires:territoire-list",
        "nom",
        lambda t: t.get_type_display(),
        _textes_alias,
        avec=("alias",),
    ),
)


def chercher(requete: str, request: HttpRequest) -> list[Groupe]:
    """Les groupes qui ont un résultat ; liste vide sans mot à chercher."""
    if not racines(requete):
        return []
    groupes = (_groupe(source, requete, request) for source in SOURCES)
    return [groupe for groupe in groupes if groupe.nombre]


def _groupe(source: Source, requete: str, request: HttpRequest) -> Groupe:
    visibles = source.modele.objects.visibles_par(request.user).pour_liste()
    trouves = source.filterset({"q": requete}, queryset=visibles, request=request).qs
    tous = reverse(source.liste, query={"q": requete})
    premiers = _titres_d_abord(trouves, source, requete).prefetch_related(*source.avec)
    resultats = [_resultat(objet, source, requete) for objet in premiers[:NB_PAR_GROUPE]]
    return Groupe(source.nom, trouves.count(), tous, resultats)


def _titres_d_abord(trouves: QuerySet, source: Source, requete: str) -> QuerySet:
    """Ceux dont le titre contient les mots, puis ceux dont un autre texte les contient."""
    titres = filtrer(source.modele.objects.all(), requete, source.titre).values("pk")
    rang = Case(When(pk__in=titres, then=Value(0)), default=Value(1), output_field=IntegerField())
    return trouves.order_by(rang, *trouves.query.order_by)


def _resultat(objet: Any, source: Source, requete: str) -> Resultat:
    return Resultat(
        objet.get_absolute_url(),
        surligner(getattr(objet, source.titre), requete),
        source.situer(objet),
        extrait(source.textes(objet), requete),
    )
