"""Lien de connexion : prouve que l'on lit son courriel, une fois, pendant un quart d'heure.

Rien n'en est gardé en base : il est signé, et lié au mot de passe et à la dernière connexion, donc
mort dès qu'il a servi.
"""

from uuid import uuid4

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from comptes.authentification import peut_recevoir_un_lien
from comptes.models import Utilisateur
from courrier.depot import adresse_absolue, composer, deposer

DUREE_EN_MINUTES = 15
SEL = "comptes.liens"


def envoyer(courriel: str, suite: str = "") -> None:
    """Dépose un lien pour ce courriel, s'il est celui d'un compte qui peut se connecter."""
    utilisateur = Utilisateur.objects.actifs().filter(email__iexact=courriel).first()
    if utilisateur is None or not peut_recevoir_un_lien(utilisateur):
        return
    chemin = reverse("comptes:lien-ouvrir", args=[fabriquer(utilisateur, suite)])
    message = composer("lien", {"lien": adresse_absolue(chemin), "minutes": DUREE_EN_MINUTES})
    deposer(
        cle=f"lien-{uuid4()}",
        destinataire=utilisateur.email,
        sujet=message.sujet,
        texte=message.texte,
    )


def fabriquer(utilisateur: Utilisateur, suite: str = "") -> str:
    """Jeton du lien ; `suite` est la page où mener, une fois connecté."""
    return signing.dumps([utilisateur.pk, _etat(utilisateur), suite], salt=SEL)


def ouvrir(jeton: str) -> tuple[Utilisateur, str] | None:
    """La personne et la suite, si le lien est le nôtre, frais et neuf."""
    try:
        pk, etat, suite = signing.loads(jeton, salt=SEL, max_age=DUREE_EN_MINUTES * 60)
    except signing.BadSignature:
        return None
    utilisateur = Utilisateur.objects.filter(pk=pk).first()
    if utilisateur is None or not peut_recevoir_un_lien(utilisateur):
        return None
    return (utilisateur, suite) if constant_time_compare(etat, _etat(utilisateur)) else None


def _etat(utilisateur: Utilisateur) -> str:
    """Change à chaque connexion, à chaque mot de passe et à chaque courriel."""
    faits = f"{utilisateur.email}|{utilisateur.password}|{utilisateur.last_login}"
    return salted_hmac(SEL, faits, algorithm="sha256").hexdigest()[:32]
