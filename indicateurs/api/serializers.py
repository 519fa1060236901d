"""Forme publique des indicateurs, de leurs mesures et de la lecture de l'écart."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from api.exports import Colonnes
from api.lecture import Calcule, Contexte, Lu
from api.vues import lien
from contrats.api.formes import AxeBrefSerializer
from indicateurs.enums import Evolution, StatutMesure
from indicateurs.lecture import Ecarts, lire_tableau
from indicateurs.mesures_lues import montree
from indicateurs.models import Indicateur, Mesure, Millesime, Source, Theme
from indicateurs.nombres import brut
from indicateurs.tableau import ligne_brute
from territoires.api.serializers import TerritoireBrefSerializer
from territoires.models import Territoire


class ThemeSerializer(serializers.ModelSerializer):
    """Rubrique du tableau des indicateurs."""

    class Meta:
        model = Theme
        fields = ["cle", "nom"]


class SourceSerializer(serializers.ModelSerializer):
    """Producteur des chiffres et précautions de lecture."""

    class Meta:
        model = Source
        fields = ["cle", "nom", "nom_long", "adresse", "licence", "precaution"]


class MillesimeSerializer(serializers.ModelSerializer):
    """À quand se rapporte un chiffre."""

    class Meta:
        model = Millesime
        fields = ["cle", "libelle", "forme", "debut", "fin"]


class ComptesSerializer(serializers.Serializer):
    """Nombre de quartiers par évolution de l'écart."""

    reduit = serializers.IntegerField(min_value=0)
    creuse = serializers.IntegerField(min_value=0)
    stable = serializers.IntegerField(min_value=0)
    inconnu = serializers.IntegerField(min_value=0)


class LectureSerializer(serializers.Serializer):
    """Une lecture de l'écart, pour une génération de quartiers."""

    generation = serializers.IntegerField(help_text="0 : aucun quartier n'est suivi.")
    millesime_precedent = serializers.CharField(allow_null=True)
    millesime = serializers.CharField(allow_null=True)
    quartiers = serializers.IntegerField(min_value=0)
    comptes = ComptesSerializer()
    phrase = serializers.CharField(help_text="La même à l'écran, dans les figures et les PDF.")
    demonstration = serializers.BooleanField(help_text="Une valeur inventée y entre.")


def lecture_breve(ecarts: Ecarts) -> dict[str, Any]:
    return {
        "generation": ecarts.generation,
        "millesime_precedent": ecarts.precedent and ecarts.precedent.libelle,
        "millesime": ecarts.millesime and ecarts.millesime.libelle,
        "quartiers": len(ecarts.lignes),
        "comptes": {evolution.value: nombre for evolution, nombre in ecarts.comptes.items()},
        "phrase": ecarts.phrase,
        "demonstration": ecarts.demonstration,
    }


def lectures(contexte: Contexte, lignes: list[tuple[Any, ...]]) -> list[list[dict[str, Any]]]:
    """Les lectures de chaque indicateur, en un nombre de requêtes fixe."""
    utilisateur = contexte["utilisateur"]
    voulus = Indicateur.objects.visibles_par(utilisateur).filter(pk__in=[pk for (pk,) in lignes])
    lues = lire_tableau(voulus.select_related("reference"), utilisateur)
    return [[lecture_breve(e) for e in lues[pk]] for (pk,) in lignes]


class IndicateurSerializer(serializers.ModelSerializer):
    """Ce qu'un contrat suit, ou a choisi de ne pas suivre (`motif_ecart`)."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("indicateurs"), forme=serializers.URLField())
    contrat = serializers.SlugField(source="contrat.slug", help_text="Adresse du contrat.")
    theme = ThemeSerializer(allow_null=True)
    source = SourceSerializer(allow_null=True)
    reference = TerritoireBrefSerializer(allow_null=True)
    orientations = AxeBrefSerializer(many=True)
    millesimes_attendus = MillesimeSerializer(many=True)
    lectures = Lu(
        "pk",
        par=lectures,
        forme=LectureSerializer(many=True),
        help_text="L'écart, une lecture par génération de quartiers.",
    )

    class Meta:
        model = Indicateur
        fields = [
            "id",
            "url",
            "contrat",
            "cle",
            "ordre",
            "intitule",
            "theme",
            "source",
            "definition",
            "unite",
            "decimales",
            "sens",
            "agregation",
            "comparaison",
            "reference",
            "frequence",
            "prioritaire",
            "orientations",
            "millesimes_imprimes",
            "millesimes_attendus",
            "motif_ecart",
            "a_verifier",
            "lectures",
            "version",
            "modifie_le",
        ]


class IndicateurBrefSerializer(serializers.ModelSerializer):
    """Indicateur cité par un autre objet."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Indicateur
        fields = ["id", "cle", "intitule", "unite"]


class TerritoireMesureSerializer(serializers.ModelSerializer):
    """Territoire d'une mesure ; un quartier a une génération."""

    id = serializers.SlugField(source="cle", help_text="Clé permanente.")

    class Meta:
        model = Territoire
        fields = ["id", "nom", "type", "code", "generation"]


SECRET = ("valeur", "statut", "secret_induit")


def valeur(contexte: Contexte, *colonnes: Any) -> str | None:
    return brut(montree(*colonnes)[0])


def statut(contexte: Contexte, *colonnes: Any) -> str:
    return montree(*colonnes)[1].value


def signe(contexte: Contexte, *colonnes: Any) -> str:
    return montree(*colonnes)[1].signe


def note(contexte: Contexte, texte: str, secret_induit: bool) -> str:
    return "" if secret_induit else texte


class MesureSerializer(serializers.ModelSerializer):
    """Valeur d'un indicateur en un lieu et un millésime, ou raison de son absence."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("mesures"), forme=serializers.URLField())
    contrat = serializers.SlugField(
        source="indicateur.contrat.slug", help_text="Adresse du contrat."
    )
    indicateur = IndicateurBrefSerializer()
    territoire = TerritoireMesureSerializer()
    millesime = MillesimeSerializer()
    valeur = Calcule(
        *SECRET,
        par=valeur,
        forme=serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True),
        help_text="Nombre exact, en chaîne ; null si le statut n'est pas un chiffre.",
    )
    statut = Calcule(
        *SECRET, par=statut, forme=serializers.ChoiceField(choices=StatutMesure.choices)
    )
    signe = Calcule(
        *SECRET,
        par=signe,
        forme=serializers.CharField(),
        help_text="Signe conventionnel de l'Insee ; vide pour une valeur publiée.",
    )
    note = Calcule("note", "secret_induit", par=note, forme=serializers.CharField())

    class Meta:
        model = Mesure
        fields = [
            "id",
            "url",
            "contrat",
            "indicateur",
            "territoire",
            "millesime",
            "valeur",
            "statut",
            "signe",
            "note",
            "demonstration",
            "version",
            "modifie_le",
        ]


class LigneEcartSerializer(serializers.Serializer):
    """Un quartier : sa valeur, celle de la référence, l'écart et ce qu'il devient."""

    generation = serializers.IntegerField()
    quartier = serializers.SlugField(help_text="Clé du quartier.")
    quartier_nom = serializers.CharField()
    quartier_code = serializers.CharField()
    millesime_precedent = serializers.CharField(allow_null=True)
    valeur_precedente = serializers.CharField(allow_null=True)
    statut_precedent = serializers.ChoiceField(choices=StatutMesure.choices, allow_null=True)
    millesime = serializers.CharField(allow_null=True)
    valeur = serializers.CharField(allow_null=True)
    statut = serializers.ChoiceField(choices=StatutMesure.choices, allow_null=True)
    reference = serializers.SlugField(allow_null=True)
    valeur_reference = serializers.CharField(allow_null=True)
    ecart_precedent = serializers.CharField(allow_null=True)
    ecart = serializers.CharField(allow_null=True)
    evolution = serializers.ChoiceField(choices=Evolution.choices)
    cible = serializers.CharField(allow_null=True)
    unite = serializers.CharField()
    demonstration = serializers.BooleanField()


class LectureEntiereSerializer(LectureSerializer):
    """Une lecture de l'écart, quartier par quartier."""

    perimetre = serializers.CharField()
    recouvrement = serializers.BooleanField(
        help_text="Les deux millésimes comptent en partie les mêmes choses."
    )
    total = serializers.CharField(
        allow_null=True, help_text="Seulement si l'indicateur se somme et que rien ne manque."
    )
    lignes = LigneEcartSerializer(many=True)


class EcartsSerializer(serializers.Serializer):
    """L'écart d'un indicateur, une lecture par génération : elles ne se raccordent pas."""

    indicateur = IndicateurBrefSerializer()
    url = serializers.URLField()
    a_la_date = serializers.DateField(allow_null=True)
    lectures = LectureEntiereSerializer(many=True)

    class Meta:
        model = Indicateur


def lecture_entiere(ecarts: Ecarts) -> dict[str, Any]:
    total: Decimal | None = ecarts.total
    return {
        **lecture_breve(ecarts),
        "perimetre": ecarts.perimetre,
        "recouvrement": ecarts.recouvrement,
        "total": brut(total),
        "lignes": [ligne_brute(ecarts, ligne) for ligne in ecarts.lignes],
    }


COLONNES_INDICATEURS = Colonnes(
    id="id",
    url="url",
    contrat="contrat",
    cle="cle",
    ordre="ordre",
    intitule="intitule",
    theme="theme.nom",
    source="source.nom",
    definition="definition",
    unite="unite",
    decimales="decimales",
    sens="sens",
    agregation="agregation",
    comparaison="comparaison",
    reference="reference.id",
    frequence="frequence",
    prioritaire="prioritaire",
    orientations="orientations.numero",
    millesimes_imprimes="millesimes_imprimes",
    motif_ecart="motif_ecart",
    a_verifier="a_verifier",
    generations="lectures.generation",
    phrases="lectures.phrase",
    demonstration="lectures.demonstration",
    version="version",
    modifie_le="modifie_le",
)
COLONNES_MESURES = Colonnes(
    id="id",
    url="url",
    contrat="contrat",
    indicateur="indicateur.cle",
    indicateur_intitule="indicateur.intitule",
    territoire="territoire.id",
    territoire_nom="territoire.nom",
    territoire_code="territoire.code",
    generation="territoire.generation",
    millesime="millesime.libelle",
    valeur="valeur",
    unite="indicateur.unite",
    statut="statut",
    signe="signe",
    note="note",
    demonstration="demonstration",
    version="version",
    modifie_le="modifie_le",
)
