"""Conduire une campagne : la seule porte qui écrit son état, ses relances et ses liens."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from campagnes import courriels, liens, taches
from campagnes.enums import EtatCampagne
from campagnes.models import Campagne, Demande, Destinataire, Relance
from campagnes.plan import Envoi, envois
from comptes.models import Utilisateur
from contrats.permissions import Acte, peut

DUREE_MAX = datetime.timedelta(days=183)


class CampagneImpossible(Exception):
    """L'état de la campagne ne le permet pas : 409, rien n'est écrit."""


def exiger(par: Utilisateur, campagne: Campagne) -> None:
    if not peut(par, Acte.CONDUIRE, campagne.contrat):
        raise PermissionDenied("Conduire une campagne : votre rôle ne le permet pas.")


@transaction.atomic
def envoyer(campagne: Campagne, *, par: Utilisateur) -> int:
    """Ouvre la campagne et dépose un courriel par adresse, d'un bloc ; rend leur nombre.

    Tout est dans la transaction : tuée à mi-chemin, rien n'est ouvert ni déposé, et l'on
    recommence. Ensuite la boîte d'envoi s'en charge, au plus une fois par courriel.
    """
    exiger(par, campagne)
    verifier_fin(campagne.fin)
    _passer(campagne, EtatCampagne.EN_PREPARATION, EtatCampagne.OUVERTE, "ouverte_le")
    prevus = envois(campagne)
    if not prevus:
        raise CampagneImpossible("Personne n'a d'adresse : complétez les destinataires.")
    for envoi, destinataire in zip(prevus, _inscrire(campagne, prevus), strict=True):
        courriels.inviter(campagne, destinataire, envoi.actions)
    for relance in campagne.relances.filter(faite_le=None):
        taches.prevoir(relance.le)
    return len(prevus)


def verifier_fin(fin: datetime.date) -> None:
    """Le dernier jour est à venir, et proche : un lien personnel ne dort pas un an."""
    if not timezone.localdate() <= fin <= timezone.localdate() + DUREE_MAX:
        raise CampagneImpossible("Le dernier jour pour répondre est entre aujourd'hui et six mois.")


def _passer(campagne: Campagne, de: EtatCampagne, vers: EtatCampagne, date: str) -> None:
    """Change l'état s'il est encore celui d'où l'on part : de deux envois, un seul passe."""
    champs = {"etat": vers, date: timezone.now()}
    if not Campagne.objects.filter(pk=campagne.pk, etat=de).update(**champs):
        campagne.refresh_from_db()
        raise CampagneImpossible(f"La campagne est « {campagne.get_etat_display()} ».")
    for champ, valeur in champs.items():
        setattr(campagne, champ, valeur)


def _inscrire(campagne: Campagne, prevus: list[Envoi]) -> list[Destinataire]:
    """Les destinataires, leurs organismes et leurs demandes, en trois écritures."""
    destinataires = []
    for envoi in prevus:
        destinataire = Destinataire(campagne=campagne, email=envoi.email, nom=envoi.nom)
        liens.attribuer(destinataire)
        destinataires.append(destinataire)
    Destinataire.objects.bulk_create(destinataires)
    couples = list(zip(prevus, destinataires, strict=True))
    lien = Destinataire.organismes.through
    lien.objects.bulk_create(
        lien(destinataire=d, organisme=o) for envoi, d in couples for o in envoi.organismes
    )
    Demande.objects.bulk_create(
        Demande(destinataire=d, action=action, rang=rang)
        for envoi, d in couples
        for rang, action in enumerate(envoi.actions, 1)
    )
    return destinataires


def arreter(campagne: Campagne, *, par: Utilisateur) -> None:
    """Plus aucun lien ne s'ouvre, plus aucune relance ne part ; ce qui est reçu se relit encore."""
    exiger(par, campagne)
    depart = EtatCampagne(campagne.etat)
    if depart == EtatCampagne.ARRETEE:
        raise CampagneImpossible("La campagne est déjà arrêtée.")
    _passer(campagne, depart, EtatCampagne.ARRETEE, "arretee_le")


def prolonger(campagne: Campagne, fin: datetime.date, *, par: Utilisateur) -> None:
    """Change le dernier jour ; les liens déjà envoyés suivent."""
    exiger(par, campagne)
    _exiger_ouverte(campagne)
    verifier_fin(fin)
    Campagne.objects.filter(pk=campagne.pk).update(fin=fin)
    campagne.fin = fin


@transaction.atomic
def prevoir_relance(campagne: Campagne, le: datetime.date, *, par: Utilisateur) -> Relance:
    """Une relance à cette date ; aujourd'hui, elle part tout de suite. Redite, elle est la même."""
    exiger(par, campagne)
    if campagne.etat == EtatCampagne.ARRETEE:
        raise CampagneImpossible("La campagne est arrêtée : plus personne n'est relancé.")
    if not timezone.localdate() <= le <= campagne.fin:
        raise CampagneImpossible("Une relance part avant la fin de la campagne, et pas hier.")
    relance, neuve = Relance.objects.get_or_create(campagne=campagne, le=le)
    if relance.faite_le:
        raise CampagneImpossible("Une relance est déjà partie ce jour-là.")
    if neuve and campagne.etat == EtatCampagne.OUVERTE:
        taches.prevoir(le)
    return relance


def retirer_relance(campagne: Campagne, pk: int, *, par: Utilisateur) -> None:
    """Retire une relance qui n'est pas partie."""
    exiger(par, campagne)
    if not campagne.relances.filter(pk=pk, faite_le=None).delete()[0]:
        raise CampagneImpossible("Cette relance est déjà partie, ou déjà retirée.")


@transaction.atomic
def revoquer(destinataire: Destinataire, *, par: Utilisateur) -> None:
    """Ce lien n'ouvre plus rien."""
    exiger(par, destinataire.campagne)
    liens.revoquer(destinataire)


@transaction.atomic
def redonner_le_lien(destinataire: Destinataire, *, par: Utilisateur) -> None:
    """Un nouveau lien part par courriel ; l'ancien n'ouvre plus rien."""
    exiger(par, destinataire.campagne)
    _exiger_ouverte(destinataire.campagne)
    liens.renouveler(destinataire)
    courriels.redonner_le_lien(destinataire)


def _exiger_ouverte(campagne: Campagne) -> None:
    if campagne.etat != EtatCampagne.OUVERTE:
        raise CampagneImpossible(f"La campagne est « {campagne.get_etat_display()} ».")
