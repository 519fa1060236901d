"""Forme publique d'une action."""

import datetime
from typing import Any

from rest_framework import serializers

from api.exports import Colonnes
from api.lecture import Calcule, Contexte, Lu
from api.vues import lien
from contrats.api.formes import AxeBrefSerializer, FicheBreveSerializer, horizon
from contrats.api.partenaires import PartenaireSerializer, partenaires
from contrats.api.territoires import territoires
from contrats.enums import StatutAction
from contrats.models import Action, Periode
from territoires.api.serializers import TerritoireBrefSerializer

A_FAIRE = frozenset(statut.value for statut in StatutAction.a_faire())
CHAMPS_AXE = ("cle", "nature", "numero", "intitule")


class PeriodeSerializer(serializers.ModelSerializer):
    """Période imprimée d'une action."""

    class Meta:
        model = Periode
        fields = ["libelle", "objet", "debut", "fin", "precision_debut", "precision_fin"]


def axe(contexte: Contexte, *colonnes: str | None) -> dict[str, Any] | None:
    """L'axe de l'action ou, à défaut, celui de sa fiche."""
    propre, fiche = colonnes[:4], colonnes[4:]
    if propre[0] is None:
        propre = fiche
    return None if propre[0] is None else dict(zip(CHAMPS_AXE, propre, strict=True))


def en_retard(contexte: Contexte, statut: str, echeance: datetime.date | None) -> bool:
    """Même règle que `Action.est_en_retard`."""
    return echeance is not None and echeance < contexte["aujourdhui"] and statut in A_FAIRE


class ActionSerializer(serializers.ModelSerializer):
    """Action, mesure ou sous-point d'un contrat : l'unité suivie."""

    id = serializers.UUIDField(source="public_id")
    url = Calcule("public_id", par=lien("actions"), forme=serializers.URLField())
    contrat = serializers.SlugField(source="contrat.slug", help_text="Adresse du contrat.")
    axe = Calcule(
        *(f"axe__{c}" for c in CHAMPS_AXE),
        *(f"fiche__axe__{c}" for c in CHAMPS_AXE),
        par=axe,
        forme=AxeBrefSerializer(allow_null=True),
        help_text="L'axe de l'action ou, à défaut, celui de sa fiche.",
    )
    fiche = FicheBreveSerializer(allow_null=True)
    horizon = horizon()
    parent = serializers.UUIDField(
        source="parent.public_id", allow_null=True, help_text="Action dont c'est un sous-point."
    )
    en_retard = Calcule("statut", "echeance", par=en_retard, forme=serializers.BooleanField())
    periodes = PeriodeSerializer(many=True)
    partenaires = Lu(
        "pk",
        "fiche_id",
        "horizon",
        par=partenaires,
        forme=PartenaireSerializer(many=True),
        help_text="Rôles dans l'action, puis liste de la fiche applicable à son horizon.",
    )
    territoires = Lu(
        "pk",
        par=territoires,
        forme=TerritoireBrefSerializer(many=True),
        help_text="Les siens ou, dans une matrice, ceux de ses cellules ; vide : ceux du contrat.",
    )

    class Meta:
        model = Action
        fields = [
            "id",
            "url",
            "contrat",
            "axe",
            "fiche",
            "numero",
            "ordre",
            "intitule",
            "description",
            "horizon",
            "parent",
            "statut",
            "motif_statut",
            "en_retard",
            "avancement",
            "debut",
            "echeance",
            "periodes",
            "prioritaire",
            "partenaires",
            "territoires",
            "demonstration",
            "version",
            "modifie_le",
        ]


# Tableau des actions : CSV et XLSX de l'API, CSV joint aux PDF.
COLONNES = Colonnes(
    id="id",
    url="url",
    contrat="contrat",
    axe_nature="axe.nature",
    axe_numero="axe.numero",
    axe_intitule="axe.intitule",
    fiche="fiche.id",
    fiche_titre="fiche.titre",
    numero="numero",
    ordre="ordre",
    intitule="intitule",
    description="description",
    horizon="horizon",
    parent="parent",
    statut="statut",
    motif_statut="motif_statut",
    en_retard="en_retard",
    avancement="avancement",
    debut="debut",
    echeance="echeance",
    periodes="periodes.libelle",
    prioritaire="prioritaire",
    partenaires="partenaires.nom",
    partenaires_id="partenaires.id",
    partenaires_role="partenaires.role",
    territoires="territoires.nom",
    territoires_id="territoires.id",
    demonstration="demonstration",
    version="version",
    modifie_le="modifie_le",
)
