"""L'avenant d'un contrat, et ce qu'il y change.

Le texte de l'avenant est celui d'un `contrats.Contrat` enfant, avec son cycle de vie, ses
versions et ses signatures ; ici, ce qui en fait un avenant.
"""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from avenants.enums import NatureEffet
from comptes.models import Utilisateur
from contrats.enums import LienParent, RolePartie, StatutContrat
from contrats.models import Contrat

N = NatureEffet
SIGNES = (StatutContrat.SIGNE, StatutContrat.PROROGE, StatutContrat.ECHU, StatutContrat.ARCHIVE)


def forme(*natures: NatureEffet, **champs: object) -> Q:
    """Ces natures remplissent ces champs-là."""
    return Q(nature__in=[n.value for n in natures], **champs)


class AvenantQuerySet(models.QuerySet["Avenant"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Comme le contrat qui en porte le texte."""
        return self.filter(contrat__in=Contrat.objects.visibles_par(utilisateur).values("pk"))

    def entres(self) -> Self:
        """Ceux qui modifient le contrat, dans leur ordre."""
        return self.filter(numero__isnull=False).order_by("numero")


class Avenant(models.Model):
    """Un contrat enfant qui en modifie un autre, à une date d'effet.

    Il n'a de numéro qu'une fois entré en vigueur (`avenants.entree`) : de deux projets, le
    premier entré est le n° 1. Les avenants d'un contrat prennent effet dans l'ordre de leur
    numéro.
    """

    contrat = models.OneToOneField(
        Contrat,
        verbose_name="contrat de l'avenant",
        related_name="avenant",
        on_delete=models.PROTECT,
        error_messages={"unique": "Ce contrat est déjà un avenant."},
    )
    modifie = models.ForeignKey(
        Contrat, verbose_name="contrat modifié", related_name="avenants", on_delete=models.PROTECT
    )
    numero = models.PositiveSmallIntegerField("numéro", null=True, blank=True, editable=False)
    effet_le = models.DateField("prend effet le", null=True, blank=True, editable=False)
    entre_le = models.DateTimeField("entré en vigueur le", null=True, blank=True, editable=False)
    entre_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="constaté par",
        related_name="+",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )
    demonstration = models.BooleanField("avenant de démonstration", default=False)

    objects = AvenantQuerySet.as_manager()

    class Meta:
        verbose_name = "avenant"
        verbose_name_plural = "avenants"
        ordering = ["modifie", "numero", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["modifie", "numero"],
                name="avenants_avenant_numero_unique",
                violation_error_message="Un autre avenant de ce contrat a ce numéro.",
            ),
            models.CheckConstraint(
                name="avenants_avenant_entree_entiere",
                condition=Q(numero=None, effet_le=None, entre_le=None, entre_par=None)
                | Q(
                    numero__gt=0,
                    effet_le__isnull=False,
                    entre_le__isnull=False,
                    entre_par__isnull=False,
                ),
                violation_error_message=(
                    "Un avenant en vigueur a un numéro, une date d'effet, et qui l'a constaté."
                ),
            ),
            models.CheckConstraint(
                name="avenants_avenant_modifie_un_autre",
                condition=~Q(contrat=models.F("modifie")),
                violation_error_message="Un avenant modifie un autre contrat que lui.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom if self.numero else self.contrat.intitule_court

    def get_absolute_url(self) -> str:
        return self.contrat.get_absolute_url()

    @property
    def nom(self) -> str:
        """« avenant n° 2 »."""
        return f"avenant n°\u00a0{self.numero}" if self.numero else "projet d'avenant"

    @property
    def modifiable(self) -> bool:
        """Ses effets s'écrivent tant que personne ne le relit ni ne le signe."""
        return self.numero is None and self.contrat.statut == StatutContrat.EN_PREPARATION

    def clean(self) -> None:
        super().clean()
        if self.contrat.lien != LienParent.AVENANT or self.contrat.parent_id != self.modifie_id:
            raise ValidationError("Un avenant est un contrat enfant lié comme avenant.")


class Effet(models.Model):
    """Une chose que l'avenant change : un article, la fin, une partie, une action, un montant.

    `cle` désigne la disposition touchée dans le texte en vigueur (« article:3 ») : un avenant ne
    touche la même qu'une fois. `depart` est le numéro du dernier avenant que le rédacteur avait
    sous les yeux (0 : aucun) : un avenant entré depuis et qui touche la même clé est un conflit.
    """

    avenant = models.ForeignKey(
        Avenant, verbose_name="avenant", related_name="effets", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    nature = models.CharField("nature", max_length=20, choices=NatureEffet)
    cle = models.CharField("disposition touchée", max_length=150)
    apres = models.CharField("placé après", max_length=150, blank=True)
    titre = models.CharField("titre", max_length=1000, blank=True)
    texte = models.TextField("texte", blank=True)
    motif = models.TextField("motif", blank=True)
    fin = models.DateField("nouvelle fin", null=True, blank=True)
    montant = models.DecimalField(
        "montant (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    organisme = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="organisme",
        related_name="effets_d_avenant",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    role = models.CharField("rôle de la partie", max_length=12, choices=RolePartie, blank=True)
    depart = models.PositiveSmallIntegerField("dernier avenant lu", default=0)
    prorogation = models.OneToOneField(
        "contrats.Prorogation",
        verbose_name="prorogation faite",
        related_name="effet_d_avenant",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        error_messages={"unique": "Cette prorogation est déjà celle d'un autre effet."},
    )

    class Meta:
        verbose_name = "effet d'avenant"
        verbose_name_plural = "effets d'avenant"
        ordering = ["avenant", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["avenant", "cle"],
                name="avenants_effet_cle_unique",
                violation_error_message="Cet avenant touche déjà cette disposition.",
            ),
            models.UniqueConstraint(
                fields=["avenant", "ordre"],
                name="avenants_effet_ordre_unique",
                violation_error_message="Un autre effet de cet avenant a cet ordre.",
            ),
            models.CheckConstraint(
                name="avenants_effet_nature_connue",
                condition=Q(nature__in=NatureEffet.values),
                violation_error_message="Choisissez une nature de la liste.",
            ),
            models.CheckConstraint(
                name="avenants_effet_role_connu",
                condition=Q(role="") | Q(role__in=RolePartie.values),
                violation_error_message="Choisissez un rôle de la liste.",
            ),
            models.CheckConstraint(
                name="avenants_effet_cible_nommee",
                condition=forme(
                    N.ARTICLE_REMPLACE,
                    N.ARTICLE_AJOUTE,
                    N.ARTICLE_ABROGE,
                    cle__startswith="article:",
                )
                | forme(N.FIN, cle="fin")
                | forme(N.PARTIE_ENTREE, N.PARTIE_SORTIE, cle__startswith="partie:")
                | forme(
                    N.ACTION_AJOUTEE,
                    N.ACTION_MODIFIEE,
                    N.ACTION_RETIREE,
                    cle__startswith="action:",
                )
                | forme(N.MONTANT, cle__startswith="montant:"),
                violation_error_message="Dites quelle disposition l'avenant touche.",
            ),
            models.CheckConstraint(
                name="avenants_effet_texte_selon_nature",
                condition=(forme(*NatureEffet.qui_retirent(), titre="", texte="", apres=""))
                | (~forme(*NatureEffet.qui_retirent(), N.FIN) & ~Q(titre=""))
                | forme(N.FIN, titre="", texte=""),
                violation_error_message=(
                    "Ce qui est écrit a un titre ; ce qui est retiré ou reporté n'en a pas."
                ),
            ),
            models.CheckConstraint(
                name="avenants_effet_fin_motivee",
                condition=(forme(N.FIN, fin__isnull=False) & ~Q(motif=""))
                | (~forme(N.FIN) & Q(fin=None)),
                violation_error_message="Un report dit la nouvelle fin, et pourquoi.",
            ),
            models.CheckConstraint(
                name="avenants_effet_partie_est_un_organisme",
                condition=forme(N.PARTIE_ENTREE, organisme__isnull=False, role__gt="")
                | (~forme(N.PARTIE_ENTREE) & Q(organisme=None, role="")),
                violation_error_message="Une partie qui entre est un organisme, avec un rôle.",
            ),
            models.CheckConstraint(
                name="avenants_effet_montant_positif",
                condition=forme(N.MONTANT, montant__gt=0) | (~forme(N.MONTANT) & Q(montant=None)),
                violation_error_message="Un montant fixé est un nombre positif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} ({self.cle})"

    @property
    def article(self) -> str:
        """Numéro de l'article touché ; vide si c'est autre chose."""
        return self.cle.removeprefix("article:") if self.cle.startswith("article:") else ""
