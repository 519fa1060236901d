"""Les nombres qu'un texte annonce, et ceux que les données donnent.

« six grandes orientations », « 45 actions », « treize axes » : un nombre d'au moins deux, en
chiffres ou en lettres, suivi d'un nom que les données savent compter. Un nombre approché, pris à
une autre source (une loi, une circulaire) ou restreint (« 3 actions de la fiche 2 ») ne se
vérifie pas.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coherence.formes import Matiere
from contrats.enums import Horizon, NatureAxe
from reprise.reconnaissance.vocabulaire import plier
from texte import nombres

# Le plus précis d'abord : « actions pilotes » n'est pas « actions ».
NOMS: dict[str, str] = {
    "axe_prioritaire": r"axes prioritaires",
    "axe_de_travail": r"axes de travail",
    "action_pilote": r"actions pilotes",
    "action_court": r"actions (?:operationnelles )?(?:de|a) court termes?",
    "action_moyen_long": r"actions (?:de|a) moyen et long termes?",
    "action_prioritaire": r"actions prioritaires",
    "programme_prioritaire": r"programmes (?:prioritaires|suivants)",
    "quartier": r"(?:quartiers prioritaires(?: de la (?:politique de la )?ville)?|qpv)",
    "quartiers": r"quartiers(?! de veille| vecus)",
    "sous_programme": r"sous-programmes",
    "programme": r"programmes(?: d'actions?)?(?: thematiques)?",
    "orientation": r"orientations(?: strategiques)?",
    "pilier": r"piliers(?: thematiques)?",
    "thematique": r"(?:champs(?: thematiques)?|thematiques(?: transvers\w+)?)",
    "defi": r"defis(?: a relever)?",
    "axe": r"axes",
    "action": r"actions",
    "mesure": r"mesures",
    "fiche": r"fiches(?: thematiques)?",
    "article": r"articles",
    "annexe": r"annexes",
    "engagement": r"engagements",
    "signataire": r"signataires",
    "partie": r"parties",
    "instance": r"instances",
    "indicateur": r"indicateurs",
}
ADJECTIFS = r"(?:(?:grand|premier|principal|principaux|premiere|principale|grande)e?s?\s+)?"
ANNONCE = re.compile(
    rf"(?<![\w.,/-])(?P<nombre>\d{{1,3}}|{nombres.MOTIF})\s+{ADJECTIFS}"
    rf"(?P<nom>{'|'.join(NOMS.values())})\b(?=(?P<suite>[^.;:!?\n]{{0,40}}))"
)
CLES = tuple((cle, re.compile(motif)) for cle, motif in NOMS.items())
APPROCHE = re.compile(
    r"(?:\bplus de|\bmoins de|\benviron|\bpres de|\bau moins|\bau plus|\bjusqu'a|\bquelque|\bautres"
    rf"|\bou|(?:\d|\b(?:{nombres.MOTIF}))\s+a)\s+(?:les\s+)?$"
)
RESTREINT = re.compile(
    r"^\s+(?:de la |du |de l'|de chaque|de cette|de ce |par |en cours|nouve|realis|termin|lanc"
    r"|nationa)"
)
AUTRE_SOURCE = re.compile(r"\b(?:circulaires?|lois?|decrets?|arretes?|directives?|nationa\w+)\b")
PHRASE = re.compile(r"[^.!?\n]+")


@dataclass(frozen=True)
class Annonce:
    """« treize axes » : la chose comptée, le nombre, les mots."""

    cle: str
    nombre: int
    mots: str


def annonces(texte: str) -> Iterator[Annonce]:
    """Les nombres vérifiables d'un texte, dans l'ordre."""
    plie = plier(texte)
    for phrase in PHRASE.finditer(plie):
        if AUTRE_SOURCE.search(phrase[0]):
            continue
        for lu in ANNONCE.finditer(plie, *phrase.span()):
            avant = plie[phrase.start() : lu.start()]
            nombre = nombres.lire(lu["nombre"]) or 0
            if nombre < 2 or APPROCHE.search(avant) or RESTREINT.match(lu["suite"]):
                continue
            mots = texte[lu.start() : lu.end("nom")]
            yield Annonce(chose(lu["nom"]), nombre, " ".join(mots.split()))


def chose(nom: str) -> str:
    """La clé de ce qu'un nom compte ; vide si les données ne le comptent pas."""
    plie = plier(nom)
    return next((cle for cle, motif in CLES if motif.fullmatch(plie)), "")


def comptes(m: Matiere, cle: str) -> tuple[int, ...]:
    """Les nombres que les données admettent pour cette chose, le principal d'abord ; aucun si
    elles n'en disent rien."""
    if cle in NatureAxe:
        siens = m.axes_de(cle)
        return (len(siens),) if siens or m.axes else ()
    return _COMPTES[cle](m) if cle in _COMPTES else ()


def _actions(m: Matiere) -> tuple[int, ...]:
    """Avec les sous-points, ou sans."""
    premieres = sum(not a.sous_point for a in m.actions)
    return tuple(dict.fromkeys((len(m.actions), premieres)))


def _axes(m: Matiere) -> tuple[int, ...]:
    """Les puces des priorités s'il y en a ; sinon le premier rang de l'arbre, ou une nature."""
    if m.priorites:
        return (len(m.priorites),)
    racines = sum(axe.parent is None for axe in m.propres)
    natures = [len(m.axes_de(n)) for n in dict.fromkeys(a.nature for a in m.propres)]
    return tuple(dict.fromkeys((racines, *natures))) if m.propres else ()


def _programmes_prioritaires(m: Matiere) -> tuple[int, ...]:
    programmes = {p for priorite in m.priorites for p in priorite.programmes}
    return (len(programmes),) if m.priorites else ()


def _annexes(m: Matiere) -> tuple[int, ...]:
    return tuple(dict.fromkeys((len(m.annexes), len(m.annexes_territoriales))))


def _si(nombre: int) -> tuple[int, ...]:
    return (nombre,) if nombre else ()


_COMPTES: dict[str, Callable[[Matiere], tuple[int, ...]]] = {
    "axe": _axes,
    "axe_prioritaire": lambda m: _si(len(m.priorites)),
    "axe_de_travail": lambda m: (*_axes(m), *_actions(m)),
    "action": _actions,
    "mesure": _actions,
    "action_pilote": lambda m: (len(m.actions_a(Horizon.PILOTE)),),
    "action_court": lambda m: (len(m.actions_a(Horizon.COURT)),),
    "action_moyen_long": lambda m: (len(m.actions_a(Horizon.MOYEN_LONG)),),
    "action_prioritaire": lambda m: (sum(a.prioritaire for a in m.actions),),
    "programme_prioritaire": _programmes_prioritaires,
    "quartier": lambda m: _si(m.quartiers),
    "quartiers": lambda m: _si(m.quartiers),
    "fiche": lambda m: (len(m.fiches),),
    "article": lambda m: (len(m.articles),),
    "annexe": _annexes,
    "engagement": lambda m: (m.engagements,),
    "signataire": lambda m: (len(m.parties),),
    "partie": lambda m: (len(m.parties),),
    "instance": lambda m: _si(m.instances),
    "indicateur": lambda m: _si(m.indicateurs_suivis),
}
