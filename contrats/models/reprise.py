"""L'original d'un contrat signé avant l'outil : le fichier déposé, gardé tel quel."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from contrats.models.contrat import Contrat


class OriginalSigne(models.Model):
    """PDF signé hors de la plateforme : ses octets, jamais modifiés, et leur empreinte SHA-256.

    Il porte des signatures manuscrites : seuls les agents du contrat le téléchargent.
    """

    contrat = models.OneToOneField(
        Contrat, verbose_name="contrat", related_name="original", on_delete=models.CASCADE
    )
    nom = models.CharField("nom du fichier", max_length=200)
    octets = models.BinaryField("contenu")
    taille = models.PositiveIntegerField("taille (octets)")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    signe_le = models.DateField("signé le")
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="déposé par",
        related_name="originaux",
        on_delete=models.PROTECT,
    )
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)

    class Meta:
        verbose_name = "original signé"
        verbose_name_plural = "originaux signés"
        constraints = [
            models.CheckConstraint(
                name="contrats_originalsigne_non_vide",
                condition=Q(taille__gt=0),
                violation_error_message="Le fichier de l'original est vide.",
            )
        ]

    def __str__(self) -> str:
        return self.nom
