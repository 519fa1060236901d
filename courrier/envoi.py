"""Envoyer ce qui attend : au plus une fois, quoi qu'il arrive au processus.

Un courriel est réclamé par un `UPDATE` conditionnel (à envoyer → en cours), validé avant que le
serveur en reçoive un octet ; deux processus n'en réclament jamais le même. Tué après, le
processus laisse une ligne « en cours » que personne ne reprend : elle devient « incertain » et
une personne décide (`relancer`). Tué avant, la ligne attend encore et la reprise l'envoie.
En démonstration rien ne quitte la machine : la boîte à l'écran est la remise, et la remise un seul
`UPDATE` : exactement un, même tué.
"""

import email.policy
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import Policy
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db.models import F
from django.utils import timezone

from courrier.chiffrement import Illisible
from courrier.enums import EtatCourriel
from courrier.models import Courriel

# Attente avant chaque nouvel essai ; après le dernier, c'est un échec.
ESSAIS = [timedelta(minutes=m) for m in (2, 10, 60, 6 * 60)]


@dataclass
class Bilan:
    """Ce qu'un passage a fait ; `prochain_essai` : le délai avant le suivant, s'il en faut un."""

    envoyes: int = 0
    echecs: int = 0
    incertains: int = 0
    prochain_essai: timedelta | None = None

    def attendre(self, delai: timedelta) -> None:
        self.prochain_essai = min(self.prochain_essai or delai, delai)


def envoyer() -> Bilan:
    """Envoie tout ce qui attend, un courriel après l'autre."""
    bilan = Bilan(incertains=constater_les_interrompus())
    if settings.DEMONSTRATION:
        bilan.envoyes = Courriel.objects.a_envoyer().update(
            etat=EtatCourriel.ENVOYE, envoye_le=timezone.now(), tentatives=F("tentatives") + 1
        )
        return bilan
    serveur = mailers.default
    try:
        for pk in list(Courriel.objects.a_envoyer().values_list("pk", flat=True)):
            serveur.open()  # sans effet sur une connexion ouverte
            _envoyer_un(pk, serveur, bilan)
    except OSError:
        # Pas de connexion : rien de plus n'a été réclamé, le reste attend.
        bilan.attendre(ESSAIS[0])
    finally:
        serveur.close()
    return bilan


def constater_les_interrompus() -> int:
    """Ce qu'un processus tué a laissé en cours est peut-être parti : on le dit, sans renvoyer."""
    return Courriel.objects.interrompus().update(
        etat=EtatCourriel.INCERTAIN, erreur="Envoi interrompu avant la réponse du serveur."
    )


def relancer(courriel: Courriel) -> bool:
    """Remet en attente un échec ou un incertain ; faux si son état a changé entre-temps."""
    return bool(
        Courriel.objects.filter(
            pk=courriel.pk, etat__in=[EtatCourriel.ECHEC, EtatCourriel.INCERTAIN]
        ).update(etat=EtatCourriel.A_ENVOYER, pas_avant=timezone.now(), tentatives=0, erreur="")
    )


def _envoyer_un(pk: int, serveur: Any, bilan: Bilan) -> None:
    """Réclame, remet, constate ; ne fait rien si un autre processus l'a déjà réclamé."""
    reclame = Courriel.objects.filter(pk=pk, etat=EtatCourriel.A_ENVOYER).update(
        etat=EtatCourriel.EN_COURS, reclame_le=timezone.now(), tentatives=F("tentatives") + 1
    )
    if not reclame:
        return
    courriel = Courriel.objects.get(pk=pk)
    try:
        serveur.send_messages([_message(courriel)])
    except (Illisible, ValueError, smtplib.SMTPNotSupportedError) as erreur:
        _constater(courriel, EtatCourriel.ECHEC, str(erreur))
        bilan.echecs += 1
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as erreur:
        serveur.close()
        _refuser(courriel, erreur, bilan)
    except OSError as erreur:
        serveur.close()
        _constater(courriel, EtatCourriel.INCERTAIN, f"Sans réponse du serveur : {erreur}")
        bilan.incertains += 1
    else:
        _constater(courriel, EtatCourriel.ENVOYE, envoye_le=timezone.now())
        bilan.envoyes += 1


def _refuser(courriel: Courriel, erreur: smtplib.SMTPException, bilan: Bilan) -> None:
    """Le serveur a répondu non : rien n'est parti. Un refus passager (4xx) se retente."""
    if _est_passager(erreur) and courriel.tentatives <= len(ESSAIS):
        delai = ESSAIS[courriel.tentatives - 1]
        _constater(courriel, EtatCourriel.A_ENVOYER, str(erreur), pas_avant=timezone.now() + delai)
        bilan.attendre(delai)
    else:
        _constater(courriel, EtatCourriel.ECHEC, str(erreur))
        bilan.echecs += 1


def _est_passager(erreur: smtplib.SMTPException) -> bool:
    if isinstance(erreur, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in erreur.recipients.values())
    return isinstance(erreur, smtplib.SMTPResponseException) and 400 <= erreur.smtp_code < 500


def _constater(courriel: Courriel, etat: EtatCourriel, erreur: str = "", **champs: Any) -> None:
    """Écrit l'issue d'une remise, si le courriel est encore à nous."""
    Courriel.objects.filter(
        pk=courriel.pk, etat=EtatCourriel.EN_COURS, reclame_le=courriel.reclame_le
    ).update(etat=etat, erreur=erreur[:500], **champs)


def _message(courriel: Courriel) -> EmailMultiAlternatives:
    """Message prêt à partir ; son `Message-ID` ne change pas d'un essai à l'autre, ce qui laisse
    au serveur de réception de quoi reconnaître un doublon."""
    domaine = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    entetes = {"Message-ID": f"<courriel-{courriel.pk}@{domaine}>", **courriel.entetes}
    message = Message(courriel.sujet, courriel.texte, to=[courriel.destinataire], headers=entetes)
    if courriel.html:
        message.attach_alternative(courriel.html, "text/html")
    return message


class AdresseEntiere(UnstructuredHeader, BaseHeader):
    """En-tête qui ne se plie pas : long, Python coderait son adresse, et aucune messagerie ne
    saurait plus désabonner."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


EN_TETES = HeaderRegistry()
EN_TETES.map_to_type("list-unsubscribe", AdresseEntiere)


class Message(EmailMultiAlternatives):
    """Message dont l'adresse de désabonnement reste lisible."""

    def message(self, *, policy: Any = email.policy.default) -> Any:
        return super().message(policy=policy.clone(header_factory=EN_TETES))
