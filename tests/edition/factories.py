"""Fabriques de l'édition."""

import json
import uuid

import factory
from django.utils import timezone

from edition.models import Brouillon, Lot, Presence
from tests.comptes.factories import UtilisateurFactory


class BrouillonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Brouillon

    utilisateur = factory.SubFactory(UtilisateurFactory)
    cle = factory.Sequence(lambda rang: f"fiche:{rang}")
    page = factory.LazyFunction(uuid.uuid4)
    version = 1
    ordre = 1
    contenu = json.dumps([["f-titre", "Un titre en brouillon"]])


class PresenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Presence

    utilisateur = factory.SubFactory(UtilisateurFactory)
    cle = factory.Sequence(lambda rang: f"fiche:{rang}")
    depuis = factory.LazyFunction(timezone.now)
    vu_le = factory.SelfAttribute("depuis")
    actif_le = factory.SelfAttribute("depuis")


class LotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lot

    libelle = "Statut de douze actions"
    auteur = factory.SubFactory(UtilisateurFactory)
