"""Ce que montrent les écrans d'une campagne : qui a signé, qui l'on attend, depuis quand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from contrats.atelier.page import moment
from contrats.enums import RoleSignature
from signatures.enums import EtatCampagne, EtatSignataire
from signatures.models import CampagneSignature, Signataire

# Signe de chaque état : classes de composants.css.
SIGNES = {
    EtatSignataire.A_ENVOYER: "a_lancer",
    EtatSignataire.ENVOYE: "en_cours",
    EtatSignataire.RECU: "en_cours",
    EtatSignataire.SIGNE_PAPIER: "realisee",
    EtatSignataire.SIGNE_AILLEURS: "realisee",
    EtatSignataire.REFUSE: "en_retard",
    EtatSignataire.ANNULE: "suspendue",
    EtatSignataire.TEMOIN: "regroupee",
}


@dataclass(frozen=True)
class Ligne:
    """Un signataire tel que la liste le montre."""

    signataire: Signataire
    signe: str
    quand: str


def lignes(signataires: Iterable[Signataire]) -> list[Ligne]:
    return [Ligne(s, SIGNES[EtatSignataire(s.etat)], _quand(s)) for s in signataires]


def _quand(s: Signataire) -> str:
    if s.signe_le:
        return f"le {s.signe_le:%d/%m/%Y}"
    if s.etat in EtatSignataire.attendus() and s.envoye_le:
        dit = f"depuis {depuis(s)}"
        if s.nb_relances and s.relance_le:
            fois = f"{s.nb_relances} fois, " if s.nb_relances > 1 else ""
            dit += f", relancé {fois}{moment(s.relance_le)}"
        return dit
    return s.motif


def depuis(s: Signataire) -> str:
    """« 8 jours », d'après l'envoi."""
    jours = (timezone.now() - s.envoye_le).days if s.envoye_le else 0
    if jours == 0:
        return "aujourd'hui"
    return f"{jours} jour{'s' if jours > 1 else ''}"


def resume(campagne: CampagneSignature, signataires: Iterable[Signataire]) -> str:
    """« 12 sur 20 ; attend la CAF depuis 8 jours. »"""
    siens = [s for s in signataires if s.role == RoleSignature.SIGNATAIRE]
    signes = sum(s.a_signe for s in siens)
    compte = f"{signes} sur {len(siens)}"
    if campagne.etat == EtatCampagne.COMPLETE and campagne.effet_le:
        return f"{compte} : toutes les signatures sont là, effet le {campagne.effet_le:%d/%m/%Y}."
    if campagne.etat != EtatCampagne.EN_COURS:
        return f"{compte}."
    refus = [s for s in siens if s.etat == EtatSignataire.REFUSE]
    if refus:
        return f"{compte} ; {refus[0].pour} refuse : {refus[0].motif}"
    attendus = [s for s in siens if s.etat in EtatSignataire.attendus() and s.envoye_le]
    if not attendus:
        return f"{compte}."
    premier = min(attendus, key=lambda s: (s.envoye_le, s.rang))
    autres = len(attendus) - 1
    suite = f" et {autres} autre{'s' if autres > 1 else ''}" if autres else ""
    return f"{compte} ; attend {premier.pour} depuis {depuis(premier)}{suite}."


def faits(campagne: CampagneSignature) -> list[tuple[str, Any]]:
    """La règle d'effet, l'ordre, les relances, en phrases."""
    effet = campagne.get_regle_effet_display()
    if campagne.effet_le:
        effet += f" : {campagne.effet_le:%d/%m/%Y}"
    jours = campagne.relance_jours
    return [
        ("Prise d'effet", effet),
        ("Ordre", "Chacun à son tour" if campagne.ordonnee else "Tous en même temps"),
        ("Relances", f"Tous les {jours} jours" if jours else "À la main"),
    ]
