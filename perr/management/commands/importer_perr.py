"""Importe un tableau de PERR, ou dit ce que l'import ferait."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contrats.enums import TypeContrat
from contrats.models import Contrat
from perr.importation.formes import Anomalie, Confiance, FichierRefuse
from perr.importation.lecteur import lire_fichier, verifier_taille
from perr.importation.plan import Plan, prevoir
from perr.importation.sessions import ImportImpossible, appliquer_import, deposer, repondre


class Command(BaseCommand):
    help = (
        "Importe un tableau de PERR (XLSX ou CSV). Les corrections proposées sont suivies, les "
        "questions laissent leurs cellules de côté tant que --reponse ne les tranche pas."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--contrat", default="", help="Adresse (slug) du contrat.")
        parser.add_argument("--simulation", action="store_true", help="N'écrit rien.")
        parser.add_argument(
            "--reponse",
            action="append",
            default=[],
            metavar="CLÉ=VALEUR",
            help="Réponse à une anomalie ; la clé et les valeurs sont imprimées.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        contrat = self._contrat(options["contrat"])
        reponses = dict(self._reponse(r) for r in options["reponse"])
        try:
            octets = self._lire(options["fichier"])
            plan = prevoir(contrat, lire_fichier(octets), reponses)
            self._imprimer(plan)
            if options["simulation"]:
                self.stdout.write("Simulation : rien n'est écrit.")
            elif not plan.change_quelque_chose:
                self.stdout.write("Rien à changer.")
            else:
                objet = deposer(contrat, options["fichier"].name, octets, par=None)
                repondre(objet, reponses, version=objet.version, par=None)
                appliquer_import(objet, version=objet.version, jeton=plan.jeton, par=None)
                self.stdout.write(self.style.SUCCESS("Importé."))
        except (FichierRefuse, ImportImpossible) as erreur:
            raise CommandError(f"{erreur} Rien n'est importé.") from erreur

    def _contrat(self, slug: str) -> Contrat:
        perr = Contrat.objects.filter(type=TypeContrat.PERR).order_by("pk")
        trouves = list(perr.filter(slug=slug) if slug else perr[:2])
        if len(trouves) != 1:
            connus = ", ".join(perr.values_list("slug", flat=True)) or "aucun"
            raise CommandError(f"Dites le contrat par --contrat SLUG. PERR connus : {connus}.")
        return trouves[0]

    def _lire(self, chemin: Path) -> bytes:
        try:
            verifier_taille(chemin.stat().st_size)
            return chemin.read_bytes()
        except OSError as erreur:
            raise CommandError(f"Fichier illisible : {chemin} ({erreur.strerror}).") from erreur

    def _reponse(self, texte: str) -> tuple[str, str]:
        cle, egal, valeur = texte.partition("=")
        if not egal:
            raise CommandError(f"Réponse « {texte} » : écrivez CLÉ=VALEUR.")
        return cle, valeur

    def _imprimer(self, plan: Plan) -> None:
        for phrase in plan.ajouts.phrases:
            self.stdout.write(f"Sera créé — {phrase}")
        self.stdout.write(
            f"Cellules : {len(plan.creations)} créées, {len(plan.modifications)} modifiées, "
            f"{len(plan.vidages)} vidées, {plan.nb_inchangees} inchangées, "
            f"{len(plan.en_attente)} en attente d'une réponse, {plan.nb_ecartees} écartées."
        )
        for anomalie in plan.anomalies:
            self._anomalie(anomalie)

    def _anomalie(self, anomalie: Anomalie) -> None:
        marque = "QUESTION" if anomalie.en_attente else "Anomalie"
        self.stdout.write(f"{marque} {anomalie.cle} — {anomalie.endroit} : {anomalie.constat}")
        self.stdout.write(f"    {anomalie.raison}")
        if anomalie.libelle_propose:
            confiance = f"confiance {Confiance(anomalie.confiance).label}"
            self.stdout.write(f"    Proposé : {anomalie.libelle_propose} ({confiance})")
        if anomalie.reponse:
            self.stdout.write(f"    Répondu : {anomalie.libelle_retenu}")
        elif anomalie.en_attente:
            for valeur, libelle in anomalie.options:
                self.stdout.write(f"    --reponse {anomalie.cle}={valeur} : {libelle}")
