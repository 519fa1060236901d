"""`manage.py importer_qpv FICHIER --generation 2024` : la géographie prioritaire officielle."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from territoires.importation.ecriture import appliquer
from territoires.importation.lecture import CODES, lire
from territoires.importation.plan import Plan, preparer
from territoires.importation.refus import Refus


class Command(BaseCommand):
    help = (
        "Importe les quartiers prioritaires d'un GeoJSON (contours, WGS 84) ou d'un CSV de l'ANCT. "
        "Rejouable : ce qui est déjà là n'est pas réécrit. Tout, ou rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path, help="GeoJSON ou CSV, en UTF-8.")
        parser.add_argument(
            "--generation", type=int, choices=sorted(CODES), required=True, help="Décret suivi."
        )
        parser.add_argument(
            "--simulation", action="store_true", help="Dit ce qui changerait, sans rien écrire."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = preparer(lire(options["fichier"], options["generation"]), options["generation"])
            communes = 0 if options["simulation"] else appliquer(plan)
        except Refus as refus:
            raise CommandError(f"Import refusé, rien n'est changé.\n{refus}") from None
        self._raconter(plan, detail=options["verbosity"] > 1)
        self.stdout.write(_compte(plan, options["simulation"]))
        if options["simulation"]:
            self.stdout.write("Simulation : rien n'est écrit.")
        elif communes:
            self.stdout.write(f"Communes créées : {communes}.")

    def _raconter(self, plan: Plan, *, detail: bool) -> None:
        for c in plan.rapproches:
            self.stdout.write(
                f"Rapproché par son nom : « {c.quartier} » reçoit le code {c.lu.code}."
            )
        for c in (c for c in plan.changements if c.ancien_nom):
            self.stdout.write(
                f"Renommé : « {c.ancien_nom} » devient « {c.lu.nom} » (gardé en alias)."
            )
        for c in plan.changements:
            for filiation, nature in c.filiations:
                self.stdout.write(
                    f"Filiation tranchée : {filiation.ancien} → {c.lu.nom}, {nature.label}."
                )
        if detail:
            for c in (*plan.crees, *plan.completes):
                quoi = ", ".join([*c.champs, *(["communes"] if c.communes else [])])
                self.stdout.write(f"{c.lu.code} {c.lu.nom} : {quoi}.")
        for remarque in plan.remarques:
            self.stdout.write(f"À relire : {remarque}")


def _compte(plan: Plan, simulation: bool) -> str:
    crees, completes = ("à créer", "à compléter") if simulation else ("créés", "complétés")
    return (
        f"Génération {plan.generation} : {len(plan.crees)} {crees}, {len(plan.completes)} "
        f"{completes}, {len(plan.inchanges)} sans changement."
    )
