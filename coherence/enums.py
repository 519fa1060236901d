"""Les règles du contrôle de cohérence et leur gravité : le vocabulaire, une seule fois."""

from django.db import models


class Gravite(models.TextChoices):
    """Ce qu'un constat empêche."""

    BLOQUE = "bloque", "À corriger ou à écarter avant de figer"
    A_VERIFIER = "a_verifier", "À vérifier"
    A_SAVOIR = "a_savoir", "À savoir"


class Regle(models.TextChoices):
    """Ce que le contrôle compare."""

    COMPTE = "compte", "Nombre annoncé"
    ANNEXE_ABSENTE = "annexe_absente", "Annexe annoncée et absente"
    VARIABLE = "variable", "Variable inconnue ou sans valeur"
    RENVOI = "renvoi", "Renvoi vers rien"
    NUMERO_ECHANGE = "numero_echange", "Numéros échangés"
    PLAGE = "plage", "Plage de programmes"
    SECTION_VIDE = "section_vide", "Section vide"
    NUMERO_SAUTE = "numero_saute", "Numéro manquant ou répété"
    ARTICLE_SANS_ACTION = "article_sans_action", "Article ou axe sans action"
    ACTION_HORS_ARTICLE = "action_hors_article", "Action hors de tout article"
    FICHE_HORS_AXE = "fiche_hors_axe", "Fiche hors de tout axe"
    SANS_SIGNATAIRE = "sans_signataire", "Partie sans signataire"
    PRIORITE_VIDE = "priorite_vide", "Action prioritaire sans déclinaison"
    LIGNE_ABSENTE = "ligne_absente", "Action absente d'une annexe"
    EVOLUTION = "evolution", "Évolution sans mesure de départ"
    RENVOI_VAGUE = "renvoi_vague", "Renvoi vague"
    PRIORITE_PARTIELLE = "priorite_partielle", "Priorité partielle"
    PRIORITE_SANS_ACTION = "priorite_sans_action", "Priorité sans action"
    NUMERO_DEDUIT = "numero_deduit", "Numéro déduit"
    SYNONYME = "synonyme", "Deux mots pour une chose"
    GRAPHIE = "graphie", "Sigle écrit de plusieurs façons"
    ORDRE = "ordre", "Ordre des annexes"
    DECOUPAGE = "decoupage", "Découpages différents"
    MAL_PLACE = "mal_place", "Imprimé sous une autre rubrique"
    DATE_APPROCHEE = "date_approchee", "Date approchée"
    STATUT = "statut", "Statut du texte"
    A_RELIRE = "a_relire", "Doute laissé par l'import"

    @property
    def gravite(self) -> Gravite:
        if self in _BLOQUENT:
            return Gravite.BLOQUE
        return Gravite.A_VERIFIER if self in _A_VERIFIER else Gravite.A_SAVOIR


# Ce que le document figé dirait de faux.
_BLOQUENT = {
    Regle.COMPTE,
    Regle.VARIABLE,
    Regle.ANNEXE_ABSENTE,
    Regle.RENVOI,
    Regle.NUMERO_ECHANGE,
    Regle.PLAGE,
}
# Ce qui y manque peut-être.
_A_VERIFIER = {
    Regle.SECTION_VIDE,
    Regle.NUMERO_SAUTE,
    Regle.ARTICLE_SANS_ACTION,
    Regle.ACTION_HORS_ARTICLE,
    Regle.FICHE_HORS_AXE,
    Regle.SANS_SIGNATAIRE,
    Regle.PRIORITE_VIDE,
    Regle.LIGNE_ABSENTE,
    Regle.EVOLUTION,
    Regle.RENVOI_VAGUE,
}
