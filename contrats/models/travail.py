"""Retrouver et grouper son travail : lignes d'un lot, filtres enregistrés."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from contrats.enums import ListeFiltree
from contrats.models.action import Action
from contrats.models.contraintes import valeurs
from contrats.models.fiche import Fiche


class LigneDeLot(models.Model):
    """Une action ou une fiche d'un changement groupé : ce que le lot y a changé, avant et après.

    `avant` et `apres` ne portent que les champs changés, sous la forme du contenu d'une fiche.
    L'intitulé reste quand l'objet disparaît. D'une fiche, `apres` garde aussi la version : son état
    ne se remet que si son texte est resté le même.
    """

    lot = models.ForeignKey(
        "edition.Lot", verbose_name="lot", related_name="lignes", on_delete=models.CASCADE
    )
    rang = models.PositiveIntegerField("rang")
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        related_name="lignes_de_lot",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    fiche = models.ForeignKey(
        Fiche,
        verbose_name="fiche",
        related_name="lignes_de_lot",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    intitule = models.CharField("intitulé", max_length=1000)
    avant = models.JSONField("avant")
    apres = models.JSONField("après")

    est_la_derniere = False  # l'objet est encore comme le lot l'a laissé (`masse.lot`)

    class Meta:
        verbose_name = "ligne de lot"
        verbose_name_plural = "lignes de lot"
        ordering = ["lot", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "rang"],
                name="contrats_lignedelot_rang_unique",
                violation_error_message="Une autre ligne de ce lot a ce rang.",
            ),
            models.CheckConstraint(
                name="contrats_lignedelot_un_objet",
                condition=Q(action=None) | Q(fiche=None),
                violation_error_message="Une ligne de lot change une action ou une fiche.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def objet(self) -> Action | Fiche | None:
        return self.action or self.fiche


class FiltreEnregistre(models.Model):
    """Filtre qu'une personne garde pour elle : un nom, une liste, les paramètres de son adresse."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="utilisateur",
        related_name="filtres",
        on_delete=models.CASCADE,
    )
    liste = models.CharField("liste", max_length=12, choices=ListeFiltree)
    nom = models.CharField("nom", max_length=80)
    parametres = models.CharField("paramètres", max_length=2000)

    class Meta:
        verbose_name = "filtre enregistré"
        verbose_name_plural = "filtres enregistrés"
        ordering = ["liste", "nom", "pk"]
        constraints = [
            valeurs("filtreenregistre", "liste", ListeFiltree, "Liste inconnue."),
            models.CheckConstraint(
                name="contrats_filtreenregistre_nomme",
                condition=~Q(nom=""),
                violation_error_message="Donnez un nom à ce filtre.",
            ),
            models.UniqueConstraint(
                fields=["utilisateur", "liste", "nom"],
                name="contrats_filtreenregistre_nom_unique",
                violation_error_message="Vous avez déjà un filtre de ce nom sur cette liste.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
