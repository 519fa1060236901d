"""La fiche et ses sections."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.enums import EtatSection, StatutFiche
from contrats.models.contraintes import valeurs
from contrats.models.contrat import Axe, Contrat
from contrats.models.modele_fiche import ModeleFiche, SectionModele
from contrats.models.perimetre import Raison, borner, raisons
from edition.models import Versionne


class FicheQuerySet(models.QuerySet["Fiche"]):
    def raisons(self, utilisateur: Utilisateur | AnonymousUser) -> list[Raison]:
        """Publiée dans un contrat publié, ou d'un contrat où l'utilisateur est habilité."""
        publie = Q(statut=StatutFiche.PUBLIEE, contrat__publie_le__isnull=False)
        return raisons(utilisateur, publie=publie)

    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        return borner(self.vivantes(), self.raisons(utilisateur))

    def vivantes(self) -> Self:
        """Hors de la corbeille."""
        return self.filter(supprimee_le=None)

    def pour_liste(self) -> Self:
        """Tout ce qu'affiche une ligne de liste."""
        return (
            self.select_related("contrat", "axe")
            .order_by("contrat__intitule_court", "contrat", "ordre", "pk")
            .fetch_mode(models.FETCH_PEERS)
        )

    def pour_page(self) -> Self:
        """Une fiche et ce qui la situe ; sections et actions viennent de `presentation.fiche`."""
        return self.select_related("contrat", "axe").fetch_mode(models.FETCH_PEERS)


class Fiche(Versionne):
    """Unité de rédaction d'un contrat : un titre et des sections, selon un modèle.

    Elle se lit et s'écrit d'un bloc (`contrats.contenu`), à version contrôlée : un
    enregistrement fait une `Version` entière. `numero` est le numéro imprimé ; `numero_deduit`
    dit qu'il ne l'est pas mais que des renvois le supposent.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="fiches", on_delete=models.CASCADE
    )
    modele = models.ForeignKey(
        ModeleFiche, verbose_name="modèle", related_name="fiches", on_delete=models.PROTECT
    )
    axe = models.ForeignKey(
        Axe,
        verbose_name="axe",
        related_name="fiches",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    cle = models.SlugField("adresse", max_length=120)
    numero = models.CharField("numéro", max_length=20, blank=True)
    numero_deduit = models.BooleanField("numéro déduit", default=False)
    ordre = models.PositiveSmallIntegerField("ordre")
    titre = models.CharField("titre", max_length=300)
    note_titre = models.TextField("note sur le titre", blank=True)
    statut = models.CharField(
        "statut",
        max_length=14,
        choices=StatutFiche,
        default=StatutFiche.BROUILLON,
        editable=False,
    )
    motif_statut = models.CharField("motif du statut", max_length=500, blank=True, editable=False)
    modifie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="modifiée par",
        related_name="fiches_modifiees",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )
    supprimee_le = models.DateTimeField("supprimée le", null=True, blank=True, editable=False)
    supprimee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="supprimée par",
        related_name="fiches_supprimees",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )

    objects = FicheQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche"
        verbose_name_plural = "fiches"
        ordering = ["contrat", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "cle"],
                name="contrats_fiche_cle_unique",
                violation_error_message="Une autre fiche de ce contrat a cette adresse.",
            ),
            valeurs("fiche", "statut", StatutFiche, "Statut de fiche inconnu."),
            models.CheckConstraint(
                name="contrats_fiche_statut_motive",
                condition=~Q(statut__in=StatutFiche.motives()) | ~Q(motif_statut=""),
                violation_error_message="Une fiche à corriger ou archivée dit pourquoi.",
            ),
            models.CheckConstraint(
                name="contrats_fiche_supprimee_par_quelqu_un",
                condition=Q(supprimee_le=None, supprimee_par=None)
                | Q(supprimee_le__isnull=False, supprimee_par__isnull=False),
                violation_error_message="Une fiche supprimée l'est à une date et par quelqu'un.",
            ),
            models.CheckConstraint(
                name="contrats_fiche_numero_deduit_present",
                condition=Q(numero_deduit=False) | ~Q(numero=""),
                violation_error_message="Un numéro déduit doit être indiqué.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("contrats:fiche-detail", args=[self.contrat.slug, self.cle])

    def garder_version(self, *, par: AbstractBaseUser | None, motif: str = "") -> None:
        """Fait une `Version` de la fiche entière, et garde l'état de ses actions."""
        from contrats.historique import constater
        from contrats.versions import versionner  # qui lit les modèles

        constater(self, par=par)  # type: ignore[arg-type]  # AUTH_USER_MODEL
        versionner(self, par=par, motif=motif)  # type: ignore[arg-type]  # AUTH_USER_MODEL


class Section(models.Model):
    """Section d'une fiche, à sa place et sous son libellé imprimés.

    Selon la nature fixée par le modèle, elle porte un texte, les actions d'un horizon, une liste
    de partenaires (ouverte par « … » ou fermée) ou des lignes (jalons, risques…).
    """

    fiche = models.ForeignKey(
        Fiche, verbose_name="fiche", related_name="sections", on_delete=models.CASCADE
    )
    modele = models.ForeignKey(
        SectionModele, verbose_name="section du modèle", related_name="+", on_delete=models.PROTECT
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    libelle = models.CharField("libellé imprimé", max_length=200)
    etat = models.CharField(
        "état", max_length=14, choices=EtatSection, default=EtatSection.A_RENSEIGNER
    )
    texte = models.TextField("texte", blank=True)
    liste_ouverte = models.BooleanField("liste ouverte", default=False)

    class Meta:
        verbose_name = "section"
        verbose_name_plural = "sections"
        ordering = ["fiche", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiche", "modele"],
                name="contrats_section_modele_unique",
                violation_error_message="Cette fiche a déjà cette section.",
            ),
            valeurs("section", "etat", EtatSection, "État de section inconnu."),
            models.CheckConstraint(
                name="contrats_section_texte_si_renseignee",
                condition=Q(texte="") | Q(etat=EtatSection.RENSEIGNEE),
                violation_error_message=(
                    "Une section qui porte un texte est renseignée : effacez-le ou changez l'état."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.libelle
