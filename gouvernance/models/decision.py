"""Ce qu'une séance décide, suivi jusqu'à ce que ce soit fait."""

import datetime
import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import TransitionAction
from contrats.models import Contrat
from contrats.models.perimetre import PROFONDEUR, borner, raisons
from edition.models import Versionne
from gouvernance.enums import StatutDecision, StatutSeance
from gouvernance.models.contraintes import valeurs
from gouvernance.models.seance import Point, Seance


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """D'une séance close et ouverte au public, dans un contrat publié ; ou l'utilisateur a
        un rôle sur le contrat."""
        publie = Q(
            seance__publique=True,
            seance__statut=StatutSeance.CLOSE,
            seance__instance__contrat__publie_le__isnull=False,
        )
        chemin = "seance__instance__contrat"
        return borner(self, raisons(utilisateur, publie=publie, contrat=chemin))

    def a_faire(self) -> Self:
        return self.filter(statut=StatutDecision.A_FAIRE)

    def en_retard(self, le: datetime.date | None = None) -> Self:
        return self.a_faire().filter(avant_le__lt=le or timezone.localdate())

    def des_comites_de(self, contrats: QuerySet[Contrat] | list[Contrat]) -> Self:
        """Prises pour ces contrats, ou pour un contrat dont ils sont l'annexe : le comité du
        contrat de ville est aussi celui de son PERR."""
        lignee = Q(seance__instance__contrat__in=contrats)
        for rang in range(1, PROFONDEUR + 1):
            lignee |= Q(**{f"seance__instance__contrat__{'enfants__' * rang}in": contrats})
        return self.filter(pk__in=Decision.objects.filter(lignee).values("pk"))

    def pour_liste(self) -> Self:
        """D'abord celles qui restent à faire, et de celles-là les plus pressées."""
        reste = Case(When(statut__in=StatutDecision.en_cours(), then=0), default=1)
        return self.select_related(
            "seance__instance__contrat",
            "action__contrat",
            "fiche__contrat",
            "article__contrat",
            "indicateur__contrat",
            "organisme",
        ).order_by(reste, F("avant_le").asc(nulls_last=True), "pk")


class Decision(Versionne):
    """Ce qu'une séance décide : quoi, qui, avant quand, et sur quoi.

    Qui : un organisme de l'annuaire, que le public lit ; une fonction, texte libre qui ne sort pas
    de l'atelier.
    Prise, elle n'engage qu'à la clôture ; `effet` est alors appliqué à l'action, par ses
    transitions. Elle devient un point suivi, rappelé jusqu'à ce qu'elle soit faite.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    seance = models.ForeignKey(
        Seance, verbose_name="séance", related_name="decisions", on_delete=models.CASCADE
    )
    point = models.ForeignKey(
        Point,
        verbose_name="point",
        related_name="decisions",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.CharField("quoi", max_length=500)
    organisme = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="organisme responsable",
        related_name="decisions",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    fonction = models.CharField("fonction ou service", max_length=200, blank=True)
    avant_le = models.DateField("avant le", null=True, blank=True)
    action = models.ForeignKey(
        "contrats.Action",
        verbose_name="action",
        related_name="decisions",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    fiche = models.ForeignKey(
        "contrats.Fiche",
        verbose_name="fiche",
        related_name="decisions",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    article = models.ForeignKey(
        "contrats.Article",
        verbose_name="article",
        related_name="decisions",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    indicateur = models.ForeignKey(
        "indicateurs.Indicateur",
        verbose_name="indicateur",
        related_name="decisions",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    effet = models.CharField("effet", max_length=12, choices=TransitionAction, blank=True)
    statut = models.CharField(
        "statut",
        max_length=10,
        choices=StatutDecision,
        default=StatutDecision.PRISE,
        editable=False,
    )
    prise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="notée par",
        related_name="decisions_notees",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )
    prise_le = models.DateTimeField("notée le", auto_now_add=True)
    appliquee_le = models.DateTimeField("appliquée le", null=True, blank=True, editable=False)
    suivie_le = models.DateTimeField("suivie le", null=True, blank=True, editable=False)
    suivie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="suivie par",
        related_name="decisions_suivies",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )
    suite = models.CharField("ce qui en a été fait", max_length=300, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        verbose_name_plural = "décisions"
        ordering = ["seance", "ordre", "pk"]
        constraints = [
            valeurs("decision", "statut", StatutDecision, "Statut de décision inconnu."),
            valeurs("decision", "effet", TransitionAction, "Effet inconnu.", vide=True),
            models.CheckConstraint(
                name="gouvernance_decision_abandon_dit_pourquoi",
                condition=~Q(statut=StatutDecision.ABANDONNEE) | ~Q(suite=""),
                violation_error_message="Une décision abandonnée dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return self.texte

    def get_absolute_url(self) -> str:
        return f"{self.seance.get_absolute_url()}#decision-{self.public_id}"

    def garder_version(self, *, par: Any, motif: str = "") -> None:
        """Son suivi porte sa date, son auteur et sa suite ; elle n'a pas d'autre historique."""

    @property
    def qui(self) -> str:
        """Ce que tous peuvent lire de qui la doit : l'organisme, jamais un nom tapé."""
        return self.organisme.nom if self.organisme else ""

    @property
    def qui_interne(self) -> str:
        """« Direction de l'habitat, Toulouse Métropole » : pour qui a un rôle sur le contrat."""
        return ", ".join(filter(None, [self.fonction, self.qui]))

    @property
    def cible(self) -> Any:
        """L'action, la fiche, l'article ou l'indicateur visé ; None pour une décision générale."""
        return self.action or self.fiche or self.article or self.indicateur

    @property
    def est_en_retard(self) -> bool:
        return (
            self.statut == StatutDecision.A_FAIRE
            and self.avant_le is not None
            and self.avant_le < timezone.localdate()
        )

    @property
    def etat(self) -> str:
        """Clé du signe affiché ; le retard l'emporte."""
        return "en_retard" if self.est_en_retard else self.statut

    @property
    def libelle_etat(self) -> str:
        return "En retard" if self.est_en_retard else self.get_statut_display()
