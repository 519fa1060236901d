"""Charge les données de démonstration de `fixtures/` ; rejouable sans rien dupliquer."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from avenants.chargement import charger_avenants
from campagnes.demonstration import charger_contacts
from comptes.demonstration import MOT_DE_PASSE, comptes_de_demonstration
from comptes.models import Utilisateur
from contrats.chargement import charger_contrat, charger_modeles
from contrats.chargement.parcours import rejouer
from contrats.enums import RoleHabilitation
from contrats.models import Contrat, Habilitation
from gouvernance.chargement import (
    charger_avis,
    charger_deliberations,
    charger_instances,
    charger_seances,
    charger_sessions,
)
from indicateurs.chargement import charger_indicateurs
from indicateurs.demonstration import inventer
from partenaires.chargement import charger_organismes, charger_personnes
from partenaires.models import Organisme
from perr.chargement import charger_matrice
from tableaux.demonstration import raconter
from territoires.chargement import charger_filiations, charger_territoires


class Command(BaseCommand):
    help = "Charge territoires, organismes, contrats et comptes de démonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "Ces données sont de démonstration : réglez DEMONSTRATION=1 pour les charger."
            )
        with transaction.atomic():
            charger(Path(settings.BASE_DIR) / "fixtures")
        self.stdout.write(f"{Contrat.objects.count()} contrats de démonstration en place.")
        self.stdout.write("Comptes de démonstration (mot de passe commun) :")
        for courriel, role in comptes_de_demonstration():
            self.stdout.write(f"  {courriel:<42} {role}")
        self.stdout.write(f"  mot de passe : {MOT_DE_PASSE}")


def charger(dossier: Path) -> None:
    """Charge tout `dossier` dans l'ordre des références : territoires, organismes, contrats."""
    reference = dossier / "reference"
    charger_territoires(_lire(reference / "territoires.yaml"))
    charger_filiations(_lire(reference / "filiations.yaml"))
    charger_organismes(_lire(reference / "organismes.yaml"))
    charger_personnes(_lire(reference / "personnes.yaml"))
    charger_modeles(_lire(reference / "modeles_fiche.yaml"))
    for fichier in sorted((dossier / "contrats").glob("*.yaml")):
        donnees = _lire(fichier)
        contrat = charger_contrat(donnees)
        charger_instances(contrat, donnees.get("instances") or [])
        charger_deliberations(contrat, donnees.get("deliberations") or [])
        charger_avis(contrat, donnees.get("avis") or [])
        charger_seances(contrat, donnees.get("seances") or [])
    for fichier in sorted((dossier / "perr").glob("*.yaml")):
        charger_matrice(_lire(fichier))
    for fichier in sorted((dossier / "indicateurs").glob("*.yaml")):
        charger_indicateurs(_lire(fichier), inventer)
    charger_sessions(_lire(reference / "sessions.yaml"))
    charger_contacts(_lire(reference / "contacts.yaml"))
    for compte in _lire(reference / "comptes.yaml"):
        _charger_compte(compte)
    for fichier in sorted((dossier / "demonstration").glob("*.yaml")):
        donnees = _lire(fichier)
        rejouer(charger_contrat(donnees["contrat"]), donnees["parcours"])
    for fichier in sorted((dossier / "avenants").glob("*.yaml")):
        charger_avenants(_lire(fichier))

    for fichier in sorted((dossier / "tableaux").glob("*.yaml")):
        raconter(_lire(fichier))


def _lire(fichier: Path) -> Any:
    # Le lecteur écrit en C est dix fois plus rapide que l'autre, et aussi prudent.
    return yaml.load(fichier.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _charger_compte(d: dict[str, Any]) -> None:
    utilisateur = Utilisateur.objects.filter(email=d["email"]).first()
    if utilisateur is None:
        utilisateur = Utilisateur.objects.create_user(
            d["email"],
            MOT_DE_PASSE,
            prenom=d["prenom"],
            nom=d["nom"],
            organisme=Organisme.objects.get(cle=d["organisme"]) if d.get("organisme") else None,
            is_staff=d["est_administrateur"],
            is_superuser=d["est_administrateur"],
        )
    for h in d.get("habilitations") or ():
        Habilitation.objects.get_or_create(
            utilisateur=utilisateur,
            contrat=Contrat.objects.get(slug=h["contrat"]),
            defaults={"role": RoleHabilitation(h["role"])},
        )
