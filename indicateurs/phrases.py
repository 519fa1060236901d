"""Dire un écart en une phrase : une seule fonction, pour l'écran, les figures, le PDF et l'API."""

from decimal import Decimal
from typing import TYPE_CHECKING

from indicateurs.enums import Comparaison, Evolution
from indicateurs.models import Indicateur, Millesime
from indicateurs.nombres import ESPACE

if TYPE_CHECKING:
    from indicateurs.lecture import Ecarts

# Dans l'ordre où la phrase les dit : verbe en tête, adjectif ensuite.
DITS = (
    (Evolution.REDUIT, "s'est réduit", "réduit"),
    (Evolution.CREUSE, "s'est creusé", "creusé"),
    (Evolution.STABLE, "est inchangé", "inchangé"),
)


def evolution_de_l_ecart(ecarts: "Ecarts") -> str:
    """« l'écart s'est réduit dans 9 quartiers sur 16, creusé dans 5, inconnu dans 2 ».

    Sans millésime précédent ni comparaison possible, la phrase dit ce qu'on sait et pourquoi
    l'évolution manque ; elle ne calcule rien d'autre que ce que montrent les lignes.
    """
    nb = len(ecarts.lignes)
    if not nb:
        return "aucun quartier n'est suivi"
    if not ecarts.chiffrees:
        return f"aucun chiffre n'est renseigné pour {_quartiers(nb)}"
    if ecarts.indicateur.comparaison == Comparaison.AUCUNE:
        return _evolution_de_la_valeur(ecarts)
    if ecarts.precedent is None:
        return _un_seul_millesime(ecarts)
    return _liste("l'écart", DITS, ecarts.comptes, "inconnu", nb)


def _evolution_de_la_valeur(ecarts: "Ecarts") -> str:
    """Sans référence à laquelle se comparer : ce que devient la valeur de chaque quartier."""
    nb = len(ecarts.lignes)
    if ecarts.precedent is None:
        return f"un seul millésime : valeur connue dans {_sur(len(ecarts.chiffrees), nb)}"
    comptes = dict.fromkeys(Evolution, 0)
    for ligne in ecarts.lignes:
        comptes[_sens_de(ligne.variation)] += 1
    dits = (
        (Evolution.CREUSE, "a monté", "monté"),
        (Evolution.REDUIT, "a baissé", "baissé"),
        (Evolution.STABLE, "est inchangée", "inchangée"),
    )
    return _liste("la valeur", dits, comptes, "inconnue", nb)


def _sens_de(variation: Decimal | None) -> Evolution:
    if variation is None:
        return Evolution.INCONNU
    if not variation:
        return Evolution.STABLE
    return Evolution.CREUSE if variation > 0 else Evolution.REDUIT


def _un_seul_millesime(ecarts: "Ecarts") -> str:
    connus = [ligne.ecart for ligne in ecarts.lignes if ligne.ecart is not None]
    debut = f"un seul millésime ({ecarts.millesime}) : évolution de l'écart inconnue"
    if not connus:
        return f"{debut}, référence non renseignée"
    egalite = 1 if ecarts.indicateur.comparaison == Comparaison.RAPPORT else 0
    dessous = sum(e < egalite for e in connus)
    dessus = sum(e > egalite for e in connus)
    places = [
        f"{nombre} {place}"
        for nombre, place in ((dessous, "sous la référence"), (dessus, "au-dessus"))
        if nombre
    ]
    suite = f", {' et '.join(places)}" if places else ""
    return f"{debut} ; écart connu dans {_sur(len(connus), len(ecarts.lignes))}{suite}"


def _liste(
    sujet: str,
    dits: tuple[tuple[Evolution, str, str], ...],
    comptes: dict[Evolution, int],
    inconnu: str,
    nb: int,
) -> str:
    """Le premier nombre porte le verbe et le total ; les autres suivent ; zéro ne se dit pas."""
    presents = [(comptes[e], verbe, mot) for e, verbe, mot in dits if comptes[e]]
    sans = comptes[Evolution.INCONNU]
    if not presents:
        return f"l'évolution de {sujet} est inconnue dans {_quartiers(nb, les=True)}"
    (premier, verbe, _), *suite = presents
    phrase = f"{sujet} {verbe} dans {_sur(premier, nb)}"
    phrase += "".join(f", {mot} dans {nombre}" for nombre, _, mot in suite)
    return phrase + (f", {inconnu} dans {sans}" if sans else "")


def titre(ecarts: "Ecarts") -> str:
    """« Revenu médian : entre 2012 et 2014, l'écart avec … » ; démonstration dite en toutes
    lettres."""
    intitule = ecarts.indicateur.intitule
    tete = f"{intitule[:1].upper()}{intitule[1:]}{ESPACE}: "
    if ecarts.precedent is not None:
        tete += f"{entre(ecarts.precedent, ecarts.millesime)}, "
    fin = " (valeurs de démonstration)" if ecarts.demonstration else ""
    return f"{tete}{ecarts.phrase}{fin}"


def entre(avant: Millesime, apres: Millesime | None) -> str:
    """« entre 2012 et 2014 », « du 1er janvier 2015 au 1er janvier 2017 »."""
    if avant.debut == avant.fin:
        return f"du {avant} au {apres}"
    if avant.forme == "annee":
        return f"entre {avant} et {apres}"
    return f"de {avant} à {apres}"


def perimetre(ecarts: "Ecarts") -> str:
    """Ce que couvrent les chiffres : quartiers, génération, référence, date de lecture."""
    texte = f"{_quartiers(len(ecarts.lignes))} de la génération {ecarts.generation}"
    if ecarts.reference is not None and ecarts.indicateur.comparaison != Comparaison.AUCUNE:
        texte += f", comparés à {ecarts.reference}"
    if ecarts.a_la_date is not None:
        texte += f", tels que connus le {ecarts.a_la_date:%d/%m/%Y}"
    return texte


def unite_d_ecart(indicateur: Indicateur, ecart: Decimal) -> str:
    """« points » pour un pourcentage, sinon l'unité de l'indicateur."""
    if indicateur.comparaison != Comparaison.POINTS:
        return indicateur.unite
    return "point" if abs(ecart) < 2 else "points"


def _quartiers(nb: int, *, les: bool = False) -> str:
    if les:
        return "le seul quartier" if nb == 1 else f"les {nb} quartiers"
    return f"{nb} quartier{'s' if nb > 1 else ''}"


def _sur(nombre: int, total: int) -> str:
    return f"{_quartiers(nombre)} sur {total}"
