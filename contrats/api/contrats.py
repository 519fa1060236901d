"""Forme publique d'un contrat."""

from collections import defaultdict
from typing import Any

from rest_framework import serializers

from api.lecture import Calcule, Contexte, Lu
from api.vues import lien
from contrats.api.fiches import RenvoiSerializer
from contrats.api.formes import FicheBreveSerializer, contrats_visibles, ou_null
from contrats.enums import LienParent
from contrats.models import (
    Annexe,
    Annonce,
    Article,
    Axe,
    Contrat,
    Engagement,
    Etape,
    Fiche,
    Financement,
    Partie,
    Signature,
)
from contrats.variables import dire, noms
from partenaires.api.serializers import OrganismeBrefSerializer
from territoires.api.serializers import TerritoireBrefSerializer


class PartieSerializer(serializers.ModelSerializer):
    """Organisme qui contracte."""

    organisme = OrganismeBrefSerializer()

    class Meta:
        model = Partie
        fields = ["rang", "role", "libelle", "apport", "organisme"]


def textes_dits(contexte: Contexte, articles: list[tuple[int, str]]) -> list[str]:
    """Les variables dites ; sans aucune, pas de requête."""
    porteurs = {contrat for contrat, texte in articles if noms(texte)}
    contrats = Contrat.objects.in_bulk(porteurs) if porteurs else {}
    return [
        dire(contrats[contrat], texte) if contrat in contrats else texte
        for contrat, texte in articles
    ]


class ArticleSerializer(serializers.ModelSerializer):
    """Disposition numérotée, en Markdown restreint."""

    renvois = RenvoiSerializer(many=True)
    texte = Lu("contrat_id", "texte", par=textes_dits, forme=serializers.CharField())

    class Meta:
        model = Article
        fields = ["numero", "ordre", "titre", "texte", "renvois"]


class PartieBreveSerializer(serializers.ModelSerializer):
    """Partie citée par un engagement : l'organisme et son nom imprimé."""

    id = serializers.SlugField(source="organisme.cle", help_text="Clé de l'organisme.")
    nom = serializers.CharField(source="organisme.nom")

    class Meta:
        model = Partie
        fields = ["id", "nom", "role"]


class EngagementSerializer(serializers.ModelSerializer):
    """Promesse : qui la doit, à qui elle profite."""

    article = serializers.CharField(
        source="article.numero", allow_null=True, help_text="Numéro de l'article."
    )
    porteurs = PartieBreveSerializer(many=True)
    beneficiaires = PartieBreveSerializer(many=True)

    class Meta:
        model = Engagement
        fields = ["ordre", "article", "texte", "porteurs", "beneficiaires"]


class AxeSerializer(serializers.ModelSerializer):
    """Intitulé de l'arbre stratégique du contrat."""

    parent = serializers.SlugField(source="parent.cle", allow_null=True)

    class Meta:
        model = Axe
        fields = ["cle", "parent", "nature", "numero", "intitule", "texte", "ordre"]


def nom_complet(contexte: Contexte, prenom: str, nom: str) -> str:
    return f"{prenom} {nom}".strip()


class SignatureSerializer(serializers.ModelSerializer):
    """Signature d'une partie, ou présence d'un témoin, telle qu'imprimée."""

    partie = serializers.SlugField(
        source="partie.organisme.cle",
        allow_null=True,
        help_text="Organisme engagé ; témoin : null.",
    )
    personne = Calcule(
        "personne__prenom", "personne__nom", par=nom_complet, forme=serializers.CharField()
    )

    class Meta:
        model = Signature
        fields = ["rang", "role", "partie", "personne", "qualite", "lieu", "le"]


class AnnexeSerializer(serializers.ModelSerializer):
    """Annexe annoncée, présente ou non."""

    class Meta:
        model = Annexe
        fields = ["numero", "ordre", "intitule", "contenu", "texte"]


class AnnonceSerializer(serializers.ModelSerializer):
    """Nombre que le texte annonce."""

    class Meta:
        model = Annonce
        fields = ["objet", "nombre", "libelle"]


class EtapeSerializer(serializers.ModelSerializer):
    """Étape de la chronologie."""

    class Meta:
        model = Etape
        fields = ["ordre", "date_texte", "le", "precision", "intitule"]


class FinancementSerializer(serializers.ModelSerializer):
    """Somme citée ; indicative, elle n'est pas une subvention. Montant en euros."""

    financeur = OrganismeBrefSerializer(allow_null=True)

    class Meta:
        model = Financement
        fields = ["ordre", "intitule", "montant", "financeur", "dispositif", "portee", "nature"]


class ParticipationSerializer(serializers.Serializer):
    """Place d'un organisme dans une instance."""

    ordre = serializers.IntegerField()
    role = serializers.CharField()
    libelle = serializers.CharField()
    organisme = OrganismeBrefSerializer(allow_null=True)


class InstanceSerializer(serializers.Serializer):
    """Instance de gouvernance ; lue par la relation, le paquet `gouvernance` venant après."""

    cle = serializers.SlugField()
    ordre = serializers.IntegerField()
    nom = serializers.CharField()
    type = serializers.CharField()
    mission = serializers.CharField()
    frequence = serializers.CharField()
    participations = ParticipationSerializer(many=True)


def fiches(contexte: Contexte, contrats: list[tuple[int]]) -> list[list[dict[str, Any]]]:
    """Fiches visibles de chaque contrat, en ordre imprimé : une requête."""
    lues = (
        Fiche.objects.visibles_par(contexte["utilisateur"])
        .filter(contrat__in=[pk for (pk,) in contrats])
        .order_by("ordre", "pk")
        .values_list("contrat_id", "public_id", "cle", "numero", "titre")
    )
    par_contrat = defaultdict(list)
    for contrat, *valeurs in lues:
        objet = dict(zip(("id", "cle", "numero", "titre"), valeurs, strict=True))
        par_contrat[contrat].append(objet)
    return [par_contrat[pk] for (pk,) in contrats]


class ContratSerializer(serializers.ModelSerializer):
    """Contrat entier : parties, texte, engagements, axes, signatures, instances, fiches."""

    id = serializers.SlugField(source="slug", help_text="Adresse permanente (slug).")
    url = Calcule("slug", par=lien("contrats"), forme=serializers.URLField())
    parent = Lu("parent_id", par=contrats_visibles, forme=serializers.SlugField(allow_null=True))
    lien = Calcule(
        "lien",
        par=ou_null,
        forme=serializers.ChoiceField(choices=LienParent.choices, allow_null=True),
    )
    parties = PartieSerializer(many=True)
    articles = ArticleSerializer(many=True)
    engagements = EngagementSerializer(many=True)
    axes = AxeSerializer(many=True)
    signatures = SignatureSerializer(many=True)
    annexes = AnnexeSerializer(many=True)
    annonces = AnnonceSerializer(many=True)
    etapes = EtapeSerializer(many=True)
    financements = FinancementSerializer(many=True)
    instances = InstanceSerializer(many=True)
    territoires = TerritoireBrefSerializer(many=True)
    fiches = Lu("pk", par=fiches, forme=FicheBreveSerializer(many=True))

    class Meta:
        model = Contrat
        fields = [
            "id",
            "slug",
            "url",
            "type",
            "statut",
            "intitule",
            "intitule_court",
            "sous_titre",
            "source",
            "parent",
            "lien",
            "preambule",
            "nature_juridique",
            "dotation_propre",
            "programme",
            "debut",
            "fin",
            "numero_projet",
            "version_source",
            "maj_source_le",
            "publie_le",
            "parties",
            "articles",
            "engagements",
            "axes",
            "signatures",
            "annexes",
            "annonces",
            "etapes",
            "financements",
            "instances",
            "territoires",
            "fiches",
            "version",
            "modifie_le",
        ]
