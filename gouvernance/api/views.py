"""Lecture des instances, des séances, des décisions et des délibérations."""

from django.db.models import QuerySet

from api import exports
from api.vues import LectureViewSet
from gouvernance.api.scdl import COLONNES, ScdlSerializer
from gouvernance.api.serializers import (
    DecisionSerializer,
    DeliberationSerializer,
    InstanceDeGouvernanceSerializer,
    SeanceSerializer,
)
from gouvernance.enums import StatutDeliberation
from gouvernance.filters import (
    DecisionFilterSet,
    DeliberationFilterSet,
    InstanceFilterSet,
    ScdlFilterSet,
    SeanceFilterSet,
)
from gouvernance.models import Decision, Deliberation, Instance, Seance


class ParIdentifiant(LectureViewSet):
    """Un objet se lit par son identifiant public."""

    lookup_field = "public_id"
    lookup_value_converter = "uuid"


class InstanceViewSet(ParIdentifiant):
    """Instances des contrats visibles, avec leurs participants."""

    queryset = Instance.objects.none()
    serializer_class = InstanceDeGouvernanceSerializer
    filterset_class = InstanceFilterSet
    ressource = "instances"
    ordre_export = ("contrat_id", "ordre", "pk")
    colonnes = exports.Colonnes(
        id="id",
        url="url",
        contrat="contrat",
        cle="cle",
        ordre="ordre",
        nom="nom",
        type="type",
        mission="mission",
        frequence="frequence",
        par_an="par_an",
        participants="participations.libelle",
        participants_role="participations.role",
    )

    def get_queryset(self) -> QuerySet[Instance]:
        return Instance.objects.visibles_par(self.request.user)


class SeanceViewSet(ParIdentifiant):
    """Séances annoncées au public, et toutes celles des contrats du compte."""

    queryset = Seance.objects.none()
    serializer_class = SeanceSerializer
    filterset_class = SeanceFilterSet
    ressource = "seances"
    ordre_export = ("-le", "-pk")
    colonnes = exports.Colonnes(
        id="id",
        url="url",
        contrat="contrat",
        instance="instance.nom",
        instance_type="instance.type",
        le="le",
        heure="heure",
        fin="fin",
        lieu="lieu",
        objet="objet",
        statut="statut",
        demonstration="demonstration",
        version="version",
        modifie_le="modifie_le",
    )

    def get_queryset(self) -> QuerySet[Seance]:
        return Seance.objects.visibles_par(self.request.user)


class DecisionViewSet(ParIdentifiant):
    """Décisions des séances closes et publiques, et toutes celles des contrats du compte."""

    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilterSet
    ressource = "decisions"
    ordre_export = ("-seance__le", "seance_id", "ordre", "pk")
    colonnes = exports.Colonnes(
        id="id",
        url="url",
        contrat="contrat",
        seance="seance",
        prise_le="prise_le",
        ordre="ordre",
        texte="texte",
        organisme="organisme.nom",
        fonction="fonction",
        avant_le="avant_le",
        action="action.intitule",
        action_id="action.id",
        fiche="fiche.titre",
        article="article",
        indicateur="indicateur.intitule",
        effet="effet",
        statut="statut",
        en_retard="en_retard",
        suite="suite",
        demonstration="demonstration",
        version="version",
        modifie_le="modifie_le",
    )

    def get_queryset(self) -> QuerySet[Decision]:
        return Decision.objects.visibles_par(self.request.user)


class DeliberationViewSet(ParIdentifiant):
    """Délibérations et projets des contrats visibles."""

    queryset = Deliberation.objects.none()
    serializer_class = DeliberationSerializer
    filterset_class = DeliberationFilterSet
    ressource = "deliberations"
    ordre_export = ("contrat_id", "numero", "pk")
    colonnes = exports.Colonnes(
        id="id",
        url="url",
        contrat="contrat",
        numero="numero",
        point="point",
        statut="statut",
        objet="objet",
        organe="organe",
        rapporteur="rapporteur",
        commission="commission",
        avis="avis",
        avis_le="avis_le",
        seance_le="seance_le",
        vote_effectif="vote_effectif",
        vote_reel="vote_reel",
        vote_pour="vote_pour",
        vote_contre="vote_contre",
        vote_abstention="vote_abstention",
    )

    def get_queryset(self) -> QuerySet[Deliberation]:
        return Deliberation.objects.visibles_par(self.request.user)


class ScdlViewSet(LectureViewSet):
    """Délibérations adoptées, aux colonnes du schéma SCDL « délibérations » 2.1 : un projet n'est
    pas un acte. `?format=csv` rend le fichier à publier."""

    queryset = Deliberation.objects.none()
    serializer_class = ScdlSerializer
    filterset_class = ScdlFilterSet
    ressource = "deliberations-scdl"
    ordre_export = ("seance_le", "numero", "pk")
    colonnes = COLONNES

    def get_queryset(self) -> QuerySet[Deliberation]:
        visibles = Deliberation.objects.visibles_par(self.request.user)
        return visibles.filter(statut=StatutDeliberation.ADOPTEE)
