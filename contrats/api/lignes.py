"""Lignes des sections de fiche (jalons, risques, critères…), sous une forme unique."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.lecture import Contexte
from contrats.api.formes import contrats_visibles
from contrats.enums import NatureCritere, NatureSection, Precision
from contrats.models import Critere, Facteur, Jalon, Livrable, ProjetLie, Responsable, Risque

MODELES = {
    NatureSection.JALONS: Jalon,
    NatureSection.LIVRABLES: Livrable,
    NatureSection.RISQUES: Risque,
    NatureSection.FACTEURS: Facteur,
    NatureSection.CRITERES: Critere,
    NatureSection.PROJETS_LIES: ProjetLie,
    NatureSection.RESPONSABLES: Responsable,
}
# Champ public → colonne, selon la nature ; un champ sans objet pour une nature est null.
PROPRES = {
    NatureSection.JALONS: ("echeance_texte", "echeance", "precision"),
    NatureSection.LIVRABLES: ("echeance_texte", "echeance", "precision"),
    NatureSection.RISQUES: ("imprime_sous",),
    NatureSection.CRITERES: ("nature",),
    NatureSection.PROJETS_LIES: ("cible_id",),
    NatureSection.RESPONSABLES: ("personne__prenom", "personne__nom", "organisme__cle"),
}


class LigneSerializer(serializers.Serializer):
    """Ligne d'une section ; les champs sans objet pour sa nature sont null."""

    intitule = serializers.CharField()
    echeance_texte = serializers.CharField(allow_null=True, help_text="Jalon, livrable.")
    echeance = serializers.DateField(allow_null=True, help_text="Jalon, livrable.")
    precision = serializers.ChoiceField(
        choices=Precision.choices, allow_null=True, help_text="Jalon, livrable."
    )
    nature = serializers.ChoiceField(
        choices=NatureCritere.choices, allow_null=True, help_text="Critère."
    )
    imprime_sous = serializers.CharField(allow_null=True, help_text="Risque.")
    contrat = serializers.SlugField(allow_null=True, help_text="Projet lié décrit ici.")
    personne = serializers.CharField(allow_null=True, help_text="Responsable.")
    organisme = serializers.SlugField(allow_null=True, help_text="Responsable : clé.")


VIDE = dict.fromkeys(LigneSerializer().fields)


def lignes(contexte: Contexte, sections: list[tuple[int, str]]) -> list[list[dict[str, Any]]]:
    """Les lignes de chaque section `(pk, nature)` : une requête par nature présente."""
    par_nature = defaultdict(list)
    for pk, nature in sections:
        par_nature[nature].append(pk)
    lues: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for nature, modele in MODELES.items():
        if nature in par_nature:
            queryset = modele.objects.filter(section__in=par_nature[nature])
            _lire(contexte, nature, queryset.order_by("ordre", "pk"), lues)
    return [lues.get(pk, []) for pk, _ in sections]


def _lire(
    contexte: Contexte, nature: str, queryset: QuerySet, lues: dict[int, list[dict[str, Any]]]
) -> None:
    propres = PROPRES.get(nature, ())
    brutes = list(queryset.values_list("section_id", "intitule", *propres))
    cibles = [None] * len(brutes)
    if nature == NatureSection.PROJETS_LIES:
        cibles = contrats_visibles(contexte, [(ligne[2],) for ligne in brutes])
    for (section, intitule, *valeurs), cible in zip(brutes, cibles, strict=True):
        ligne = {**VIDE, "intitule": intitule}
        if nature == NatureSection.PROJETS_LIES:
            ligne["contrat"] = cible
        elif nature == NatureSection.RESPONSABLES:
            ligne["personne"] = f"{valeurs[0]} {valeurs[1]}".strip()
            ligne["organisme"] = valeurs[2]
        else:
            ligne.update(zip(propres, valeurs, strict=True))
        lues[section].append(ligne)
