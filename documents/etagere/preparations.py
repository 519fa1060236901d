"""Demander un fichier long, le faire en tâche de fond, le rendre aussitôt s'il est déjà fait."""

import datetime
import hashlib
import logging
import time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from documents.enums import EtatPreparation, GenrePreparation
from documents.etagere import contenus
from documents.etagere.contenus import Lecteur
from documents.evenements import prevenir
from documents.figes import stockage
from documents.models import Preparation
from documents.taches import faire_les_preparations

# Un ouvrier tué ne rend pas ce qu'il a pris : passé ce délai, un autre le reprend.
ABANDON = datetime.timedelta(minutes=20)
RESPIRATION = 1.0  # seconde entre deux avancements écrits
journal = logging.getLogger(__name__)


def demander(
    contrat: Contrat, genre: GenrePreparation, objet: str = "", *, par: Lecteur
) -> Preparation:
    """La préparation de ce contenu tel qu'il est maintenant : prête, en cours ou demandée.

    Qui a un rôle sur le contrat reçoit ce que son rôle lit, et lui seul l'aura. Lève
    `PermissionDenied` sans le droit, `contenus.RienAPreparer` s'il n'y a rien.
    """
    restreinte = peut(par, Acte.LIRE_ATELIER, contrat)
    source = contenus.source(contrat, genre, objet, par=contenus.lecteur(par, restreinte))
    preparation, _ = Preparation.objects.get_or_create(
        contrat=contrat,
        genre=genre,
        objet=objet,
        restreinte=restreinte,
        source=source,
        defaults={
            "demandee_le": timezone.now(),
            "demandee_par": par if isinstance(par, Utilisateur) else None,
        },
    )
    Preparation.objects.filter(pk=preparation.pk, etat=EtatPreparation.ECHOUEE).update(
        etat=EtatPreparation.DEMANDEE
    )
    if preparation.etat != EtatPreparation.PRETE:
        faire_les_preparations.enqueue()
        preparation.refresh_from_db()
    return preparation


def faire_toutes() -> int:
    """Fait tout ce qui attend, une préparation à la fois ; rend leur nombre. Rejouable."""
    nombre = 0
    while preparation := _reclamer():
        _faire(preparation)
        nombre += 1
    return nombre


def _reclamer() -> Preparation | None:
    """Prend la plus ancienne qui attend, ou qu'un ouvrier tué a laissée ; une seule fois."""
    maintenant = timezone.now()
    libres = Q(etat=EtatPreparation.DEMANDEE) | Q(
        etat=EtatPreparation.EN_COURS, commencee_le__lt=maintenant - ABANDON
    )
    for preparation in Preparation.objects.filter(libres).order_by("pk"):
        prise = Preparation.objects.filter(
            pk=preparation.pk, etat=preparation.etat, commencee_le=preparation.commencee_le
        ).update(etat=EtatPreparation.EN_COURS, commencee_le=maintenant, page=0, motif="")
        if prise:
            preparation.refresh_from_db()
            return preparation
    return None


def _faire(preparation: Preparation) -> None:
    try:
        produit = contenus.produire(preparation, Avancement(preparation))
    except Exception as erreur:  # noqa: BLE001 : quoi qu'il arrive, la page d'attente doit finir
        journal.exception("Préparation %s manquée", preparation.public_id)
        dit = isinstance(erreur, contenus.ATTENDUES)
        motif = str(erreur) if dit else "Une erreur imprévue, signalée à l'administration."
        Preparation.objects.filter(pk=preparation.pk).update(
            etat=EtatPreparation.ECHOUEE, motif=motif[:300]
        )
        return
    if produit.document is None:
        preparation.nom = produit.nom
        preparation.empreinte = hashlib.sha256(produit.octets).hexdigest()
        stockage.garder(produit.octets, preparation.chemin)
    _conclure(preparation, produit)


@transaction.atomic
def _conclure(preparation: Preparation, produit: contenus.Produit) -> None:
    """Prête et dite, ensemble ; rien si un autre ouvrier l'a reprise entre-temps."""
    prise = Preparation.objects.filter(
        pk=preparation.pk, etat=EtatPreparation.EN_COURS, commencee_le=preparation.commencee_le
    )
    if prise.update(
        etat=EtatPreparation.PRETE,
        prete_le=timezone.now(),
        nom=preparation.nom,
        empreinte=preparation.empreinte,
        taille=len(produit.octets),
        nb_pages=produit.nb_pages,
        document=produit.document,
    ):
        prevenir(preparation)


class Avancement:
    """Écrit, sans hâte, la page que la mise en page atteint."""

    def __init__(self, preparation: Preparation) -> None:
        self.preparation, self.ecrit = preparation, 0.0

    def __call__(self, page: int) -> None:
        maintenant = time.monotonic()
        if maintenant - self.ecrit >= RESPIRATION:
            Preparation.objects.filter(pk=self.preparation.pk).update(page=page)
            self.ecrit = maintenant
