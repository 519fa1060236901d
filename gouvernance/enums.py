"""Vocabulaire de la gouvernance."""

from django.db import models


class TypeInstance(models.TextChoices):
    """Ce que fait une instance."""

    PILOTAGE = "pilotage", "Pilotage"
    TECHNIQUE = "technique", "Suivi technique"
    THEMATIQUE = "thematique", "Groupe thématique"
    TERRITORIALE = "territoriale", "Instance territoriale"
    CITOYENNE = "citoyenne", "Instance citoyenne"
    DELIBERANTE = "deliberante", "Organe délibérant"
    CONSULTATIVE = "consultative", "Instance consultative"


class RoleParticipation(models.TextChoices):
    """Mode de participation à une instance, comme les contrats les distinguent."""

    PRESIDE = "preside", "Préside"
    CO_PRESIDE = "co_preside", "Co-préside"
    ANIME = "anime", "Anime"
    MEMBRE = "membre", "Membre"
    ASSOCIE_BESOIN = "associe_besoin", "Associé en tant que de besoin"
    INTEGRE = "integre", "Intégré"
    ASSOCIE_TRAVAUX = "associe_travaux", "Associé aux travaux"

    @classmethod
    def deliberatifs(cls) -> list["RoleParticipation"]:
        """Ceux qui comptent pour le quorum : un associé est entendu, il ne fait pas le nombre."""
        return [cls.PRESIDE, cls.CO_PRESIDE, cls.ANIME, cls.MEMBRE]


class StatutDeliberation(models.TextChoices):
    """Un projet n'est pas un acte : il n'a ni date de séance ni vote."""

    PROJET = "projet", "Projet"
    ADOPTEE = "adoptee", "Adoptée"


class TransitionDeliberation(models.TextChoices):
    """Changement de statut d'une délibération, du point de vue de celui qui le constate."""

    ADOPTER = "adopter", "Constater l'adoption"
    REVENIR = "revenir", "Revenir au projet"

    @classmethod
    def motivees(cls) -> list["TransitionDeliberation"]:
        """Celles qui disent pourquoi."""
        return [cls.REVENIR]


class SensAvis(models.TextChoices):
    """Sens d'un avis rendu."""

    FAVORABLE = "favorable", "Favorable"
    RESERVES = "reserves", "Favorable avec réserves"
    DEFAVORABLE = "defavorable", "Défavorable"


class StatutSeance(models.TextChoices):
    """Où en est une séance ; ne s'écrit que par `gouvernance.transitions`."""

    PREPAREE = "preparee", "En préparation"
    CONVOQUEE = "convoquee", "Convoquée"
    OUVERTE = "ouverte", "Ouverte"
    CLOSE = "close", "Close"
    ANNULEE = "annulee", "Annulée"

    @classmethod
    def a_venir(cls) -> list["StatutSeance"]:
        """L'ordre du jour s'écrit encore."""
        return [cls.PREPAREE, cls.CONVOQUEE]

    @classmethod
    def annoncees(cls) -> list["StatutSeance"]:
        """Leur date est dite : elles sont au calendrier."""
        return [cls.CONVOQUEE, cls.OUVERTE, cls.CLOSE]


class TransitionSeance(models.TextChoices):
    """Changement d'état d'une séance, du point de vue de celui qui agit."""

    CONVOQUER = "convoquer", "Convoquer"
    OUVRIR = "ouvrir", "Ouvrir la séance"
    CLORE = "clore", "Clore la séance"
    ANNULER = "annuler", "Annuler la séance"

    @classmethod
    def motivees(cls) -> list["TransitionSeance"]:
        """Aucune : l'ordre du jour et les décisions disent pourquoi."""
        return []


class GenrePoint(models.TextChoices):
    """Pourquoi un point est à l'ordre du jour."""

    DECISION = "decision", "Décision passée, non faite"
    RETARD = "retard", "En retard"
    BLOQUE = "bloque", "Bloqué"
    DECIDER = "decider", "À décider"
    LIBRE = "libre", "Autre point"


class EtatPresence(models.TextChoices):
    """Présence d'un membre à une séance."""

    ATTENDU = "attendu", "Attendu"
    PRESENT = "present", "Présent"
    REPRESENTE = "represente", "Représenté"
    EXCUSE = "excuse", "Excusé"
    ABSENT = "absent", "Absent"

    @classmethod
    def comptes(cls) -> list["EtatPresence"]:
        """Ceux qui font le quorum."""
        return [cls.PRESENT, cls.REPRESENTE]


class StatutDecision(models.TextChoices):
    """Où en est une décision ; prise en séance, elle n'engage qu'à la clôture."""

    PRISE = "prise", "Prise en séance"
    A_FAIRE = "a_faire", "À faire"
    FAITE = "faite", "Faite"
    ABANDONNEE = "abandonnee", "Abandonnée"

    @classmethod
    def en_cours(cls) -> list["StatutDecision"]:
        """Il reste quelque chose à en faire."""
        return [cls.PRISE, cls.A_FAIRE]

    @classmethod
    def motivees(cls) -> list["StatutDecision"]:
        """Celles où l'on n'arrive qu'en disant pourquoi."""
        return [cls.ABANDONNEE]


class StatutSession(models.TextChoices):
    """Un brouillon n'est vu que de qui l'organise ; annulée, elle le dit à ses inscrits."""

    BROUILLON = "brouillon", "En préparation"
    PUBLIEE = "publiee", "Publiée"
    ANNULEE = "annulee", "Annulée"


class StatutIntervention(models.TextChoices):
    """Ce qu'on sait de la venue d'un intervenant."""

    CONFIRME = "confirme", "Confirmé"
    SOUS_RESERVE = "sous_reserve", "Sous réserve"


class EtatInscription(models.TextChoices):
    """Où en est une inscription ; ne s'écrit que par `gouvernance.inscriptions`."""

    INSCRITE = "inscrite", "Inscrite"
    EN_ATTENTE = "en_attente", "En liste d'attente"
    ANNULEE = "annulee", "Annulée"
