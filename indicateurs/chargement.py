"""Charge les indicateurs d'un contrat écrits en YAML (`fixtures/indicateurs/`) ; rejouable.

Un indicateur déjà chargé, et qu'un agent a pu modifier, est laissé tel quel, mesures comprises.
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from contrats.chargement.fiche import identifiant
from contrats.enums import NatureAxe
from contrats.models import Axe, Contrat
from indicateurs.ecriture import Saisie, ecrire_mesures, millesime
from indicateurs.enums import StatutMesure
from indicateurs.models import Analyse, Indicateur, Millesime, Source, Theme
from partenaires.models import Organisme
from territoires.enums import TypeTerritoire
from territoires.models import Territoire

MOTIF = "Jeu de données"
# Ce qui remplace les mesures non disponibles : (indicateur, quartiers) → saisies.
Invention = Callable[[Indicateur, list[Territoire]], Iterable[Saisie]]


@transaction.atomic
def charger_indicateurs(donnees: dict[str, Any], inventer: Invention | None = None) -> None:
    """Crée thèmes, sources, indicateurs retenus et écartés, analyses, et les mesures attendues :
    « non disponible », puisque la source n'imprime aucune valeur, ou celles qu'`inventer` rend."""
    contrat = Contrat.objects.get(slug=donnees["contrat"])
    if contrat.indicateurs.exists():
        return
    reference = Territoire.objects.get(cle=donnees["reference"])
    themes = {d["cle"]: _theme(d, ordre) for ordre, d in enumerate(donnees["themes"], 1)}
    sources = {d["cle"]: _source(d) for d in donnees["sources"]}
    orientations = {a.numero: a for a in contrat.axes.filter(nature=NatureAxe.ORIENTATION)}
    retenus = {}
    for ordre, d in enumerate(donnees["indicateurs"], 1):
        retenus[d["cle"]] = _indicateur(
            contrat,
            d,
            ordre=ordre,
            theme=themes[d["theme"]],
            source=sources[d["source"]],
            reference=reference,
            orientation=orientations[d["orientation"]],
        )
    for ordre, d in enumerate(donnees["ecartes"], len(retenus) + 1):
        Indicateur.objects.create(
            public_id=identifiant(contrat.slug, "indicateur", d["cle"]),
            contrat=contrat,
            cle=d["cle"],
            ordre=ordre,
            intitule=d["intitule"],
            motif_ecart=d["motif"],
        )
    _analyses(donnees, retenus)
    _mesures(contrat, retenus.values(), donnees["etat_du"], inventer)


def _theme(d: dict[str, Any], ordre: int) -> Theme:
    return Theme.objects.get_or_create(cle=d["cle"], defaults={"nom": d["nom"], "ordre": ordre})[0]


def _source(d: dict[str, Any]) -> Source:
    organisme = Organisme.objects.get(cle=d["organisme"]) if d["organisme"] else None
    return Source.objects.get_or_create(
        cle=d["cle"],
        defaults={
            "nom": d["nom"],
            "nom_long": d["nom_long"],
            "organisme": organisme,
            "precaution": d["precaution"],
        },
    )[0]


def _indicateur(
    contrat: Contrat, d: dict[str, Any], *, orientation: Axe, **liens: Any
) -> Indicateur:
    champs = (
        "cle",
        "intitule",
        "definition",
        "unite",
        "decimales",
        "sens",
        "agregation",
        "comparaison",
        "prioritaire",
        "millesimes_imprimes",
        "a_verifier",
    )
    indicateur = Indicateur.objects.create(
        public_id=identifiant(contrat.slug, "indicateur", d["cle"]),
        contrat=contrat,
        **liens,
        **{champ: d[champ] for champ in champs},
    )
    indicateur.orientations.add(orientation)
    indicateur.millesimes_attendus.set([millesime(texte) for texte in d["millesimes"]])
    return indicateur


def _analyses(donnees: dict[str, Any], retenus: dict[str, Indicateur]) -> None:
    Analyse.objects.bulk_create(
        Analyse(
            indicateur=retenus[d["indicateur"]],
            le=donnees["etat_du"],
            texte=d["texte"],
            signature=donnees["signature_des_analyses"],
        )
        for d in donnees["analyses"]
    )


def _mesures(
    contrat: Contrat,
    indicateurs: Iterable[Indicateur],
    date: datetime.date,
    inventer: Invention | None,
) -> None:
    """Une écriture par indicateur, datée du jour où la source dit son état."""
    instant = timezone.make_aware(datetime.datetime.combine(date, datetime.time(12)))
    quartiers = list(contrat.territoires.filter(type=TypeTerritoire.QPV).order_by("code", "nom"))
    for indicateur in indicateurs:
        inventees = list(inventer(indicateur, quartiers)) if inventer else []
        saisies = inventees or _non_disponibles(indicateur, quartiers)
        ecrire_mesures(saisies, par=None, motif=MOTIF, le=instant)


def _non_disponibles(indicateur: Indicateur, quartiers: list[Territoire]) -> list[Saisie]:
    attendus: Iterable[Millesime] = indicateur.millesimes_attendus.all()
    lieux = [q.pk for q in quartiers]
    if indicateur.reference_id:
        lieux.append(indicateur.reference_id)
    return [
        Saisie(indicateur.pk, lieu, m.pk, None, StatutMesure.NON_DISPONIBLE)
        for m in attendus
        for lieu in lieux
    ]
