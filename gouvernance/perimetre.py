"""Ce dont une séance peut parler : son contrat, et ceux qui s'y rattachent."""

from typing import Any

from django.db.models import Q, QuerySet

from contrats.models import Action, Contrat
from contrats.models.action import ActionQuerySet
from contrats.models.perimetre import PROFONDEUR
from indicateurs.models import Indicateur
from indicateurs.models.referentiel import IndicateurQuerySet


def contrats_du_comite(contrat: Contrat) -> QuerySet[Contrat, int]:
    """Le contrat, ses annexes, avenants et déclinaisons (identifiants, pour un `__in`, sans
    requête à part) : le comité du contrat de ville suit aussi son PERR."""
    lignee = Q(pk=contrat.pk)
    for rang in range(1, PROFONDEUR + 1):
        lignee |= Q(**{"__".join(["parent"] * rang): contrat.pk})
    return Contrat.objects.filter(lignee).values_list("pk", flat=True)


def indicateurs_du_comite(contrat: Contrat, lecteur: Any) -> IndicateurQuerySet:
    """Ceux du contrat, de ses annexes et de ses parents, que le lecteur voit."""
    suivis = Indicateur.objects.suivis_par(contrat).values("pk")
    siens = Q(pk__in=suivis) | Q(contrat__in=contrats_du_comite(contrat))
    lignes: IndicateurQuerySet = Indicateur.objects.visibles_par(lecteur).filter(siens)
    return lignes.retenus().select_related("contrat").order_by("contrat", "ordre", "pk")


def actions_du_comite(contrat: Contrat) -> ActionQuerySet:
    """Les actions suivies par le comité, hors des fiches à la corbeille, dans l'ordre imprimé."""
    lignes: ActionQuerySet = Action.objects.filter(contrat__in=contrats_du_comite(contrat))
    return lignes.filter(Q(fiche=None) | Q(fiche__supprimee_le=None)).ordonnees()
