"""Ce que répond un destinataire, et ce qu'un agent en fait."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse

from campagnes.enums import EtatReponse
from campagnes.models.campagne import Demande
from comptes.models import Utilisateur
from contrats.enums import StatutAction
from contrats.models import Contrat


class ReponseQuerySet(models.QuerySet["Reponse"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Celles des contrats où l'utilisateur a un rôle."""
        contrats = Contrat.objects.habilites(utilisateur)
        return self.filter(demande__destinataire__campagne__contrat__in=contrats)

    def a_relire(self) -> Self:
        return self.filter(etat=EtatReponse.RECUE)

    def pour_relecture(self) -> Self:
        """De la plus ancienne à la plus récente, avec l'action, l'auteur et les pièces, sans leur
        contenu."""
        return (
            self.select_related(
                "demande__action__contrat",
                "demande__action__fiche",
                "demande__destinataire__campagne",
                "traitee_par",
            )
            .prefetch_related(
                "demande__destinataire__organismes",
                Prefetch("pieces", PieceJointe.objects.sans_contenu()),
            )
            .order_by("recue_le", "pk")
        )


class Reponse(models.Model):
    """Proposition d'un destinataire sur une action : rien n'est écrit sans un agent.

    Ce qui a été envoyé ne change plus. `version` est celle de l'action que le destinataire avait
    sous les yeux ; `ecrit`, ce que l'agent a écrit en l'acceptant ; `retour`, ce qu'il a redemandé.
    """

    demande = models.ForeignKey(
        Demande, verbose_name="demande", related_name="reponses", on_delete=models.CASCADE
    )
    statut = models.CharField("état de l'action", max_length=12, choices=StatutAction)
    avancement = models.PositiveSmallIntegerField(
        "avancement (%)", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    echeance = models.DateField("prochaine date", null=True, blank=True)
    phrase = models.CharField("une phrase", max_length=500, blank=True)
    version = models.PositiveIntegerField("version lue")
    recue_le = models.DateTimeField("reçue le", auto_now_add=True)
    etat = models.CharField(
        "état", max_length=10, choices=EtatReponse, default=EtatReponse.RECUE, editable=False
    )
    traitee_le = models.DateTimeField("relue le", null=True, blank=True, editable=False)
    traitee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="relue par",
        related_name="reponses_relues",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )
    retour = models.CharField("ce qui est redemandé", max_length=500, blank=True, editable=False)
    ecrit = models.JSONField("ce qui a été écrit", null=True, blank=True, editable=False)
    lot = models.ForeignKey(
        "edition.Lot",
        verbose_name="acceptée avec le lot",
        related_name="reponses",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
    )

    objects = ReponseQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse"
        verbose_name_plural = "réponses"
        ordering = ["-recue_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="campagnes_reponse_statut_connu",
                condition=Q(statut__in=StatutAction.values),
                violation_error_message="Statut d'action inconnu.",
            ),
            models.CheckConstraint(
                name="campagnes_reponse_avancement_sur_100",
                condition=Q(avancement=None) | Q(avancement__lte=100),
                violation_error_message="L'avancement est un nombre de 0 à 100.",
            ),
            models.CheckConstraint(
                name="campagnes_reponse_relue_par_quelqu_un",
                condition=Q(
                    etat__in=EtatReponse.relues(),
                    traitee_le__isnull=False,
                    traitee_par__isnull=False,
                )
                | Q(
                    etat__in=[EtatReponse.RECUE, EtatReponse.REMPLACEE],
                    traitee_le=None,
                    traitee_par=None,
                ),
                violation_error_message="Une réponse relue l'est à une date et par quelqu'un.",
            ),
            models.CheckConstraint(
                name="campagnes_reponse_renvoyee_motivee",
                condition=~Q(etat=EtatReponse.RENVOYEE) | ~Q(retour=""),
                violation_error_message="Dites au destinataire ce qui manque.",
            ),
            models.UniqueConstraint(
                fields=["demande"],
                condition=Q(etat=EtatReponse.RECUE),
                name="campagnes_reponse_une_a_relire",
                violation_error_message="Une réponse attend déjà d'être relue.",
            ),
        ]

    def __str__(self) -> str:
        return f"réponse {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("campagnes:reponse-detail", args=[self.pk])

    @property
    def est_ouverte(self) -> bool:
        return self.etat == EtatReponse.RECUE


class PieceJointeQuerySet(models.QuerySet["PieceJointe"]):
    def sans_contenu(self) -> Self:
        """Pour une liste : ni les octets, ni une requête par pièce."""
        return self.defer("contenu").order_by("pk")


class PieceJointe(models.Model):
    """Fichier joint à une réponse, contrôlé par `campagnes.fichiers` avant d'être gardé.

    Ses octets sont en base : ils s'écrivent, se sauvegardent et s'effacent avec la réponse.
    """

    reponse = models.ForeignKey(
        Reponse, verbose_name="réponse", related_name="pieces", on_delete=models.CASCADE
    )
    nom = models.CharField("nom", max_length=120)
    type = models.CharField("type", max_length=40)
    taille = models.PositiveIntegerField("taille")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    contenu = models.BinaryField("contenu")

    objects = PieceJointeQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["reponse", "pk"]

    def __str__(self) -> str:
        return self.nom
