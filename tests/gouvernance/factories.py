"""Instances, séances, délibérations et sessions d'essai."""

import datetime

import factory
from django.utils import timezone

from gouvernance import liens
from gouvernance.enums import (
    EtatInscription,
    GenrePoint,
    StatutDeliberation,
    StatutSeance,
    StatutSession,
    TypeInstance,
)
from gouvernance.models import (
    Convocation,
    Decision,
    Deliberation,
    Inscription,
    Instance,
    Point,
    Seance,
    Session,
)
from tests.contrats.factories import ContratFactory


class InstanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Instance

    contrat = factory.SubFactory(ContratFactory)
    cle = factory.Sequence(lambda n: f"comite-{n}")
    ordre = 1
    nom = "comité de pilotage"
    type = TypeInstance.PILOTAGE


class PointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Point

    seance = factory.SubFactory("tests.gouvernance.factories.SeanceFactory")
    ordre = factory.Sequence(lambda n: n + 1)
    genre = GenrePoint.LIBRE
    intitule = factory.Sequence(lambda n: f"Point {n}")


class SeanceFactory(factory.django.DjangoModelFactory):
    """Séance en préparation, dans dix jours ; `ouverte` : elle se tient, avec un point."""

    class Meta:
        model = Seance
        skip_postgeneration_save = True

    class Params:
        ouverte = factory.Trait(
            statut=StatutSeance.OUVERTE,
            le=factory.LazyFunction(timezone.localdate),
            ouverte_le=factory.LazyFunction(timezone.now),
            point=factory.RelatedFactory(PointFactory, "seance"),
        )
        close = factory.Trait(
            statut=StatutSeance.CLOSE,
            le=factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=90)),
        )

    instance = factory.SubFactory(InstanceFactory)
    le = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=10))


class ConvocationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Convocation

    seance = factory.SubFactory(SeanceFactory)
    ordre = factory.Sequence(lambda n: n + 1)
    libelle = "Le Préfet"


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    seance = factory.SubFactory(SeanceFactory, ouverte=True)
    ordre = factory.Sequence(lambda n: n + 1)
    texte = "Réunir les bailleurs"


class DeliberationFactory(factory.django.DjangoModelFactory):
    """Projet ; `adoptee` : acte daté, avec son vote."""

    class Meta:
        model = Deliberation

    class Params:
        adoptee = factory.Trait(
            statut=StatutDeliberation.ADOPTEE,
            seance_le=datetime.date(2026, 6, 25),
            vote_effectif=30,
            vote_pour=20,
            vote_contre=3,
            vote_abstention=2,
        )

    contrat = factory.SubFactory(ContratFactory)
    numero = factory.Sequence(lambda n: f"DEL-{n:04d}")
    statut = StatutDeliberation.PROJET
    objet = "Approbation du contrat"
    organe = "Conseil"


class SessionFactory(factory.django.DjangoModelFactory):
    """Session publiée, ouverte à l'inscription."""

    class Meta:
        model = Session

    slug = factory.Sequence(lambda n: f"session-{n}")
    intitule = "Une journée pour coopérer"
    le = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=30))
    cloture_le = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=20))
    debut = datetime.time(9, 30)
    fin = datetime.time(17, 0)
    lieu = "Valence"
    capacite = 20
    statut = StatutSession.PUBLIEE


class InscriptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Inscription

    session = factory.SubFactory(SessionFactory)
    rang = factory.Sequence(lambda n: n + 1)
    prenom = "Inès"
    nom = factory.Sequence(lambda n: f"Nom{n}")
    email = factory.Sequence(lambda n: f"inscrit{n}@exemple.invalid")
    etat = EtatInscription.INSCRITE
    empreinte = factory.Sequence(lambda n: f"{n:064d}")


def adresses(contrat):
    """De quoi former chaque adresse de la gouvernance de ce contrat."""
    seance = SeanceFactory(instance__contrat=contrat, ouverte=True, publique=True)
    passee = SeanceFactory(instance=seance.instance, close=True, publique=True)
    session = SessionFactory(contrat=contrat)
    inscription = InscriptionFactory(session=session)
    liens.attribuer(inscription)
    inscription.save()
    return {
        "deliberation": {
            "public_id": DeliberationFactory(contrat=contrat, publique=True).public_id
        },
        "deliberation-revenir": {
            "public_id": DeliberationFactory(contrat=contrat, adoptee=True).public_id
        },
        "seance": {"public_id": seance.public_id, "transition": "convoquer"},
        "seance-pdf": {"public_id": passee.public_id, "piece": "releve-de-decisions"},
        "decision": {"public_id": DecisionFactory(seance=passee).public_id},
        "instance": {"public_id": seance.instance.public_id},
        "session": {"slug": session.slug, "piece": "inscrits"},
        "inscription": {"jeton": liens.jeton_de(inscription)},
    }
