"""Les comités tenus : les repères de « depuis le dernier comité », et les décisions prises."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.timezone import localtime

from contrats.models import Contrat
from gouvernance.enums import StatutDecision, TypeInstance
from gouvernance.lisibles import est_interne
from gouvernance.models import Decision, Seance
from tableaux.perimetre import Lecteur

CONFERENCE = "conference-des-maires"


@dataclass
class Tenues:
    """Dates des séances tenues d'un contrat, de la plus ancienne à la plus récente."""

    comites: list[datetime.date] = field(default_factory=list)
    conferences: list[datetime.date] = field(default_factory=list)
    inventees: set[datetime.date] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class DecisionLue:
    """Ce qu'un comité a décidé, qui le doit, avant quand, et si c'est fait."""

    texte: str
    responsable: str
    avant_le: datetime.date | None
    seance_le: datetime.date
    faite: bool
    en_retard: bool
    demonstration: bool
    adresse: str

    @property
    def mot(self) -> str:
        return "Faite" if self.faite else "En retard" if self.en_retard else "À faire"


@dataclass(frozen=True, slots=True)
class SeanceClose:
    """Une séance close : quand elle s'est tenue, quand elle fut close, de quelle instance."""

    le: datetime.date
    close_le: datetime.datetime | None
    contrat: int
    type: str
    cle: str
    demonstration: bool


def seances_closes(contrats: Iterable[int], par: Lecteur) -> list[SeanceClose]:
    """Celles des instances de ces contrats, de la plus ancienne à la plus récente."""
    lignes = Seance.objects.visibles_par(par).closes().filter(instance__contrat__in=contrats)
    champs = ("contrat", "type", "cle")
    return [
        SeanceClose(*ligne)
        for ligne in lignes.order_by("le", "pk").values_list(
            "le", "close_le", *(f"instance__{c}" for c in champs), "demonstration"
        )
    ]


def seances_tenues(
    contrats: Iterable[Contrat], seances: Iterable[SeanceClose], avant: datetime.datetime
) -> dict[int, Tenues]:
    """Par contrat (clé primaire), les comités et conférences clos avant cet instant.

    Le comité d'un contrat est aussi celui de ses annexes.
    """
    lignee = {c.pk: {c.pk, c.parent_id} for c in contrats}
    tenues = {pk: Tenues() for pk in lignee}
    for s in seances:
        if s.le >= avant.date() or (s.close_le is not None and s.close_le >= avant):
            continue
        for pk, groupe in lignee.items():
            if s.contrat in groupe and s.type == TypeInstance.PILOTAGE:
                tenues[pk].comites.append(s.le)
            if s.contrat == pk and s.cle.startswith(CONFERENCE):
                tenues[pk].conferences.append(s.le)
            if s.contrat in groupe and s.demonstration:
                tenues[pk].inventees.add(s.le)
    return tenues


def decisions(contrat: str, par: Lecteur, au: datetime.date) -> list[DecisionLue]:
    """Décisions des comités d'un contrat (son adresse) à cette date, à faire d'abord."""
    siennes = Decision.objects.visibles_par(par).des_comites_de(
        Contrat.objects.filter(slug=contrat)
    )
    closes = siennes.filter(seance__le__lte=au, seance__in=Seance.objects.closes())
    lignes = closes.select_related("seance__instance__contrat", "organisme").order_by("pk")
    return sorted(
        (_lue(d, par, au) for d in lignes),
        key=lambda d: (d.faite, d.avant_le or datetime.date.max),
    )


def _lue(d: Decision, par: Lecteur, au: datetime.date) -> DecisionLue:
    suivie = d.suivie_le is None or localtime(d.suivie_le).date() <= au
    faite = d.statut != StatutDecision.A_FAIRE and suivie
    return DecisionLue(
        texte=d.texte,
        responsable=d.qui_interne if est_interne(par, d.seance.contrat) else d.qui,
        avant_le=d.avant_le,
        seance_le=d.seance.le,
        faite=faite,
        en_retard=not faite and d.avant_le is not None and d.avant_le < au,
        demonstration=d.seance.demonstration,
        adresse=d.seance.get_absolute_url(),
    )
