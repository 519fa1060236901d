"""`manage.py budgets` : les requêtes que fait chaque page, mesurées sur la base en place."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from comptes.models import Utilisateur
from contrats import jetons
from contrats.models import Contrat
from portail.budgets import (
    BUDGETS,
    BUDGETS_AGENT,
    BUDGETS_API,
    BUDGETS_CAMPAGNES,
    BUDGETS_ECRITURE,
    BUDGETS_LIEN,
    BUDGETS_PDF,
    Budget,
)


class Command(BaseCommand):
    help = "Mesure les requêtes SQL de chaque page et point d'accès, et les compare à leur budget."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--markdown", action="store_true", help="tableau Markdown")

    def handle(self, *args: Any, **options: Any) -> None:
        # Les adresses des fichiers statiques ne comptent pas : pas besoin de les avoir collectés.
        simples = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        with override_settings(STORAGES={**settings.STORAGES, "staticfiles": simples}):
            lignes = list(mesurer())
        modele = "| {} | {} | {} | {} |" if options["markdown"] else "{:<24}{:>9}{:>8}  {}"
        self.stdout.write(modele.format("page", "requêtes", "budget", "adresse mesurée"))
        if options["markdown"]:
            self.stdout.write("|---|---:|---:|---|")
        for nom, requetes, budget, adresse in lignes:
            self.stdout.write(modele.format(nom, requetes, budget, adresse))
        depassements = [nom for nom, requetes, budget, _ in lignes if requetes > budget]
        if depassements:
            raise CommandError(f"Budget dépassé : {', '.join(depassements)}.")


def mesurer() -> Any:
    """Nom, requêtes, budget et adresse de chaque page ou point d'accès que la base permet."""
    hote = next((h for h in settings.ALLOWED_HOSTS if h.strip(".*")), "localhost").lstrip(".")
    client = Client(SERVER_NAME=hote)
    for budget in (*BUDGETS, *BUDGETS_PDF, *BUDGETS_API, *BUDGETS_LIEN):
        yield from _mesurer(client, budget)
    administration = Utilisateur.objects.filter(is_superuser=True, is_active=True).first()
    if administration is None:
        return
    # Ni la session ouverte pour mesurer, ni ce que l'on écrit ou lit ne reste dans la base.
    with transaction.atomic():
        administration.notifications.filter(lue_le=None).update(lue_le=timezone.now())
        client.force_login(administration)
        for budget in (*BUDGETS_AGENT, *BUDGETS_CAMPAGNES):
            yield from _mesurer(client, budget)
        client.logout()
        for budget in BUDGETS_ECRITURE:
            yield from _mesurer_l_ecriture(client, budget, administration)
        transaction.set_rollback(True)


def _mesurer(client: Client, budget: Budget) -> Iterator[tuple[str, int, int, str]]:
    adresse = budget.adresse()
    if adresse is None:
        return
    # Une première visite remplit ce que le processus garde : types de contenu, rendu des PDF.
    for _ in range(2):
        with CaptureQueriesContext(connection) as requetes:
            reponse = client.get(adresse)
            reponse.getvalue()  # une réponse en flux lit la base en s'écoulant
    if reponse.status_code != 200:
        raise CommandError(f"{adresse} répond {reponse.status_code}.")
    yield budget.nom, len(requetes), budget.requetes, adresse


def _mesurer_l_ecriture(
    client: Client, budget: Budget, administration: Utilisateur
) -> Iterator[tuple[str, int, int, str]]:
    """Un PATCH, par un jeton du contrat de l'objet, à l'étiquette que rend une lecture."""
    adresse, objet = budget.adresse(), budget.objet()
    if adresse is None or objet is None:
        return
    contrat: Contrat = getattr(objet, "contrat", None) or objet.action.contrat  # type: ignore[attr-defined]
    jeton = jetons.creer(administration, contrat, nom="Mesure", ecriture=True)[1]
    entetes = {"authorization": f"Bearer {jeton}"}
    entetes["if-match"] = client.get(adresse, headers=entetes)["ETag"]
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.patch(
            adresse, budget.corps, content_type="application/json", headers=entetes
        )
    if reponse.status_code != 200:
        raise CommandError(f"PATCH {adresse} répond {reponse.status_code}.")
    yield budget.nom, len(requetes), budget.requetes, adresse
