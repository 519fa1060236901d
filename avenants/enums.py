"""Vocabulaire fermé des avenants."""

from django.db import models


class NatureEffet(models.TextChoices):
    """Ce qu'un avenant fait au contrat."""

    ARTICLE_REMPLACE = "article_remplace", "Article remplacé"
    ARTICLE_AJOUTE = "article_ajoute", "Article ajouté"
    ARTICLE_ABROGE = "article_abroge", "Article abrogé"
    FIN = "fin", "Date de fin reportée"
    PARTIE_ENTREE = "partie_entree", "Partie entrée"
    PARTIE_SORTIE = "partie_sortie", "Partie sortie"
    ACTION_AJOUTEE = "action_ajoutee", "Action ajoutée"
    ACTION_MODIFIEE = "action_modifiee", "Action modifiée"
    ACTION_RETIREE = "action_retiree", "Action retirée"
    MONTANT = "montant", "Montant fixé"

    @classmethod
    def des_articles(cls) -> list["NatureEffet"]:
        """Ceux qui s'écrivent sur la copie des articles ; les autres, un à un."""
        return [cls.ARTICLE_REMPLACE, cls.ARTICLE_AJOUTE, cls.ARTICLE_ABROGE]

    @classmethod
    def qui_retirent(cls) -> list["NatureEffet"]:
        """Ceux qui n'écrivent rien : leur cible n'est plus en vigueur."""
        return [cls.ARTICLE_ABROGE, cls.PARTIE_SORTIE, cls.ACTION_RETIREE]

    @classmethod
    def qui_ajoutent(cls) -> list["NatureEffet"]:
        """Ceux dont la cible n'existait pas."""
        return [cls.ARTICLE_AJOUTE, cls.PARTIE_ENTREE, cls.ACTION_AJOUTEE]
