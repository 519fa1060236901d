"""Vocabulaires des comptes."""

from django.db.models import TextChoices


class Preuve(TextChoices):
    """Par quoi une personne a montré que c'était bien elle ; les clés sont celles d'allauth."""

    MOT_DE_PASSE = "password", "mot de passe"
    SECOND_FACTEUR = "mfa", "second facteur ou clé d'accès"
    LIEN = "code", "lien reçu par courriel"
    PROCONNECT = "proconnect", "ProConnect"
    NON_GARDEE = "non_gardee", "preuve non gardée"
