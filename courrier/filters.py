"""Filtre de la boîte de démonstration."""

import django_filters

from courrier.models import Courriel


class CourrielFilterSet(django_filters.FilterSet):
    destinataire = django_filters.CharFilter("destinataire", "icontains", label="Destinataire")

    class Meta:
        model = Courriel
        fields = []
