"""Une reprise en cours : déposer, décider, annuler, apprendre, abandonner, écrire."""

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat, SectionModele
from contrats.reprise import territoires_de_reprise
from edition.ecriture import mettre_a_jour
from gouvernance.models import Session
from reprise.connu import vocabulaire_de_la_base
from reprise.ecriture import RepriseImpossible, ecrire
from reprise.lecture import Lecture
from reprise.lecture.isolement import lire_isole
from reprise.models import DocumentRepris, Repere
from reprise.reconnaissance.analyse import analyser
from reprise.reconnaissance.formes import Compris
from territoires.models import Territoire

PASSE_MAX = 100
REPRENDRE = "Reprendre un contrat : votre rôle ne le permet pas."


def exiger(par: Utilisateur | None) -> None:
    """Le droit de reprendre : piloter un contrat d'un territoire, comme pour un contrat signé."""
    if par is not None and not territoires_de_reprise(par):
        raise PermissionDenied(REPRENDRE)


def deposer(nom: str, octets: bytes, *, par: Utilisateur | None) -> DocumentRepris:
    """Garde un fichier lisible ; `DocumentRefuse` sinon, et rien n'est gardé."""
    exiger(par)
    nom = nom.rpartition("/")[2].rpartition("\\")[2][-200:] or "document"
    lecture = lire_isole(octets, nom)
    return DocumentRepris.objects.create(
        nom=nom,
        format=lecture.format,
        fichier=octets,
        taille=len(octets),
        empreinte=hashlib.sha256(octets).hexdigest(),
        lecture=lecture.en_json(),
        depose_par=par,
    )


def compris_de(document: DocumentRepris, decisions: dict[str, Any] | None = None) -> Compris:
    """Ce que le document dit, décisions prises ; `decisions` : pour essayer, sans enregistrer."""
    lecture = Lecture.de_json(document.lecture)
    retenues = document.decisions if decisions is None else decisions
    return analyser(lecture, vocabulaire_de_la_base(), retenues)


def _exiger_ouvert(document: DocumentRepris) -> None:
    if not document.est_ouvert:
        raise RepriseImpossible(f"Ce document est {document.etat.lower()} : il ne change plus.")


def decider(
    document: DocumentRepris, changements: dict[str, Any], *, version: int, par: Utilisateur | None
) -> None:
    """Ajoute des décisions : par famille, `None` en efface une. L'état d'avant se garde."""
    _exiger_ouvert(document)
    nouvelles = {**document.decisions}
    for famille, valeur in changements.items():
        if isinstance(valeur, dict):
            reunies = {**nouvelles.get(famille, {}), **valeur}
            nouvelles[famille] = {c: v for c, v in reunies.items() if v is not None}
        elif isinstance(valeur, list):
            deja = nouvelles.get(famille, [])
            nouvelles[famille] = deja + [v for v in valeur if v not in deja]
        else:
            nouvelles[famille] = valeur
    if nouvelles == document.decisions:
        return
    passe = [*document.passe, document.decisions][-PASSE_MAX:]
    mettre_a_jour(document, version=version, decisions=nouvelles, passe=passe)


def annuler(document: DocumentRepris, *, version: int, par: Utilisateur | None) -> None:
    """Revient à l'état d'avant la dernière décision."""
    _exiger_ouvert(document)
    if not document.passe:
        raise RepriseImpossible("Il n'y a rien à annuler.")
    *passe, decisions = document.passe
    mettre_a_jour(document, version=version, decisions=decisions, passe=passe)


def abandonner(document: DocumentRepris, *, version: int, par: Utilisateur | None) -> None:
    _exiger_ouvert(document)
    mettre_a_jour(document, version=version, abandonne_le=timezone.now())


def apprendre(document: DocumentRepris, compris: Compris, *, par: Utilisateur | None) -> int:
    """Garde comme libellés connus les titres que l'agent a placés lui-même ; rend leur nombre."""
    appris = 0
    for place in compris.places:
        if not place.decide or place.role != "section" or len(place.element.nu) > 120:
            continue
        section = SectionModele.objects.filter(modele__cle=compris.modele, cle=place.cible).first()
        if section is not None:
            libelle = place.element.nu.partition(":")[0].strip()[:200]
            _, neuf = Repere.objects.get_or_create(
                libelle=libelle,
                section=section,
                defaults={"appris_de": document, "appris_par": par},
            )
            appris += neuf
    return appris


def ecrire_document(
    document: DocumentRepris,
    *,
    version: int,
    par: Utilisateur | None,
    territoire: Territoire | None = None,
    contrat: Contrat | None = None,
) -> Contrat | Session:
    """Écrit ce qui est compris, et apprend des corrections."""
    exiger(par)
    compris = compris_de(document)
    if par is not None and territoire is None and contrat is None and compris.session is None:
        raise RepriseImpossible("Choisissez le territoire du contrat.")
    ecrit = ecrire(
        document, compris, version=version, par=par, territoire=territoire, contrat_cible=contrat
    )
    apprendre(document, compris, par=par)
    return ecrit
