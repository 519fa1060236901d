"""Ce qui arrive à une fiche, une action ou un contrat : versions, transitions, commentaires."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from comptes.enums import Preuve
from comptes.models import Utilisateur
from contrats.enums import (
    StatutAction,
    StatutContrat,
    StatutFiche,
    TransitionAction,
    TransitionContrat,
    TransitionFiche,
)
from contrats.models.action import Action
from contrats.models.contraintes import valeurs
from contrats.models.contrat import Contrat
from contrats.models.fiche import Fiche, Section

# Objet d'une transition : (ses transitions, ses statuts)
VOCABULAIRES: dict[str, tuple[type[models.TextChoices], type[models.TextChoices]]] = {
    "contrat": (TransitionContrat, StatutContrat),
    "fiche": (TransitionFiche, StatutFiche),
    "action": (TransitionAction, StatutAction),
}


def _d_un_objet(du_contrat: list[str], de_la_fiche: list[str], de_l_action: list[str]) -> Q:
    """Un seul objet, et une de ses transitions."""
    return (
        Q(contrat__isnull=False, fiche=None, action=None, transition__in=du_contrat)
        | Q(contrat=None, fiche__isnull=False, action=None, transition__in=de_la_fiche)
        | Q(contrat=None, fiche=None, action__isnull=False, transition__in=de_l_action)
    )


class Version(models.Model):
    """État entier d'une fiche ou d'un contrat à un enregistrement : jamais modifié ni supprimé.

    `numero` est celui de l'objet après l'enregistrement ; `instantane` suffit à rétablir l'état
    exact (`contrats.contenu`). Sans auteur : chargement initial.
    """

    fiche = models.ForeignKey(
        Fiche,
        verbose_name="fiche",
        related_name="versions",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    contrat = models.ForeignKey(
        Contrat,
        verbose_name="contrat",
        related_name="versions",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    numero = models.PositiveIntegerField("numéro")
    instantane = models.JSONField("état enregistré")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="versions",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    motif = models.CharField("motif", max_length=300, blank=True)
    lot = models.ForeignKey(
        "edition.Lot",
        verbose_name="lot",
        related_name="versions",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    cree_le = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        verbose_name = "version"
        verbose_name_plural = "versions"
        ordering = ["-numero", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="contrats_version_un_objet",
                condition=Q(fiche__isnull=False, contrat=None)
                | Q(fiche=None, contrat__isnull=False),
                violation_error_message="Une version est celle d'une fiche ou d'un contrat.",
            ),
            models.UniqueConstraint(
                fields=["fiche", "numero"],
                condition=Q(fiche__isnull=False),
                name="contrats_version_fiche_numero_unique",
                violation_error_message="Cette version de la fiche existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["contrat", "numero"],
                condition=Q(contrat__isnull=False),
                name="contrats_version_contrat_numero_unique",
                violation_error_message="Cette version du contrat existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.numero}"


class Transition(models.Model):
    """Passage d'un statut à un autre : qui, quand, de quoi vers quoi, pourquoi. Jamais modifié.

    Sans auteur : chargement initial. `preuve` : par quoi l'auteur d'un constat de signature a
    montré que c'était lui, moins de cinq minutes avant.
    """

    contrat = models.ForeignKey(
        Contrat,
        verbose_name="contrat",
        related_name="transitions",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    fiche = models.ForeignKey(
        Fiche,
        verbose_name="fiche",
        related_name="transitions",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        related_name="transitions",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    transition = models.CharField("transition", max_length=20)
    de = models.CharField("de", max_length=20)
    vers = models.CharField("vers", max_length=20)
    motif = models.TextField("motif", blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="par",
        related_name="transitions",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    preuve = models.CharField("preuve", max_length=12, choices=Preuve, blank=True)
    le = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "transition"
        verbose_name_plural = "transitions"
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="contrats_transition_un_objet",
                condition=_d_un_objet(
                    TransitionContrat.values, TransitionFiche.values, TransitionAction.values
                ),
                violation_error_message=(
                    "Une transition est celle d'un contrat, d'une fiche ou d'une action, et connue."
                ),
            ),
            models.CheckConstraint(
                name="contrats_transition_motivee",
                condition=~Q(motif="")
                | ~_d_un_objet(
                    [t.value for t in TransitionContrat.motivees()],
                    [t.value for t in TransitionFiche.motivees()],
                    [t.value for t in TransitionAction.motivees()],
                ),
                violation_error_message="Un refus, un report ou un abandon dit pourquoi.",
            ),
            models.CheckConstraint(
                name="contrats_transition_signature_prouvee",
                condition=~Q(transition=TransitionContrat.SIGNER) | ~Q(preuve=""),
                violation_error_message="Qui constate une signature a montré que c'était lui.",
            ),
            valeurs("transition", "preuve", Preuve, "Preuve inconnue.", vide=True),
        ]

    def __str__(self) -> str:
        return f"{self.libelle} : {self.libelle_de} → {self.libelle_vers}"

    @property
    def libelle(self) -> str:
        return VOCABULAIRES[self._objet][0](self.transition).label

    @property
    def libelle_de(self) -> str:
        return VOCABULAIRES[self._objet][1](self.de).label

    @property
    def libelle_vers(self) -> str:
        return VOCABULAIRES[self._objet][1](self.vers).label

    @property
    def _objet(self) -> str:
        return next(nom for nom in VOCABULAIRES if getattr(self, f"{nom}_id") is not None)


class CommentaireQuerySet(models.QuerySet["Commentaire"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Ceux des contrats où l'utilisateur a un rôle, hors corbeille : ailleurs, un commentaire
        n'existe pas."""
        contrats = Contrat.objects.habilites(utilisateur).values("pk")
        siens = Q(fiche__contrat__in=contrats) | Q(action__contrat__in=contrats)
        return self.filter(siens, fiche__supprimee_le=None, action__fiche__supprimee_le=None)


class Commentaire(models.Model):
    """Remarque sur une fiche, une de ses sections, ou une action ; se résout, et se rouvre.

    `correction` : demande de corriger ce qu'il nomme, faite en renvoyant la fiche.
    """

    fiche = models.ForeignKey(
        Fiche,
        verbose_name="fiche",
        related_name="commentaires",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    section = models.ForeignKey(
        Section,
        verbose_name="section",
        related_name="commentaires",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        related_name="commentaires",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    texte = models.TextField("commentaire", max_length=5000)
    correction = models.BooleanField("demande de correction", default=False)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="auteur",
        related_name="commentaires",
        on_delete=models.PROTECT,
    )
    cree_le = models.DateTimeField("écrit le", auto_now_add=True)
    resolu_le = models.DateTimeField("résolu le", null=True, blank=True)
    resolu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="résolu par",
        related_name="commentaires_resolus",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )

    objects = CommentaireQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire"
        verbose_name_plural = "commentaires"
        ordering = ["cree_le", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contrats_commentaire_sur_quelque_chose",
                condition=Q(fiche__isnull=False, action=None)
                | Q(action__isnull=False, section=None),
                violation_error_message="Un commentaire porte sur une fiche ou sur une action.",
            ),
            models.CheckConstraint(
                name="contrats_commentaire_resolu_par_quelqu_un",
                condition=Q(resolu_le=None, resolu_par=None)
                | Q(resolu_le__isnull=False, resolu_par__isnull=False),
                violation_error_message="Un commentaire résolu l'est par quelqu'un.",
            ),
            models.CheckConstraint(
                name="contrats_commentaire_non_vide",
                condition=~Q(texte=""),
                violation_error_message="Écrivez le commentaire.",
            ),
        ]

    def __str__(self) -> str:
        return self.texte[:80]
