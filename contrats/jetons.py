"""Jetons personnels d'API : en créer, reconnaître celui d'une requête, en révoquer.

Les droits se relisent à chaque requête : un compte désactivé, une habilitation retirée ou échue
éteint le jeton à la requête suivante.
"""

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from comptes.models import Utilisateur
from contrats.models import Contrat, Jeton
from contrats.models.perimetre import porter
from contrats.permissions import roles

DUREE = 90  # jours
DUREES = (30, DUREE, 365)
SEL = "contrats.jetons"
# Le préfixe se reconnaît dans un dépôt ou un journal où un jeton aurait fui.
FORME = re.compile(r"rcp_([0-9a-f]{12})\.([A-Za-z0-9_-]{43})", re.ASCII)


def contrats_ouverts(utilisateur: Utilisateur) -> QuerySet[Contrat]:
    """Les contrats sur lesquels un jeton de cette personne servirait : ceux où elle a un rôle."""
    contrats = Contrat.objects.visibles_par(utilisateur).order_by("intitule_court", "pk")
    if not utilisateur.is_superuser:
        contrats = contrats.filter(pk__in=roles(utilisateur))
    return contrats


def creer(
    utilisateur: Utilisateur,
    contrat: Contrat,
    *,
    nom: str,
    ecriture: bool = False,
    jours: int = DUREE,
) -> tuple[Jeton, str]:
    """Le jeton, et son texte : la seule fois où il existe en clair."""
    cle, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    jeton = Jeton.objects.create(
        cle=cle,
        empreinte=_empreinte(secret, settings.SECRET_KEY),
        nom=nom,
        utilisateur=utilisateur,
        contrat=contrat,
        ecriture=ecriture,
        expire_le=timezone.now() + timedelta(days=jours),
    )
    return jeton, f"rcp_{cle}.{secret}"


def ouvrir(texte: str) -> Utilisateur | None:
    """L'utilisateur de ce jeton, borné à sa portée ; None s'il n'ouvre plus rien."""
    forme = FORME.fullmatch(texte)
    if forme is None:
        return None
    cle, secret = forme.groups()
    jeton = Jeton.objects.utilisables().select_related("utilisateur").filter(cle=cle).first()
    if jeton is None or not _est_le_secret(jeton, secret):
        return None
    instant = timezone.now()
    if jeton.note_son_usage(instant):
        Jeton.objects.filter(pk=jeton.pk).update(utilise_le=instant)
    porter(jeton.utilisateur, jeton)
    return jeton.utilisateur


def revoquer(jeton: Jeton) -> None:
    """Le jeton n'ouvre plus rien dès la requête suivante ; une seconde fois ne change rien."""
    Jeton.objects.filter(pk=jeton.pk, revoque_le=None).update(revoque_le=timezone.now())


def _est_le_secret(jeton: Jeton, secret: str) -> bool:
    """Sous la clé de l'installation ou une de celles qu'elle a remplacées."""
    cles = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(jeton.empreinte, _empreinte(secret, c)) for c in cles)


def _empreinte(secret: str, cle: str | bytes) -> str:
    return salted_hmac(SEL, secret, secret=cle, algorithm="sha256").hexdigest()
