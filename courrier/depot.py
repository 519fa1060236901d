"""Déposer un courriel : la seule porte vers l'extérieur."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string

from courrier.chiffrement import chiffrer
from courrier.models import Courriel
from courrier.taches import vider_la_boite


class Message(NamedTuple):
    """Ce que dit un courriel."""

    sujet: str
    texte: str


def composer(gabarit: str, contexte: Mapping[str, object]) -> Message:
    """Message d'un gabarit `templates/courriels/<gabarit>.txt`, dont la première ligne est le
    sujet. Le gabarit étend `courriels/base.txt`, qui signe."""
    rendu = render_to_string(f"courriels/{gabarit}.txt", dict(contexte)).strip()
    sujet, _, texte = rendu.partition("\n")
    return Message(sujet.strip(), texte.strip() + "\n")


def adresse_absolue(chemin: str) -> str:
    """Adresse complète d'une page, pour un courriel : l'hôte est réglé, jamais pris à la requête,
    dont l'en-tête peut être forgé."""
    return f"{settings.ADRESSE_DU_SITE.rstrip('/')}{chemin}"


@transaction.atomic
def deposer(
    *,
    cle: str,
    destinataire: str,
    sujet: str,
    texte: str,
    html: str = "",
    entetes: Mapping[str, str] | None = None,
) -> Courriel:
    """Dépose un courriel dans la transaction de l'acte ; il part, en tâche de fond, après elle.

    L'acte annulé n'envoie rien. La même `cle` redéposée rend le courriel déjà là, intact. Une
    adresse mal formée lève `ValidationError`.
    """
    validate_email(destinataire)
    contenu = {"texte": texte, "html": html, "entetes": dict(entetes or {})}
    courriel, neuf = Courriel.objects.get_or_create(
        cle=cle,
        defaults={
            "destinataire": destinataire,
            # Sur une ligne : un saut de ligne ajouterait un en-tête.
            "sujet": " ".join(sujet.split())[:200],
            "contenu": chiffrer(json.dumps(contenu)),
        },
    )
    if neuf:
        transaction.on_commit(vider_la_boite.enqueue)
    return courriel
