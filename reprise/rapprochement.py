"""Rapproche les partenaires et les territoires nommés par un document de ceux qu'on connaît."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from rapidfuzz import fuzz, process

from partenaires.enums import NatureOrganisme
from partenaires.models import Organisme
from reprise.reconnaissance.formes import Compris
from reprise.reconnaissance.vocabulaire import cle
from territoires.models import AliasTerritoire, Territoire

SURE = 92  # ressemblance suivie sans question ; montrée tout de même
PROCHE = 65
NOUVEAU = "nouveau"


@dataclass
class Rapproche:
    """Une mention : l'organisme retenu, ou nouveau, ce que vaut ce choix, et les autres."""

    mention: str
    cle: str
    retenu: str = NOUVEAU  # clé d'organisme, ou « nouveau »
    nom: str = ""
    note: float = 100.0
    exact: bool = False
    decide: bool = False
    nature: str = NatureOrganisme.ORGANISME
    candidats: list[tuple[str, str, float]] = field(default_factory=list)
    fois: int = 1

    @property
    def nouveau(self) -> bool:
        return self.retenu == NOUVEAU

    @property
    def doute(self) -> bool:
        return not self.exact and not self.decide


def mentions_de(compris: Compris) -> list[str]:
    """Toutes les mentions de partenaires, dans l'ordre, puis les parties."""
    mentions = [m for f in compris.fiches for s in f.sections for m in s.partenaires]
    return mentions + [nom for nom, _ in parties_de(compris)]


def rapprocher(mentions: Iterable[str], decisions: dict[str, str]) -> dict[str, Rapproche]:
    """Une entrée par mention distincte (sa clé) ; une décision de l'agent l'emporte."""
    noms, par_cle = _noms()
    trouves: dict[str, Rapproche] = {}
    for mention in mentions:
        nom = cle(mention)
        if not nom:
            continue
        if nom in trouves:
            trouves[nom].fois += 1
            continue
        trouves[nom] = _un(mention, nom, noms, par_cle, decisions.get(nom, ""))
    return trouves


def connus(noms: Iterable[str]) -> dict[str, Organisme]:
    """Ceux de ces noms que l'annuaire connaît, tels quels, par leur sigle ou par un alias."""
    table, _ = _noms()
    cles = {nom: table[cle(nom)] for nom in noms if cle(nom) in table}
    trouves = {o.cle: o for o in Organisme.objects.filter(cle__in=cles.values())}
    return {nom: trouves[c] for nom, c in cles.items()}


def _un(
    mention: str, nom: str, noms: dict[str, str], par_cle: dict[str, str], decision: str
) -> Rapproche:
    lu = Rapproche(mention, nom, nature=_nature(mention))
    if nom in noms:
        lu.retenu, lu.exact = noms[nom], True
    else:
        proches = process.extract(nom, list(noms), scorer=_note, limit=6, score_cutoff=PROCHE)
        for trouve, note, _ in proches:
            if noms[trouve] not in (c for c, _, _ in lu.candidats):
                lu.candidats.append((noms[trouve], par_cle[noms[trouve]], note))
        lu.note = lu.candidats[0][2] if lu.candidats else 0.0
        if lu.note >= SURE:
            lu.retenu = lu.candidats[0][0]
    if decision == NOUVEAU or decision in par_cle:
        lu.retenu, lu.decide = decision, True
    lu.nom = par_cle.get(lu.retenu, mention)
    return lu


def _note(a: str, b: str, **_: object) -> float:
    """Un nom contenu dans l'autre ressemble, sans valoir le même nom."""
    return max(fuzz.ratio(a, b), 0.9 * fuzz.token_set_ratio(a, b))


def _noms() -> tuple[dict[str, str], dict[str, str]]:
    """Nom, sigle ou alias (sa clé de comparaison) → clé d'organisme ; clé → nom affiché."""
    organismes = Organisme.objects.visibles_par(AnonymousUser()).prefetch_related("alias")
    noms: dict[str, str] = {}
    par_cle: dict[str, str] = {}
    alias: list[tuple[str, str]] = []
    for organisme in organismes.order_by("pk"):
        par_cle[organisme.cle] = organisme.nom
        noms.setdefault(cle(organisme.nom), organisme.cle)
        alias += [(a.libelle, organisme.cle) for a in organisme.alias.all()]
        if organisme.sigle:
            alias.append((organisme.sigle, organisme.cle))
    for libelle, organisme_cle in alias:
        noms.setdefault(cle(libelle), organisme_cle)
    return noms, par_cle


def _nature(mention: str) -> str:
    """« coopératives » est une catégorie ; « financements européens », un financement."""
    if cle(mention).startswith("financement"):
        return NatureOrganisme.FINANCEMENT
    premier = mention.split()[0]
    return (
        NatureOrganisme.CATEGORIE
        if premier[:1].islower() and premier.endswith(("s", "x"))
        else NatureOrganisme.ORGANISME
    )


def parties_de(compris: Compris) -> list[tuple[str, str]]:
    """(nom imprimé, élément) de chaque partie : d'après les signataires, sinon l'intitulé."""
    parties = []
    for s in compris.signatures:
        if s.role != "signataire":
            continue
        lu = re.search(r"\b(?:de la|de l['’]|du|des|de|d['’]|pour)\s+(?P<nom>.+)$", s.qualite, re.I)
        if lu:
            parties.append((lu["nom"].strip(" ,"), s.element))
    if not parties:
        lu = re.search(r"\bentre\s+(.+?)\s+et\s+(.+)$", compris.intitule, re.I)
        parties = (
            [(re.sub(r"^(?:la|le|les|l['’])\s*", "", n), "") for n in lu.groups()] if lu else []
        )
    vues: dict[str, tuple[str, str]] = {}
    for nom, element in parties:
        vues.setdefault(cle(nom), (nom, element))
    return list(vues.values())


def territoire_cite(compris: Compris, territoires: Iterable[Territoire]) -> str:
    """Parmi ceux qu'on propose, le territoire que le document nomme le plus ; vide si aucun."""
    connus = {t.pk: t for t in territoires}
    noms = {cle(t.nom): t.cle for t in connus.values()}
    alias = AliasTerritoire.objects.filter(territoire__in=connus).order_by("pk")
    for libelle, territoire in alias.values_list("libelle", "territoire"):
        noms.setdefault(cle(libelle), connus[territoire].cle)
    tete = cle(f"{compris.intitule} {' '.join(nom for nom, _ in parties_de(compris))}")
    texte = cle(" ".join(p.element.nu for p in compris.places[:400]))
    notes: dict[str, int] = {}
    for nom, territoire_cle in noms.items():
        if len(nom) > 3:
            fois = f" {texte} ".count(f" {nom} ") + 50 * f" {tete} ".count(f" {nom} ")
            notes[territoire_cle] = notes.get(territoire_cle, 0) + fois * len(nom)
    meilleur = max(notes, key=lambda c: notes[c], default="")
    return meilleur if notes.get(meilleur) else ""
