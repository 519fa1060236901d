"""Jeu de mesure de l'API : 20 000 actions et 80 000 partenariats, toujours les mêmes."""

import datetime
import random

from contrats.enums import Horizon, NatureAxe, NatureSection, RolePartenaire, StatutAction
from contrats.enums import StatutFiche as Fiches
from contrats.models import (
    Action,
    Axe,
    Contrat,
    Fiche,
    ModeleFiche,
    Partenariat,
    Periode,
    Section,
    SectionModele,
)
from partenaires.models import Organisme
from territoires.models import Territoire

CONTRATS, FICHES, ACTIONS = 100, 20, 10  # actions par fiche, fiches par contrat
ROLES, MENTIONS = 3, 10  # partenaires propres par action, mentions par fiche
GRAINE = 20170710


# Une action regroupée en demande une autre : sans intérêt pour la vitesse.
STATUTS = [statut for statut in StatutAction.values if statut != StatutAction.REGROUPEE]


def semer() -> None:
    """Remplit une base vide : chaque action a trois rôles, sa fiche une liste de dix mentions."""
    hasard = random.Random(GRAINE)
    publie = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    organismes = Organisme.objects.bulk_create(
        Organisme(cle=f"organisme-{n}", nom=f"Organisme numéro {n} du territoire")
        for n in range(2000)
    )
    territoires = Territoire.objects.bulk_create(
        Territoire(cle=f"commune-{n}", nom=f"Commune {n}", type="commune") for n in range(500)
    )
    modele = ModeleFiche.objects.create(cle="bench", nom="Bench", type_contrat="reciprocite")
    liste = SectionModele.objects.create(
        modele=modele, cle="p", ordre=1, libelle="Partenaires", nature=NatureSection.PARTENAIRES
    )
    contrats = Contrat.objects.bulk_create(
        Contrat(
            slug=f"contrat-{n}",
            type="reciprocite",
            intitule=f"Contrat de réciprocité numéro {n}",
            intitule_court=f"Contrat {n}",
            publie_le=publie,
        )
        for n in range(CONTRATS)
    )
    axes = Axe.objects.bulk_create(
        Axe(
            contrat=contrat,
            cle="axe",
            nature=NatureAxe.THEMATIQUE,
            numero="1",
            intitule="Développement économique partagé",
            ordre=1,
        )
        for contrat in contrats
    )
    fiches = Fiche.objects.bulk_create(
        Fiche(
            contrat=axe.contrat,
            modele=modele,
            axe=axe,
            cle=f"fiche-{n}",
            ordre=n,
            titre=f"Fiche {n} : vers un projet alimentaire territorial",
            statut=Fiches.PUBLIEE,
        )
        for axe in axes
        for n in range(FICHES)
    )
    sections = Section.objects.bulk_create(
        Section(fiche=fiche, modele=liste, ordre=1, libelle="Partenaires", etat="renseignee")
        for fiche in fiches
    )
    _actions(hasard, fiches, organismes, territoires)
    Partenariat.objects.bulk_create(
        (
            Partenariat(section=section, organisme=o, role=RolePartenaire.POTENTIEL, ordre=n)
            for section in sections
            for n, o in enumerate(hasard.sample(organismes, MENTIONS))
        ),
        batch_size=2000,
    )


def _actions(
    hasard: random.Random,
    fiches: list[Fiche],
    organismes: list[Organisme],
    territoires: list[Territoire],
) -> None:
    debut = datetime.date(2026, 1, 1)
    actions = Action.objects.bulk_create(
        (
            Action(
                contrat_id=fiche.contrat_id,
                fiche=fiche,
                ordre=n,
                numero=str(n),
                intitule=f"Action {n} : mobiliser les acteurs et les équipements du territoire",
                description="Mettre en relation les producteurs et la restauration collective.",
                horizon=hasard.choice(Horizon.values),
                statut=hasard.choice(STATUTS),
                motif_statut="Dans l'attente d'un financement.",
                avancement=hasard.randrange(0, 101, 5),
                debut=debut,
                echeance=debut + datetime.timedelta(days=hasard.randrange(700)),
                prioritaire=n == 0,
            )
            for fiche in fiches
            for n in range(ACTIONS)
        ),
        batch_size=2000,
    )
    roles = [RolePartenaire.PILOTE, RolePartenaire.PARTENAIRE, RolePartenaire.PARTENAIRE]
    Partenariat.objects.bulk_create(
        (
            Partenariat(action=action, organisme=o, role=roles[n], ordre=n)
            for action in actions
            for n, o in enumerate(hasard.sample(organismes, ROLES))
        ),
        batch_size=2000,
    )
    Action.territoires.through.objects.bulk_create(
        (
            Action.territoires.through(action=action, territoire=hasard.choice(territoires))
            for action in actions
        ),
        batch_size=2000,
    )
    Periode.objects.bulk_create(
        (
            Periode(
                action=action,
                ordre=1,
                libelle="2026-2027",
                debut=debut,
                precision_debut="annee",
            )
            for action in actions[::2]
        ),
        batch_size=2000,
    )
