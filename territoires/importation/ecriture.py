"""L'écriture du plan d'import, en une transaction : tout, ou rien."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify

from edition.ecriture import VersionPerimee, mettre_a_jour
from territoires.changements import repercuter
from territoires.enums import TypeTerritoire
from territoires.importation.plan import Changement, Plan, cle_libre, dates
from territoires.importation.refus import Refus
from territoires.models import AliasTerritoire, Filiation, Rattachement, Territoire


@transaction.atomic
def appliquer(plan: Plan) -> int:
    """Écrit le plan et rend le nombre de communes créées.

    Une valeur que les nouveaux rattachements trahiraient se tait dans la même transaction.
    Lève `Refus`, sans rien écrire, si un quartier a changé depuis la lecture.
    """
    prises = set(Territoire.objects.values_list("cle", flat=True))
    communes = _creer_les_communes(plan.changements, prises)
    for changement in plan.changements:
        if changement.est_vide:
            continue
        quartier = _ecrire(changement, plan.generation, prises)
        for lue, commune, couverture in changement.communes:
            Rattachement.objects.update_or_create(
                enfant=quartier,
                parent=commune or communes[lue[0]],
                defaults={"couverture": couverture},
            )
        for filiation, nature in changement.filiations:
            Filiation.objects.filter(pk=filiation.pk).update(nature=nature, a_verifier="")
    repercuter()
    return len(communes)


def _ecrire(changement: Changement, generation: int, prises: set[str]) -> Territoire:
    lu, quartier = changement.lu, changement.quartier
    if quartier is None:
        cle = cle_libre(lu.nom, generation, lu.code, prises)
        prises.add(cle)
        return Territoire.objects.create(
            cle=cle,
            type=TypeTerritoire.QPV,
            generation=generation,
            **dates(lu.code, generation),
            **changement.champs,
        )
    if changement.champs:
        try:
            mettre_a_jour(quartier, version=quartier.version, **changement.champs)
        except VersionPerimee as erreur:
            raise Refus(f"{erreur} Relancez l'import.") from None
    if changement.ancien_nom:
        AliasTerritoire.objects.get_or_create(territoire=quartier, libelle=changement.ancien_nom)
    return quartier


def _creer_les_communes(
    changements: Iterable[Changement], prises: set[str]
) -> dict[str, Territoire]:
    """Les communes que la base ne connaît pas, par code ; le plan a vérifié qu'elles ont un nom."""
    inconnues = dict(lue for c in changements for lue, commune, _ in c.communes if not commune)
    creees = {}
    for code, nom in inconnues.items():
        cle = slugify(nom)[:90]
        cle = f"{cle}-{code.lower()}" if cle in prises else cle
        prises.add(cle)
        creees[code] = Territoire.objects.create(
            cle=cle, nom=nom, type=TypeTerritoire.COMMUNE, code=code
        )
    return creees
