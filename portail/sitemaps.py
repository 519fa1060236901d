"""`sitemap.xml` : les adresses permanentes de ce que le public peut lire."""

import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from contrats.models import Action, Contrat, Fiche
from edition.models import Versionne
from indicateurs.models import Indicateur
from partenaires.models import Organisme
from territoires.models import Territoire

PAGES = (
    "portail:accueil",
    "contrats:contrat-list",
    "contrats:fiche-list",
    "contrats:action-list",
    "indicateurs:indicateur-list",
    "partenaires:organisme-list",
    "territoires:territoire-list",
    "territoires:quartier-list",
    "portail:donnees",
    "portail:accessibilite",
    "portail:mentions-legales",
    "portail:plan-du-site",
)


class PlanDesPages(Sitemap):
    """Listes et pages fixes."""

    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class PlanDesObjets(Sitemap):
    """Objets d'un modèle, tels que les voit un lecteur anonyme."""

    def __init__(self, modele: Any, *avec: str) -> None:
        self.modele = modele
        self.avec = avec

    def items(self) -> QuerySet:
        visibles = self.modele.objects.visibles_par(AnonymousUser()).order_by("pk")
        return visibles.select_related(*self.avec) if self.avec else visibles

    def lastmod(self, item: Versionne) -> datetime.datetime:
        return item.modifie_le


PLANS = {
    "pages": PlanDesPages(),
    "contrats": PlanDesObjets(Contrat),
    "fiches": PlanDesObjets(Fiche, "contrat"),
    "actions": PlanDesObjets(Action),
    "indicateurs": PlanDesObjets(Indicateur, "contrat"),
    "organismes": PlanDesObjets(Organisme),
    "territoires": PlanDesObjets(Territoire),
}
