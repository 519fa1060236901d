"""Un objet de chaque modèle des indicateurs, avec `nb` lignes de chaque sorte."""

from indicateurs.ecriture import millesime as creer_millesime
from indicateurs.models import Millesime
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import AxeFactory
from tests.indicateurs.factories import (
    AnalyseFactory,
    CibleFactory,
    ImportMesuresFactory,
    IndicateurFactory,
    SourceFactory,
    ThemeFactory,
    mesurer,
    observatoire,
)
from tests.partenaires.factories import OrganismeFactory
from tests.territoires.factories import TerritoireFactory


def theme(nb):
    objet = ThemeFactory()
    IndicateurFactory.create_batch(nb, theme=objet)
    return objet


def source(nb):
    objet = SourceFactory(organisme=OrganismeFactory())
    IndicateurFactory.create_batch(nb, source=objet)
    return objet


def millesime(nb):
    return creer_millesime(str(1950 + Millesime.objects.count()))


def indicateur(nb):
    objet = observatoire(nb).indicateur
    objet.orientations.set([AxeFactory(contrat=objet.contrat) for _ in range(nb)])
    objet.millesimes_attendus.set([millesime(1) for _ in range(nb)])
    return objet


def mesure(nb):
    o = observatoire(1)
    return mesurer(o.indicateur, "2019", {o.quartiers[0]: 50})[0]


def cible(nb):
    return CibleFactory(territoire=TerritoireFactory(qpv=True))


def analyse(nb):
    return AnalyseFactory(auteur=UtilisateurFactory())


def import_de_mesures(nb):
    return ImportMesuresFactory(depose_par=UtilisateurFactory())
