"""Forme publique d'une déclinaison et de ce qui l'entoure."""

from typing import ClassVar

from rest_framework import serializers

from api.exports import Colonnes
from api.lecture import Calcule, Lu
from api.saisie import Saisie
from api.vues import lien
from contrats.api.formes import ActionBreveSerializer, AxeBrefSerializer, actions_visibles
from perr.contenu import LONGUEUR_MAX
from perr.enums import StatutDeclinaison
from perr.models import (
    AnnexeTerritoriale,
    Colonne,
    Declinaison,
    QuartierDeColonne,
    RegardSpecifique,
    RenvoiDeclinaison,
)
from territoires.api.serializers import TerritoireBrefSerializer


class AnnexeBreveSerializer(serializers.ModelSerializer):
    """Partie de la matrice imprimée pour un secteur."""

    class Meta:
        model = AnnexeTerritoriale
        fields = ["cle", "nom"]


class QuartierCouvertSerializer(serializers.ModelSerializer):
    """Quartier prioritaire qu'une colonne couvre, en tout ou partie."""

    id = serializers.SlugField(source="quartier.cle", help_text="Clé permanente.")
    nom = serializers.CharField(source="quartier.nom")
    code = serializers.CharField(source="quartier.code", help_text="Code officiel (QP…, QN…).")

    class Meta:
        model = QuartierDeColonne
        fields = ["id", "nom", "code", "couverture"]


class ColonneSerializer(serializers.ModelSerializer):
    """Tête de colonne : un regroupement imprimé de quartiers, pas un quartier."""

    quartiers = QuartierCouvertSerializer(source="couvertures", many=True)

    class Meta:
        model = Colonne
        fields = ["cle", "abrege", "rang", "libelle", "quartiers"]


class RenvoiDeclinaisonSerializer(serializers.ModelSerializer):
    """« En lien avec l'action n° 1 » : vers une action, un axe, ou hors du contrat (deux null)."""

    action = Lu("action_id", par=actions_visibles, forme=ActionBreveSerializer(allow_null=True))
    axe = AxeBrefSerializer(allow_null=True)

    class Meta:
        model = RenvoiDeclinaison
        fields = ["texte", "action", "axe", "deduit"]


class RegardSerializer(serializers.ModelSerializer):
    """Précision pour un quartier d'usage (« regard spécifique sur… »)."""

    quartier = TerritoireBrefSerializer()

    class Meta:
        model = RegardSpecifique
        fields = ["quartier", "texte"]


class DeclinaisonSerializer(serializers.ModelSerializer):
    """Ce qu'une action devient dans une colonne. Une cellule vide n'a pas de déclinaison."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("declinaisons"), forme=serializers.URLField())
    contrat = serializers.SlugField(source="action.contrat.slug", help_text="Adresse du contrat.")
    action = ActionBreveSerializer()
    programme = AxeBrefSerializer(source="action.axe", allow_null=True)
    prioritaire = serializers.BooleanField(
        source="action.prioritaire", help_text="Priorité de l'action, non de son programme."
    )
    annexe = AnnexeBreveSerializer(source="colonne.annexe")
    colonne = ColonneSerializer()
    groupe = serializers.CharField(
        help_text="Commun aux cellules imprimées d'un seul tenant pour deux actions ; sinon vide."
    )
    renvois = RenvoiDeclinaisonSerializer(many=True)
    regards = RegardSerializer(many=True)
    demonstration = serializers.BooleanField(
        source="action.demonstration", help_text="Le suivi de l'action est inventé."
    )

    class Meta:
        model = Declinaison
        fields = [
            "id",
            "url",
            "contrat",
            "action",
            "programme",
            "prioritaire",
            "annexe",
            "colonne",
            "statut",
            "texte",
            "modalites",
            "motif",
            "groupe",
            "renvois",
            "regards",
            "a_verifier",
            "demonstration",
            "version",
            "modifie_le",
        ]


class DeclinaisonSaisie(Saisie):
    """Corps d'une cellule remplie. Un champ absent ne change pas."""

    exemple: ClassVar[dict[str, str]] = {"modalites": "Avec le bailleur, dès la rentrée."}

    statut = serializers.ChoiceField(choices=StatutDeclinaison.choices)
    texte = serializers.CharField(max_length=LONGUEUR_MAX, allow_blank=True, trim_whitespace=False)
    modalites = serializers.CharField(
        max_length=LONGUEUR_MAX, allow_blank=True, trim_whitespace=False
    )
    motif = serializers.CharField(
        max_length=LONGUEUR_MAX,
        allow_blank=True,
        trim_whitespace=False,
        help_text="Pourquoi la cellule est sans objet, ou n'a pas été travaillée.",
    )


# Tableau long des déclinaisons : CSV et XLSX de l'API, CSV joint aux PDF.
COLONNES = Colonnes(
    id="id",
    url="url",
    contrat="contrat",
    annexe="annexe.nom",
    programme="programme.numero",
    action="action.numero",
    action_id="action.id",
    action_intitule="action.intitule",
    prioritaire="prioritaire",
    colonne="colonne.cle",
    colonne_libelle="colonne.libelle",
    qpv="colonne.quartiers.code",
    qpv_nom="colonne.quartiers.nom",
    couverture="colonne.quartiers.couverture",
    statut="statut",
    texte="texte",
    modalites="modalites",
    motif="motif",
    groupe="groupe",
    renvois="renvois.texte",
    renvois_action="renvois.action.numero",
    regards_quartier="regards.quartier.nom",
    regards_texte="regards.texte",
    a_verifier="a_verifier",
    demonstration="demonstration",
    version="version",
    modifie_le="modifie_le",
)


# La matrice d'un contrat, en un appel


class ColonneDeMatriceSerializer(serializers.Serializer):
    """Colonne et nombre de ses cellules remplies que les filtres retiennent."""

    cle = serializers.SlugField()
    abrege = serializers.CharField()
    libelle = serializers.CharField()
    nb = serializers.IntegerField(help_text="Cellules remplies.")
    quartiers = QuartierCouvertSerializer(many=True)


class AnnexeDeMatriceSerializer(serializers.Serializer):
    """Annexe, ses colonnes dans l'ordre imprimé et le nombre de ses cellules remplies."""

    cle = serializers.SlugField()
    nom = serializers.CharField()
    ordre_sommaire = serializers.IntegerField()
    nb = serializers.IntegerField(help_text="Cellules remplies.")
    colonnes = ColonneDeMatriceSerializer(many=True)


class CelluleSerializer(DeclinaisonSerializer):
    """Cellule remplie : une déclinaison, sans ce que sa ligne et sa colonne disent déjà."""

    annexe = serializers.SlugField(source="colonne.annexe.cle", help_text="Clé de l'annexe.")
    colonne = serializers.SlugField(source="colonne.cle", help_text="Clé de la colonne.")

    class Meta(DeclinaisonSerializer.Meta):
        fields = [
            champ
            for champ in DeclinaisonSerializer.Meta.fields
            if champ not in {"contrat", "action", "programme", "prioritaire", "demonstration"}
        ]


class TitreSerializer(serializers.Serializer):
    """Titre et numéro qu'une annexe imprime pour l'action ; ligne parfois absente."""

    annexe = serializers.SlugField()
    titre = serializers.CharField()
    numero_imprime = serializers.CharField()
    ligne_absente = serializers.BooleanField()


class PlaceSerializer(serializers.Serializer):
    """Cellule vide : rien n'est imprimé, ce qui n'est ni « sans objet » ni « non travaillée »."""

    annexe = serializers.SlugField()
    colonne = serializers.SlugField()


class LigneDeMatriceSerializer(serializers.Serializer):
    """Action, ses cellules remplies et ses cellules vides dans les colonnes rendues."""

    action = ActionBreveSerializer()
    programme = AxeBrefSerializer(allow_null=True)
    pilier = AxeBrefSerializer(allow_null=True)
    prioritaire = serializers.BooleanField()
    demonstration = serializers.BooleanField(help_text="Le suivi de l'action est inventé.")
    titres = TitreSerializer(many=True)
    nb = serializers.IntegerField(help_text="Cellules remplies.")
    cellules = CelluleSerializer(many=True)
    vides = PlaceSerializer(many=True)


class TotauxSerializer(serializers.Serializer):
    """Ce que les filtres retiennent."""

    actions = serializers.IntegerField()
    colonnes = serializers.IntegerField()
    declinaisons = serializers.IntegerField()
    vides = serializers.IntegerField()
    statuts = serializers.DictField(
        child=serializers.IntegerField(), help_text="Nombre de cellules par statut."
    )


class MatriceSerializer(serializers.Serializer):
    """Matrice d'un contrat : annexes et colonnes, lignes et cellules, totaux."""

    contrat = serializers.SlugField(help_text="Adresse du contrat.")
    url = serializers.URLField(help_text="Adresse de cette lecture, filtres compris.")
    annexes = AnnexeDeMatriceSerializer(many=True)
    lignes = LigneDeMatriceSerializer(many=True)
    totaux = TotauxSerializer()
