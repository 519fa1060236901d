"""Qui doit tenir une décision : un organisme de l'annuaire, une fonction, ou les deux.

Le public ne lit que l'organisme : une fonction est un texte libre, où un nom de personne peut se
glisser.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from gouvernance.models import Participation, Seance
from gouvernance.perimetre import contrats_du_comite
from partenaires.models import Organisme
from texte.recherche import SansAccents, normaliser

PROPOSES = 200  # noms proposés sous le champ ; les autres s'écrivent


def trouver(nom: str, lecteur: Any) -> Organisme:
    """L'organisme de ce nom, sigle ou alias, accents et casse à part ; lève `ValidationError`."""
    voulu = normaliser(nom)
    visibles = Organisme.objects.visibles_par(lecteur)
    memes = visibles.alias(_nom=SansAccents("nom"), _sigle=SansAccents("sigle"))
    nommes: list[Any] = list(memes.filter(Q(_nom=voulu) | Q(_sigle=voulu)).order_by("pk")[:3])
    if not nommes:
        alias = visibles.alias(_alias=SansAccents("alias__libelle")).filter(_alias=voulu)
        nommes = list(alias.distinct().order_by("pk")[:3])
    exacts = [o for o in nommes if o.nom == nom] or nommes
    if len(exacts) == 1:
        return exacts[0]
    if exacts:
        noms = " ; ".join(o.nom for o in exacts)
        raise ValidationError(f"Plusieurs organismes portent ce nom : {noms}.")
    raise ValidationError(
        "Aucun organisme de l'annuaire ne porte ce nom : prenez-en un de la liste, ou écrivez-le "
        "sous « Fonction ou service »."
    )


class ChampOrganisme(forms.CharField):
    """Le nom d'un organisme, proposé à mesure ; nettoyé en l'organisme, ou None."""

    def __init__(self, lecteur: Any, **kwargs: Any) -> None:
        self.lecteur = lecteur
        super().__init__(required=False, max_length=254, **kwargs)

    def clean(self, value: Any) -> Organisme | None:
        nom = " ".join(super().clean(value).split())
        return trouver(nom, self.lecteur) if nom else None


def de_la_fonction(seance: Seance, fonction: str) -> Organisme | None:
    """L'organisme que le contrat donne à cette qualité dans l'instance (« Le Préfet »)."""
    memes = Participation.objects.filter(instance=seance.instance_id, libelle=fonction)
    place = memes.exclude(organisme=None).select_related("organisme").order_by("ordre", "pk")
    premiere = place.first()
    return premiere.organisme if premiere else None


def proposer(seance: Seance, action: Any, lecteur: Any) -> list[str]:
    """Les organismes du comité, ceux de l'action d'abord : un choix rapide, pas une limite."""
    contrats = contrats_du_comite(seance.contrat)
    visibles = Organisme.objects.visibles_par(lecteur)
    cites = Q(participations__instance=seance.instance_id) | Q(parties__contrat__in=contrats)
    cites |= Q(partenariats__action__contrat__in=contrats)
    noms = visibles.filter(pk__in=Organisme.objects.filter(cites).values("pk")).pour_liste()
    trouves = list(noms.values_list("nom", flat=True)[:PROPOSES])
    if action is None:
        return trouves
    siens = action.partenariats.filter(organisme__in=visibles.values("pk")).order_by("ordre", "pk")
    return list(dict.fromkeys([*siens.values_list("organisme__nom", flat=True), *trouves]))
