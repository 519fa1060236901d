"""Écrire à plusieurs sans rien perdre : version, brouillon, présence, lot."""

import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q


class Versionne(models.Model):
    """Objet dont chaque enregistrement augmente `version` de un.

    L'écriture passe par `edition.ecriture.mettre_a_jour`, conditionnée à la version lue :
    aucune modification n'en écrase une autre sans que son auteur le sache.
    """

    version = models.PositiveIntegerField("version", default=1, editable=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        abstract = True

    def garder_version(self, *, par: AbstractBaseUser | None, motif: str = "") -> None:
        """Garde l'état enregistré dans l'historique ; sans effet si l'objet n'en a pas.

        S'appelle dans la transaction qui vient d'écrire l'objet.
        """


class Brouillon(models.Model):
    """Ce qu'une personne tape dans une page, avant de l'enregistrer : à elle seule, jamais validé.

    `cle` nomme l'objet (« fiche:<uuid> ») et `page` l'onglet : deux onglets ne s'écrasent pas.
    `version` est celle dont le texte descend. `ordre` croît à chaque envoi de la page : un envoi en
    retard ne remplace rien ; `ordre_enregistre` est celui de son dernier enregistrement.
    Sans contenu, rien n'attend : la ligne ne sert qu'à reconnaître un retardataire.
    """

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="utilisateur",
        related_name="brouillons",
        on_delete=models.CASCADE,
    )
    cle = models.CharField("objet", max_length=100)
    page = models.UUIDField("page")
    version = models.PositiveIntegerField("version de départ")
    ordre = models.PositiveBigIntegerField("ordre d'envoi")
    ordre_enregistre = models.PositiveBigIntegerField("ordre enregistré", default=0)
    contenu = models.TextField("contenu", blank=True)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "brouillon"
        verbose_name_plural = "brouillons"
        ordering = ["-modifie_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "cle", "page"],
                name="edition_brouillon_page_unique",
                violation_error_message="Cette page a déjà un brouillon.",
            )
        ]

    def __str__(self) -> str:
        return f"brouillon de {self.cle}"


class Presence(models.Model):
    """Qui a un objet ouvert pour le modifier : une courtoisie, qui ne protège ni n'empêche rien."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="utilisateur",
        related_name="presences",
        on_delete=models.CASCADE,
    )
    cle = models.CharField("objet", max_length=100)
    depuis = models.DateTimeField("depuis")
    vu_le = models.DateTimeField("vu le")
    actif_le = models.DateTimeField("actif le")

    class Meta:
        verbose_name = "présence"
        verbose_name_plural = "présences"
        ordering = ["depuis", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "cle"],
                name="edition_presence_unique",
                violation_error_message="Cette personne est déjà présente sur cet objet.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur_id} sur {self.cle}"


class Lot(models.Model):
    """Acte groupé : les versions qu'il a faites portent son identifiant et se défont ensemble."""

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    libelle = models.CharField("libellé", max_length=300)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="lots_d_edition",
        on_delete=models.PROTECT,
    )
    cree_le = models.DateTimeField("fait le", auto_now_add=True)
    defait_le = models.DateTimeField("défait le", null=True, blank=True)
    defait_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="défait par",
        related_name="lots_defaits",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "lot"
        verbose_name_plural = "lots"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="edition_lot_defait_par_quelqu_un",
                condition=Q(defait_le=None, defait_par=None)
                | Q(defait_le__isnull=False, defait_par__isnull=False),
                violation_error_message="Un lot défait l'est à une date et par quelqu'un.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle
