"""Une session d'import : le fichier déposé, les décisions prises, et ce qu'elle a écrit."""

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
from perr.models.historique import Lot


class ImportQuerySet(models.QuerySet["Import"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Un import se lit avec un rôle sur le contrat : le public n'en voit rien."""
        return borner(self, raisons(utilisateur, publie=Q(pk__in=[])))

    def pour_liste(self) -> Self:
        """Tout sauf les octets du fichier, du plus récent au plus ancien."""
        return (
            self.select_related("depose_par", "lot").defer("fichier").order_by("-depose_le", "-pk")
        )


class Import(Versionne):
    """Fichier de PERR en cours de relecture, puis appliqué.

    Le fichier est gardé tel quel, avec son empreinte ; l'aperçu se recalcule à chaque lecture pour
    l'état présent de la base et les `reponses` données. Appliqué, il ne change plus.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="imports", on_delete=models.CASCADE
    )
    nom = models.CharField("nom du fichier", max_length=200)
    fichier = models.BinaryField("fichier déposé")
    empreinte = models.CharField("empreinte (SHA-256)", max_length=64)
    reponses = models.JSONField("réponses", default=dict, blank=True)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="déposé par",
        related_name="imports",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    lot = models.OneToOneField(
        Lot,
        verbose_name="cellules écrites",
        related_name="import_d_origine",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    bilan = models.JSONField("bilan", default=dict, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import de matrice"
        verbose_name_plural = "imports de matrice"
        ordering = ["-depose_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="perr_import_applique_ou_abandonne",
                condition=Q(applique_le=None) | Q(abandonne_le=None),
                violation_error_message="Un import appliqué ne s'abandonne pas : il s'annule.",
            ),
            models.CheckConstraint(
                name="perr_import_annule_s_il_est_applique",
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
