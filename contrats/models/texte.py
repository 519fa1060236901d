"""Ce que dit le contrat : articles, engagements, annexes, chronologie, sommes et renvois."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contrats.enums import ContenuAnnexe, NatureFinancement, OrigineCredits, Precision
from contrats.models.contraintes import valeurs
from contrats.models.contrat import Contrat


class Article(models.Model):
    """Disposition numérotée du contrat, en Markdown restreint."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="articles", on_delete=models.CASCADE
    )
    numero = models.CharField("numéro", max_length=10)
    ordre = models.PositiveSmallIntegerField("ordre")
    titre = models.CharField("titre", max_length=300)
    texte = models.TextField("texte", blank=True)

    class Meta:
        verbose_name = "article"
        verbose_name_plural = "articles"
        ordering = ["contrat", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "numero"],
                name="contrats_article_numero_unique",
                violation_error_message="Un autre article de ce contrat a ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["contrat", "ordre"],
                name="contrats_article_ordre_unique",
                violation_error_message="Un autre article de ce contrat a cet ordre.",
            ),
        ]

    def __str__(self) -> str:
        return f"Article {self.numero} : {self.titre}"

    def clean(self) -> None:
        """Un article n'emploie que des variables connues."""
        from contrats.variables import controler  # qui lit les modèles

        super().clean()
        try:
            controler(self.texte)
        except ValidationError as erreur:
            raise ValidationError({"texte": erreur.messages}) from None


class Engagement(models.Model):
    """Promesse du contrat : qui la doit (`porteurs`), à qui elle profite (`beneficiaires`)."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="engagements", on_delete=models.CASCADE
    )
    article = models.ForeignKey(
        Article,
        verbose_name="article",
        related_name="engagements",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.TextField("texte")
    porteurs = models.ManyToManyField(
        "contrats.Partie", verbose_name="dû par", related_name="engagements_dus"
    )
    beneficiaires = models.ManyToManyField(
        "contrats.Partie", verbose_name="au bénéfice de", related_name="engagements_recus"
    )

    class Meta:
        verbose_name = "engagement"
        verbose_name_plural = "engagements"
        ordering = ["contrat", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "ordre"],
                name="contrats_engagement_ordre_unique",
                violation_error_message="Un autre engagement de ce contrat a cet ordre.",
            )
        ]

    def __str__(self) -> str:
        return f"Engagement {self.ordre}"


class Annexe(models.Model):
    """Annexe annoncée par le contrat, présente ou non dans la source."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="annexes", on_delete=models.CASCADE
    )
    numero = models.CharField("numéro", max_length=10)
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("intitulé", max_length=300)
    contenu = models.CharField("contenu", max_length=10, choices=ContenuAnnexe)
    texte = models.TextField("texte", blank=True)

    class Meta:
        verbose_name = "annexe"
        verbose_name_plural = "annexes"
        ordering = ["contrat", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "numero"],
                name="contrats_annexe_numero_unique",
                violation_error_message="Une autre annexe de ce contrat a ce numéro.",
            ),
            valeurs("annexe", "contenu", ContenuAnnexe, "Contenu d'annexe inconnu."),
        ]

    def __str__(self) -> str:
        return f"Annexe {self.numero}"


class Annonce(models.Model):
    """Nombre que le texte annonce (« 6 grandes orientations »), à comparer aux données."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="annonces", on_delete=models.CASCADE
    )
    objet = models.CharField("objet compté", max_length=60)
    nombre = models.PositiveSmallIntegerField("nombre annoncé")
    libelle = models.CharField("phrase imprimée", max_length=300)

    class Meta:
        verbose_name = "annonce"
        verbose_name_plural = "annonces"
        ordering = ["contrat", "objet"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "objet"],
                name="contrats_annonce_objet_unique",
                violation_error_message="Ce contrat annonce déjà un nombre pour cet objet.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle


class Etape(models.Model):
    """Étape de la chronologie du contrat, à la précision imprimée."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="etapes", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    date_texte = models.CharField("date imprimée", max_length=60)
    le = models.DateField("date", null=True, blank=True)
    precision = models.CharField("précision", max_length=10, choices=Precision)
    intitule = models.CharField("intitulé", max_length=300)

    class Meta:
        verbose_name = "étape"
        verbose_name_plural = "étapes"
        ordering = ["contrat", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "ordre"],
                name="contrats_etape_ordre_unique",
                violation_error_message="Une autre étape de ce contrat a cet ordre.",
            ),
            valeurs("etape", "precision", Precision, "Précision de date inconnue."),
        ]

    def __str__(self) -> str:
        return f"{self.date_texte} : {self.intitule}"


class Prorogation(models.Model):
    """Report de la fin d'un contrat, avec son motif."""

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="prorogations", on_delete=models.CASCADE
    )
    le = models.DateField("décidée le")
    motif = models.TextField("motif")
    ancienne_fin = models.DateField("ancienne fin")
    nouvelle_fin = models.DateField("nouvelle fin")

    class Meta:
        verbose_name = "prorogation"
        verbose_name_plural = "prorogations"
        ordering = ["contrat", "le", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contrats_prorogation_reporte_la_fin",
                condition=Q(nouvelle_fin__gt=F("ancienne_fin")),
                violation_error_message="La nouvelle fin doit suivre l'ancienne.",
            )
        ]

    def __str__(self) -> str:
        return f"prorogation jusqu'au {self.nouvelle_fin}"


class Financement(models.Model):
    """Somme ou apport en nature cité par un contrat : prévu (`montant`), engagé, payé.

    Indicatif : sans bénéficiaire ni convention, il ne se publie pas comme subvention (décret
    2017-779). Un montant vide est inconnu : zéro n'est pas vide.
    """

    contrat = models.ForeignKey(
        Contrat, verbose_name="contrat", related_name="financements", on_delete=models.CASCADE
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    intitule = models.CharField("intitulé", max_length=300)
    montant = models.DecimalField(
        "montant prévu (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    engage = models.DecimalField(
        "engagé (€)", max_digits=14, decimal_places=2, null=True, blank=True
    )
    paye = models.DecimalField("payé (€)", max_digits=14, decimal_places=2, null=True, blank=True)
    origine = models.CharField(
        "origine des crédits", max_length=12, choices=OrigineCredits, blank=True
    )
    en_nature = models.BooleanField("apport en nature", default=False)
    demonstration = models.BooleanField("montants de démonstration", default=False)
    beneficiaire = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="bénéficiaire",
        related_name="financements_recus",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    financeur = models.ForeignKey(
        "partenaires.Organisme",
        verbose_name="financeur",
        related_name="financements",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
    )
    dispositif = models.CharField("dispositif", max_length=300, blank=True)
    portee = models.TextField("portée", blank=True)
    nature = models.CharField("nature", max_length=12, choices=NatureFinancement)

    class Meta:
        verbose_name = "financement"
        verbose_name_plural = "financements"
        ordering = ["contrat", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "ordre"],
                name="contrats_financement_ordre_unique",
                violation_error_message="Un autre financement de ce contrat a cet ordre.",
            ),
            models.CheckConstraint(
                name="contrats_financement_montant_positif",
                condition=Q(montant=None) | Q(montant__gt=0),
                violation_error_message="Montant positif, ou vide s'il est inconnu.",
            ),
            models.CheckConstraint(
                name="contrats_financement_engage_paye_positifs",
                condition=(Q(engage=None) | Q(engage__gte=0)) & (Q(paye=None) | Q(paye__gte=0)),
                violation_error_message="Engagé et payé sont positifs ou nuls, ou inconnus.",
            ),
            valeurs("financement", "nature", NatureFinancement, "Nature de financement inconnue."),
            valeurs(
                "financement", "origine", OrigineCredits, "Origine de crédits inconnue.", vide=True
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    def clean(self) -> None:
        """Rien n'est convenu, engagé ni payé à une association avant qu'elle ait signé la charte
        des valeurs de la République ou le contrat d'engagement républicain (décret 2021-1947)."""
        super().clean()
        finance = self.engage or self.paye or self.nature == NatureFinancement.CONVENTION
        beneficiaire = self.beneficiaire if finance else None
        if beneficiaire and not beneficiaire.peut_etre_finance(timezone.localdate()):
            raise ValidationError(
                {
                    "beneficiaire": "Cette association n'a signé ni la charte ni le contrat "
                    "d'engagement républicain : notez d'abord sa signature sur sa fiche."
                }
            )


class Renvoi(models.Model):
    """« cf. fiche 1.2 », « cf. annexe 2 » : d'un article ou d'une section vers une cible.

    La cible est une fiche, une annexe ou un document extérieur ; `deduit` dit que la source
    n'est pas explicite.
    """

    article = models.ForeignKey(
        Article,
        verbose_name="dans l'article",
        related_name="renvois",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    section = models.ForeignKey(
        "contrats.Section",
        verbose_name="dans la section",
        related_name="renvois",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.CharField("texte imprimé", max_length=300)
    fiche = models.ForeignKey(
        "contrats.Fiche",
        verbose_name="vers la fiche",
        related_name="renvois_recus",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    annexe = models.ForeignKey(
        Annexe,
        verbose_name="vers l'annexe",
        related_name="renvois_recus",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
    )
    document = models.CharField("vers un document extérieur", max_length=300, blank=True)
    deduit = models.BooleanField("cible déduite", default=False)

    class Meta:
        verbose_name = "renvoi"
        verbose_name_plural = "renvois"
        ordering = ["article", "section", "ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contrats_renvoi_un_depart",
                condition=Q(article__isnull=False, section=None)
                | Q(article=None, section__isnull=False),
                violation_error_message="Un renvoi part d'un article ou d'une section.",
            ),
            models.CheckConstraint(
                name="contrats_renvoi_une_cible",
                condition=Q(fiche__isnull=False, annexe=None, document="")
                | Q(fiche=None, annexe__isnull=False, document="")
                | (Q(fiche=None, annexe=None) & ~Q(document="")),
                violation_error_message="Un renvoi vise une fiche, une annexe ou un document.",
            ),
        ]

    def __str__(self) -> str:
        return self.texte
