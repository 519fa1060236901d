"""Boîte d'envoi : les courriels sortants, déposés avec l'acte qui les cause."""

import json
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from courrier.chiffrement import dechiffrer
from courrier.enums import EtatCourriel

# Au-delà, le processus qui l'avait réclamé est mort : un serveur muet est coupé bien avant.
DELAI_DE_REMISE = timedelta(minutes=10)


class CourrielQuerySet(models.QuerySet["Courriel"]):
    def a_envoyer(self) -> Self:
        """Ce qui attend et dont l'heure est venue, dans l'ordre du dépôt."""
        return self.filter(etat=EtatCourriel.A_ENVOYER, pas_avant__lte=timezone.now()).order_by(
            "pas_avant", "pk"
        )

    def interrompus(self) -> Self:
        """Réclamés par un processus qui n'a jamais dit la suite."""
        return self.filter(
            etat=EtatCourriel.EN_COURS, reclame_le__lt=timezone.now() - DELAI_DE_REMISE
        )

    def pour_boite(self) -> Self:
        """Du plus récent au plus ancien."""
        return self.order_by("-depose_le", "-pk")


class Courriel(models.Model):
    """Courriel sortant. `cle` nomme ce qui le cause : la même clé ne part jamais deux fois.

    Le texte peut porter un lien personnel : il n'est en base que chiffré. L'état ne s'écrit que
    par `courrier.envoi`.
    """

    cle = models.CharField("clé", max_length=200, unique=True, editable=False)
    destinataire = models.EmailField("destinataire", editable=False)
    sujet = models.CharField("sujet", max_length=200, editable=False)
    contenu = models.TextField("contenu chiffré", editable=False)
    etat = models.CharField(
        "état",
        max_length=20,
        choices=EtatCourriel,
        default=EtatCourriel.A_ENVOYER,
        editable=False,
    )
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0, editable=False)
    depose_le = models.DateTimeField("déposé le", default=timezone.now, editable=False)
    pas_avant = models.DateTimeField("pas avant le", default=timezone.now, editable=False)
    reclame_le = models.DateTimeField("réclamé le", null=True, editable=False)
    envoye_le = models.DateTimeField("envoyé le", null=True, editable=False)
    erreur = models.CharField("erreur", max_length=500, blank=True, editable=False)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = [F("depose_le").desc(), "-pk"]
        indexes = [
            models.Index(
                "pas_avant",
                name="courrier_courriel_attente",
                condition=Q(etat__in=[EtatCourriel.A_ENVOYER, EtatCourriel.EN_COURS]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="courrier_courriel_etat_connu",
                condition=Q(etat__in=EtatCourriel.values),
                violation_error_message="Cet état de courriel n'existe pas.",
            ),
            models.CheckConstraint(
                name="courrier_courriel_date_d_envoi",
                condition=Q(etat=EtatCourriel.ENVOYE, envoye_le__isnull=False)
                | (~Q(etat=EtatCourriel.ENVOYE) & Q(envoye_le=None)),
                violation_error_message="Un courriel envoyé a une date d'envoi ; lui seul.",
            ),
            models.CheckConstraint(
                name="courrier_courriel_reclame_date",
                condition=~Q(etat=EtatCourriel.EN_COURS) | Q(reclame_le__isnull=False),
                violation_error_message="Un courriel en cours d'envoi dit depuis quand.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sujet} ({self.destinataire})"

    @cached_property
    def _clair(self) -> dict[str, Any]:
        return json.loads(dechiffrer(self.contenu))

    @property
    def texte(self) -> str:
        """Corps en texte ; lève `Illisible` si la clé de l'installation a changé."""
        return self._clair["texte"]

    @property
    def html(self) -> str:
        """Corps en HTML, ou rien."""
        return self._clair["html"]

    @property
    def entetes(self) -> dict[str, str]:
        """En-têtes ajoutés, comme `List-Unsubscribe`."""
        return self._clair["entetes"]
