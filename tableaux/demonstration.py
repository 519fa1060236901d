"""L'histoire inventée d'un contrat de démonstration : des états passés, des météos."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from contrats.historique import avec_etat, etat_de
from contrats.models import Action, Contrat, EtatAction
from tableaux.models import Meteo

A_LANCER = {"statut": "a_lancer", "motif_statut": "", "avancement": 0, "regroupee_dans": None}


@transaction.atomic
def raconter(donnees: dict[str, Any]) -> None:
    """Écrit le passé des actions de démonstration, une fois ; leur état d'aujourd'hui demeure."""
    contrat = Contrat.objects.get(slug=donnees["contrat"])
    if contrat.meteos.exists():
        return
    origine = _midi(donnees["origine"])
    inventees = Action.objects.filter(contrat=contrat, fiche=None, demonstration=True)
    for action in avec_etat(inventees):
        etat = etat_de(action)
        _garder(action, {**etat, **A_LANCER}, origine)
        for etape in donnees["etapes"]:
            change = etape["actions"].get(action.numero, {})
            dit = {
                c: v.isoformat() if isinstance(v, datetime.date) else v for c, v in change.items()
            }
            _garder(action, {**etat, **dit}, _midi(etape["le"]))
    Meteo.objects.bulk_create(
        Meteo(
            contrat=contrat,
            valeur=m["valeur"],
            phrase=m["phrase"],
            le=_midi(m["le"]),
            demonstration=True,
        )
        for m in donnees["meteo"]
    )


def _garder(action: Action, etat: dict[str, Any], le: datetime.datetime) -> None:
    EtatAction.objects.create(
        contrat_id=action.contrat_id,
        action=action,
        identifiant=action.public_id,
        etat=etat,
        le=le,
    )


def _midi(jour: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(jour, datetime.time(9)))
