"""La matrice action × quartier : annexes, colonnes, déclinaisons, renvois et priorités."""

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from comptes.models import Utilisateur
from contrats.models import Action, Axe, Contrat
from edition.models import Versionne
from perr.enums import StatutDeclinaison
from territoires.enums import Couverture


class AnnexeTerritoriale(models.Model):
    """Partie de la matrice imprimée pour un secteur ; en colonne, des groupes de quartiers."""

    contrat = models.ForeignKey(
        Contrat,
        verbose_name="contrat",
        related_name="annexes_territoriales",
        on_delete=models.CASCADE,
    )
    cle = models.SlugField("clé", max_length=60)
    nom = models.CharField("nom", max_length=120)
    ordre_sommaire = models.PositiveSmallIntegerField("ordre au sommaire")
    ordre_imprime = models.PositiveSmallIntegerField("ordre imprimé")

    class Meta:
        verbose_name = "annexe territoriale"
        verbose_name_plural = "annexes territoriales"
        ordering = ["contrat", "ordre_imprime"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "cle"],
                name="perr_annexe_cle_unique",
                violation_error_message="Une autre annexe de ce contrat a cette clé.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Colonne(models.Model):
    """Tête de colonne : un regroupement imprimé, qui couvre un ou plusieurs QPV, parfois en partie.

    Une colonne n'est pas un quartier : le Grand Mirail est à cheval sur deux annexes.
    """

    annexe = models.ForeignKey(
        AnnexeTerritoriale, verbose_name="annexe", related_name="colonnes", on_delete=models.CASCADE
    )
    cle = models.SlugField("clé", max_length=60)
    abrege = models.CharField("abrégé", max_length=10)
    rang = models.PositiveSmallIntegerField("rang")
    libelle = models.CharField("libellé", max_length=254)
    quartiers = models.ManyToManyField(
        "territoires.Territoire",
        verbose_name="quartiers",
        through="perr.QuartierDeColonne",
        related_name="colonnes",
    )

    class Meta:
        verbose_name = "colonne"
        verbose_name_plural = "colonnes"
        ordering = ["annexe__ordre_imprime", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["annexe", "rang"],
                name="perr_colonne_rang_unique",
                violation_error_message="Une autre colonne de cette annexe a ce rang.",
            ),
            models.UniqueConstraint(
                fields=["annexe", "cle"],
                name="perr_colonne_cle_unique",
                violation_error_message="Une autre colonne de cette annexe a cette clé.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class QuartierDeColonne(models.Model):
    """Quartier prioritaire qu'une colonne couvre, en tout ou partie."""

    colonne = models.ForeignKey(
        Colonne, verbose_name="colonne", related_name="couvertures", on_delete=models.CASCADE
    )
    quartier = models.ForeignKey(
        "territoires.Territoire",
        verbose_name="quartier",
        related_name="couvertures",
        on_delete=models.PROTECT,
    )
    couverture = models.CharField("couverture", max_length=10, choices=Couverture)

    class Meta:
        verbose_name = "quartier de colonne"
        verbose_name_plural = "quartiers de colonne"
        ordering = ["colonne", "quartier"]
        constraints = [
            models.UniqueConstraint(
                fields=["colonne", "quartier"],
                name="perr_quartier_unique",
                violation_error_message="Cette colonne couvre déjà ce quartier.",
            ),
            models.CheckConstraint(
                name="perr_quartier_couverture_connue",
                condition=Q(couverture__in=Couverture.values),
                violation_error_message="Couverture inconnue : totale ou partielle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quartier_id} ({self.couverture})"


class AliasColonne(models.Model):
    """Autre libellé imprimé d'une colonne : sert à la reconnaître dans un fichier."""

    colonne = models.ForeignKey(
        Colonne, verbose_name="colonne", related_name="alias", on_delete=models.CASCADE
    )
    libelle = models.CharField("libellé", max_length=254)

    class Meta:
        verbose_name = "alias de colonne"
        verbose_name_plural = "alias de colonnes"
        ordering = ["libelle", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["colonne", "libelle"],
                name="perr_alias_unique",
                violation_error_message="Cette colonne porte déjà cet alias.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle


class DeclinaisonQuerySet(models.QuerySet["Declinaison"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Les déclinaisons des actions que l'utilisateur voit."""
        return self.filter(action__in=Action.objects.visibles_par(utilisateur))


class Declinaison(Versionne):
    """Ce qu'une action devient dans une colonne : une cellule remplie de la matrice.

    Ne s'écrit que par `perr.ecriture`. Une cellule vide n'existe pas ; « sans objet », « non
    travaillée » et « à regrouper » sont des statuts. Les cellules imprimées pour deux actions
    portent le même `groupe`.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    action = models.ForeignKey(
        Action, verbose_name="action", related_name="declinaisons", on_delete=models.CASCADE
    )
    colonne = models.ForeignKey(
        Colonne, verbose_name="colonne", related_name="declinaisons", on_delete=models.PROTECT
    )
    statut = models.CharField("statut", max_length=14, choices=StatutDeclinaison)
    texte = models.TextField("texte", blank=True)
    modalites = models.TextField("modalités de réalisation", blank=True)
    motif = models.TextField("motif", blank=True)
    groupe = models.CharField("groupe de cellules partagées", max_length=60, blank=True)
    a_verifier = models.CharField("à faire vérifier", max_length=300, blank=True)

    objects = DeclinaisonQuerySet.as_manager()

    class Meta:
        verbose_name = "déclinaison"
        verbose_name_plural = "déclinaisons"
        ordering = ["action", "colonne"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "colonne"],
                name="perr_declinaison_unique",
                violation_error_message="Cette action a déjà une déclinaison dans cette colonne.",
            ),
            models.CheckConstraint(
                name="perr_declinaison_statut_connu",
                condition=Q(statut__in=StatutDeclinaison.values),
                violation_error_message="Statut de cellule inconnu.",
            ),
            models.CheckConstraint(
                name="perr_declinaison_texte_present",
                condition=~Q(statut__in=StatutDeclinaison.avec_texte()) | ~Q(texte=""),
                violation_error_message="Une cellule renseignée a un texte.",
            ),
            models.CheckConstraint(
                name="perr_declinaison_sans_objet_motivee",
                condition=~Q(statut=StatutDeclinaison.SANS_OBJET) | ~Q(motif=""),
                violation_error_message="Dites pourquoi la cellule est sans objet.",
            ),
        ]

    def __str__(self) -> str:
        return f"action {self.action_id}, colonne {self.colonne_id}"


class RenvoiDeclinaison(models.Model):
    """« En lien avec l'action n° 1 » : d'une cellule vers une action, un axe, ou un texte libre."""

    declinaison = models.ForeignKey(
        Declinaison, verbose_name="déclinaison", related_name="renvois", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.CharField("texte imprimé", max_length=300)
    action = models.ForeignKey(
        Action,
        verbose_name="vers l'action",
        related_name="renvois_de_declinaisons",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    axe = models.ForeignKey(
        Axe,
        verbose_name="vers l'axe",
        related_name="renvois_de_declinaisons",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    deduit = models.BooleanField("cible déduite", default=False)

    class Meta:
        verbose_name = "renvoi de déclinaison"
        verbose_name_plural = "renvois de déclinaisons"
        ordering = ["declinaison", "ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                name="perr_renvoi_une_cible_au_plus",
                condition=Q(action=None) | Q(axe=None),
                violation_error_message="Un renvoi vise une action ou un axe, pas les deux.",
            )
        ]

    def __str__(self) -> str:
        return self.texte


class RegardSpecifique(models.Model):
    """Précision d'une cellule pour un quartier d'usage (« regard spécifique sur… »)."""

    declinaison = models.ForeignKey(
        Declinaison, verbose_name="déclinaison", related_name="regards", on_delete=models.CASCADE
    )
    quartier = models.ForeignKey(
        "territoires.Territoire",
        verbose_name="quartier",
        related_name="regards",
        on_delete=models.PROTECT,
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.TextField("texte", blank=True)

    class Meta:
        verbose_name = "regard spécifique"
        verbose_name_plural = "regards spécifiques"
        ordering = ["declinaison", "ordre", "pk"]

    def __str__(self) -> str:
        return f"regard {self.ordre}"


class TitreVariante(models.Model):
    """Titre et numéro d'une action tels qu'une annexe les imprime ; ligne parfois absente."""

    action = models.ForeignKey(
        Action, verbose_name="action", related_name="titres", on_delete=models.CASCADE
    )
    annexe = models.ForeignKey(
        AnnexeTerritoriale, verbose_name="annexe", related_name="titres", on_delete=models.CASCADE
    )
    titre = models.CharField("titre imprimé", max_length=1000, blank=True)
    numero_imprime = models.CharField("numéro imprimé", max_length=10, blank=True)
    ligne_absente = models.BooleanField("ligne absente", default=False)

    class Meta:
        verbose_name = "variante de titre"
        verbose_name_plural = "variantes de titre"
        ordering = ["action", "annexe"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "annexe"],
                name="perr_titre_unique",
                violation_error_message="Cette action a déjà un titre dans cette annexe.",
            )
        ]

    def __str__(self) -> str:
        return self.titre


class AxePrioritaire(models.Model):
    """Puce des priorités du protocole ; la priorité se porte par action, pas par programme."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="axes_prioritaires", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    programmes = models.ManyToManyField(
        Axe, verbose_name="programmes", related_name="axes_prioritaires"
    )
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        related_name="axes_prioritaires",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    texte = models.CharField("texte", max_length=500)

    class Meta:
        verbose_name = "axe prioritaire"
        verbose_name_plural = "axes prioritaires"
        ordering = ["contrat", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "ordre"],
                name="perr_axeprioritaire_ordre_unique",
                violation_error_message="Un autre axe prioritaire a cet ordre.",
            )
        ]

    def __str__(self) -> str:
        return self.texte
