"""Filtres des organismes, pour les pages et l'API."""

from typing import Any

import django_filters

from api.filtres import Choix, ModifieApres, ParCle
from partenaires.enums import NatureOrganisme
from partenaires.models import Organisme
from territoires.filters import par_territoire
from texte.recherche import FiltreRecherche


def par_organisme(**kwargs: Any) -> ParCle:
    """Filtre « organisme » des autres listes : clé de l'organisme."""
    return ParCle(
        objets=Organisme.objects.visibles_par,
        cles=("cle",),
        introuvable="Organisme inconnu",
        label="Organisme",
        help_text="Clé de l'organisme.",
        **kwargs,
    )


class OrganismeFilterSet(django_filters.FilterSet):
    """Quels organismes ? `territoire` : celui qu'ils administrent."""

    q = FiltreRecherche(
        "nom", "sigle", "siren", "alias__libelle", help_text="Nom, sigle, SIREN ou alias."
    )
    nature = Choix("nature", choix=NatureOrganisme, label="Nature")
    siren = django_filters.CharFilter("siren", label="SIREN")
    territoire = par_territoire("territoire")
    modifie_apres = ModifieApres()

    class Meta:
        model = Organisme
        fields: list[str] = []
