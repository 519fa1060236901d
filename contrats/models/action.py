"""L'action, unité suivie de tous les contrats, ses périodes et ses partenaires."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import (
    Horizon,
    NatureSection,
    Precision,
    RolePartenaire,
    StatutAction,
    StatutFiche,
)
from contrats.models.contraintes import valeurs
from contrats.models.contrat import Axe, Contrat
from contrats.models.fiche import Fiche, Section
from contrats.models.perimetre import Raison, borner, raisons
from edition.models import Versionne
from partenaires.models import Organisme
from territoires.models import Territoire


class ActionQuerySet(models.QuerySet["Action"]):
    def raisons(self, utilisateur: Utilisateur | AnonymousUser) -> list[Raison]:
        """D'une fiche publiée, ou sans fiche, dans un contrat publié ; ou l'utilisateur est
        habilité sur le contrat."""
        publie = Q(contrat__publie_le__isnull=False) & (
            Q(fiche=None) | Q(fiche__statut=StatutFiche.PUBLIEE)
        )
        return raisons(utilisateur, publie=publie)

    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        vivantes = self.filter(Q(fiche=None) | Q(fiche__supprimee_le=None))
        return borner(vivantes, self.raisons(utilisateur))

    def pilotees_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Les actions dont l'organisme de l'utilisateur est pilote."""
        if not utilisateur.is_authenticated or utilisateur.organisme_id is None:
            return self.none()
        pilotages = Partenariat.objects.filter(
            role=RolePartenaire.PILOTE, organisme=utilisateur.organisme_id, action=OuterRef("pk")
        )
        return self.filter(Exists(pilotages))

    def ordonnees(self) -> Self:
        """Ordre imprimé : contrat, fiche, horizon n'étant qu'un classement de la fiche."""
        return self.order_by("contrat", "fiche__ordre", "ordre", "pk")

    def pour_liste(self) -> Self:
        """Tout ce qu'affiche une ligne de liste, hors partenaires."""
        return (
            self.select_related("contrat", "fiche__contrat", "axe", "parent")
            .ordonnees()
            .fetch_mode(models.FETCH_PEERS)
        )

    def pour_page(self) -> Self:
        """Une action et tout ce qui s'y rattache ; ses sous-points se lisent par périmètre."""
        return (
            self.select_related("contrat", "fiche__contrat", "fiche__axe", "axe", "parent")
            .prefetch_related(
                Prefetch(
                    "partenariats",
                    Partenariat.objects.select_related("organisme").order_by("ordre", "pk"),
                ),
                "territoires",
                "periodes",
            )
            .ordonnees()
            .fetch_mode(models.FETCH_PEERS)
        )

    def en_retard(self, le: datetime.date | None = None) -> Self:
        """Échéance passée à cette date (aujourd'hui par défaut), et l'action n'est pas close."""
        return self.filter(
            statut__in=StatutAction.a_faire(), echeance__lt=le or timezone.localdate()
        )

    def pilotees(self) -> models.QuerySet:
        """Identifiants des actions qui ont un pilote."""
        pilotages = Partenariat.objects.filter(role=RolePartenaire.PILOTE, action__isnull=False)
        return pilotages.values("action")

    def sans_nouvelles(self, jours: int) -> Self:
        """Actions à faire que rien n'a changées depuis ce nombre de jours."""
        depuis = timezone.now() - datetime.timedelta(days=jours)
        return self.filter(statut__in=StatutAction.a_faire(), modifie_le__lt=depuis)

    def engageant(self, organismes: Iterable[Organisme]) -> Self:
        """Actions où l'un de ces organismes a un rôle, ou figure dans la liste qui s'y applique.

        Une liste de partenaires sans horizon vaut pour toutes les actions de sa fiche.
        """
        roles = Partenariat.objects.filter(organisme__in=organismes)
        listes = roles.filter(
            Q(section__modele__horizon="") | Q(section__modele__horizon=OuterRef("horizon")),
            section__modele__nature=NatureSection.PARTENAIRES,
            section__fiche=OuterRef("fiche"),
        )
        propres = roles.filter(action__isnull=False).values("action")
        return self.filter(Q(pk__in=propres) | Exists(listes))

    def concernant(self, territoires: Iterable[Territoire]) -> Self:
        """Actions de ces territoires : les siens, ceux de ses cellules de matrice, sinon ceux de
        son contrat.

        Un contrat dont la matrice couvre un quartier n'y vaut pas d'un bloc : une action sans
        cellule n'y est pas prévue. La matrice (`perr`) se lit d'ici par ses seules relations.
        """
        ici = list(territoires)
        propres = Action.territoires.through.objects
        cellules = Action.objects.filter(declinaisons__colonne__quartiers__in=ici)
        du_contrat = Contrat.objects.filter(territoires__in=ici)
        en_matrice = Contrat.objects.filter(annexes_territoriales__colonnes__quartiers__in=ici)
        return self.filter(
            Q(pk__in=propres.filter(territoire__in=ici).values("action"))
            | Q(pk__in=cellules.values("pk"))
            | (
                ~Q(pk__in=propres.values("action"))
                & Q(contrat__in=du_contrat.values("pk"))
                & ~Q(contrat__in=en_matrice.values("pk"))
            )
        )


class Action(Versionne):
    """Ce qu'un contrat promet de faire : la seule unité suivie, quel que soit le contrat.

    Action pilote, de court terme ou de moyen et long terme d'une fiche, sous-point (`parent`),
    mesure d'un projet de territoire, action d'un PERR. La section de la fiche qui la montre est
    celle de son `horizon`. `demonstration` signale un suivi inventé (statut, avancement, dates),
    affiché comme tel partout.
    """

    public_id = models.UUIDField("identifiant public", default=uuid.uuid4, unique=True)
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="actions", on_delete=models.CASCADE
    )
    fiche = models.ForeignKey(
        Fiche,
        verbose_name="fiche",
        related_name="actions",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    axe = models.ForeignKey(
        Axe,
        verbose_name="axe",
        related_name="actions",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="sous-point de",
        related_name="sous_actions",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    numero = models.CharField("numéro", max_length=20, blank=True)
    intitule = models.CharField("intitulé", max_length=1000)
    description = models.TextField("description", blank=True)
    horizon = models.CharField("horizon", max_length=12, choices=Horizon, blank=True)
    statut = models.CharField(
        "statut", max_length=12, choices=StatutAction, default=StatutAction.A_LANCER
    )
    motif_statut = models.CharField("motif du statut", max_length=500, blank=True)
    regroupee_dans = models.ForeignKey(
        "self",
        verbose_name="regroupée avec",
        related_name="regroupees",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
    )
    avancement = models.PositiveSmallIntegerField(
        "avancement (%)", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    debut = models.DateField("début", null=True, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)
    prioritaire = models.BooleanField("prioritaire", default=False)
    demonstration = models.BooleanField("suivi de démonstration", default=False)
    territoires = models.ManyToManyField(
        "territoires.Territoire", verbose_name="territoires", related_name="actions", blank=True
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action"
        verbose_name_plural = "actions"
        ordering = ["contrat", "ordre", "pk"]
        indexes = [models.Index(fields=["contrat", "fiche", "ordre"], name="contrats_action_place")]
        constraints = [
            valeurs("action", "horizon", Horizon, "Horizon inconnu.", vide=True),
            valeurs("action", "statut", StatutAction, "Statut d'action inconnu."),
            models.CheckConstraint(
                name="contrats_action_statut_motive",
                condition=~Q(statut__in=StatutAction.motives()) | ~Q(motif_statut=""),
                violation_error_message=(
                    "Une action reportée, suspendue ou abandonnée dit pourquoi."
                ),
            ),
            models.CheckConstraint(
                name="contrats_action_regroupee_avec_une_autre",
                condition=Q(statut=StatutAction.REGROUPEE, regroupee_dans__isnull=False)
                | (~Q(statut=StatutAction.REGROUPEE) & Q(regroupee_dans=None)),
                violation_error_message="Une action regroupée, et elle seule, dit avec laquelle.",
            ),
            models.CheckConstraint(
                name="contrats_action_regroupee_ailleurs",
                condition=Q(regroupee_dans=None) | ~Q(regroupee_dans=F("pk")),
                violation_error_message="Une action ne se regroupe pas avec elle-même.",
            ),
            models.CheckConstraint(
                name="contrats_action_avancement_sur_100",
                condition=Q(avancement=None) | Q(avancement__lte=100),
                violation_error_message="L'avancement est un nombre de 0 à 100.",
            ),
            models.CheckConstraint(
                name="contrats_action_dates_ordonnees",
                condition=Q(debut=None) | Q(echeance=None) | Q(echeance__gte=F("debut")),
                violation_error_message="L'échéance ne peut précéder le début.",
            ),
            models.CheckConstraint(
                name="contrats_action_pas_son_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                violation_error_message="Une action n'est pas son propre sous-point.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    def get_absolute_url(self) -> str:
        return reverse("contrats:action-detail", args=[self.public_id])

    def garder_version(self, *, par: AbstractBaseUser | None, motif: str = "") -> None:
        """Garde l'état de l'action dans son histoire."""
        from contrats.historique import constater  # qui lit les modèles

        constater(self, par=par)  # type: ignore[arg-type]  # AUTH_USER_MODEL

    @property
    def est_en_retard(self) -> bool:
        """Échéance passée aujourd'hui et action non close ; même règle que `en_retard()`."""
        return (
            self.echeance is not None
            and self.echeance < timezone.localdate()
            and self.statut in StatutAction.a_faire()
        )

    @property
    def etat(self) -> str:
        """Le statut, ou « en_retard » qui l'emporte à l'écran : clé du signe affiché."""
        return "en_retard" if self.est_en_retard else self.statut

    @property
    def libelle_etat(self) -> str:
        return "En retard" if self.est_en_retard else self.get_statut_display()


class Periode(models.Model):
    """Période imprimée d'une action (« 2015-2017 », « à partir de juillet 2016 »)."""

    action = models.ForeignKey(
        Action, verbose_name="action", related_name="periodes", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    libelle = models.CharField("période imprimée", max_length=60)
    objet = models.CharField("objet", max_length=300, blank=True)
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)
    precision_debut = models.CharField("précision du début", max_length=10, choices=Precision)
    precision_fin = models.CharField(
        "précision de la fin", max_length=10, choices=Precision, blank=True
    )

    class Meta:
        verbose_name = "période"
        verbose_name_plural = "périodes"
        ordering = ["action", "ordre", "pk"]
        constraints = [
            valeurs("periode", "precision_debut", Precision, "Précision de date inconnue."),
            valeurs(
                "periode", "precision_fin", Precision, "Précision de date inconnue.", vide=True
            ),
            models.CheckConstraint(
                name="contrats_periode_dates_ordonnees",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin de la période ne peut précéder son début.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class Partenariat(models.Model):
    """Organisme cité par une liste de fiche (`section`) ou engagé dans une action (`action`).

    `mention` garde la forme imprimée ; une liste peut citer deux fois le même organisme.
    """

    section = models.ForeignKey(
        Section,
        verbose_name="liste de fiche",
        related_name="partenariats",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        related_name="partenariats",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    organisme = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="organisme",
        related_name="partenariats",
        on_delete=models.PROTECT,
    )
    role = models.CharField("rôle", max_length=14, choices=RolePartenaire)
    ordre = models.PositiveSmallIntegerField("ordre")
    mention = models.CharField("mention imprimée", max_length=254, blank=True)

    class Meta:
        verbose_name = "partenariat"
        verbose_name_plural = "partenariats"
        ordering = ["ordre", "pk"]
        constraints = [
            valeurs("partenariat", "role", RolePartenaire, "Rôle de partenaire inconnu."),
            models.CheckConstraint(
                name="contrats_partenariat_liste_ou_action",
                condition=Q(section__isnull=False, action=None, role=RolePartenaire.POTENTIEL)
                | (Q(section=None, action__isnull=False) & ~Q(role=RolePartenaire.POTENTIEL)),
                violation_error_message=(
                    "Un partenariat est une mention de liste ou un rôle dans une action."
                ),
            ),
            models.UniqueConstraint(
                fields=["action", "organisme", "role"],
                condition=Q(action__isnull=False),
                name="contrats_partenariat_role_unique",
                violation_error_message="Cet organisme a déjà ce rôle dans cette action.",
            ),
        ]

    def __str__(self) -> str:
        return self.mention or f"partenariat {self.pk}"
