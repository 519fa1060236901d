"""Inviter une personne sur un contrat : un lien par courriel, une fois, jusqu'à une date."""

import datetime
import hashlib
import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.evenements import INVITATION
from contrats.models import Contrat, Habilitation, Invitation
from contrats.permissions import Acte, peut
from courrier.depot import adresse_absolue, composer, deposer
from notifications.depot import notifier

DUREE = datetime.timedelta(days=14)


class InvitationFermee(Exception):
    """Acceptée, révoquée ou expirée entre-temps : rien n'est fait."""


def empreinte(jeton: str) -> str:
    """Ce que la base garde du jeton : le lien ne se retrouve pas dans une copie de la base."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def exiger_gestion(utilisateur: Utilisateur, contrat: Contrat) -> None:
    if not peut(utilisateur, Acte.GERER_PERSONNES, contrat):
        raise PermissionDenied("Gérer les personnes : votre rôle sur ce contrat ne le permet pas.")


@transaction.atomic
def inviter(
    contrat: Contrat,
    *,
    email: str,
    role: str,
    aux_enfants: bool,
    fin: datetime.date | None,
    par: Utilisateur,
) -> Invitation:
    """Envoie une invitation ; une précédente encore ouverte, à la même adresse, est révoquée.

    Le jeton n'est que dans le courriel. Lève `PermissionDenied`.
    """
    exiger_gestion(par, contrat)
    jeton = secrets.token_urlsafe(32)
    ouvertes = Invitation.objects.ouvertes().filter(contrat=contrat, email__iexact=email)
    ouvertes.update(revoquee_le=timezone.now())
    invitation = Invitation.objects.create(
        contrat=contrat,
        email=email,
        role=role,
        aux_enfants=aux_enfants,
        fin=fin,
        empreinte=empreinte(jeton),
        invitee_par=par,
        expire_le=timezone.now() + DUREE,
    )
    lien = adresse_absolue(reverse("contrats:invitation", args=[jeton]))
    message = composer("invitation", {"invitation": invitation, "lien": lien})
    deposer(
        cle=f"invitation-{invitation.pk}",
        destinataire=email,
        sujet=message.sujet,
        texte=message.texte,
    )
    return invitation


def trouver(jeton: str) -> Invitation | None:
    """L'invitation de ce jeton si elle est encore ouverte."""
    ouvertes = Invitation.objects.ouvertes().select_related("contrat", "invitee_par")
    return ouvertes.filter(empreinte=empreinte(jeton)).first()


@transaction.atomic
def accepter(invitation: Invitation, par: Utilisateur) -> Habilitation:
    """Donne le rôle, une seule fois : de deux acceptations simultanées, une seule passe ; qui a
    invité l'apprend.

    Lève `InvitationFermee`, ou `PermissionDenied` si le compte n'est pas celui de l'adresse.
    """
    if par.email.casefold() != invitation.email.casefold():
        raise PermissionDenied("Cette invitation est pour un autre compte.")
    prises = Invitation.objects.ouvertes().filter(pk=invitation.pk)
    if prises.update(acceptee_le=timezone.now(), acceptee_par=par) != 1:
        raise InvitationFermee("Cette invitation n'est plus valable.")
    habilitation, _ = Habilitation.objects.update_or_create(
        utilisateur=par,
        contrat=invitation.contrat,
        defaults={
            "role": invitation.role,
            "aux_enfants": invitation.aux_enfants,
            "fin": invitation.fin,
        },
    )
    invitation.acceptee_par = par
    notifier(INVITATION, invitation, par=par)
    return habilitation


def revoquer(invitation: Invitation, *, par: Utilisateur) -> None:
    """Le lien envoyé n'ouvre plus rien. Lève `PermissionDenied` ou `InvitationFermee`."""
    exiger_gestion(par, invitation.contrat)
    ouvertes = Invitation.objects.ouvertes().filter(pk=invitation.pk)
    if ouvertes.update(revoquee_le=timezone.now()) != 1:
        raise InvitationFermee("Cette invitation n'est plus ouverte.")


def changer(
    habilitation: Habilitation,
    *,
    role: str,
    aux_enfants: bool,
    fin: datetime.date | None,
    par: Utilisateur,
) -> None:
    """Change un rôle, son étendue ou son dernier jour. Lève `PermissionDenied`."""
    exiger_gestion(par, habilitation.contrat)
    habilitation.role, habilitation.aux_enfants, habilitation.fin = role, aux_enfants, fin
    habilitation.save(update_fields=["role", "aux_enfants", "fin"])


def terminer(habilitation: Habilitation, *, par: Utilisateur) -> None:
    """Le rôle cesse à l'instant ; la ligne reste, et dit quand."""
    exiger_gestion(par, habilitation.contrat)
    habilitation.fin = timezone.localdate() - datetime.timedelta(days=1)
    habilitation.save(update_fields=["fin"])
