"""Filtre de la boîte."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from notifications.models import Notification
from notifications.registre import EVENEMENTS


class NotificationFilterSet(django_filters.FilterSet):
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[("non_lues", "Non lues"), ("lues", "Lues")],
        empty_label="Toutes",
        method="filter_etat",
    )
    evenement = django_filters.ChoiceFilter(
        "evenement", label="Événement", choices=[], empty_label="Tous"
    )

    class Meta:
        model = Notification
        fields = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Les événements se déclarent au démarrage, après l'import de cette classe.
        self.filters["evenement"].extra["choices"] = [
            (e.cle, e.libelle) for e in EVENEMENTS.values()
        ]

    def filter_etat(self, lignes: QuerySet, nom: str, valeur: Any) -> QuerySet:
        return lignes.filter(lue_le__isnull=valeur == "non_lues")
