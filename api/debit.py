"""Limites de débit de l'API : tant de requêtes par minute et par visiteur, ou par compte.

Tous les processus d'une machine comptent ensemble (`api.compteur`). Une panne du compteur ne ferme
pas l'API : elle se journalise, et la requête passe.
"""

import logging
import math
import sqlite3
import time
from pathlib import Path
from typing import Any, NamedTuple

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.compteur import Compteur

journal = logging.getLogger("django.request")
FENETRE = 60  # secondes


class Debit(NamedTuple):
    """Où en est un client : sa politique, ce qui lui reste, dans combien de temps."""

    politique: str
    quota: int
    reste: int
    secondes: int

    def annoncer(self, reponse: HttpResponse) -> None:
        """Les champs du brouillon IETF « RateLimit fields »."""
        reponse["RateLimit-Policy"] = f'"{self.politique}";q={self.quota};w={FENETRE}'
        reponse["RateLimit"] = f'"{self.politique}";r={self.reste};t={self.secondes}'


class LimiteDeDebit(BaseThrottle):
    """Branchée sur toutes les vues de l'API (`DEFAULT_THROTTLE_CLASSES`)."""

    attente: int = FENETRE

    def allow_request(self, request: Request, view: Any) -> bool:
        politique, cle = _client(request)
        quota = settings.API_DEBITS[politique]
        if not quota:
            return True
        maintenant = time.time()
        self.attente = math.ceil(FENETRE - maintenant % FENETRE)
        try:
            compteur = Compteur(Path(settings.API_DEBITS_FICHIER))
            nombre = compteur.ajouter(cle, int(maintenant // FENETRE))
        except (sqlite3.Error, OSError) as erreur:
            journal.warning("Débit de l'API non compté : %s", erreur)
            return True
        debit = Debit(politique, quota, max(0, quota - nombre), self.attente)
        request._request.debit = debit
        return nombre <= quota

    def wait(self) -> float:
        return self.attente - 1  # `api.problemes` arrondit à la seconde suivante


def _client(request: Request) -> tuple[str, str]:
    """La politique et la clé : le compte, par jeton ou par session ; sinon l'adresse, hachée."""
    if request.user.is_authenticated:
        return "compte", f"compte-{request.user.pk}"
    adresse = get_client_ip(request._request) or ""
    return "anonyme", salted_hmac("api.debit", adresse, algorithm="sha256").hexdigest()[:32]
