"""Qui organise une session, et l'écrire ; `transitions` la publie et l'annule."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from contrats.transitions import DonneeManquante
from edition.ecriture import mettre_a_jour
from gouvernance.models import Intervention, PointDeProgramme, Session


def organise(utilisateur: Any, session: Session) -> bool:
    """Qui conduit le contrat concerné ; l'administration, si la session n'en a pas."""
    if session.contrat is None:
        return bool(utilisateur.is_active and utilisateur.is_superuser)
    return peut(utilisateur, Acte.CONDUIRE, session.contrat)


@transaction.atomic
def creer(contrat: Contrat, formulaire: Any, *, par: Utilisateur) -> Session:
    """Un brouillon. Lève `DonneeManquante` si une session du même nom se tient ce jour-là."""
    session: Session = formulaire.save(commit=False)
    session.contrat = contrat
    exiger(session, par, "Préparer une session")
    session.slug = f"{slugify(session.intitule)[:100]}-{session.le:%Y-%m-%d}"
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError as erreur:
        dit = "Une session de ce nom se tient déjà ce jour-là."
        raise DonneeManquante("intitule", dit) from erreur
    _ecrire_le_programme(session, formulaire.cleaned_data["programme"])
    return session


@transaction.atomic
def modifier(session: Session, formulaire: Any, *, version: int, par: Utilisateur) -> None:
    """Écrit à la version lue ; l'adresse de la page ne change pas."""
    exiger(session, par, "Modifier la session")
    champs = {nom: formulaire.cleaned_data[nom] for nom in formulaire.Meta.fields}
    mettre_a_jour(session, version=version, **champs)
    session.programme.all().delete()
    _ecrire_le_programme(session, formulaire.cleaned_data["programme"])


def exiger(session: Session, par: Utilisateur, geste: str) -> None:
    """Lève `PermissionDenied` si `par` n'organise pas la session."""
    if not organise(par, session):
        raise PermissionDenied(f"{geste} : votre rôle ne le permet pas.")


def _ecrire_le_programme(session: Session, points: list[dict[str, Any]]) -> None:
    for ordre, point in enumerate(points, 1):
        personnes = point["interventions"]
        champs = {nom: point[nom] for nom in ("heure", "intitule", "visio")}
        ecrit = PointDeProgramme.objects.create(session=session, ordre=ordre, **champs)
        for rang, personne in enumerate(personnes, 1):
            Intervention.objects.create(point=ecrit, ordre=rang, **personne)
