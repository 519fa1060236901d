"""Forme publique d'un tableau de bord."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer"},
            {"type": "string", "format": "decimal"},
            {"type": "null"},
        ]
    }
)
class Nombre(serializers.Field):
    """Un compte est un entier, un montant une chaîne décimale exacte ; null n'est pas zéro."""


class ChiffreSerializer(serializers.Serializer):
    """Une valeur et ce qui la fonde ; avec un dénominateur, elle se lit « 9 sur 45 »."""

    cle = serializers.SlugField()
    libelle = serializers.CharField()
    valeur = Nombre(help_text="null : non renseigné.")
    denominateur = Nombre()
    unite = serializers.CharField()
    texte = serializers.CharField(help_text="Tel que la page l'écrit.")
    pourcentage = serializers.CharField(allow_null=True, help_text="À une décimale.")
    precedent_le = serializers.DateField(
        allow_null=True, help_text="Date du comité précédent, ou celle demandée."
    )
    precedent_valeur = Nombre()
    precedent_denominateur = Nombre()
    cible = serializers.CharField()
    definition = serializers.CharField()
    formule = serializers.CharField()
    source = serializers.CharField()
    lignes_comptees = serializers.IntegerField()
    lignes_ecartees = serializers.IntegerField()
    maj_le = serializers.DateTimeField(allow_null=True)
    auteur = serializers.CharField(help_text="Vide pour qui n'a pas de rôle sur le contrat.")
    demonstration = serializers.BooleanField(help_text="Une ligne dont il dépend est inventée.")


class CaseSerializer(serializers.Serializer):
    """Une case de la carte programme × quartier, ou programme × état."""

    programme = serializers.CharField()
    intitule = serializers.CharField()
    colonne = serializers.CharField()
    nombre = serializers.IntegerField()
    sur = serializers.IntegerField(allow_null=True)


class AvancementSerializer(serializers.Serializer):
    """Les actions suivies à une date, par classe."""

    le = serializers.DateField()
    comite = serializers.BooleanField()
    total = serializers.IntegerField()
    realisees = serializers.IntegerField()
    en_cours = serializers.IntegerField()
    en_retard = serializers.IntegerField()
    a_lancer = serializers.IntegerField()
    arretees = serializers.IntegerField()


class EcartSerializer(serializers.Serializer):
    """Un indicateur : la phrase que dit sa page, et ce qu'on en sait."""

    indicateur = serializers.CharField()
    source = serializers.CharField()
    millesime = serializers.CharField(help_text="Vide : aucun quartier n'a de valeur connue.")
    sens = serializers.CharField()
    quartiers_chiffres = serializers.IntegerField()
    quartiers = serializers.IntegerField()
    reference = serializers.CharField()
    plus_grand_ecart = serializers.CharField()
    phrase = serializers.CharField()
    maj_le = serializers.DateTimeField(allow_null=True)
    demonstration = serializers.BooleanField()


class MouvementSerializer(serializers.Serializer):
    """Ce qui a bougé depuis le comité précédent."""

    action = serializers.CharField()
    mouvement = serializers.CharField()
    etat = serializers.CharField()
    demonstration = serializers.BooleanField()


class MeteoSerializer(serializers.Serializer):
    """Jugement d'une personne, à côté des chiffres."""

    valeur = serializers.CharField()
    phrase = serializers.CharField()
    le = serializers.DateTimeField()
    demonstration = serializers.BooleanField()


class TableauSerializer(serializers.Serializer):
    """Tableau de bord d'un contrat à une date : les mêmes chiffres que la page et les fichiers."""

    contrat = serializers.SlugField(help_text="Adresse du contrat.")
    url = serializers.URLField(help_text="Adresse de cette lecture, dates comprises.")
    perimetre = serializers.CharField()
    au = serializers.DateField()
    depuis = serializers.DateField(allow_null=True)
    connu = serializers.BooleanField(help_text="L'histoire est gardée à cette date.")
    demonstration = serializers.BooleanField()
    meteo = MeteoSerializer(allow_null=True)
    chiffres = ChiffreSerializer(many=True)
    carte = CaseSerializer(many=True)
    ecarts = EcartSerializer(many=True)
    avancement = AvancementSerializer(many=True)
    mouvements = MouvementSerializer(many=True)
