"""Charge organismes et personnes écrits en YAML ; rejouable."""

from typing import Any

from django.db import transaction

from partenaires.models import AliasOrganisme, Mandat, Organisme, Personne
from territoires.models import Territoire


@transaction.atomic
def charger_organismes(organismes: list[dict[str, Any]]) -> None:
    """Crée les organismes absents, leurs alias et leurs composants."""
    for d in organismes:
        organisme, _ = Organisme.objects.get_or_create(
            cle=d["cle"],
            defaults={
                "nom": d["nom"],
                "sigle": d.get("sigle") or "",
                "nature": d["nature"],
                "siren": d.get("siren") or "",
                "territoire": Territoire.objects.get(cle=d["territoire"])
                if d.get("territoire")
                else None,
            },
        )
        for libelle in d.get("alias") or ():
            AliasOrganisme.objects.get_or_create(libelle=libelle, defaults={"organisme": organisme})
    for d in organismes:
        if d.get("composants"):
            ensemble = Organisme.objects.get(cle=d["cle"])
            ensemble.composants.add(*Organisme.objects.filter(cle__in=d["composants"]))


@transaction.atomic
def charger_personnes(personnes: list[dict[str, Any]]) -> None:
    """Crée les personnes absentes et leurs mandats ; jamais de coordonnées."""
    for d in personnes:
        personne, _ = Personne.objects.get_or_create(
            cle=d["cle"],
            defaults={c: d.get(c) or "" for c in ("civilite", "prenom", "nom")},
        )
        for mandat in d.get("mandats") or ():
            Mandat.objects.get_or_create(
                personne=personne,
                organisme=Organisme.objects.get(cle=mandat["organisme"]),
                qualite=mandat["qualite"],
                defaults={"diffusion": mandat["diffusion"]},
            )
