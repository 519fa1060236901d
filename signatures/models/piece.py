"""Les pièces reçues : leurs octets sont au dépôt, sous leur empreinte, et n'en bougent plus."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from signatures.enums import GenrePiece
from signatures.models.campagne import Signataire

EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class PieceSignee(models.Model):
    """Ce qu'un signataire a rendu, tel quel : page numérisée ou PDF signé.

    Jamais changée ni retirée, même si la signature est annulée (déclencheurs de la base) ;
    `constat` : ce qui en a été vérifié le jour de sa réception, phrase par phrase.
    """

    signataire = models.ForeignKey(
        Signataire, verbose_name="signataire", related_name="pieces", on_delete=models.PROTECT
    )
    genre = models.CharField("genre", max_length=10, choices=GenrePiece)
    nom = models.CharField("nom du fichier", max_length=200)
    type = models.CharField("type", max_length=40)
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    taille = models.PositiveBigIntegerField("taille en octets")
    constat = models.JSONField("constat", default=list)
    signatures = models.JSONField(
        "empreintes des signatures électroniques", default=list, blank=True
    )
    recue_le = models.DateTimeField("reçue le", auto_now_add=True)
    recue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="reçue par",
        related_name="+",
        on_delete=models.PROTECT,
        null=True,
    )

    class Meta:
        verbose_name = "pièce signée"
        verbose_name_plural = "pièces signées"
        ordering = ["-recue_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="signatures_piecesignee_genre_connu",
                condition=Q(genre__in=GenrePiece.values),
                violation_error_message="Genre de pièce inconnu.",
            ),
            models.CheckConstraint(
                name="signatures_piecesignee_empreinte_sha256",
                condition=Q(empreinte__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="L'empreinte est celle de SHA-256, en hexadécimal.",
            ),
            models.CheckConstraint(
                name="signatures_piecesignee_non_vide",
                condition=Q(taille__gt=0),
                violation_error_message="Une pièce reçue a au moins un octet.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} : {self.nom}"

    @property
    def chemin(self) -> str:
        """Place des octets dans le dépôt : nommée par leur empreinte."""
        return f"{self.empreinte[:2]}/{self.empreinte}.{EXTENSIONS[self.type]}"
