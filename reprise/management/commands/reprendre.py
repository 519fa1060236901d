"""Reprend un document, ou dit en JSON ce que la reprise ferait."""

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from comptes.models import Utilisateur
from contrats.models import Contrat
from gouvernance.models import Session
from reprise.ecriture import RepriseImpossible
from reprise.lecture import DocumentRefuse
from reprise.lecture.isolement import lire_isole
from reprise.lecture.lecteur import verifier_taille
from reprise.models import DocumentRepris
from reprise.rapport import rapport
from reprise.sessions import compris_de, decider, deposer, ecrire_document
from territoires.models import Territoire


class Command(BaseCommand):
    help = (
        "Lit un contrat (DOCX, ODT, PDF, HTML, Markdown, texte), l'écrit « en préparation ». Avec "
        "--simulation, imprime le rapport JSON et n'écrit rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--simulation", action="store_true", help="N'écrit rien.")
        parser.add_argument("--rapport", type=Path, help="Écrit aussi le rapport dans ce fichier.")
        parser.add_argument("--decisions", type=Path, help="Décisions, en JSON (familles, blocs).")
        parser.add_argument("--territoire", default="", help="Clé du territoire du contrat.")
        parser.add_argument(
            "--contrat", default="", help="Contrat de la délibération, de la session."
        )
        parser.add_argument("--par", default="", help="Courriel de l'agent qui reprend.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            octets = self._lire(options["fichier"])
            decisions = self._decisions(options["decisions"])
            if options["simulation"]:
                document = self._sans_ecrire(options["fichier"].name, octets, decisions)
                self._rendre(rapport(document, compris_de(document)), options["rapport"])
                return
            ecrit = self._ecrire(octets, decisions, options)
        except (DocumentRefuse, RepriseImpossible) as erreur:
            raise CommandError(f"{erreur} Rien n'est écrit.") from erreur
        except ValidationError as erreur:
            raise CommandError(f"{' '.join(erreur.messages)} Rien n'est écrit.") from erreur
        self.stdout.write(
            self.style.SUCCESS(f"{ecrit._meta.model.__name__} « {ecrit} » en préparation.")
        )

    def _lire(self, fichier: Path) -> bytes:
        try:
            verifier_taille(fichier.stat().st_size)
            return fichier.read_bytes()
        except OSError as erreur:
            raise CommandError(f"Le fichier {fichier} ne se lit pas.") from erreur

    def _decisions(self, fichier: Path | None) -> dict[str, Any]:
        if fichier is None:
            return {}
        try:
            lues = json.loads(fichier.read_text(encoding="utf-8"))
        except (OSError, ValueError) as erreur:
            raise CommandError(f"Les décisions ({fichier}) ne se lisent pas.") from erreur
        if not isinstance(lues, dict):
            raise CommandError("Les décisions sont un objet JSON.")
        return lues

    def _sans_ecrire(self, nom: str, octets: bytes, decisions: dict[str, Any]) -> DocumentRepris:
        lecture = lire_isole(octets, nom)
        return DocumentRepris(
            nom=nom,
            format=lecture.format,
            taille=len(octets),
            empreinte=hashlib.sha256(octets).hexdigest(),
            lecture=lecture.en_json(),
            decisions=decisions,
        )

    @transaction.atomic
    def _ecrire(self, octets: bytes, decisions: dict[str, Any], options: Any) -> Contrat | Session:
        par = self._un(Utilisateur, "email", options["par"])
        document = deposer(options["fichier"].name, octets, par=par)
        decider(document, decisions, version=document.version, par=par)
        self._rendre(rapport(document, compris_de(document)), options["rapport"])
        return ecrire_document(
            document,
            version=document.version,
            par=par,
            territoire=self._un(Territoire, "cle", options["territoire"]),
            contrat=self._un(Contrat, "slug", options["contrat"]),
        )

    def _un(self, modele: Any, champ: str, valeur: str) -> Any:
        if not valeur:
            return None
        trouve = modele.objects.filter(**{champ: valeur}).first()
        if trouve is None:
            raise CommandError(f"Aucun {modele._meta.verbose_name} « {valeur} ».")
        return trouve

    def _rendre(self, donnees: dict[str, Any], fichier: Path | None) -> None:
        texte = json.dumps(donnees, ensure_ascii=False, indent=2)
        if fichier is not None:
            fichier.write_text(texte + "\n", encoding="utf-8")
        else:
            self.stdout.write(texte)
