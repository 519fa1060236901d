"""Lecture des contrats, des fiches et des actions ; suivi des actions."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from api import exports
from api.ecriture import EcritureViewSet
from api.problemes import Refus
from api.saisie import invalide
from api.vues import LectureViewSet
from contrats.api.actions import COLONNES
from contrats.api.jetons import refus_d_ecrire
from contrats.api.serializers import ActionSerializer, ContratSerializer, FicheSerializer
from contrats.api.suivi import SuiviSaisie, suivi_voulu
from contrats.filters import ActionFilterSet, ContratFilterSet, FicheFilterSet
from contrats.models import Action, Contrat, Fiche
from contrats.permissions import Acte, peut
from contrats.transitions import DonneeManquante, TransitionImpossible, ecrire_suivi


class ContratViewSet(LectureViewSet):
    """Contrats publiés, et ceux où le compte est habilité."""

    queryset = Contrat.objects.none()
    serializer_class = ContratSerializer
    filterset_class = ContratFilterSet
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ressource = "contrats"
    ordre_export = ("type", "intitule_court", "pk")
    colonnes = exports.Colonnes(
        id="id",
        url="url",
        type="type",
        statut="statut",
        intitule="intitule",
        intitule_court="intitule_court",
        parent="parent",
        lien="lien",
        dotation_propre="dotation_propre",
        debut="debut",
        fin="fin",
        publie_le="publie_le",
        parties="parties.organisme.nom",
        parties_id="parties.organisme.id",
        territoires="territoires.nom",
        territoires_id="territoires.id",
        version="version",
        modifie_le="modifie_le",
    )

    def get_queryset(self) -> QuerySet[Contrat]:
        return Contrat.objects.visibles_par(self.request.user)


class FicheViewSet(LectureViewSet):
    """Fiches publiées des contrats publiés, et toutes celles des contrats du compte."""

    queryset = Fiche.objects.none()
    serializer_class = FicheSerializer
    filterset_class = FicheFilterSet
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    ressource = "fiches"
    ordre_export = ("contrat__intitule_court", "contrat_id", "ordre", "pk")
    colonnes = exports.Colonnes(
        id="id",
        url="url",
        contrat="contrat",
        axe_nature="axe.nature",
        axe_numero="axe.numero",
        axe_intitule="axe.intitule",
        cle="cle",
        numero="numero",
        ordre="ordre",
        titre="titre",
        statut="statut",
        actions_pilote="actions.pilote",
        actions_court="actions.court",
        actions_moyen_long="actions.moyen_long",
        version="version",
        modifie_le="modifie_le",
    )

    def get_queryset(self) -> QuerySet[Fiche]:
        return Fiche.objects.visibles_par(self.request.user)


class ActionViewSet(EcritureViewSet):
    """Actions, mesures et sous-points des contrats : l'unité suivie, avec ses partenaires.

    `PATCH` en écrit le suivi, à qui peut la suivre : statut, motif, avancement, dates.
    """

    queryset = Action.objects.none()
    serializer_class = ActionSerializer
    filterset_class = ActionFilterSet
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    ressource = "actions"
    ordre_export = ("contrat_id", "fiche__ordre", "ordre", "pk")
    colonnes = COLONNES
    saisie_class = SuiviSaisie

    def get_queryset(self) -> QuerySet[Action]:
        return Action.objects.visibles_par(self.request.user)

    def autoriser(self, objet: Action) -> None:
        if not peut(self.request.user, Acte.SUIVRE, objet):
            raise PermissionDenied(refus_d_ecrire(self.request.user))

    def ecrire(self, objet: Action, champs: dict[str, Any]) -> None:
        suivi = suivi_voulu(objet, champs)
        if suivi.motif and suivi.statut == objet.statut:
            raise invalide({"motif": ["Un motif accompagne un changement de statut."]})
        try:
            ecrire_suivi(objet, suivi, version=objet.version, par=self.request.user)
        except DonneeManquante as erreur:
            raise invalide({erreur.champ: [str(erreur)]}) from erreur
        except TransitionImpossible as erreur:
            raise Refus(409, str(erreur)) from erreur
