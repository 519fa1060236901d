"""L'avancement dans le temps : combien d'actions par classe, à chaque comité."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from contrats.models import EtatAction
from tableaux.calculs.actions import classe
from tableaux.cartes import CLASSES
from tableaux.etat import ActionLue, Etat
from tableaux.lecture import fin_du_jour
from tableaux.perimetre import Lecteur, Perimetre

POINTS = 5  # au-delà, la figure ne se lit plus d'un coup d'œil


@dataclass(frozen=True, slots=True)
class Point:
    """Les actions suivies à une date, par classe."""

    le: datetime.date
    comite: bool
    nombres: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.nombres.values())


def dates(etat: Etat, comites: Iterable[datetime.date]) -> list[tuple[datetime.date, bool]]:
    """Les derniers comités, le jour lu, et le début des trimestres s'il y a peu de comités."""
    comites = {d for d in comites if d <= etat.au}
    choisies = dict.fromkeys(sorted(comites)[-(POINTS - 1) :], True)
    trimestre = etat.au.replace(month=3 * ((etat.au.month - 1) // 3) + 1, day=1)
    while (
        len(choisies) < POINTS - 1 and etat.connu_depuis and (trimestre >= etat.connu_depuis.date())
    ):
        choisies.setdefault(trimestre, False)
        veille = trimestre - datetime.timedelta(days=1)
        trimestre = veille.replace(month=veille.month - 2, day=1)
    choisies.setdefault(etat.au, False)
    return sorted(choisies.items())


def serie(perimetre: Perimetre, etat: Etat, par: Lecteur, tous: Etat) -> list[Point]:
    """Un point par date, en une requête : l'histoire se relit d'un bout à l'autre.

    `tous` est l'état avant restriction au périmètre : lui seul sait les comités.
    """
    voulues = dates(etat, {d for c in tous.contrats for d in c.comites})
    etats = EtatAction.objects.visibles_par(par).filter(
        contrat__slug__in=[c.slug for c in tous.contrats], le__lt=fin_du_jour(etat.au)
    )
    histoire = list(
        etats.order_by("le", "pk").values_list("identifiant", "etat", "le", "contrat__slug")
    )
    points = []
    for le, comite in voulues:
        if le == etat.au:
            alors = etat
        else:
            alors = perimetre.restreindre(replace(tous, au=le, toutes=_a(histoire, le)))
        nombres = Counter(classe(alors, a) for a in alors.suivies)
        points.append(Point(le, comite, {cle: nombres[cle] for cle in CLASSES}))
    return points


def _a(histoire: list[Any], le: datetime.date) -> tuple[ActionLue, ...]:
    fin = fin_du_jour(le)
    derniers = {i: (e, contrat) for i, e, depuis, contrat in histoire if depuis < fin}
    return tuple(
        ActionLue.depuis(e, identifiant=str(i), contrat=contrat, rang=0)
        for i, (e, contrat) in derniers.items()
        if e is not None
    )
