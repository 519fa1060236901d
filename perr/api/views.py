"""Lecture et écriture des déclinaisons, et lecture de la matrice d'un contrat en un appel."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.request import Request

from api.ecriture import EcritureViewSet
from api.problemes import ParametreInvalide, Refus
from api.saisie import invalide
from api.vues import LectureViewSet, contexte
from contrats.api.jetons import refus_d_ecrire
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from perr.api.matrice import matrice
from perr.api.serializers import (
    COLONNES,
    DeclinaisonSaisie,
    DeclinaisonSerializer,
    MatriceSerializer,
)
from perr.ecriture import CellulesInvalides, CellulesPerimees
from perr.filters import DeclinaisonFilterSet, MatriceFilterSet
from perr.models import Declinaison
from perr.saisie import Saisie


class DeclinaisonViewSet(EcritureViewSet):
    """Cellules remplies des matrices action × quartier : ce qu'une action devient quelque part.

    La matrice entière d'un contrat se lit en un appel, avec les mêmes filtres :
    `/api/v1/contrats/<contrat>/matrice/`. `PATCH` en écrit le corps, à qui rédige le contrat ; une
    case imprimée pour deux actions s'écrit dans ses deux cellules.
    """

    queryset = Declinaison.objects.none()
    serializer_class = DeclinaisonSerializer
    filterset_class = DeclinaisonFilterSet
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    ressource = "declinaisons"
    ordre_export = (
        "action__contrat_id",
        "colonne__annexe__ordre_imprime",
        "action__ordre",
        "colonne__rang",
        "pk",
    )
    colonnes = COLONNES
    saisie_class = DeclinaisonSaisie

    def get_queryset(self) -> QuerySet[Declinaison]:
        visibles = Declinaison.objects.visibles_par(self.request.user)
        return visibles.select_related("action__contrat")

    def autoriser(self, objet: Declinaison) -> None:
        if not peut(self.request.user, Acte.MODIFIER, objet.action.contrat):
            raise PermissionDenied(refus_d_ecrire(self.request.user))

    def ecrire(self, objet: Declinaison, champs: dict[str, Any]) -> None:
        saisie = Saisie(objet.action.contrat, self.request.user)
        place = {"action": objet.action_id, "colonne": objet.colonne_id, "version": objet.version}
        try:
            modifications = saisie.lire([{**place, **champs}])
            if any(m.contenu is None for m in modifications):
                raise invalide({"texte": ["Une cellule se vide à l'écran, pas par l'API."]})
            saisie.enregistrer(modifications, motif=f"API : {objet.action}"[:300])
        except CellulesInvalides as erreur:
            raise invalide({c: [m] for f in erreur.fautes.values() for c, m in f.items()}) from None
        except CellulesPerimees:
            raise Refus(412) from None


class MatriceViewSet(LectureViewSet):
    """Matrice action × quartier d'un contrat : annexes, colonnes, lignes, cellules et totaux.

    Mêmes filtres que l'écran. Une ligne nomme ses cellules vides : `vides=true` les donne toutes.
    """

    queryset = Contrat.objects.none()
    serializer_class = MatriceSerializer
    filterset_class = MatriceFilterSet
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ressource = "matrice"
    filtres_de_l_objet = True

    @classmethod
    def filtres(cls) -> dict[str, Any]:
        """Le contrat est dans l'adresse."""
        return {nom: f for nom, f in super().filtres().items() if nom != "contrat"}

    def retrieve(self, request: Request, slug: str) -> HttpResponseBase:
        self.refuser_inconnus({"format", *self.filtres()})
        contrat = Contrat.objects.visibles_par(request.user).filter(slug=slug).first()
        if contrat is None:
            raise exceptions.NotFound
        jeu = MatriceFilterSet(request.query_params, request=request, contrat=contrat)
        if not jeu.is_valid():
            raise ParametreInvalide(jeu.errors)
        url = request.build_absolute_uri()
        return self.reponse(matrice(contrat, jeu, contexte(request), url))
