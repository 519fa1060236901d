"""Lire une valeur telle qu'on l'écrit : nombres français, signes conventionnels de l'Insee."""

import re
from decimal import Decimal, InvalidOperation

from indicateurs.enums import StatutMesure as S
from perr.importation.textes import cle

MILLIERS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?:\D|$))")
NOMBRE = re.compile(r"[+\-\u2212]?\d+(?:[.,]\d+)?")
MAXIMUM = Decimal(10) ** 12
SIGNES = {
    "s": S.SECRET,
    "c": S.SECRET,
    "///": S.SANS_OBJET,
    "//": S.SANS_OBJET,
    "...": S.NON_DISPONIBLE,
    "…": S.NON_DISPONIBLE,
    "..": S.NON_DISPONIBLE,
    "nd": S.NON_DISPONIBLE,
    "n.d.": S.NON_DISPONIBLE,
    "ns": S.NON_SIGNIFICATIVE,
    "n.s.": S.NON_SIGNIFICATIVE,
    "n.s": S.NON_SIGNIFICATIVE,
}
UNITES = ("%", "‰", "€", "euros", "euro", "points", "point")
AIDE = "un nombre (12,5) ou un signe (s, ///, ..., n.s.)"


class ValeurIllisible(ValueError):
    """Ni nombre ni signe conventionnel ; la phrase dit quoi écrire."""


def lire_valeur(brute: str) -> tuple[Decimal | None, S]:
    """« 12 345,6 », « 12,5 % », « 12,5 p », « s », « /// », « ... », « n.s. » ; vide refusé.

    Un vide n'est pas zéro, et zéro n'est pas un vide : qui ne sait pas écrit « ... ».
    """
    texte = " ".join(brute.replace("\u00a0", " ").replace("\u202f", " ").split())
    if not texte:
        raise ValeurIllisible(f"case vide : écrivez {AIDE}")
    if signe := SIGNES.get(texte.lower()):
        return None, signe
    statut = S.PUBLIEE
    if fin := re.fullmatch(r"(.*?)\s*\(?p\)?", texte, re.IGNORECASE):
        texte, statut = fin[1], S.PROVISOIRE
    return _nombre(brute, texte), statut


def _nombre(brute: str, texte: str) -> Decimal:
    for unite in UNITES:
        if texte.lower().endswith(unite):
            texte = texte[: -len(unite)].strip()
            break
    net = MILLIERS.sub("", texte)
    if re.fullmatch(r"[+\-\u2212]?\d{1,3}(?:[.,]\d{3}){2,}", net):
        raise ValeurIllisible(
            f"« {brute[:40]} » : milliers séparés par un point ou une virgule ; "
            "écrivez-les avec une espace, ou sans rien"
        )
    if not NOMBRE.fullmatch(net):
        raise ValeurIllisible(f"« {brute[:40]} » n'est pas une valeur : écrivez {AIDE}")
    try:
        valeur = Decimal(net.replace(",", ".").replace("\u2212", "-"))
    except InvalidOperation:
        raise ValeurIllisible(f"« {brute[:40]} » n'est pas un nombre") from None
    if abs(valeur) >= MAXIMUM:
        raise ValeurIllisible(f"« {brute[:40]} » est trop grand : un billion au plus")
    exposant = valeur.as_tuple().exponent
    if isinstance(exposant, int) and exposant < -6:
        raise ValeurIllisible(f"« {brute[:40]} » : six décimales au plus")
    return valeur


def lire_statut(mot: str) -> S | None:
    """Le statut que ce mot désigne : valeur, libellé ou signe ; None s'il n'en désigne aucun."""
    nu = cle(mot)
    for statut in S:
        if nu and nu in (cle(statut.value), cle(statut.label)):
            return statut
    return SIGNES.get(mot.strip().lower())
