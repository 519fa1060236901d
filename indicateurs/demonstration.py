"""Valeurs inventées pour la démonstration : déterministes, et toutes marquées comme telles.

Les sources n'impriment aucune valeur. Celles-ci ne disent rien des quartiers : elles servent à voir
un écran vivre. Un même quartier y a toujours les mêmes chiffres, d'un chargement à l'autre.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from indicateurs.ecriture import Saisie, millesime
from indicateurs.enums import StatutMesure
from indicateurs.models import Indicateur
from territoires.enums import TypeTerritoire
from territoires.models import Territoire

NOTE = "Valeur inventée pour la démonstration."


@dataclass(frozen=True)
class Recette:
    """`references` : valeur inventée de la métropole, par millésime. Un quartier s'en éloigne de
    `ecart` au premier millésime, à `dispersion` près, et se rapproche de `rattrapage` par pas."""

    references: dict[str, str]
    ecart: str
    dispersion: str
    rattrapage: str
    hesitation: str
    decimales: int = 1
    suite: dict[str, str] | None = None  # millésimes inventés pour la génération 2024


RECETTES = {
    "revenu-median": Recette(
        {"2012": "21000", "2014": "21500"}, "-9000", "1500", "-250", "400", decimales=-1
    ),
    "rapport-inter-decile": Recette({"2012": "6", "2014": "6.2"}, "-1.5", "0.6", "-0.1", "0.3"),
    "evolution-des-demandeurs-d-emplois": Recette(
        {"2014": "5", "2015": "4", "2016": "3", "2017": "2"},
        "2",
        "1.5",
        "-0.4",
        "0.8",
        suite={"2024": "1", "2025": "1.5"},
    ),
    "creation-radiation-des-societes": Recette({"2016": "15", "2018": "17"}, "-4", "3", "0.5", "2"),
    "taux-de-scolarisation-16-24-ans": Recette({"2019": "66"}, "-12", "5", "0", "0"),
    "participation-aux-elections": Recette({"2012": "75", "2017": "72"}, "-15", "6", "-1", "4"),
    "evolution-du-nombre-de-logements-sociaux": Recette(
        {"1er janvier 2015": "3", "1er janvier 2017": "4"}, "-2", "2", "0.5", "2"
    ),
    "logements-sociaux-a-tres-bas-loyer": Recette(
        {"1er janvier 2015": "9000", "1er janvier 2017": "9400"},
        "-8700",
        "220",
        "-390",
        "20",
        decimales=0,
    ),
    "prix-de-vente-des-logements-en-qpv": Recette(
        {"2010-2015": "2500", "2013-2017": "2600"}, "-1000", "400", "60", "150", decimales=-1
    ),
}
# Un statut de chaque sorte, pour que les écrans les montrent : (indicateur, code du quartier).
ABSENCES = {
    ("revenu-median", "QP031017"): StatutMesure.SECRET,
    ("rapport-inter-decile", "QP031017"): StatutMesure.SECRET,
    ("rapport-inter-decile", "QP031010"): StatutMesure.NON_SIGNIFICATIVE,
    ("taux-de-scolarisation-16-24-ans", "QP031009"): StatutMesure.NON_DISPONIBLE,
    ("taux-de-scolarisation-16-24-ans", "QP031016"): StatutMesure.NON_DISPONIBLE,
    ("logements-sociaux-a-tres-bas-loyer", "QP031017"): StatutMesure.SECRET,
    ("prix-de-vente-des-logements-en-qpv", "QP031004"): StatutMesure.NON_SIGNIFICATIVE,
    ("creation-radiation-des-societes", "QP031019"): StatutMesure.SANS_OBJET,
}
PROVISOIRES = {("evolution-des-demandeurs-d-emplois", "2017")}


def inventer(indicateur: Indicateur, quartiers: list[Territoire]) -> Iterator[Saisie]:
    """Les mesures inventées d'un indicateur ; aucune s'il n'a pas de recette, et il reste « non
    disponible »."""
    recette = RECETTES.get(indicateur.cle)
    if recette is None:
        return
    yield from _serie(indicateur, recette, recette.references, quartiers)
    if recette.suite:
        # Les quartiers de 2024 n'ont pas de série commune avec ceux de 2015.
        de_2024 = Territoire.objects.filter(type=TypeTerritoire.QPV, generation=2024)
        yield from _serie(indicateur, recette, recette.suite, list(de_2024.order_by("nom", "pk")))


def _serie(
    indicateur: Indicateur,
    recette: Recette,
    references: dict[str, str],
    quartiers: list[Territoire],
) -> Iterator[Saisie]:
    for pas, (texte, reference) in enumerate(references.items()):
        m = millesime(texte)
        if indicateur.reference_id:
            yield Saisie(
                indicateur.pk,
                indicateur.reference_id,
                m.pk,
                Decimal(reference),
                StatutMesure.PUBLIEE,
                NOTE,
                demonstration=True,
            )
        for quartier in quartiers:
            statut = _statut(indicateur.cle, quartier.code, texte)
            valeur = _valeur(indicateur.cle, quartier.cle, recette, pas, Decimal(reference))
            yield Saisie(
                indicateur.pk,
                quartier.pk,
                m.pk,
                valeur if statut in StatutMesure.chiffres() else None,
                statut,
                NOTE,
                demonstration=True,
            )


def _statut(indicateur: str, code: str, millesime_: str) -> StatutMesure:
    absence = ABSENCES.get((indicateur, code))
    if absence is not None:
        return absence
    provisoire = (indicateur, millesime_) in PROVISOIRES
    return StatutMesure.PROVISOIRE if provisoire else StatutMesure.PUBLIEE


def _valeur(
    indicateur: str, quartier: str, recette: Recette, pas: int, reference: Decimal
) -> Decimal:
    depart = Decimal(recette.ecart) + Decimal(recette.dispersion) * _alea(indicateur, quartier)
    chemin = Decimal(recette.rattrapage) * pas
    ecart = (
        depart + chemin + Decimal(recette.hesitation) * _alea(indicateur, quartier, pas) * bool(pas)
    )
    return (reference + ecart).quantize(Decimal(1).scaleb(-recette.decimales)) + 0


def _alea(*cles: object) -> Decimal:
    """Un nombre de −1 à 1, toujours le même pour les mêmes clés."""
    empreinte = hashlib.sha256("|".join(map(str, cles)).encode()).digest()
    return Decimal(int.from_bytes(empreinte[:4])) / Decimal(2**31) - 1
