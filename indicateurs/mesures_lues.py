"""Les mesures telles qu'elles se montrent : secret tu, à ce jour ou à une date passée.

Rien d'autre ne rend une valeur à un lecteur. La valeur passée d'une mesure devenue secrète ne se
montre plus. Là où l'indicateur se somme et qu'une valeur est secrète, le passé ne montre que ce que
le présent montre déjà, à l'identique : un état ancien n'apporte aucune égalité de plus.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comptes.models import Utilisateur
from indicateurs.enums import Agregation, StatutMesure
from indicateurs.models import Indicateur, Mesure, Millesime, VersionMesure
from territoires.models import Territoire


@dataclass(frozen=True)
class MesureLue:
    """Ce qu'un lecteur voit d'une mesure ; `valeur` manque si `statut` n'est pas un chiffre."""

    indicateur: int
    territoire: Territoire
    millesime: Millesime
    valeur: Decimal | None
    statut: StatutMesure
    demonstration: bool
    note: str
    modifie_le: datetime.datetime


def montree(
    valeur: Decimal | None, statut: str, secret_induit: bool
) -> tuple[Decimal | None, StatutMesure]:
    """Valeur et statut à montrer : ce qui protège un secret en est un."""
    if secret_induit:
        return None, StatutMesure.SECRET
    return valeur, StatutMesure(statut)


def lire_mesures(
    indicateurs: Sequence[Indicateur],
    utilisateur: Utilisateur | AnonymousUser,
    *,
    a_la_date: datetime.date | None = None,
) -> list[MesureLue]:
    """Toutes les mesures visibles de ces indicateurs, secret tu, à ce jour ou à une date."""
    presentes = mesures_presentes(indicateurs, utilisateur)
    if a_la_date is None:
        return presentes
    return mesures_a_la_date(indicateurs, utilisateur, presentes, a_la_date)


def mesures_presentes(
    indicateurs: Sequence[Indicateur], utilisateur: Utilisateur | AnonymousUser
) -> list[MesureLue]:
    """Celles d'aujourd'hui, en une requête."""
    mesures = (
        Mesure.objects.visibles_par(utilisateur)
        .filter(indicateur__in=indicateurs)
        .select_related("territoire", "millesime")
        .defer("territoire__contour")
        .order_by("indicateur", "millesime__fin", "territoire__nom", "pk")
    )
    return [
        MesureLue(
            m.indicateur_id,
            m.territoire,
            m.millesime,
            *montree(m.valeur, m.statut, m.secret_induit),
            demonstration=m.demonstration,
            note="" if m.secret_induit else m.note,
            modifie_le=m.modifie_le,
        )
        for m in mesures
    ]


def mesures_a_la_date(
    indicateurs: Sequence[Indicateur],
    utilisateur: Utilisateur | AnonymousUser,
    presentes: list[MesureLue],
    date: datetime.date,
) -> list[MesureLue]:
    """L'état au soir de `date`, moins ce que le présent (`presentes`) tait : deux requêtes."""
    visibles = Indicateur.objects.visibles_par(utilisateur).filter(
        pk__in=[i.pk for i in indicateurs]
    )
    soir = timezone.make_aware(
        datetime.datetime.combine(date + datetime.timedelta(days=1), datetime.time())
    )
    autres = VersionMesure.objects.filter(
        indicateur=OuterRef("indicateur"),
        territoire=OuterRef("territoire"),
        millesime=OuterRef("millesime"),
    )
    versions = (
        VersionMesure.objects.filter(indicateur__in=visibles, ecrite_le__lt=soir)
        .exclude(statut="")
        .filter(~Exists(autres.filter(ecrite_le__lt=soir, numero__gt=OuterRef("numero"))))
        .annotate(
            secrete_depuis=Exists(
                autres.filter(statut=StatutMesure.SECRET, numero__gt=OuterRef("numero"))
            )
        )
        .select_related("territoire", "millesime")
        .defer("territoire__contour")
        .order_by("indicateur", "millesime__fin", "territoire__nom", "pk")
    )
    voilees = _voilees(indicateurs)
    maintenant = {(m.indicateur, m.territoire.pk, m.millesime.pk): m for m in presentes}
    lues = []
    for v in versions:
        cle = (v.indicateur_id, v.territoire_id, v.millesime_id)
        montree_ = maintenant.get(cle)
        tue = v.secrete_depuis or (montree_ is not None and montree_.statut == StatutMesure.SECRET)
        if (v.indicateur_id, v.millesime_id) in voilees and v.valeur is not None:
            tue = tue or montree_ is None or montree_.valeur != v.valeur
        valeur, statut = montree(v.valeur, v.statut, tue)
        lues.append(
            MesureLue(
                v.indicateur_id,
                v.territoire,
                v.millesime,
                valeur,
                statut,
                demonstration=v.demonstration,
                note="" if tue else v.note,
                modifie_le=v.ecrite_le,
            )
        )
    return lues


def _voilees(indicateurs: Sequence[Indicateur]) -> set[tuple[int, int]]:
    """Couples (indicateur sommable, millésime) où une valeur est ou fut secrète."""
    sommables = [i.pk for i in indicateurs if i.agregation == Agregation.SOMME]
    if not sommables:
        return set()
    secretes = VersionMesure.objects.filter(Q(statut=StatutMesure.SECRET), indicateur__in=sommables)
    return set(secretes.order_by().values_list("indicateur", "millesime").distinct())
