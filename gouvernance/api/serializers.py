"""Forme publique des instances, des séances, des décisions et des délibérations."""

import datetime
from typing import Any

from rest_framework import serializers

from api.lecture import Calcule, Contexte, Lu
from api.vues import lien
from contrats.api.formes import (
    ActionBreveSerializer,
    FicheBreveSerializer,
    actions_visibles,
    fiches_visibles,
    ou_null,
)
from contrats.enums import TransitionAction
from contrats.models import Article, Contrat
from contrats.permissions import Acte, peut
from gouvernance.enums import StatutDecision
from gouvernance.models import Decision, Deliberation, Instance, Participation, Seance
from indicateurs.models import Indicateur
from partenaires.api.serializers import OrganismeBrefSerializer


class ParticipantSerializer(serializers.ModelSerializer):
    """Place d'un organisme, ou d'une famille d'acteurs, dans une instance."""

    organisme = OrganismeBrefSerializer(allow_null=True)

    class Meta:
        model = Participation
        fields = ["ordre", "role", "libelle", "organisme"]


class InstanceDeGouvernanceSerializer(serializers.ModelSerializer):
    """Comité, groupe ou conférence qu'un contrat institue."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("instances"), forme=serializers.URLField())
    contrat = serializers.SlugField(source="contrat.slug", help_text="Adresse du contrat.")
    participations = ParticipantSerializer(many=True)

    class Meta:
        model = Instance
        fields = [
            "id",
            "url",
            "contrat",
            "cle",
            "ordre",
            "nom",
            "type",
            "mission",
            "frequence",
            "par_an",
            "participations",
        ]


class InstanceBreveSerializer(serializers.ModelSerializer):
    """Instance citée par une séance."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Instance
        fields = ["id", "cle", "nom", "type"]


class SeanceSerializer(serializers.ModelSerializer):
    """Réunion d'une instance : date, lieu, état ; jamais une personne."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("seances"), forme=serializers.URLField())
    contrat = serializers.SlugField(source="instance.contrat.slug", help_text="Adresse du contrat.")
    instance = InstanceBreveSerializer()

    class Meta:
        model = Seance
        fields = [
            "id",
            "url",
            "contrat",
            "instance",
            "le",
            "heure",
            "fin",
            "lieu",
            "objet",
            "statut",
            "demonstration",
            "version",
            "modifie_le",
        ]


def en_retard(contexte: Contexte, statut: str, avant_le: datetime.date | None) -> bool:
    """Même règle que `Decision.est_en_retard`."""
    return (
        statut == StatutDecision.A_FAIRE
        and avant_le is not None
        and avant_le < contexte["aujourdhui"]
    )


class IndicateurViseSerializer(serializers.ModelSerializer):
    """Indicateur cité par une décision."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Indicateur
        fields = ["id", "intitule"]


def indicateurs_visibles(contexte: Contexte, lignes: list[tuple[Any, ...]]) -> list[Any]:
    """Indicateur visé, en bref ; null s'il n'est pas visible du lecteur."""
    cles = {pk for (pk,) in lignes if pk is not None}
    if not cles:
        return [None] * len(lignes)
    visibles = Indicateur.objects.visibles_par(contexte["utilisateur"]).filter(pk__in=cles)
    lus = {
        pk: {"id": public_id, "intitule": intitule}
        for pk, public_id, intitule in visibles.values_list("pk", "public_id", "intitule")
    }
    return [lus.get(pk) for (pk,) in lignes]


def articles_visibles(contexte: Contexte, lignes: list[tuple[Any, ...]]) -> list[Any]:
    """Numéro de l'article visé ; null si son contrat n'est pas visible du lecteur."""
    cles = {pk for (pk,) in lignes if pk is not None}
    if not cles:
        return [None] * len(lignes)
    contrats = Contrat.objects.visibles_par(contexte["utilisateur"]).values("pk")
    visibles = Article.objects.filter(pk__in=cles, contrat__in=contrats)
    lus = dict(visibles.values_list("pk", "numero"))
    return [lus.get(pk) for (pk,) in lignes]


def fonction_lisible(contexte: Contexte, fonction: str, contrat: int) -> str | None:
    """Texte libre : il ne sort pas de l'atelier."""
    interne = peut(contexte["utilisateur"], Acte.LIRE_ATELIER, Contrat(pk=contrat))
    return (fonction or None) if interne else None


class DecisionSerializer(serializers.ModelSerializer):
    """Ce qu'une séance a décidé, et ce que c'est devenu."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("decisions"), forme=serializers.URLField())
    contrat = serializers.SlugField(
        source="seance.instance.contrat.slug", help_text="Adresse du contrat."
    )
    seance = serializers.UUIDField(source="seance.public_id", help_text="Séance qui l'a prise.")
    prise_le = serializers.DateField(source="seance.le", help_text="Date de la séance.")
    organisme = OrganismeBrefSerializer(
        allow_null=True, help_text="Qui la doit ; null s'il n'est pas de l'annuaire."
    )
    fonction = Calcule(
        "fonction",
        "seance__instance__contrat_id",
        par=fonction_lisible,
        forme=serializers.CharField(allow_null=True),
        help_text="Fonction ou service qui la doit ; null pour qui n'a pas de rôle sur le contrat.",
    )
    action = Lu("action_id", par=actions_visibles, forme=ActionBreveSerializer(allow_null=True))
    fiche = Lu("fiche_id", par=fiches_visibles, forme=FicheBreveSerializer(allow_null=True))
    article = Lu(
        "article_id",
        par=articles_visibles,
        forme=serializers.CharField(allow_null=True),
        help_text="Numéro de l'article du contrat.",
    )
    indicateur = Lu(
        "indicateur_id",
        par=indicateurs_visibles,
        forme=IndicateurViseSerializer(allow_null=True),
    )
    effet = Calcule(
        "effet",
        par=ou_null,
        forme=serializers.ChoiceField(choices=TransitionAction.choices, allow_null=True),
        help_text="Ce que la clôture fait à l'action.",
    )
    en_retard = Calcule("statut", "avant_le", par=en_retard, forme=serializers.BooleanField())
    demonstration = serializers.BooleanField(source="seance.demonstration")

    class Meta:
        model = Decision
        fields = [
            "id",
            "url",
            "contrat",
            "seance",
            "prise_le",
            "ordre",
            "texte",
            "organisme",
            "fonction",
            "avant_le",
            "action",
            "fiche",
            "article",
            "indicateur",
            "effet",
            "statut",
            "en_retard",
            "suite",
            "demonstration",
            "version",
            "modifie_le",
        ]


class ArticleDecideSerializer(serializers.Serializer):
    """Article d'une délibération."""

    numero = serializers.CharField()
    texte = serializers.CharField()


def tel_quel(contexte: Contexte, valeur: Any) -> Any:
    return valeur


def vote_reel(contexte: Contexte, *votes: int | None) -> int | None:
    """Même règle que `Deliberation.vote_reel`."""
    return None if None in votes else sum(v for v in votes if v is not None)


VOTES = ("vote_pour", "vote_contre", "vote_abstention")


class DeliberationSerializer(serializers.ModelSerializer):
    """Délibération d'une assemblée, ou son projet."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("deliberations"), forme=serializers.URLField())
    contrat = serializers.SlugField(source="contrat.slug", help_text="Adresse du contrat.")
    visas = Calcule(
        "visas", par=tel_quel, forme=serializers.ListField(child=serializers.CharField())
    )
    articles = Calcule("articles", par=tel_quel, forme=ArticleDecideSerializer(many=True))
    vote_reel = Calcule(*VOTES, par=vote_reel, forme=serializers.IntegerField(allow_null=True))

    class Meta:
        model = Deliberation
        fields = [
            "id",
            "url",
            "contrat",
            "numero",
            "point",
            "statut",
            "publique",
            "objet",
            "organe",
            "rapporteur",
            "commission",
            "avis",
            "avis_le",
            "seance_le",
            "expose",
            "visas",
            "articles",
            "vote_effectif",
            "vote_reel",
            "vote_pour",
            "vote_contre",
            "vote_abstention",
            "version",
            "modifie_le",
        ]
