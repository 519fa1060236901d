"""Des indicateurs tirés au sort, en quelques insertions : de quoi recalculer mille lectures."""

import datetime
import random
import uuid
from decimal import Decimal

from django.utils import timezone

from contrats.models import Contrat
from indicateurs.ecriture import millesime
from indicateurs.enums import Comparaison, ObjetCible, Sens, StatutMesure
from indicateurs.models import Cible, Indicateur, Mesure, Source, Theme
from territoires.enums import TypeTerritoire
from territoires.models import Territoire

MILLESIMES = ("2012", "2014", "2014 et 2015", "1er janvier 2015", "2013-2017", "2019")
JOUR = datetime.timedelta(days=1)


def indicateurs_au_hasard(
    hasard: random.Random, contrat: Contrat, aujourdhui: datetime.date, nombre: int = 3
) -> list[Indicateur]:
    """Quartiers de deux générations, nommés ou non par le contrat, et tout ce qu'une mesure peut
    valoir : chiffres proches ou égaux, absences, secrets, valeurs tues pour en protéger d'autres.

    Les mesures s'insèrent d'un bloc : ce qu'on éprouve est la lecture, non l'écriture.
    """
    reference, *quartiers = _territoires(hasard)
    contrat.territoires.add(*(q for q in quartiers if hasard.random() < 0.8))
    indicateurs = Indicateur.objects.bulk_create(
        _indicateur(hasard, contrat, reference) for _ in range(nombre)
    )
    textes = hasard.sample(MILLESIMES, hasard.randint(0, 4))
    millesimes = [millesime(texte) for texte in textes]
    Mesure.objects.bulk_create(
        _mesure(hasard, i, lieu, m)
        for i in indicateurs
        for m in millesimes
        for lieu in (reference, *quartiers)
        if hasard.random() < 0.75
    )
    for i in indicateurs:
        if hasard.random() < 0.3:
            vieux = timezone.now() - hasard.choice([360, 365, 366, 367, 500]) * JOUR
            i.mesures.update(modifie_le=vieux)
    Cible.objects.bulk_create(
        cible for i in indicateurs for cible in _cibles(hasard, i, quartiers, aujourdhui)
    )
    return indicateurs


def _territoires(hasard: random.Random) -> list[Territoire]:
    marque = uuid.UUID(int=hasard.getrandbits(128)).hex[:12]
    generations = [2015] * hasard.randint(0, 5) + [2024] * hasard.choice([0, 0, 1, 3])
    lieux = [Territoire(cle=f"m-{marque}", nom="Métropole", type=TypeTerritoire.METROPOLE)]
    for rang, generation in enumerate(generations):
        lieux.append(
            Territoire(
                cle=f"q-{marque}-{rang}",
                nom=f"Quartier {rang}",
                type=TypeTerritoire.QPV,
                generation=generation,
                code=f"QP{marque}{rang}",
            )
        )
    return Territoire.objects.bulk_create(lieux)


def _indicateur(hasard: random.Random, contrat: Contrat, reference: Territoire) -> Indicateur:
    theme, _ = Theme.objects.get_or_create(cle="theme", defaults={"nom": "Thème"})
    source, _ = Source.objects.get_or_create(cle="source", defaults={"nom": "Source"})
    return Indicateur(
        contrat=contrat,
        cle=f"i-{hasard.getrandbits(48)}",
        intitule=f"indicateur {hasard.getrandbits(24)}",
        theme=theme,
        source=source,
        unite="%",
        decimales=hasard.choice([0, 1]),
        sens=hasard.choice(Sens.values),
        comparaison=hasard.choice(Comparaison.values),
        reference=hasard.choice([reference, reference, reference, None]),
    )


def _mesure(hasard: random.Random, i: Indicateur, lieu: Territoire, m) -> Mesure:
    statut = hasard.choice([StatutMesure.PUBLIEE] * 6 + list(StatutMesure))
    chiffre = statut in StatutMesure.chiffres()
    valeurs = [hasard.randint(0, 4), hasard.randint(-9, 90), Decimal(hasard.randint(1, 64)) / 64]
    return Mesure(
        indicateur=i,
        territoire=lieu,
        millesime=m,
        statut=statut,
        valeur=hasard.choice(valeurs) if chiffre else None,
        secret_induit=chiffre and hasard.random() < 0.1,
    )


def _cibles(hasard, i, quartiers, aujourdhui):
    for lieu in (None, *quartiers):
        for porte_sur in ObjetCible.values:
            if hasard.random() < 0.2:
                yield Cible(
                    indicateur=i,
                    territoire=lieu,
                    porte_sur=porte_sur,
                    valeur=hasard.choice([0, 1, 2, 45]),
                    echeance=aujourdhui + hasard.choice([-30, -1, 0, 1]) * JOUR,
                )
