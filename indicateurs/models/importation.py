"""Un fichier ou une grille de mesures : déposé, relu, appliqué d'un bloc, annulable."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.models.perimetre import borner, raisons
from edition.models import Versionne


class ImportMesuresQuerySet(models.QuerySet["ImportMesures"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Un import se lit avec un rôle sur le contrat : le public n'en voit rien."""
        return borner(self, raisons(utilisateur, publie=Q(pk__in=[])))

    def pour_liste(self) -> Self:
        """Tout sauf les octets, du plus récent au plus ancien."""
        return self.select_related("depose_par").defer("fichier").order_by("-depose_le", "-pk")


class ImportMesures(Versionne):
    """Mesures en cours de relecture, puis écrites tout ou rien.

    Le fichier (ou la grille collée) est gardé tel quel avec son empreinte ; l'aperçu se recalcule
    à chaque lecture pour l'état présent de la base.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        Contrat,
        verbose_name="contrat",
        related_name="imports_de_mesures",
        on_delete=models.CASCADE,
    )
    nom = models.CharField("nom du fichier", max_length=200)
    fichier = models.BinaryField("fichier déposé")
    empreinte = models.CharField("empreinte (SHA-256)", max_length=64)
    indicateur = models.ForeignKey(
        "indicateurs.Indicateur",
        verbose_name="indicateur, si le fichier ne le dit pas",
        related_name="imports",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    millesime = models.CharField(
        "millésime, si le fichier ne le dit pas", max_length=60, blank=True
    )
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="déposé par",
        related_name="imports_de_mesures",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    bilan = models.JSONField("bilan", default=dict, blank=True)

    objects = ImportMesuresQuerySet.as_manager()

    class Meta:
        verbose_name = "import de mesures"
        verbose_name_plural = "imports de mesures"
        ordering = ["-depose_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="indicateurs_import_applique_ou_abandonne",
                condition=Q(applique_le=None) | Q(abandonne_le=None),
                violation_error_message="Un import appliqué ne s'abandonne pas : il s'annule.",
            ),
            models.CheckConstraint(
                name="indicateurs_import_annule_s_il_est_applique",
                condition=Q(annule_le=None) | Q(applique_le__isnull=False),
                violation_error_message="Seul un import appliqué s'annule.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_ouvert(self) -> bool:
        return self.applique_le is None and self.abandonne_le is None

    @property
    def etat(self) -> str:
        if self.annule_le:
            return "Annulé"
        if self.applique_le:
            return "Appliqué"
        return "Abandonné" if self.abandonne_le else "À relire"
