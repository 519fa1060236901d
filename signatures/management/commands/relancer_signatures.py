"""Réécrit aux signataires que l'on attend depuis trop longtemps."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from contrats.transitions import TransitionImpossible
from signatures import transitions
from signatures.enums import EtatCampagne
from signatures.models import CampagneSignature


class Command(BaseCommand):
    help = "Relance les signataires attendus, au rythme de chaque campagne de signature."

    def handle(self, *args: Any, **options: Any) -> None:
        en_cours = CampagneSignature.objects.filter(etat=EtatCampagne.EN_COURS, relance_jours__gt=0)
        nombre = 0
        for campagne in en_cours.order_by("pk"):
            depuis = timezone.now() - datetime.timedelta(days=campagne.relance_jours)
            try:
                nombre += transitions.relancer(campagne, par=None, depuis=depuis)
            except TransitionImpossible:
                continue  # terminée ou annulée entre-temps
        self.stdout.write(f"Signatures : {nombre} courriel(s) de relance déposé(s).")
