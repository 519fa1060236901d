"""Comptes des agents et des partenaires."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

if TYPE_CHECKING:
    from comptes.models.assistance import Assistance


class UtilisateurManager(BaseUserManager["Utilisateur"]):
    """Crée les comptes ; retrouve un compte par son courriel, sans égard à la casse."""

    def create_user(self, email: str, password: str | None = None, **champs: Any) -> "Utilisateur":
        """Compte d'agent ou de partenaire ; sans mot de passe, il ne peut pas se connecter."""
        utilisateur = self.model(email=self.normalize_email(email), **champs)
        utilisateur.set_password(password)
        utilisateur.save(using=self._db)
        return utilisateur

    def create_superuser(self, email: str, password: str, **champs: Any) -> "Utilisateur":
        """Compte d'administration de l'instance."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **champs)

    def get_by_natural_key(self, username: str | None) -> "Utilisateur":
        return self.get(email__iexact=username)


class UtilisateurQuerySet(models.QuerySet["Utilisateur"]):
    def actifs(self) -> Self:
        return self.filter(is_active=True)


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    """Personne qui se connecte, par son courriel.

    Ses droits sur un contrat viennent de ses `contrats.Habilitation` ; `is_superuser` désigne
    l'administration de l'instance, `is_staff` l'accès à l'administration.
    """

    email = models.EmailField("courriel", unique=True)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    nom = models.CharField("nom", max_length=100, blank=True)
    organisme = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="organisme",
        related_name="utilisateurs",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("accède à l'administration", default=False)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    identifiant_proconnect = models.CharField(  # noqa: DJ001 - l'absence n'est pas unique
        "identifiant ProConnect", max_length=255, null=True, unique=True, editable=False
    )

    # Posée par la requête d'une personne de l'administration qui agit en son nom (assistance).
    assistance: "Assistance | None" = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UtilisateurManager.from_queryset(UtilisateurQuerySet)()

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        ordering = ["nom", "prenom", "email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="comptes_utilisateur_email_unique",
                violation_error_message="Un compte utilise déjà ce courriel.",
            )
        ]

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def nom_complet(self) -> str:
        """« Prénom Nom », ou le courriel quand ils ne sont pas renseignés."""
        return f"{self.prenom} {self.nom}".strip() or self.email

    def get_full_name(self) -> str:
        return self.nom_complet

    def get_short_name(self) -> str:
        return self.prenom or self.email
