"""La page du comité fait le même nombre de requêtes pour 1 et pour 5 objets de chaque sorte."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contrats.historique import constater
from contrats.models import EtatAction
from gouvernance.enums import StatutSeance, TypeInstance
from gouvernance.models import Decision, Seance
from partenaires.models import Charte
from tableaux.models import Constat, Meteo
from tests.contrats.factories import PartenariatFactory
from tests.indicateurs.factories import CibleFactory, mesurer, observatoire
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import matrice, remplir
from tests.tableaux.monde import JOUR

pytestmark = pytest.mark.django_db
HIER = datetime.date(2026, 1, 15)


def contrat_fourni(nb):
    """Un PERR qui a de tout à `nb` exemplaires : actions, sommes, séances, indicateurs…"""
    contrat = matrice(actions=2 * nb, colonnes=nb)
    remplir(contrat, ["Texte"] * nb)
    comite = contrat.parent.instances.create(
        cle="copil", ordre=1, nom="Comité", type=TypeInstance.PILOTAGE
    )
    organismes = OrganismeFactory.create_batch(nb)
    for rang, organisme in enumerate(organismes):
        action = contrat.actions.order_by("ordre")[rang]
        PartenariatFactory(action=action, organisme=organisme, role="pilote")
        partie = contrat.parties.create(organisme=organisme, rang=rang, role="ville")
        engagement = contrat.engagements.create(ordre=rang, texte="Promettre.")
        engagement.porteurs.add(partie)
        engagement.beneficiaires.add(partie)
        Constat.objects.create(contrat=contrat, engagement=engagement, etat="tenu")
        contrat.financements.create(
            ordre=rang,
            intitule="Somme",
            montant=Decimal(10),
            engage=Decimal(5),
            beneficiaire=organisme,
            nature="indicatif",
        )
        Charte.objects.create(organisme=organisme, genre="cer", signee_le="2022-01-01")
        Meteo.objects.create(contrat=contrat, valeur="nuage", phrase="Bof.", axe=action.axe)
        seance = Seance.objects.create(
            instance=comite, le=HIER - rang * JOUR, statut=StatutSeance.CLOSE, publique=True
        )
        Decision.objects.create(seance=seance, ordre=1, texte="Décider.", statut="a_faire")
        o = observatoire(nb, contrat=contrat.parent)
        mesurer(o.indicateur, "2019", {q: Decimal(3) for q in o.quartiers})
        CibleFactory(indicateur=o.indicateur)
    constater(contrat, par=None)
    EtatAction.objects.update(le=timezone.now() - datetime.timedelta(days=900))
    return contrat


def compter(client, adresse):
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        assert client.get(adresse).status_code == 200
    return len(requetes)


@pytest.mark.parametrize("suite", ["", "chiffres/actions/", "tableau.xlsx", "comite.docx"])
def test_le_budget_ne_depend_pas_du_nombre(client, suite):
    une, cinq = (contrat_fourni(nb) for nb in (1, 5))
    client.get(reverse("tableaux:contrat", args=[une.slug]))
    comptes = [
        compter(client, reverse("tableaux:contrat", args=[c.slug]) + suite) for c in (une, cinq)
    ]
    assert comptes[0] == comptes[1] <= 50
