"""Dates et sommes qu'un contrat dit de lui-même : sûres, elles s'écrivent ; sinon, on propose."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.formats import number_format

from reprise.lecture.formes import sans_marques
from reprise.reconnaissance.formes import Compris
from reprise.reconnaissance.listes import PERIODE, date_exacte, montants
from reprise.reconnaissance.vocabulaire import plier
from texte import nombres
from texte.dates import en_lettres

PHRASES = re.compile(r"(?<=[.!?;])\s+(?=[A-ZÀ-Ý«])")
CONTRAT = re.compile(
    r"\b(?:contrat|convention|accord|protocole|feuille de route|projet de territoire)\b"
)
DEBUT = re.compile(
    r"\b(?:prend(?:ra)? effet|entre(?:ra)? en vigueur|(?:est|a ete) conclue?)\b|\ba compter du\b"
)
FIN = re.compile(
    r"\b(?:jusqu'au|prend(?:ra)? fin|s'acheve(?:ra)?|expire(?:ra)?|vient a echeance|echoit)\b"
)
DUREE = re.compile(
    r"\bduree\s+(?:initiale\s+|totale\s+)?de\s+(?P<n>\d{1,2}|"
    + nombres.MOTIF
    + r")\s+(?:\(\d+\)\s+)?ans?\b"
)
ARGENT = re.compile(
    r"\b(?:financ\w+|enveloppe|dotation|subvention\w*|credits?|budget\w*|contribution\w*"
    r"|participation financiere|montant|somme)\b"
)
LIBELLES = {"debut": "Date d'effet", "fin": "Date de fin", "montant": "Somme citée"}


@dataclass(frozen=True)
class Fait:
    """Une date ou une somme : ce qui est imprimé, ce que cela vaut, et si l'on en est sûr."""

    cle: str
    genre: str  # debut, fin, montant
    imprime: str
    valeur: str  # date ISO, ou nombre
    element: str
    ou: str
    sur: bool
    retenu: bool = False

    @property
    def dit(self) -> str:
        """La valeur, comme on l'écrit."""
        if self.genre == "montant":
            return f"{number_format(Decimal(self.valeur), 0, force_grouping=True)} €"
        return en_lettres(datetime.date.fromisoformat(self.valeur))

    @property
    def libelle(self) -> str:
        return LIBELLES[self.genre]


def lire_faits(compris: Compris, decisions: dict[str, str] | None = None) -> list[Fait]:
    """Dans l'ordre du document ; `decisions` : clé → « oui » ou « non »."""
    faits = _sans_contradiction([*_dates(compris), *_sommes(compris)])
    decisions = decisions or {}
    return [
        replace(f, retenu=decisions.get(f.cle, "oui" if f.sur else "non") == "oui") for f in faits
    ]


def _phrases(compris: Compris) -> Iterator[tuple[str, str, str]]:
    """(phrase, passage, où), hors des fiches : leurs dates sont celles de leurs actions."""
    for passage in compris.preambule:
        yield from ((ph, passage.element, "Préambule") for ph in _decouper(passage.texte))
    for article in compris.articles:
        ou = f"Article {article.numero}"
        for passage in article.texte:
            yield from ((ph, passage.element, ou) for ph in _decouper(passage.texte))


def _decouper(texte: str) -> list[str]:
    return PHRASES.split(sans_marques(texte))


def _dates(compris: Compris) -> list[Fait]:
    faits: list[Fait] = []
    duree: tuple[int, str, str, str] | None = None
    for phrase, element, ou in _phrases(compris):
        plie = plier(phrase)
        du_contrat = CONTRAT.search(plie) is not None
        for genre, motif in (("debut", DEBUT), ("fin", FIN)):
            trouve = motif.search(plie)
            jour = date_exacte(phrase[trouve.end() :][:60]) if trouve else None
            if trouve and jour:
                faits.append(_fait(genre, phrase, jour.isoformat(), element, ou, du_contrat))
        if (trouve := DUREE.search(plie)) and du_contrat:
            n = trouve["n"]
            duree = (nombres.lire(n) or 0, phrase, element, ou)
    if periode := PERIODE.search(compris.intitule):
        for genre, jour_dit in (
            ("debut", f"{periode['debut']}-01-01"),
            ("fin", f"{periode['fin']}-12-31"),
        ):
            faits.append(_fait(genre, periode[0], jour_dit, "", "Intitulé", False))
    if duree and not any(f.genre == "fin" for f in faits):
        faits += _d_apres_la_duree(faits, duree, compris.date)
    return faits


def _d_apres_la_duree(
    faits: list[Fait], duree: tuple[int, str, str, str], signature: str
) -> list[Fait]:
    """La fin se calcule de la durée : proposée, jamais écrite d'office."""
    ans, phrase, element, ou = duree
    debut = next((f.valeur for f in faits if f.genre == "debut"), signature)
    try:
        depart = datetime.date.fromisoformat(debut)
        fin = depart.replace(year=depart.year + ans) - datetime.timedelta(days=1)
    except ValueError:
        return []
    return [_fait("fin", phrase, fin.isoformat(), element, ou, False)]


def _sommes(compris: Compris) -> list[Fait]:
    faits = []
    for phrase, element, ou in _phrases(compris):
        sure = ARGENT.search(plier(phrase)) is not None
        for imprime, valeur in montants(phrase):
            faits.append(_fait("montant", imprime, f"{valeur:.2f}", element, ou, sure))
    return faits


def _fait(genre: str, imprime: str, valeur: str, element: str, ou: str, sur: bool) -> Fait:
    return Fait(f"{genre}:{valeur}:{element}", genre, imprime[:300], valeur, element, ou, sur)


def _sans_contradiction(faits: list[Fait]) -> list[Fait]:
    """Deux dates d'effet, ou une fin avant le début : aucune n'est sûre."""
    sures = {g: {f.valeur for f in faits if f.genre == g and f.sur} for g in ("debut", "fin")}
    a_l_envers = bool(sures["debut"] and sures["fin"]) and max(sures["debut"]) >= min(sures["fin"])
    vus: set[tuple[str, str]] = set()
    sortis = []
    for fait in faits:
        double = fait.genre in sures and (len(sures[fait.genre]) > 1 or a_l_envers)
        if fait.genre in sures and (fait.genre, fait.valeur) in vus:
            continue
        vus.add((fait.genre, fait.valeur))
        sortis.append(replace(fait, sur=fait.sur and not double))
    return sortis
