"""Vocabulaire de la matrice action × quartier."""

from django.db import models


class StatutDeclinaison(models.TextChoices):
    """Ce que dit une cellule ; une cellule vide n'a pas de déclinaison."""

    TEXTE = "texte", "Renseignée"
    TEXTE_RENVOI = "texte_renvoi", "Renseignée, avec renvoi"
    RENVOI = "renvoi", "Renvoi"
    A_REGROUPER = "a_regrouper", "À regrouper"
    NON_TRAVAILLE = "non_travaille", "Non travaillée"
    SANS_OBJET = "sans_objet", "Sans objet"
    CONSIGNE = "consigne", "Consigne"

    @classmethod
    def avec_texte(cls) -> list["StatutDeclinaison"]:
        """Statuts qui n'ont de sens qu'avec un texte."""
        return [cls.TEXTE, cls.TEXTE_RENVOI, cls.CONSIGNE]

    @classmethod
    def sans_promesse(cls) -> list["StatutDeclinaison"]:
        """Statuts d'une cellule qui dit que rien n'est prévu."""
        return [cls.NON_TRAVAILLE, cls.SANS_OBJET]
