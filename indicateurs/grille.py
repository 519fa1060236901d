"""La grille d'un indicateur : un quartier par ligne, un millésime par colonne ; dans le même
ordre à l'écran et dans un tableur d'où l'on colle."""

from dataclasses import dataclass

from indicateurs.lecture import Lecteur, lire_generations
from indicateurs.models import Indicateur, Millesime
from indicateurs.tableau import Case, case
from territoires.models import Territoire


@dataclass(frozen=True)
class Grille:
    """Une génération : en-têtes, puis une ligne par lieu, la référence d'abord."""

    generation: int
    millesimes: list[Millesime]
    lignes: list[tuple[Territoire, list[tuple[Millesime, Case]]]]


def grille(indicateur: Indicateur, lecteur: Lecteur) -> list[Grille]:
    """Les mesures telles qu'elles se montrent, et leurs cases vides, par génération."""
    attendus = list(indicateur.millesimes_attendus.all())
    grilles = []
    for rang, ecarts in enumerate(lire_generations(indicateur, lecteur)):
        # Les millésimes attendus sont ceux de la source : de la première génération.
        colonnes = {m.pk: m for m in [*ecarts.millesimes, *(attendus if not rang else ())]}
        ordonnes = sorted(colonnes.values(), key=lambda m: (m.fin, m.debut, m.pk))
        series = [(li.territoire, li.serie) for li in ecarts.lignes]
        if ecarts.reference is not None:
            series.insert(0, (ecarts.reference, ecarts.serie_de_reference))
        lignes = [
            (lieu, [(m, case(ecarts, serie.get(m.pk))) for m in ordonnes]) for lieu, serie in series
        ]
        grilles.append(Grille(ecarts.generation, ordonnes, lignes))
    return grilles
