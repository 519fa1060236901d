"""Un indicateur, ses quartiers et ses mesures.

`observatoire(quartiers=3)` : un contrat publié, sa métropole, ses quartiers et un indicateur ;
`mesurer(indicateur, "2014", {territoire: valeur ou statut})` écrit par la porte du domaine.
"""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

import factory

from contrats.enums import TypeContrat
from contrats.models import Contrat
from indicateurs.ecriture import Saisie, ecrire_mesures, millesime
from indicateurs.enums import Comparaison, StatutMesure
from indicateurs.models import (
    Analyse,
    Cible,
    ImportMesures,
    Indicateur,
    Mesure,
    Source,
    Theme,
)
from territoires.enums import TypeTerritoire
from territoires.models import Territoire
from tests.contrats.factories import ContratFactory
from tests.territoires.factories import TerritoireFactory


class ThemeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Theme

    cle = factory.Sequence(lambda n: f"theme-{n}")
    nom = factory.Sequence(lambda n: f"Thème {n}")


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    cle = factory.Sequence(lambda n: f"source-{n}")
    nom = factory.Sequence(lambda n: f"Source {n}")


class IndicateurFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Indicateur

    contrat = factory.SubFactory(ContratFactory, publie=True, type=TypeContrat.VILLE)
    cle = factory.Sequence(lambda n: f"indicateur-{n}")
    ordre = factory.Sequence(lambda n: n)
    intitule = factory.Sequence(lambda n: f"Indicateur {n}")
    theme = factory.SubFactory(ThemeFactory)
    source = factory.SubFactory(SourceFactory)
    reference = factory.SubFactory(TerritoireFactory, type=TypeTerritoire.METROPOLE)
    unite = "%"
    decimales = 1
    comparaison = Comparaison.POINTS


class AnalyseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Analyse

    indicateur = factory.SubFactory(IndicateurFactory)
    le = "2024-06-01"
    texte = "L'écart se réduit."
    signature = "Observatoire"


class CibleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cible

    indicateur = factory.SubFactory(IndicateurFactory)
    valeur = Decimal(60)
    echeance = "2030-12-31"


class ImportMesuresFactory(factory.django.DjangoModelFactory):
    """Session ouverte sur une table longue d'une mesure."""

    class Meta:
        model = ImportMesures

    contrat = factory.SubFactory(ContratFactory, publie=True, type=TypeContrat.VILLE)
    nom = "mesures.csv"
    fichier = b"indicateur;territoire;millesime;valeur\nx;QP000001;2019;1,5\n"
    empreinte = factory.LazyAttribute(lambda o: hashlib.sha256(o.fichier).hexdigest())


@dataclass
class Observatoire:
    contrat: Contrat
    indicateur: Indicateur
    reference: Territoire
    quartiers: list[Territoire]


def observatoire(quartiers: int = 3, *, publie: bool = True, **champs) -> Observatoire:
    """Contrat de ville, métropole, quartiers de 2015 rattachés à elle, un indicateur."""
    contrat = champs.pop("contrat", None) or ContratFactory(publie=publie, type=TypeContrat.VILLE)
    reference = TerritoireFactory(type=TypeTerritoire.METROPOLE)
    lieux = [TerritoireFactory(qpv=True) for _ in range(quartiers)]
    for lieu in lieux:
        lieu.rattachements.create(parent=reference)
    contrat.territoires.add(reference, *lieux)
    indicateur = IndicateurFactory(contrat=contrat, reference=reference, **champs)
    return Observatoire(contrat, indicateur, reference, lieux)


def mesurer(indicateur, texte, valeurs, **champs):
    """Écrit `{territoire: valeur ou statut}` à ce millésime, d'après l'état présent."""
    m = millesime(texte)
    presentes = {
        x.territoire_id: x for x in Mesure.objects.filter(indicateur=indicateur, millesime=m)
    }
    ecriture = {c: champs.pop(c) for c in ("par", "le", "motif", "depot") if c in champs}
    saisies = []
    for lieu, brute in valeurs.items():
        statut = brute if isinstance(brute, StatutMesure) else StatutMesure.PUBLIEE
        valeur = None if isinstance(brute, StatutMesure) else Decimal(str(brute))
        presente = presentes.get(lieu.pk)
        saisies.append(
            Saisie(
                indicateur.pk,
                lieu.pk,
                m.pk,
                valeur,
                statut,
                version=presente.version if presente else None,
                **champs,
            )
        )
    return ecrire_mesures(saisies, **{"par": None, **ecriture})
