"""Lire et écrire un millésime sous ses quatre formes, sans le confondre avec un autre."""

import datetime
import re
from dataclasses import dataclass

from indicateurs.enums import FormeMillesime as F

ANNEE = re.compile(r"(19|20|21)\d\d")
DATE_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DATE_CHIFFRES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
DATE_MOTS = re.compile(r"(1er|1 er|\d{1,2})\s+([a-zéûô]+)\s+(\d{4})", re.IGNORECASE)
PERIODE = re.compile(r"(\d{4})\s*(?:-|–|/|à|au)\s*(\d{4})")
LISTE = re.compile(r"\d{4}(?:\s*(?:,|;|\+|et|&)\s*\d{4})+")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


class MillesimeInvalide(ValueError):
    """Le texte n'est pas un millésime ; la phrase dit les formes admises."""

    def __init__(self, texte: str, pourquoi: str = "") -> None:
        detail = pourquoi or (
            "écrivez une année (2019), une liste (2014 et 2015), une date (1er janvier 2015 ou "
            "01/01/2015) ou une période (2013-2017)"
        )
        super().__init__(f"« {texte[:60]} » n'est pas un millésime : {detail}.")


@dataclass(frozen=True)
class Forme:
    """Un millésime lu : `cle` le désigne seul, `debut` et `fin` le placent dans le temps."""

    forme: F
    cle: str
    libelle: str
    debut: datetime.date
    fin: datetime.date


def lire(texte: str) -> Forme:
    """« 2019 », « 2014 et 2015 », « 1er janvier 2015 », « 2013-2017 » ; `MillesimeInvalide`."""
    net = " ".join(texte.replace("\u00a0", " ").split())
    if ANNEE.fullmatch(net):
        return d_annee(int(net))
    if LISTE.fullmatch(net):
        return _liste(net)
    if date := _date(net):
        return _de_date(date)
    if periode := PERIODE.fullmatch(net):
        return _periode(net, int(periode[1]), int(periode[2]))
    raise MillesimeInvalide(texte)


def d_annee(annee: int) -> Forme:
    debut, fin = datetime.date(annee, 1, 1), datetime.date(annee, 12, 31)
    return Forme(F.ANNEE, str(annee), str(annee), debut, fin)


def _liste(net: str) -> Forme:
    annees = [int(a) for a in re.findall(r"\d{4}", net)]
    if any(not ANNEE.fullmatch(str(a)) for a in annees):
        raise MillesimeInvalide(net, "une année va de 1900 à 2199")
    if annees != sorted(set(annees)):
        raise MillesimeInvalide(net, "une liste d'années se donne dans l'ordre, sans répétition")
    mots = [str(a) for a in annees]
    libelle = f"{', '.join(mots[:-1])} et {mots[-1]}"
    debut, fin = datetime.date(annees[0], 1, 1), datetime.date(annees[-1], 12, 31)
    return Forme(F.LISTE, "+".join(mots), libelle, debut, fin)


def _date(net: str) -> datetime.date | None:
    """La date écrite ; None si le texte n'a pas cette forme."""
    if iso := DATE_ISO.fullmatch(net):
        return _valide(net, int(iso[1]), int(iso[2]), int(iso[3]))
    if chiffres := DATE_CHIFFRES.fullmatch(net):
        return _valide(net, int(chiffres[3]), int(chiffres[2]), int(chiffres[1]))
    if mots := DATE_MOTS.fullmatch(net):
        mois = mots[2].lower()
        if mois not in MOIS:
            raise MillesimeInvalide(net, f"« {mois} » n'est pas un mois")
        jour = 1 if mots[1].lower().endswith("er") else int(mots[1])
        return _valide(net, int(mots[3]), MOIS.index(mois) + 1, jour)
    return None


def _valide(net: str, annee: int, mois: int, jour: int) -> datetime.date:
    if not 1900 <= annee <= 2199:
        raise MillesimeInvalide(net, "une année va de 1900 à 2199")
    try:
        return datetime.date(annee, mois, jour)
    except ValueError:
        raise MillesimeInvalide(net, "cette date n'existe pas au calendrier") from None


def _de_date(date: datetime.date) -> Forme:
    jour = "1er" if date.day == 1 else str(date.day)
    libelle = f"{jour} {MOIS[date.month - 1]} {date.year}"
    return Forme(F.DATE, date.isoformat(), libelle, date, date)


def _periode(net: str, debut: int, fin: int) -> Forme:
    if not (1900 <= debut <= 2199 and 1900 <= fin <= 2199):
        raise MillesimeInvalide(net, "une année va de 1900 à 2199")
    if fin <= debut:
        raise MillesimeInvalide(net, "la fin d'une période suit son début")
    bornes = datetime.date(debut, 1, 1), datetime.date(fin, 12, 31)
    return Forme(F.PERIODE, f"{debut}/{fin}", f"{debut}-{fin}", *bornes)
