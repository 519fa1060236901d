"""Créer et modifier une séance ; ce qu'affiche sa page."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction

from comptes.models import Utilisateur
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from edition.ecriture import mettre_a_jour
from gouvernance import etat, transitions
from gouvernance.enums import StatutSeance
from gouvernance.forms import SeanceForm
from gouvernance.lisibles import Lisibles
from gouvernance.models import Decision, Point, Seance
from gouvernance.presences import attendre_les_membres

CHAMPS = ("instance", "le", "heure", "fin", "lieu", "objet", "quorum", "publique")


@transaction.atomic
def creer(formulaire: SeanceForm, *, par: Utilisateur) -> Seance:
    """Une séance en préparation, et les membres de son instance, attendus."""
    seance: Seance = formulaire.save(commit=False)
    if not peut(par, Acte.CONDUIRE, seance.contrat):
        raise PermissionDenied("Préparer une séance : votre rôle ne le permet pas.")
    seance.save()
    attendre_les_membres(seance)
    return seance


def modifier(seance: Seance, formulaire: SeanceForm, *, version: int, par: Utilisateur) -> None:
    """Écrit à la version lue ; close ou annulée, une séance ne change plus."""
    if not peut(par, Acte.CONDUIRE, seance.contrat):
        raise PermissionDenied("Modifier une séance : votre rôle ne le permet pas.")
    if seance.statut not in (*StatutSeance.a_venir(), StatutSeance.OUVERTE):
        raise TransitionImpossible(f"La séance est « {seance.get_statut_display()} ».")
    champs: dict[str, Any] = {champ: formulaire.cleaned_data[champ] for champ in CHAMPS}
    mettre_a_jour(seance, version=version, **champs)


class PageSeance:
    """Ce que le lecteur voit d'une séance : le public, les décisions d'une séance close."""

    def __init__(self, seance: Seance, lecteur: Utilisateur | AnonymousUser) -> None:
        self.seance = seance
        self.lecteur = lecteur

    @cached_property
    def de_l_atelier(self) -> bool:
        return peut(self.lecteur, Acte.LIRE_ATELIER, self.seance.contrat)

    @cached_property
    def modifiable(self) -> bool:
        return peut(self.lecteur, Acte.MODIFIER, self.seance.contrat)

    @cached_property
    def possibles(self) -> list[Any]:
        if not self.lecteur.is_authenticated:
            return []
        return transitions.possibles(self.seance, self.lecteur)

    @cached_property
    def points(self) -> list[Point]:
        """L'ordre du jour ; le public n'en lit pas les points dont l'objet lui est fermé."""
        points = self.seance.points.select_related(
            "action__contrat",
            "fiche__contrat",
            "article__contrat",
            "indicateur__contrat",
            "indicateur__reference",
            "deliberation",
        )
        tous = list(points.order_by("ordre", "pk"))
        if self.de_l_atelier:
            return tous
        lisibles = Lisibles(tous, self.lecteur)
        return [p for p in tous if lisibles.voit(p)]

    @cached_property
    def decisions(self) -> list[Decision]:
        """Toutes à qui a un rôle ; au public, celles d'une séance close."""
        if not self.de_l_atelier and self.seance.statut != StatutSeance.CLOSE:
            return []
        lignes = self.seance.decisions.select_related(
            "seance__instance__contrat",
            "action__contrat",
            "fiche__contrat",
            "article__contrat",
            "indicateur__contrat",
            "organisme",
        )
        return list(lignes.order_by("ordre", "pk"))

    @cached_property
    def lisibles(self) -> Lisibles:
        """Ce que visent points et décisions et que le lecteur peut ouvrir ; le reste est tu."""
        return Lisibles([*self.points, *self.decisions], self.lecteur)

    @cached_property
    def comptes(self) -> list[dict[str, Any]]:
        """Les actions par état, telles que figées."""
        return etat.comptes(self.seance.etat_fige)

    @cached_property
    def versions(self) -> list[Any]:
        lignes = self.seance.versions.select_related("fiche", "contrat")
        return list(lignes.order_by("contrat", "fiche__ordre", "pk"))
