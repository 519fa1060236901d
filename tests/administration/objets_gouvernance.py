"""Un objet de chaque modèle de la gouvernance administré."""

from gouvernance.enums import RoleParticipation, TypeInstance
from gouvernance.models import Avis, Deliberation, Instance, PointDeProgramme, Session
from tests.contrats.factories import ContratFactory
from tests.gouvernance.factories import DeliberationFactory, SessionFactory
from tests.partenaires.factories import OrganismeFactory


def instance(nb):
    contrat_institue = ContratFactory()
    objet = contrat_institue.instances.create(
        cle="copil", ordre=1, nom="Comité de pilotage", type=TypeInstance.PILOTAGE
    )
    for rang in range(nb):
        objet.participations.create(
            organisme=OrganismeFactory(),
            libelle="Participant",
            role=RoleParticipation.MEMBRE,
            ordre=rang,
        )
    return objet


def deliberation(nb):
    return DeliberationFactory(visas=["Vu"] * nb, articles=[{"numero": "1", "texte": "Approuve"}])


def avis(nb):
    return Avis.objects.create(
        contrat=ContratFactory(), auteur="Commission", objet="Le PERR", sens="favorable"
    )


def session(nb):
    objet = SessionFactory(contrat=ContratFactory())
    for rang in range(nb):
        objet.programme.create(ordre=rang, intitule=f"Temps {rang}")
    return objet


def point_de_programme(nb):
    objet = SessionFactory().programme.create(ordre=1, intitule="Ouverture")
    for rang in range(nb):
        objet.interventions.create(ordre=rang, nom=f"Personne {rang}")
    return objet


OBJETS_DE_GOUVERNANCE = {
    Instance: instance,
    Deliberation: deliberation,
    Avis: avis,
    Session: session,
    PointDeProgramme: point_de_programme,
}
