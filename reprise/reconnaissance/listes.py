"""Lire une liste de partenaires, une date, une période, une somme, un renvoi dans un texte."""

import calendar
import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from reprise.reconnaissance.vocabulaire import plier
from texte import nombres

OUVERTE = re.compile(r"(?:\s*(?:\.{2,}|…)|,?\s*\betc\b\.?(?:\s*\.{2,})?)\s*$")
MOIS = {
    m: n
    for n, m in enumerate(
        [
            "janvier",
            "fevrier",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "aout",
            "septembre",
            "octobre",
            "novembre",
            "decembre",
        ],
        1,
    )
}
SAISONS = {"printemps": (6, 20), "ete": (9, 22), "automne": (12, 20), "hiver": (3, 19)}
JOUR = re.compile(r"\b(\d{1,2})(?:er)?\s+(" + "|".join(MOIS) + r")\s+(\d{4})\b")
CHIFFRES = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
APPROCHEE = re.compile(
    r"\b(?:a |d'ici |courant )?(?P<quand>fin|debut|mi|" + "|".join(SAISONS) + "|" + "|".join(MOIS)
    + r")[ -](?P<an>(?:19|20)\d{2})\b"
)  # fmt: skip
PERIODE = re.compile(r"\b(?P<debut>(?:19|20)\d{2})\s*[-/]\s*(?P<fin>(?:19|20)\d{2})\b")
A_PARTIR = re.compile(
    r"\ba partir d[eu]\s*(?:'|e )?(?P<mois>" + "|".join(MOIS) + r")?\s*(?P<an>20\d{2})\b"
)
CHEF = re.compile(r"\b(?:avec|par)\s+(?P<nom>[^,;.()]{3,80}?)\s+en\s+chef\s+de\s+file\b", re.I)
MONTANT = re.compile(
    r"(?P<nombre>\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d+(?:,\d+)?)"
    r"\s*(?P<mult>K|M|Md|millions?|milliards?)?\s*(?:d')?(?:€|euros?)",
    re.I,
)
RENVOI_FICHE = re.compile(
    r"\b(?:cf\.?\s*(?:infra|supra)?\s*|voir\s+(?:la\s+)?|en\s+)fiches?\s*(?:n\s*[°o]\s*)?(?P<numero>\d{1,2}(?:\.\d{1,2})?)\b(?P<suite>[^.;)]{0,80})",
    re.I,
)
RENVOI_VAGUE = re.compile(r"\bcf\.?\s*fiche\s*(?:ad\s*hoc|adhoc)\b", re.I)
RENVOI_ANNEXE = re.compile(r"\bannexes?\s*(?:n\s*[°o]\s*)?(?P<numero>\d{1,2})\b", re.I)
EXTERIEUR = re.compile(r"^\s*(?:d[ue]s?|de la|schema|plan|programme|strategie|contrat)\b")


@dataclass(frozen=True)
class Echeance:
    """Une date imprimée : son texte, le dernier jour qu'elle couvre, sa précision."""

    texte: str
    jour: datetime.date | None
    precision: str


def partenaires(texte: str, connus: Iterable[str] = ()) -> tuple[list[str], bool]:
    """Les mentions, dans l'ordre, et si la liste reste ouverte (« … », « etc. »).

    Une virgule entre parenthèses, entre guillemets ou dans un nom connu ne coupe pas.
    """
    texte = " ".join(texte.split())
    ouverte = bool(OUVERTE.search(texte))
    texte = OUVERTE.sub("", texte).rstrip(" .;,")
    protege = texte
    for nom in connus:
        if "," in nom or ";" in nom:
            protege = protege.replace(nom, nom.replace(",", "\x00").replace(";", "\x01"))
    mentions, courante, profondeur, guillemets = [], "", 0, False
    for signe in protege:
        if signe in "([":
            profondeur += 1
        elif signe in ")]":
            profondeur = max(0, profondeur - 1)
        elif signe in "«»":
            guillemets = signe == "«"
        if signe in ",;" and not profondeur and not guillemets:
            mentions.append(courante)
            courante = ""
        else:
            courante += signe
    mentions.append(courante)
    propres = (m.replace("\x00", ",").replace("\x01", ";").strip(" .") for m in mentions)
    return [m for m in propres if m], ouverte


def date_exacte(texte: str) -> datetime.date | None:
    """« 10 juillet 2017 », « 1er janvier 2018 », « 08/12/2015 »."""
    plie = plier(texte)
    try:
        if trouve := JOUR.search(plie):
            return datetime.date(int(trouve[3]), MOIS[trouve[2]], int(trouve[1]))
        if trouve := CHIFFRES.search(plie):
            return datetime.date(int(trouve[3]), int(trouve[2]), int(trouve[1]))
    except ValueError:
        return None
    return None


def echeance(texte: str) -> Echeance | None:
    """La date qu'un texte imprime, à sa précision : « fin 2015 », « été 2016 », « juin 2016 »."""
    plie = plier(texte)
    exacte = date_exacte(texte)
    if exacte is not None:
        trouve = JOUR.search(plie) or CHIFFRES.search(plie)
        imprime = texte[trouve.start() : trouve.end()] if trouve else ""
        return Echeance(imprime, exacte, "jour")
    if not (trouve := APPROCHEE.search(plie)):
        return None
    an, quand = int(trouve["an"]), trouve["quand"]
    imprime = texte[trouve.start("quand") : trouve.end()]
    if quand in MOIS:
        dernier = calendar.monthrange(an, MOIS[quand])[1]
        return Echeance(imprime, datetime.date(an, MOIS[quand], dernier), "mois")
    if quand in SAISONS:
        return Echeance(imprime, datetime.date(an, *SAISONS[quand]), "saison")
    if quand == "fin":
        return Echeance(imprime, datetime.date(an, 12, 31), "fin_annee")
    return Echeance(imprime, datetime.date(an, 12, 31), "annee")


def periodes(texte: str) -> list[dict[str, str | None]]:
    """Les périodes d'une mesure : « 2015-2017 », « à partir de juillet 2016 »."""
    plie = plier(texte)
    trouvees = []
    for p in PERIODE.finditer(plie):
        debut, fin = int(p["debut"]), int(p["fin"])
        if debut <= fin:
            trouvees.append(
                _periode(texte[p.start() : p.end()], f"{debut}-01-01", "annee", f"{fin}-12-31")
            )
    for p in A_PARTIR.finditer(plie):
        mois = MOIS.get(p["mois"] or "", 1)
        precision = "mois" if p["mois"] else "annee"
        debut_iso = f"{p['an']}-{mois:02}-01"
        trouvees.append(_periode(texte[p.start() : p.end()], debut_iso, precision, None))
    return trouvees


def _periode(libelle: str, debut: str, precision: str, fin: str | None) -> dict[str, str | None]:
    return {
        "libelle": libelle[:60], "objet": "", "debut": debut, "fin": fin,
        "precision_debut": precision, "precision_fin": "annee" if fin else "",
    }  # fmt: skip


def chef_de_file(texte: str) -> str:
    trouve = CHEF.search(texte)
    return re.sub(r"^(?:le|la|l'|les)\s*", "", trouve["nom"].strip(), flags=re.I) if trouve else ""


def montants(texte: str) -> list[tuple[str, float]]:
    """Les sommes citées : le texte imprimé et la valeur en euros."""
    sommes = []
    for m in MONTANT.finditer(texte):
        valeur = float(re.sub(r"[ \u00a0\u202f.]", "", m["nombre"]).replace(",", "."))
        mult = (m["mult"] or "").lower()
        facteur = (
            1e9
            if mult.startswith(("md", "milliard"))
            else 1e6
            if mult.startswith("m")
            else 1e3
            if mult == "k"
            else 1
        )
        if valeur * facteur >= 100:
            sommes.append((m[0], valeur * facteur))
    return sommes


def nombre(texte: str) -> int:
    return nombres.lire(texte) or 0
