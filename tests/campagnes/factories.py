"""Campagnes d'essai."""

import datetime

import factory
from django.utils import timezone

from campagnes import conduite, liens
from campagnes.models import Campagne, Contact, Demande, Destinataire, Relance, Reponse
from contrats.enums import RoleHabilitation, RolePartenaire, StatutAction
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, ContratFactory, PartenariatFactory
from tests.partenaires.factories import OrganismeFactory


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    contrat = factory.SubFactory(ContratFactory)
    organisme = factory.SubFactory(OrganismeFactory)
    email = factory.Sequence(lambda n: f"contact{n}@exemple.invalid")


class CampagneFactory(factory.django.DjangoModelFactory):
    """Campagne en préparation, sans action."""

    class Meta:
        model = Campagne

    contrat = factory.SubFactory(ContratFactory)
    intitule = "Point du trimestre"
    fin = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=21))
    cree_par = factory.SubFactory(UtilisateurFactory)


class DestinataireFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Destinataire

    campagne = factory.SubFactory(CampagneFactory)
    email = factory.Sequence(lambda n: f"destinataire{n}@exemple.invalid")
    empreinte = factory.Sequence(lambda n: f"{n:064d}")


class DemandeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Demande

    destinataire = factory.SubFactory(DestinataireFactory)
    action = factory.SubFactory(ActionFactory)
    rang = factory.Sequence(lambda n: n + 1)


class ReponseFactory(factory.django.DjangoModelFactory):
    """Réponse à relire : « en cours, 40 % »."""

    class Meta:
        model = Reponse

    demande = factory.SubFactory(DemandeFactory)
    statut = StatutAction.EN_COURS
    avancement = 40
    version = 1


class RelanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Relance

    campagne = factory.SubFactory(CampagneFactory)
    le = factory.LazyFunction(timezone.localdate)


def preparee(nb_actions=3, nb_organismes=2, contrat=None, **champs):
    """Campagne en préparation : chaque organisme a une adresse, et pilote ou suit chaque action."""
    contrat = contrat or ContratFactory(publie=True)
    agent = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    campagne = CampagneFactory(contrat=contrat, cree_par=agent, **champs)
    organismes = OrganismeFactory.create_batch(nb_organismes)
    for organisme in organismes:
        ContactFactory(contrat=contrat, organisme=organisme)
    for _ in range(nb_actions):
        action = ActionFactory(fiche=None, contrat=contrat, horizon="", echeance=None)
        campagne.actions.add(action)
        for rang, organisme in enumerate(organismes):
            role = RolePartenaire.PARTENAIRE if rang else RolePartenaire.PILOTE
            PartenariatFactory(action=action, organisme=organisme, role=role)
    return campagne


def ouverte(*args, **kwargs):
    """Campagne envoyée, et son agent."""
    campagne = preparee(*args, **kwargs)
    conduite.envoyer(campagne, par=campagne.cree_par)
    return campagne


def jeton(campagne, rang=0):
    """Le jeton d'un de ses destinataires."""
    return liens.jeton_de(campagne.destinataires.order_by("pk")[rang])
