"""Dire à côté des chiffres : la météo, un constat. Rien ne s'efface, un avis suit l'autre."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from comptes.models import Utilisateur
from contrats.models import Axe, Contrat, Engagement, Jalon
from contrats.permissions import Acte, peut
from tableaux.models import Constat, Meteo


class PromesseInconnue(Exception):
    """Ce qu'on constate n'est plus une promesse du contrat : 409."""


def _exiger(par: Utilisateur, contrat: Contrat) -> None:
    if not peut(par, Acte.RELIRE, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en dire la météo.")


@transaction.atomic
def dire_la_meteo(
    contrat: Contrat, *, valeur: str, phrase: str, axe: str = "", par: Utilisateur
) -> Meteo:
    """Sur le contrat, ou sur un de ses programmes (clé)."""
    _exiger(par, contrat)
    return Meteo.objects.create(
        contrat=contrat,
        axe=axes_du_contrat(contrat).get(cle=axe) if axe else None,
        valeur=valeur,
        phrase=phrase,
        auteur=par,
    )


@transaction.atomic
def constater_une_promesse(
    contrat: Contrat, *, promesse: str, etat: str, phrase: str = "", par: Utilisateur
) -> Constat:
    """`promesse` : une clé de `promesses_de`. Lève `PromesseInconnue` si elle n'y est plus."""
    _exiger(par, contrat)
    cible = _cibles(contrat).get(promesse)
    if cible is None:
        raise PromesseInconnue("Cette promesse n'est plus au contrat : relisez la page.")
    return Constat.objects.create(contrat=contrat, etat=etat, phrase=phrase, auteur=par, **cible[1])


def promesses_de(contrat: Contrat) -> list[tuple[str, str]]:
    """Engagements du contrat et jalons de ses fiches, clé et libellé."""
    return [(cle, libelle) for cle, (libelle, _) in _cibles(contrat).items()]


def axes_du_contrat(contrat: Contrat) -> Any:
    """Les axes qui portent ses actions, à lui ou au contrat qu'il complète."""
    portants = contrat.actions.exclude(axe=None).values("axe")
    return Axe.objects.filter(pk__in=portants).order_by("ordre", "pk")


def _cibles(contrat: Contrat) -> dict[str, tuple[str, dict[str, Any]]]:
    cibles: dict[str, tuple[str, dict[str, Any]]] = {}
    for e in Engagement.objects.filter(contrat=contrat).order_by("ordre", "pk"):
        cibles[f"engagement:{e.pk}"] = (
            f"Engagement {e.ordre} : {e.texte[:120]}",
            {"engagement": e},
        )
    jalons = Jalon.objects.filter(
        section__fiche__contrat=contrat, section__fiche__supprimee_le=None
    ).select_related("section__fiche")
    for j in jalons.order_by("section__fiche__ordre", "section__ordre", "ordre", "pk"):
        fiche = j.section.fiche
        cle = f"jalon:{fiche.pk}:{j.intitule}"
        cibles[cle] = (f"Jalon : {j.intitule[:120]}", {"fiche": fiche, "jalon": j.intitule})
    return cibles
