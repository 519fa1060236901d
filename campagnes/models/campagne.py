"""La campagne, ses destinataires et ce qu'elle demande à chacun."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from campagnes.enums import Destination, EtatCampagne, EtatReponse
from comptes.models import Utilisateur
from contrats.models import Action, Contrat


class Contact(models.Model):
    """Qui répond pour un organisme, sur un contrat : privé, jamais dans l'API ni sur une page
    publique.

    Les sources n'impriment pas d'adresse : un agent du contrat la saisit.
    """

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="contacts", on_delete=models.CASCADE
    )
    organisme = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="organisme",
        related_name="contacts",
        on_delete=models.CASCADE,
    )
    nom = models.CharField("personne", max_length=120, blank=True)
    email = models.EmailField("courriel")
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "contact"
        verbose_name_plural = "contacts"
        ordering = ["contrat", "organisme"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "organisme"],
                name="campagnes_contact_unique",
                violation_error_message="Cet organisme a déjà un contact sur ce contrat.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom or self.email


class CampagneQuerySet(models.QuerySet["Campagne"]):
    def visibles_par(self, utilisateur: Utilisateur | AnonymousUser) -> Self:
        """Celles des contrats où l'utilisateur a un rôle ; jamais par la seule publication."""
        return self.filter(contrat__in=Contrat.objects.habilites(utilisateur))

    def pour_liste(self) -> Self:
        """De la plus récente à la plus ancienne, avec ce qui attend l'agent."""
        a_relire = Q(destinataires__demandes__reponses__etat=EtatReponse.RECUE)
        return (
            self.select_related("contrat")
            .annotate(
                nb_destinataires=Count("destinataires", distinct=True),
                nb_a_relire=Count(
                    "destinataires__demandes__reponses", filter=a_relire, distinct=True
                ),
            )
            .order_by("-cree_le", "-pk")
        )


class Campagne(models.Model):
    """Demande, à date, où en sont des actions d'un contrat : une fois par trimestre, en général.

    `actions` est la liste filtrée, figée à l'ouverture. Chaque destinataire reçoit un courriel et
    un lien, valable jusqu'à `fin` comprise, tant que la campagne est ouverte.
    """

    public_id = models.UUIDField(
        "identifiant public", default=uuid.uuid4, unique=True, editable=False
    )
    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="campagnes", on_delete=models.CASCADE
    )
    intitule = models.CharField("intitulé", max_length=120)
    message = models.TextField("mot de l'agent", max_length=2000, blank=True)
    destination = models.CharField(
        "à qui", max_length=10, choices=Destination, default=Destination.TOUS
    )
    fin = models.DateField("dernier jour pour répondre")
    etat = models.CharField(
        "état",
        max_length=16,
        choices=EtatCampagne,
        default=EtatCampagne.EN_PREPARATION,
        editable=False,
    )
    actions = models.ManyToManyField(
        Action, verbose_name="actions", related_name="campagnes", blank=True
    )
    ecartes = models.ManyToManyField(
        "partenaires.Organisme",
        verbose_name="organismes à qui l'on n'écrit pas",
        related_name="+",
        blank=True,
    )
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="préparée par",
        related_name="campagnes",
        on_delete=models.PROTECT,
    )
    cree_le = models.DateTimeField("préparée le", auto_now_add=True)
    ouverte_le = models.DateTimeField("ouverte le", null=True, blank=True, editable=False)
    arretee_le = models.DateTimeField("arrêtée le", null=True, blank=True, editable=False)

    objects = CampagneQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne"
        verbose_name_plural = "campagnes"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="campagnes_campagne_etat_connu",
                condition=Q(etat__in=EtatCampagne.values),
                violation_error_message="État de campagne inconnu.",
            ),
            models.CheckConstraint(
                name="campagnes_campagne_destination_connue",
                condition=Q(destination__in=Destination.values),
                violation_error_message="Choisissez à qui la campagne s'adresse.",
            ),
            models.CheckConstraint(
                name="campagnes_campagne_dates_de_l_etat",
                condition=Q(etat=EtatCampagne.EN_PREPARATION, ouverte_le=None, arretee_le=None)
                | Q(etat=EtatCampagne.OUVERTE, ouverte_le__isnull=False, arretee_le=None)
                | Q(etat=EtatCampagne.ARRETEE, arretee_le__isnull=False),
                violation_error_message="Une campagne ouverte ou arrêtée dit quand.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    def get_absolute_url(self) -> str:
        return reverse("campagnes:campagne-detail", args=[self.public_id])

    @property
    def recoit(self) -> bool:
        """Ses liens s'ouvrent : elle est ouverte et son dernier jour n'est pas passé."""
        return self.etat == EtatCampagne.OUVERTE and self.fin >= timezone.localdate()


class DestinataireQuerySet(models.QuerySet["Destinataire"]):
    def joignables(self) -> Self:
        """Ceux dont le lien s'ouvre aujourd'hui."""
        return self.filter(
            revoque_le=None,
            campagne__etat=EtatCampagne.OUVERTE,
            campagne__fin__gte=timezone.localdate(),
        )

    def avec_comptes(self) -> Self:
        """Combien d'actions on lui demande, et combien ont leur réponse."""
        return self.annotate(
            nb_demandes=Count("demandes", distinct=True),
            nb_repondues=Count(
                "demandes",
                filter=Q(demandes__reponses__etat__in=EtatReponse.valables()),
                distinct=True,
            ),
        )

    def silencieux(self) -> Self:
        """Ceux à qui il reste au moins une action sans réponse."""
        return self.avec_comptes().filter(nb_repondues__lt=F("nb_demandes"))


class Destinataire(models.Model):
    """Une adresse à qui la campagne écrit, une seule fois, quel que soit le nombre de ses actions.

    Son jeton n'est que dans ses courriels ; la base en garde l'empreinte (`campagnes.liens`).
    `ouvert_le` : il a choisi de commencer ; lire la page n'écrit rien, un antivirus la lit aussi.
    """

    campagne = models.ForeignKey(
        Campagne, verbose_name="campagne", related_name="destinataires", on_delete=models.CASCADE
    )
    email = models.EmailField("courriel")
    nom = models.CharField("personne", max_length=120, blank=True)
    organismes = models.ManyToManyField(
        "partenaires.Organisme", verbose_name="organismes", related_name="+", blank=True
    )
    cle = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    generation = models.PositiveSmallIntegerField("lien n°", default=1, editable=False)
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True, editable=False)
    ouvert_le = models.DateTimeField("ouvert le", null=True, blank=True, editable=False)
    revoque_le = models.DateTimeField("lien révoqué le", null=True, blank=True, editable=False)

    objects = DestinataireQuerySet.as_manager()

    class Meta:
        verbose_name = "destinataire"
        verbose_name_plural = "destinataires"
        ordering = ["campagne", "email"]
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "email"],
                name="campagnes_destinataire_unique",
                violation_error_message="Cette adresse reçoit déjà la campagne.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom or self.email


class DemandeQuerySet(models.QuerySet["Demande"]):
    def avec_reponse(self) -> Self:
        """Annote `repondue` : une réponse reçue ou acceptée."""
        valables = EtatReponse.valables()
        repondues = Demande.objects.filter(pk=OuterRef("pk"), reponses__etat__in=valables)
        return self.annotate(repondue=Exists(repondues))

    def pour_parcours(self) -> Self:
        """Les actions d'un destinataire, dans l'ordre où il les parcourt."""
        return (
            self.avec_reponse()
            .select_related("action__contrat", "action__fiche", "action__axe")
            .order_by("rang", "pk")
        )


class Demande(models.Model):
    """Une action sur laquelle on interroge un destinataire ; `rang` l'ordonne et la désigne.

    `repondue` est annotée (`avec_reponse`) ; `place` est posée par le parcours.
    """

    repondue: bool
    place: int

    destinataire = models.ForeignKey(
        Destinataire, verbose_name="destinataire", related_name="demandes", on_delete=models.CASCADE
    )
    action = models.ForeignKey(
        Action, verbose_name="action", related_name="demandes", on_delete=models.CASCADE
    )
    rang = models.PositiveSmallIntegerField("rang")

    objects = DemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "demande"
        verbose_name_plural = "demandes"
        ordering = ["destinataire", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["destinataire", "action"],
                name="campagnes_demande_unique",
                violation_error_message="Cette action est déjà demandée à ce destinataire.",
            ),
            models.UniqueConstraint(
                fields=["destinataire", "rang"],
                name="campagnes_demande_rang_unique",
                violation_error_message="Ce rang est déjà pris.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destinataire_id}, action {self.rang}"


class Relance(models.Model):
    """Jour où l'on réécrit à qui n'a pas tout répondu ; `faite_le` : elle ne se refait pas."""

    campagne = models.ForeignKey(
        Campagne, verbose_name="campagne", related_name="relances", on_delete=models.CASCADE
    )
    le = models.DateField("le")
    faite_le = models.DateTimeField("faite le", null=True, blank=True, editable=False)
    nombre = models.PositiveIntegerField("courriels", default=0, editable=False)

    class Meta:
        verbose_name = "relance"
        verbose_name_plural = "relances"
        ordering = ["campagne", "le"]
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "le"],
                name="campagnes_relance_unique",
                violation_error_message="Une relance est déjà prévue ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"relance du {self.le:%d/%m/%Y}"
