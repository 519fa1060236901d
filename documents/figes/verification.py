"""Dire d'un fichier s'il est un document figé, à l'octet près, et sinon ce qui lui est arrivé."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q

from avenants.statut import remplacement
from contrats.enums import StatutContrat
from contrats.models import Contrat
from documents.enums import Nature, Valeur
from documents.figes import codes, stockage
from documents.models import DocumentFige

EN_VIGUEUR = {StatutContrat.SIGNE, StatutContrat.PROROGE}
RETOUCHE = 64
DEBUT = 1024  # octets du début qui suffisent à reconnaître un document


class Verdict(models.TextChoices):
    """Ce que vaut un fichier présenté."""

    AUTHENTIQUE = "authentique", "Authentique"
    SIGNE = "signe", "Authentique et signé"
    NON_RECONNU = "non_reconnu", "Signature non reconnue"
    MODIFIE = "modifie", "Modifié"
    INCONNU = "inconnu", "Inconnu"
    ILLISIBLE = "illisible", "Illisible"


@dataclass(frozen=True)
class Examen:
    """Le verdict, le document reconnu s'il y en a un, la raison en une phrase, et ses preuves."""

    verdict: Verdict
    raison: str
    document: DocumentFige | None = None
    constats: list[str] = field(default_factory=list)


# Ce que d'autres paquets savent d'un fichier ; ils s'y ajoutent au démarrage. Par son empreinte ;
# par ce qui suit le document figé ; par d'autres octets gardés de ce document, et leur nom.
RECONNAITRE: list[Callable[[str], Examen | None]] = []
COMPLETES: list[Callable[[bytes, bytes, DocumentFige], Examen | None]] = []
AUTRES: list[Callable[[DocumentFige, int], Iterator[tuple[str, bytes]]]] = []
# Les documents dont un autre PDF gardé a cette taille.
DE_TAILLE: list[Callable[[int], Q]] = []
# Où en est la signature d'un document : rien, s'il n'y en a pas ; vide, si elle est acquise.
SIGNATURES: list[Callable[[DocumentFige], str | None]] = []


def examiner(octets: bytes) -> Examen:
    """Compare ces octets à ceux qui ont été figés ; rien n'en est gardé."""
    empreinte = hashlib.sha256(octets).hexdigest()
    document = _documents().filter(empreinte=empreinte).first()
    if document:
        raison = "Ce fichier est, à l'octet près, celui qui a été figé."
        if _signature(document) is not None:
            raison += " Il ne porte aucune signature électronique."
        return Examen(Verdict.AUTHENTIQUE, raison, document)
    for reconnaitre in RECONNAITRE:
        if reconnu := reconnaitre(empreinte):
            return reconnu
    for candidat in _candidats(octets):
        if examen := _comparer(octets, candidat):
            return examen
    if not octets.startswith(b"%PDF-"):
        return Examen(Verdict.ILLISIBLE, "Ce fichier n'est pas un PDF : déposez le PDF reçu.")
    return Examen(
        Verdict.INCONNU,
        "Aucun document figé ici n'a ces octets ni ce code : il vient d'ailleurs, ou a été "
        "téléchargé sans être figé.",
    )


def _comparer(octets: bytes, candidat: DocumentFige) -> Examen | None:
    """Ce que ces octets sont au regard de ce document, ou rien s'ils n'ont à voir avec lui."""
    figes = stockage.octets_de(candidat)
    commun = _prefixe(octets, figes)
    proche, nom = figes, ""
    for autre, lus in (couple for autres in AUTRES for couple in autres(candidat, len(octets))):
        meme_taille = len(octets) == len(lus) != len(proche)
        if (aussi := _prefixe(octets, lus)) > commun or (meme_taille and aussi == commun):
            commun, proche, nom = aussi, lus, autre
    if octets.startswith(figes) and commun < len(octets) and not _retouche(octets, proche):
        for completer in COMPLETES:
            if examen := completer(octets, figes, candidat):
                return examen
    raison = _difference(octets, proche)
    if raison and nom:
        raison += f" Comparé à : {nom}."
    return Examen(Verdict.MODIFIE, raison, candidat) if raison else None


def _retouche(octets: bytes, gardes: bytes) -> bool:
    """Quelques octets changés dans un fichier gardé : une autre signature en change bien plus."""
    if len(octets) != len(gardes):
        return False
    return sum(a != b for a, b in zip(octets, gardes, strict=True)) <= RETOUCHE


def _documents() -> models.QuerySet[DocumentFige]:
    """Tous : qui a le fichier en main l'a déjà lu."""
    return DocumentFige.objects.select_related("contrat", "publication", "fige_par")


def _candidats(octets: bytes) -> Iterator[DocumentFige]:
    """Ceux que le fichier pourrait être : par son code, sa taille, ou le début de ses octets."""
    lus = {code.decode() for code in codes.DANS_LES_OCTETS.findall(octets)}
    proches = Q(code__in=lus) | Q(taille=len(octets))
    for de_taille in DE_TAILLE:
        proches |= de_taille(len(octets))
    yield from _documents().filter(proches).order_by("-fige_le", "-pk")
    debut = empreinte_du_debut(octets)
    for document in _documents().filter(debut=debut).exclude(proches).order_by("-fige_le", "-pk"):
        figes = stockage.octets_de(document)
        if figes.startswith(octets) or octets.startswith(figes):
            yield document


def empreinte_du_debut(octets: bytes) -> str:
    """De quoi retrouver un document coupé ou allongé dont le code ne se lit plus."""
    return hashlib.sha256(octets[:DEBUT]).hexdigest()


def _difference(octets: bytes, figes: bytes) -> str:
    """Ce qui a changé, ou rien si ces octets n'ont à voir avec le document que leur taille."""
    commun = _prefixe(octets, figes)
    if commun == len(octets):
        manque = len(figes) - len(octets)
        return f"Fichier tronqué : il manque {_octets(manque)} à la fin."
    if commun == len(figes):
        ajout = octets[len(figes) :]
        if b"startxref" in ajout:
            return (
                "Une mise à jour a été ajoutée après coup au document figé : annotation, signature "
                f"ou changement de page ({_octets(len(ajout))})."
            )
        return f"Des octets étrangers ont été ajoutés à la fin ({_octets(len(ajout))})."
    if len(octets) == len(figes):
        changes = sum(a != b for a, b in zip(octets, figes, strict=True))
        if changes * 2 > len(figes):
            return ""
        s = "s" if changes > 1 else ""
        return f"{_octets(changes)} changé{s}, le premier à la place {commun + 1}."
    return f"Le contenu a été changé à partir de l'octet {commun + 1}, et sa taille aussi."


def _prefixe(a: bytes, b: bytes) -> int:
    """Nombre d'octets communs au début."""
    bas, haut = 0, min(len(a), len(b))
    while bas < haut:
        milieu = (bas + haut + 1) // 2
        if a[:milieu] == b[:milieu]:
            bas = milieu
        else:
            haut = milieu - 1
    return bas


def _octets(nombre: int) -> str:
    return f"{nombre} octet{'s' if nombre > 1 else ''}"


def _signature(document: DocumentFige) -> str | None:
    return next((dit for lire in SIGNATURES if (dit := lire(document)) is not None), None)


@dataclass(frozen=True)
class Situation:
    """Ce que vaut aujourd'hui un document authentique, et ce qui le remplace."""

    phrase: str
    a_jour: bool
    remplacant: DocumentFige | None = None
    avenant: Contrat | None = None


def situation(document: DocumentFige) -> Situation:
    """« En vigueur », « remplacé par la version 4 du … », « projet, non signé »."""
    plus_recent = Q(version__gt=document.version)
    if document.nature == Nature.ANNEXE:  # ses cellules changent sans que le contrat change
        plus_recent |= Q(version=document.version, fige_le__gt=document.fige_le)
    suivant = (
        DocumentFige.objects.filter(
            contrat=document.contrat, nature=document.nature, cle=document.cle
        )
        .filter(plus_recent, publication__isnull=False)
        .order_by("-version", "-fige_le", "-pk")
        .first()
    )
    if suivant:
        return Situation(
            f"Remplacé par la version {suivant.version}, figée le {suivant.fige_le:%d/%m/%Y}.",
            False,
            remplacant=suivant,
        )
    if document.valeur == Valeur.RAPPORT:
        return Situation("Rapport : il dit ce qui était vrai à sa date.", True)
    if document.valeur != Valeur.SIGNE:
        ou_en_est = _signature(document)
        if ou_en_est is None:
            ou_en_est = f"{document.get_valeur_display()} : il n'engage personne."
        if ou_en_est:
            return Situation(ou_en_est, False)
    remplace = remplacement(document.contrat)
    if remplace:
        return Situation(remplace.phrase, False, avenant=remplace.avenant.contrat)
    if document.contrat.statut in EN_VIGUEUR:
        return Situation("En vigueur.", True)
    statut = document.contrat.get_statut_display().lower()
    return Situation(f"Plus en vigueur : contrat {statut}.", False)
