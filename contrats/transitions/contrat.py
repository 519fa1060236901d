"""Cycle de vie juridique d'un contrat, et son ouverture au public."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import TransitionContrat
from contrats.models import Contrat, OriginalSigne, Transition
from contrats.permissions import Acte, peut
from contrats.transitions.signature import verifier_la_preuve
from contrats.transitions.socle import DonneeManquante, TransitionImpossible, franchir, verifier
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour


@transaction.atomic
def conduire_contrat(
    contrat: Contrat,
    transition: TransitionContrat,
    *,
    version: int,
    par: Utilisateur,
    motif: str = "",
    fin: datetime.date | None = None,
    preuve: str = "",
) -> Transition:
    """Change le statut juridique. Une prorogation dit la nouvelle fin, et s'ajoute aux autres.

    Constater la signature demande la `preuve` fraîche de qui la constate (`comptes.preuve`) : lève
    `PreuveManquante`.
    """
    verifier(contrat, transition, par=par)
    if transition == TransitionContrat.REPRENDRE:
        _verifier_l_original(contrat)
    if transition == TransitionContrat.SIGNER:
        verifier_la_preuve(preuve)
    if transition != TransitionContrat.PROROGER:
        return franchir(contrat, transition, version=version, par=par, motif=motif, preuve=preuve)
    ancienne = contrat.fin
    if ancienne is None:
        raise TransitionImpossible("Ce contrat n'a pas de date de fin : rien à proroger.")
    if fin is None or fin <= ancienne:
        raise DonneeManquante("fin", "Dites une nouvelle fin, après l'ancienne.")
    passage = franchir(contrat, transition, version=version, par=par, motif=motif, fin=fin)
    contrat.prorogations.create(
        le=timezone.localdate(), motif=passage.motif, ancienne_fin=ancienne, nouvelle_fin=fin
    )
    return passage


def _verifier_l_original(contrat: Contrat) -> None:
    """Un contrat ne se dit signé avant l'outil qu'avec son original."""
    if not OriginalSigne.objects.filter(contrat=contrat).exists():
        raise TransitionImpossible("Joignez d'abord l'original signé.")


def publier_contrat(contrat: Contrat, *, version: int, par: Utilisateur) -> None:
    """Le public lit le contrat et ses fiches publiées ; son statut juridique ne change pas."""
    _ouvrir(contrat, True, version=version, par=par)


def depublier_contrat(contrat: Contrat, *, version: int, par: Utilisateur) -> None:
    """Le contrat sort de la vue du public, avec ses fiches et ses actions."""
    _ouvrir(contrat, False, version=version, par=par)


@transaction.atomic
def _ouvrir(contrat: Contrat, ouvert: bool, *, version: int, par: Utilisateur) -> None:
    acte = "Publier le contrat" if ouvert else "Dépublier le contrat"
    if not peut(par, Acte.PUBLIER, contrat):
        raise PermissionDenied(f"{acte} : votre rôle sur ce contrat ne le permet pas.")
    if contrat.est_publie == ouvert:
        raise TransitionImpossible(f"Le contrat est déjà {'publié' if ouvert else 'hors de vue'}.")
    mettre_a_jour(contrat, version=version, publie_le=timezone.now() if ouvert else None)
    versionner(contrat, par=par, motif=acte)
