"""Vocabulaire fermé des contrats : valeurs stables en base, libellés modifiables à l'écran."""

from django.db import models


class TypeContrat(models.TextChoices):
    """Famille d'un contrat de coopération territoriale."""

    RECIPROCITE = "reciprocite", "Contrat de réciprocité"
    FEUILLE_DE_ROUTE = "feuille_de_route", "Feuille de route"
    PROJET_DE_TERRITOIRE = "projet_de_territoire", "Projet de territoire"
    VILLE = "ville", "Contrat de ville"
    PERR = "perr", "Protocole d'engagements renforcés et réciproques"


class LienParent(models.TextChoices):
    """Ce qu'un contrat est pour son contrat parent."""

    ANNEXE = "annexe", "Annexe"
    AVENANT = "avenant", "Avenant"
    DECLINAISON = "declinaison", "Déclinaison"


class StatutContrat(models.TextChoices):
    """État juridique d'un contrat ; ne s'écrit que par `contrats.transitions`."""

    EN_PREPARATION = "en_preparation", "En préparation"
    EN_RELECTURE = "en_relecture", "En relecture"
    ADOPTE = "adopte", "Adopté"
    EN_SIGNATURE = "en_signature", "En signature"
    SIGNE = "signe", "Signé"
    PROROGE = "proroge", "Prorogé"
    ECHU = "echu", "Échu"
    ARCHIVE = "archive", "Archivé"


class StatutFiche(models.TextChoices):
    """État de rédaction d'une fiche ; ne s'écrit que par `contrats.transitions`."""

    BROUILLON = "brouillon", "Brouillon"
    EN_RELECTURE = "en_relecture", "En relecture"
    A_CORRIGER = "a_corriger", "À corriger"
    VALIDEE = "validee", "Validée"
    PUBLIEE = "publiee", "Publiée"
    ARCHIVEE = "archivee", "Archivée"

    @classmethod
    def modifiables(cls) -> list["StatutFiche"]:
        """Statuts où le texte s'écrit : ce qui est soumis ou validé ne bouge plus sous l'œil
        de qui le relit."""
        return [cls.BROUILLON, cls.A_CORRIGER, cls.PUBLIEE]

    @classmethod
    def motives(cls) -> list["StatutFiche"]:
        """Statuts qui disent pourquoi."""
        return [cls.A_CORRIGER, cls.ARCHIVEE]


class StatutAction(models.TextChoices):
    """État d'avancement d'une action ; « en retard » se calcule (`Action.est_en_retard`)."""

    A_LANCER = "a_lancer", "À lancer"
    EN_COURS = "en_cours", "En cours"
    REALISEE = "realisee", "Réalisée"
    REPORTEE = "reportee", "Reportée"
    SUSPENDUE = "suspendue", "Suspendue"
    ABANDONNEE = "abandonnee", "Abandonnée"
    REGROUPEE = "regroupee", "Regroupée"

    @classmethod
    def a_faire(cls) -> list["StatutAction"]:
        """Statuts dans lesquels une échéance passée est un retard."""
        return [cls.A_LANCER, cls.EN_COURS, cls.REPORTEE]

    @classmethod
    def motives(cls) -> list["StatutAction"]:
        """Statuts qui disent pourquoi."""
        return [cls.REPORTEE, cls.SUSPENDUE, cls.ABANDONNEE]


class Horizon(models.TextChoices):
    """Terme auquel une fiche place une action."""

    PILOTE = "pilote", "Action pilote"
    COURT = "court", "Court terme"
    MOYEN_LONG = "moyen_long", "Moyen et long terme"


class NatureAxe(models.TextChoices):
    """Rang d'un intitulé dans l'arbre stratégique d'un contrat."""

    ORIENTATION = "orientation", "Orientation"
    PILIER = "pilier", "Pilier"
    PROGRAMME = "programme", "Programme"
    SOUS_PROGRAMME = "sous_programme", "Sous-programme"
    THEMATIQUE = "thematique", "Champ thématique"
    DEFI = "defi", "Défi"
    ROLE = "role", "Rôle"
    PROJET = "projet", "Projet"


class RolePartie(models.TextChoices):
    """Place d'une partie dans le contrat."""

    VILLE = "ville", "Côté ville"
    CAMPAGNE = "campagne", "Côté campagne"
    PORTEUR = "porteur", "Porteur"
    ETAT = "etat", "État"
    MEMBRE = "membre", "Membre"


class RoleSignature(models.TextChoices):
    """Un témoin est présent sans s'engager (« en présence de »)."""

    SIGNATAIRE = "signataire", "Signataire"
    TEMOIN = "temoin", "Témoin"


class ContenuAnnexe(models.TextChoices):
    """Ce que contient une annexe annoncée par le contrat."""

    VIDE = "vide", "Vide dans la source"
    FICHES = "fiches", "Les fiches du contrat"
    TEXTE = "texte", "Texte"


class NatureSection(models.TextChoices):
    """Ce que porte une section de fiche."""

    TEXTE = "texte", "Texte"
    ACTIONS = "actions", "Actions"
    PARTENAIRES = "partenaires", "Partenaires"
    JALONS = "jalons", "Jalons"
    LIVRABLES = "livrables", "Livrables"
    RISQUES = "risques", "Risques"
    FACTEURS = "facteurs", "Facteurs de succès"
    CRITERES = "criteres", "Critères"
    PROJETS_LIES = "projets_lies", "Projets liés"
    RESPONSABLES = "responsables", "Responsables"


class EtatSection(models.TextChoices):
    """« RAS » (néant) n'est pas « non renseigné »."""

    RENSEIGNEE = "renseignee", "Renseignée"
    NEANT = "neant", "Néant (« RAS »)"
    SANS_OBJET = "sans_objet", "Sans objet"
    A_RENSEIGNER = "a_renseigner", "À renseigner"


class RolePartenaire(models.TextChoices):
    """Ce qu'un organisme fait pour une action, ou son inscription dans une liste de fiche."""

    PILOTE = "pilote", "Pilote"
    CHEF_DE_FILE = "chef_de_file", "Chef de file"
    PARTENAIRE = "partenaire", "Partenaire"
    POTENTIEL = "potentiel", "Partenaire potentiel"


class Precision(models.TextChoices):
    """Précision d'une date imprimée : « fin 2015 », « été 2016 », « juillet 2016 »."""

    JOUR = "jour", "Jour"
    MOIS = "mois", "Mois"
    SAISON = "saison", "Saison"
    FIN_ANNEE = "fin_annee", "Fin d'année"
    ANNEE = "annee", "Année"


class NatureCritere(models.TextChoices):
    """Un critère d'impact se lit ou se compte."""

    QUALITATIF = "qualitatif", "Qualitatif"
    QUANTITATIF = "quantitatif", "Quantitatif"


class NatureFinancement(models.TextChoices):
    """Une somme citée par un contrat n'est pas une convention de financement."""

    INDICATIF = "indicatif", "Indicatif (cité par le contrat)"
    CONVENTION = "convention", "Convention"


class OrigineCredits(models.TextChoices):
    """Droit commun : les politiques ordinaires, mobilisées d'abord (loi du 21 février 2014)."""

    DROIT_COMMUN = "droit_commun", "Droit commun"
    SPECIFIQUE = "specifique", "Crédits spécifiques"


class RoleHabilitation(models.TextChoices):
    """Rôle d'un utilisateur sur un contrat."""

    LECTURE = "lecture", "Lecture"
    PARTENAIRE = "partenaire", "Partenaire"
    REDACTION = "redaction", "Rédaction"
    PILOTAGE = "pilotage", "Chargé·e de projet"
    COPILOTE = "copilote", "Copilote"


class TransitionContrat(models.TextChoices):
    """Changement de statut d'un contrat, du point de vue de celui qui agit."""

    SOUMETTRE = "soumettre", "Soumettre à relecture"
    RENVOYER = "renvoyer", "Renvoyer en préparation"
    ADOPTER = "adopter", "Constater l'adoption"
    METTRE_EN_SIGNATURE = "mettre_en_signature", "Mettre en signature"
    REFUSER = "refuser", "Constater un refus de signer"
    SIGNER = "signer", "Constater la signature"
    PROROGER = "proroger", "Proroger"
    ECHOIR = "echoir", "Constater l'échéance"
    ARCHIVER = "archiver", "Archiver"
    ABANDONNER = "abandonner", "Abandonner et archiver"
    REPRENDRE = "reprendre", "Reprendre un contrat déjà signé"

    @classmethod
    def motivees(cls) -> list["TransitionContrat"]:
        """Celles qui disent pourquoi, en base aussi."""
        return [cls.RENVOYER, cls.REFUSER, cls.PROROGER, cls.ABANDONNER, cls.REPRENDRE]

    @classmethod
    def de_signature(cls) -> list["TransitionContrat"]:
        """Celles qui ouvrent la signature, ou disent ce que des parties ont signé ou refusé."""
        return [cls.METTRE_EN_SIGNATURE, cls.REFUSER, cls.SIGNER, cls.REPRENDRE]


class TransitionFiche(models.TextChoices):
    """Changement de statut d'une fiche, du point de vue de celui qui agit."""

    SOUMETTRE = "soumettre", "Soumettre à relecture"
    REPRENDRE = "reprendre", "Reprendre l'écriture"
    RENVOYER = "renvoyer", "Demander une correction"
    VALIDER = "valider", "Valider"
    PUBLIER = "publier", "Publier"
    DEPUBLIER = "depublier", "Dépublier"
    ARCHIVER = "archiver", "Archiver"
    DESARCHIVER = "desarchiver", "Sortir des archives"

    @classmethod
    def motivees(cls) -> list["TransitionFiche"]:
        """Celles qui disent pourquoi, en base aussi."""
        return [cls.RENVOYER, cls.ARCHIVER]


class TransitionAction(models.TextChoices):
    """Changement de statut d'une action, du point de vue de celui qui agit."""

    LANCER = "lancer", "Lancer"
    TERMINER = "terminer", "Déclarer réalisée"
    REPORTER = "reporter", "Reporter"
    SUSPENDRE = "suspendre", "Suspendre"
    ABANDONNER = "abandonner", "Abandonner"
    REGROUPER = "regrouper", "Regrouper avec une autre"
    REPRENDRE = "reprendre", "Reprendre"
    REMETTRE = "remettre", "Remettre à lancer"

    @classmethod
    def motivees(cls) -> list["TransitionAction"]:
        """Celles qui disent pourquoi, en base aussi."""
        return [cls.REPORTER, cls.SUSPENDRE, cls.ABANDONNER]


class ListeFiltree(models.TextChoices):
    """Liste dont un filtre s'enregistre."""

    CONTRATS = "contrats", "Contrats"
    FICHES = "fiches", "Fiches"
    ACTIONS = "actions", "Actions"
