"""Lire l'écart : un indicateur, ses quartiers, sa référence, entre deux millésimes, à une date.

C'est la seule porte de lecture des tableaux de bord, des pages, des PDF et de l'API :

    ecarts = lire_ecarts(indicateur, utilisateur, a_la_date=date)
    ecarts.phrase   # « l'écart s'est réduit dans 9 quartiers sur 16, creusé dans 5… »

`lire_generations` rend une lecture par génération de quartiers : elles ne se raccordent jamais.
`lire_tableau` lit plusieurs indicateurs en un nombre de requêtes fixe.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.contrib.auth.models import AnonymousUser

from comptes.models import Utilisateur
from contrats.models import Contrat
from indicateurs import phrases
from indicateurs.enums import Agregation, Comparaison, Evolution, StatutMesure
from indicateurs.mesures_lues import MesureLue, mesures_a_la_date, mesures_presentes
from indicateurs.models import Cible, Indicateur, Millesime
from indicateurs.nombres import avec_unite, nombre
from territoires.enums import TypeTerritoire
from territoires.models import Territoire

Lecteur = Utilisateur | AnonymousUser


@dataclass(frozen=True)
class Ligne:
    """Un quartier : sa valeur, celle de la référence, l'écart, et ce qu'il devient."""

    territoire: Territoire
    serie: dict[int, MesureLue]  # par millésime ; sans clé : rien n'est saisi
    valeur: MesureLue | None
    reference: MesureLue | None
    ecart: Decimal | None
    ecart_avant: Decimal | None
    evolution: Evolution
    variation: Decimal | None  # de la valeur, quand elle ne se compare pas
    cible: Cible | None = None

    @property
    def demonstration(self) -> bool:
        """Une valeur inventée entre dans ce que cette ligne montre."""
        return any(m is not None and m.demonstration for m in (self.valeur, self.reference))


@dataclass(frozen=True)
class Ecarts:
    """Un indicateur lu pour une génération de quartiers, à une date."""

    indicateur: Indicateur
    generation: int
    millesimes: list[Millesime]  # ceux de cette génération, du plus ancien au plus récent
    millesime: Millesime | None  # le dernier qui a un chiffre, à défaut le dernier attendu
    precedent: Millesime | None  # celui d'avant
    reference: Territoire | None
    serie_de_reference: dict[int, MesureLue]
    lignes: list[Ligne]  # par nom de quartier
    a_la_date: datetime.date | None

    @cached_property
    def comptes(self) -> dict[Evolution, int]:
        """Nombre de quartiers par évolution de l'écart ; toutes les clés y sont."""
        compte = Counter(ligne.evolution for ligne in self.lignes)
        return {evolution: compte[evolution] for evolution in Evolution}

    @property
    def phrase(self) -> str:
        """La phrase, la même partout."""
        return phrases.evolution_de_l_ecart(self)

    @property
    def titre(self) -> str:
        """Le message entier d'une figure : de quoi, quand, et si c'est une démonstration."""
        return phrases.titre(self)

    @property
    def perimetre(self) -> str:
        """Ce que couvrent les chiffres, à écrire sous une figure."""
        return phrases.perimetre(self)

    @cached_property
    def demonstration(self) -> bool:
        """Une valeur inventée entre dans cette lecture : à dire partout où elle paraît."""
        mesures = [m for ligne in self.lignes for m in ligne.serie.values()]
        return any(m.demonstration for m in [*mesures, *self.serie_de_reference.values()])

    @cached_property
    def maj_le(self) -> datetime.datetime | None:
        """Dernière écriture d'une des mesures lues."""
        mesures = [m for ligne in self.lignes for m in ligne.serie.values()]
        instants = [m.modifie_le for m in [*mesures, *self.serie_de_reference.values()]]
        return max(instants, default=None)

    @property
    def chiffrees(self) -> list[Ligne]:
        """Les quartiers dont la valeur du dernier millésime est connue."""
        return [li for li in self.lignes if li.valeur is not None and li.valeur.valeur is not None]

    @property
    def classement(self) -> list[Ligne]:
        """Les quartiers du plus petit écart (ou, sans comparaison, de la plus petite valeur) au
        plus grand ; sans chiffre, à la fin."""
        return sorted(self.lignes, key=self._rang)

    @property
    def recouvrement(self) -> bool:
        """Les deux millésimes comptent en partie les mêmes choses : l'évolution en est émoussée."""
        if self.millesime is None or self.precedent is None:
            return False
        return self.millesime.recouvre(self.precedent)

    @property
    def total(self) -> Decimal | None:
        """Somme des quartiers : seulement si l'indicateur se somme et qu'aucun ne manque."""
        if self.indicateur.agregation != Agregation.SOMME or not self.lignes:
            return None
        valeurs = [li.valeur.valeur for li in self.chiffrees if li.valeur is not None]
        connues = [v for v in valeurs if v is not None]
        return sum(connues, Decimal(0)) if len(connues) == len(self.lignes) else None

    def ecrire(self, valeur: Decimal | None) -> str:
        """Une valeur avec son unité ; vide si elle manque."""
        if valeur is None:
            return ""
        return avec_unite(nombre(valeur, self.indicateur.decimales), self.indicateur.unite)

    def ecrire_ecart(self, ecart: Decimal | None) -> str:
        """Un écart dans son unité (points, celle de l'indicateur, rapport) ; vide s'il manque."""
        if ecart is None:
            return ""
        if self.indicateur.comparaison == Comparaison.RAPPORT:
            return f"{nombre(ecart, max(2, self.indicateur.decimales))} fois la référence"
        texte = nombre(ecart, self.indicateur.decimales, signe=True)
        return avec_unite(texte, phrases.unite_d_ecart(self.indicateur, ecart))

    def _rang(self, ligne: Ligne) -> tuple[bool, Decimal, str]:
        cle = ligne.ecart
        if cle is None and self.indicateur.comparaison == Comparaison.AUCUNE and ligne.valeur:
            cle = ligne.valeur.valeur
        return (cle is None, cle or Decimal(0), ligne.territoire.nom)


def lire_ecarts(
    indicateur: Indicateur,
    utilisateur: Lecteur,
    *,
    a_la_date: datetime.date | None = None,
    generation: int | None = None,
) -> Ecarts:
    """La lecture d'une génération : celle demandée, sinon la dernière qui a un chiffre.

    `a_la_date` : ce qu'on aurait lu ce jour-là au soir, moins ce qui est devenu secret depuis.
    """
    lectures = lire_generations(indicateur, utilisateur, a_la_date=a_la_date)
    if generation is not None:
        for lecture in lectures:
            if lecture.generation == generation:
                return lecture
        return _assembler(indicateur, generation, [], [], [], a_la_date)
    return derniere(lectures)


def derniere(lectures: Sequence[Ecarts]) -> Ecarts:
    """La dernière génération qui a un chiffre, à défaut la première."""
    chiffrees = [lecture for lecture in lectures if lecture.chiffrees]
    return chiffrees[-1] if chiffrees else lectures[0]


def lire_generations(
    indicateur: Indicateur, utilisateur: Lecteur, *, a_la_date: datetime.date | None = None
) -> list[Ecarts]:
    """Une lecture par génération de quartiers, de la plus ancienne à la plus récente ; jamais
    vide."""
    return lire_tableau([indicateur], utilisateur, a_la_date=a_la_date)[indicateur.pk]


def lire_tableau(
    indicateurs: Iterable[Indicateur],
    utilisateur: Lecteur,
    *,
    a_la_date: datetime.date | None = None,
) -> dict[int, list[Ecarts]]:
    """Plusieurs indicateurs, par identifiant, en un nombre de requêtes qui ne dépend pas d'eux.

    Chaque indicateur a `reference` chargée (`pour_liste`).
    """
    return Fonds(indicateurs, utilisateur).lire(a_la_date)


class Fonds:
    """Des indicateurs, et ce qui s'en lit une seule fois pour toutes les dates qu'on demande."""

    def __init__(self, indicateurs: Iterable[Indicateur], lecteur: Lecteur) -> None:
        self._voulus = indicateurs
        self.lecteur = lecteur

    @cached_property
    def indicateurs(self) -> list[Indicateur]:
        return list(self._voulus)

    @cached_property
    def presentes(self) -> list[MesureLue]:
        return mesures_presentes(self.indicateurs, self.lecteur)

    @cached_property
    def quartiers(self) -> dict[int, list[Territoire]]:
        return _quartiers_des_contrats({i.contrat_id for i in self.indicateurs})

    @cached_property
    def cibles(self) -> dict[int, list[Cible]]:
        cibles: dict[int, list[Cible]] = defaultdict(list)
        for cible in Cible.objects.visibles_par(self.lecteur).filter(
            indicateur__in=self.indicateurs
        ):
            cibles[cible.indicateur_id].append(cible)
        return cibles

    def lire(self, a_la_date: datetime.date | None = None) -> dict[int, list[Ecarts]]:
        """Une lecture par génération de chaque indicateur, à ce jour ou à une date."""
        if not self.indicateurs:
            return {}
        lues = self.presentes
        if a_la_date is not None:
            lues = mesures_a_la_date(self.indicateurs, self.lecteur, lues, a_la_date)
        mesures: dict[int, list[MesureLue]] = defaultdict(list)
        for mesure in lues:
            mesures[mesure.indicateur].append(mesure)
        return {
            i.pk: _par_generation(
                i, mesures[i.pk], self.quartiers[i.contrat_id], self.cibles[i.pk], a_la_date
            )
            for i in self.indicateurs
        }


def _quartiers_des_contrats(contrats: set[int]) -> dict[int, list[Territoire]]:
    """Les quartiers prioritaires de chaque contrat : ceux dont un chiffre est attendu."""
    liens = Contrat.territoires.through.objects.filter(
        contrat__in=contrats, territoire__type=TypeTerritoire.QPV
    ).select_related("territoire")
    quartiers: dict[int, list[Territoire]] = defaultdict(list)
    for lien in liens:
        quartiers[lien.contrat_id].append(lien.territoire)
    return quartiers


def _par_generation(
    indicateur: Indicateur,
    mesures: list[MesureLue],
    quartiers: list[Territoire],
    cibles: list[Cible],
    a_la_date: datetime.date | None,
) -> list[Ecarts]:
    """Les quartiers du contrat, et ceux qu'on a mesurés sans qu'il les nomme."""
    tous = {q.pk: q for q in quartiers}
    for mesure in mesures:
        if mesure.territoire.type == TypeTerritoire.QPV:
            tous.setdefault(mesure.territoire.pk, mesure.territoire)
    generations = sorted({q.generation for q in tous.values() if q.generation})
    return [
        _assembler(
            indicateur,
            generation,
            [q for q in tous.values() if q.generation == generation],
            mesures,
            cibles,
            a_la_date,
        )
        for generation in generations
    ] or [_assembler(indicateur, 0, [], mesures, cibles, a_la_date)]


def _assembler(
    indicateur: Indicateur,
    generation: int,
    quartiers: list[Territoire],
    mesures: list[MesureLue],
    cibles: list[Cible],
    a_la_date: datetime.date | None,
) -> Ecarts:
    series: dict[int, dict[int, MesureLue]] = defaultdict(dict)
    for mesure in mesures:
        series[mesure.territoire.pk][mesure.millesime.pk] = mesure
    millesimes = {m.millesime.pk: m.millesime for q in quartiers for m in series[q.pk].values()}
    ordonnes = sorted(millesimes.values(), key=lambda m: (m.fin, m.debut, m.pk))
    chiffres = [
        m
        for m in ordonnes
        if any(m.pk in series[q.pk] and series[q.pk][m.pk].valeur is not None for q in quartiers)
    ]
    dernier = next(reversed(chiffres or ordonnes), None)
    avant = chiffres[-2] if len(chiffres) > 1 else None
    reference = series.get(indicateur.reference_id or 0, {})
    return Ecarts(
        indicateur=indicateur,
        generation=generation,
        millesimes=ordonnes,
        millesime=dernier,
        precedent=avant,
        reference=indicateur.reference,
        serie_de_reference={pk: m for pk, m in reference.items() if pk in millesimes},
        lignes=[
            _ligne(indicateur, q, series[q.pk], reference, dernier, avant, cibles)
            for q in sorted(quartiers, key=lambda q: (q.nom, q.pk))
        ],
        a_la_date=a_la_date,
    )


def _ligne(
    indicateur: Indicateur,
    quartier: Territoire,
    serie: dict[int, MesureLue],
    reference: dict[int, MesureLue],
    dernier: Millesime | None,
    avant: Millesime | None,
    cibles: list[Cible],
) -> Ligne:
    maintenant, jadis = (m.pk if m else 0 for m in (dernier, avant))
    ecart = comparer(indicateur, serie.get(maintenant), reference.get(maintenant))
    ecart_avant = comparer(indicateur, serie.get(jadis), reference.get(jadis))
    variation = _difference(serie.get(maintenant), serie.get(jadis))
    siennes = [c for c in cibles if c.territoire_id in (None, quartier.pk)]
    # La cible du quartier l'emporte sur celle de tous, la plus lointaine échéance sur les autres.
    cible = max(siennes, key=lambda c: (c.territoire_id is not None, c.echeance), default=None)
    return Ligne(
        territoire=quartier,
        serie=serie,
        valeur=serie.get(maintenant),
        reference=reference.get(maintenant),
        ecart=ecart,
        ecart_avant=ecart_avant,
        evolution=evolution(indicateur, ecart_avant, ecart),
        variation=variation,
        cible=cible,
    )


def comparer(
    indicateur: Indicateur, mesure: MesureLue | None, reference: MesureLue | None
) -> Decimal | None:
    """L'écart d'une valeur à la référence ; None si l'une manque ou ne se compare pas."""
    if mesure is None or reference is None:
        return None
    if mesure.valeur is None or reference.valeur is None:
        return None
    if indicateur.comparaison == Comparaison.AUCUNE:
        return None
    if indicateur.comparaison == Comparaison.RAPPORT:
        if not reference.valeur:
            return None
        rapport = mesure.valeur / reference.valeur
        return rapport.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    return mesure.valeur - reference.valeur


def evolution(indicateur: Indicateur, avant: Decimal | None, apres: Decimal | None) -> Evolution:
    """L'écart se réduit quand il s'approche de l'égalité, d'où qu'il vienne."""
    if avant is None or apres is None:
        return Evolution.INCONNU
    egalite = 1 if indicateur.comparaison == Comparaison.RAPPORT else 0
    loin, pres = abs(avant - egalite), abs(apres - egalite)
    if pres == loin:
        return Evolution.STABLE
    return Evolution.REDUIT if pres < loin else Evolution.CREUSE


def _difference(apres: MesureLue | None, avant: MesureLue | None) -> Decimal | None:
    if apres is None or avant is None or apres.valeur is None or avant.valeur is None:
        return None
    return apres.valeur - avant.valeur


def signe_de(statut: StatutMesure) -> str:
    """Signe conventionnel et mot : « s (secret statistique) »."""
    mot = statut.label.lower()
    return f"{statut.signe} ({mot})" if statut.signe else mot
