"""Charge le référentiel des territoires écrit en YAML ; rejouable."""

from typing import Any

from django.db import transaction

from territoires.changements import repercuter
from territoires.models import AliasTerritoire, Filiation, Rattachement, Territoire

CHAMPS = ("nom", "type", "code", "generation", "valide_du", "valide_au", "longitude", "latitude")


@transaction.atomic
def charger_territoires(territoires: list[dict[str, Any]]) -> None:
    """Crée les territoires absents, puis leurs rattachements et alias absents."""
    for d in territoires:
        defauts = {champ: d.get(champ) for champ in CHAMPS}
        defauts["code"] = d.get("code") or ""
        Territoire.objects.get_or_create(cle=d["cle"], defaults=defauts)
    objets = {t.cle: t for t in Territoire.objects.all()}
    for d in territoires:
        enfant = objets[d["cle"]]
        for parent in d.get("parents") or ():
            Rattachement.objects.get_or_create(
                enfant=enfant,
                parent=objets[parent["cle"]],
                defaults={"couverture": parent["couverture"]},
            )
        for libelle in d.get("alias") or ():
            AliasTerritoire.objects.get_or_create(territoire=enfant, libelle=libelle)
    repercuter()


@transaction.atomic
def charger_filiations(filiations: list[dict[str, Any]]) -> None:
    """Crée les filiations absentes entre générations de quartiers."""
    objets = {t.cle: t for t in Territoire.objects.all()}
    for d in filiations:
        Filiation.objects.get_or_create(
            ancien=objets.get(d["ancien"]),
            nouveau=objets.get(d["nouveau"]),
            defaults={"nature": d["nature"], "a_verifier": d.get("a_verifier") or ""},
        )
