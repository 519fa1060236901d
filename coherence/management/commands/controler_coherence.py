"""`manage.py controler_coherence SLUG` : les discordances d'un contrat, en phrases ou en JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coherence.formes import Constat
from coherence.service import bilan
from contrats.models import Contrat


class Command(BaseCommand):
    help = "Contrôle la cohérence d'un contrat ; finit en erreur s'il reste un constat qui bloque."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--json", action="store_true", help="en JSON, sur la sortie")

    def handle(self, *args: Any, slug: str, json: bool = False, **options: Any) -> None:
        contrat = Contrat.objects.filter(slug=slug).first()
        if contrat is None:
            raise CommandError(f"Aucun contrat à cette adresse : {slug}")
        fait = bilan(contrat)
        if json:
            self.stdout.write(en_json(slug, fait.restants, len(fait.ecartes)))
        else:
            for gravite, constats in fait.groupes:
                self.stdout.write(f"{gravite.label} ({len(constats)})")
                for constat in constats:
                    self.stdout.write(f"- {constat.regle.label} : {constat.phrase}")
            self.stdout.write(
                f"{len(fait.restants)} constat(s), {len(fait.ecartes)} écarté(s), "
                f"{len(fait.bloquants)} à corriger avant de figer."
            )
        if fait.bloquants:
            raise CommandError(f"{len(fait.bloquants)} constat(s) à corriger avant de figer.")


def en_json(slug: str, constats: list[Constat], ecartes: int) -> str:
    return json.dumps(
        {
            "contrat": slug,
            "ecartes": ecartes,
            "constats": [
                {
                    "cle": c.cle,
                    "regle": c.regle,
                    "gravite": c.gravite,
                    "phrase": c.phrase,
                    "objet": c.objet.repere,
                    "adresse": c.objet.adresse,
                    "attendu": c.attendu,
                    "lu": c.lu,
                }
                for c in constats
            ],
        },
        ensure_ascii=False,
        indent=2,
    )
