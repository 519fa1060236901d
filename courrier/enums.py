"""Vocabulaire du courrier."""

from django.db import models


class EtatCourriel(models.TextChoices):
    """Où en est un courriel ; seul `courrier.envoi` le change.

    `INCERTAIN` : remis au serveur sans réponse (coupure, processus tué). Il est peut-être parti ;
    rien ne le renvoie tout seul, une personne en décide.
    """

    A_ENVOYER = "a_envoyer", "à envoyer"
    EN_COURS = "en_cours", "en cours d'envoi"
    ENVOYE = "envoye", "envoyé"
    ECHEC = "echec", "échec"
    INCERTAIN = "incertain", "incertain"
