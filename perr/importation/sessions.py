"""Une session d'import : déposer, répondre, appliquer, abandonner, annuler."""

import hashlib
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.historique import constater
from contrats.models import Contrat, Partenariat
from contrats.permissions import Acte, peut
from edition.ecriture import mettre_a_jour
from perr.ecriture import annuler
from perr.importation.application import appliquer
from perr.importation.lecteur import lire_fichier
from perr.importation.plan import Plan, prevoir
from perr.models import Import


class ImportImpossible(Exception):
    """L'état de l'import ou de la matrice ne permet pas l'acte : 409, rien n'est écrit."""


def exiger(contrat: Contrat, par: Utilisateur | None) -> None:
    """`par` vide : ligne de commande, sans contrôle de droit."""
    if par is not None and not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'y importer.")


def deposer(contrat: Contrat, nom: str, octets: bytes, *, par: Utilisateur | None) -> Import:
    """Garde un fichier lisible ; `FichierRefuse` sinon, et rien n'est gardé."""
    exiger(contrat, par)
    prevoir(contrat, lire_fichier(octets, nom), {})
    return Import.objects.create(
        contrat=contrat,
        nom=nom[-200:],
        fichier=octets,
        empreinte=hashlib.sha256(octets).hexdigest(),
        depose_par=par,
    )


def plan_de(objet: Import, reponses: Mapping[str, str] | None = None) -> Plan:
    """Le plan d'une session pour l'état présent de la base, et ces réponses en plus des siennes."""
    toutes = {**objet.reponses, **(reponses or {})}
    return prevoir(objet.contrat, lire_fichier(bytes(objet.fichier), objet.nom), toutes)


def repondre(
    objet: Import, reponses: Mapping[str, str], *, version: int, par: Utilisateur | None
) -> None:
    """Ajoute des réponses ; une réponse vide efface la précédente."""
    exiger(objet.contrat, par)
    _exiger_ouvert(objet)
    toutes = {**objet.reponses, **reponses}
    mettre_a_jour(objet, version=version, reponses={c: r for c, r in toutes.items() if r})


@transaction.atomic
def appliquer_import(
    objet: Import, *, version: int, jeton: str | None, par: Utilisateur | None
) -> Import:
    """Écrit le plan que `jeton` désigne ; `ImportImpossible` si la matrice a changé depuis."""
    exiger(objet.contrat, par)
    _exiger_ouvert(objet)
    plan = plan_de(objet)
    if jeton is not None and plan.jeton != jeton:
        raise ImportImpossible(
            "La matrice a changé depuis cet aperçu : rien n'est importé. Relisez l'aperçu à jour."
        )
    if not plan.change_quelque_chose:
        raise ImportImpossible("Rien à changer : la matrice dit déjà ce que dit le fichier.")
    ecrit = appliquer(plan, par=par, motif=f"Import de {objet.nom}"[:300])
    bilan = {
        "crees": len(plan.creations),
        "modifies": len(plan.modifications),
        "vides": len(plan.vidages),
        "inchanges": plan.nb_inchangees,
        "en_attente": len(plan.en_attente),
        "ajouts": plan.ajouts.phrases,
        "partenariats": ecrit.partenariats,
    }
    mettre_a_jour(objet, version=version, applique_le=timezone.now(), lot=ecrit.lot, bilan=bilan)
    return objet


def abandonner(objet: Import, *, version: int, par: Utilisateur) -> None:
    exiger(objet.contrat, par)
    _exiger_ouvert(objet)
    mettre_a_jour(objet, version=version, abandonne_le=timezone.now())


@transaction.atomic
def annuler_import(objet: Import, *, version: int, par: Utilisateur | None) -> None:
    """Remet chaque cellule dans son état d'avant ; annexes, colonnes et actions créées restent.

    `AnnulationImpossible` si une cellule a changé depuis l'import.
    """
    exiger(objet.contrat, par)
    if objet.applique_le is None or objet.annule_le is not None:
        raise ImportImpossible("Seul un import appliqué, et pas encore annulé, s'annule.")
    if objet.lot is not None:
        annuler(objet.lot, par=par)
    Partenariat.objects.filter(pk__in=objet.bilan.get("partenariats", ())).delete()
    constater(objet.contrat, par=par)
    mettre_a_jour(objet, version=version, annule_le=timezone.now())


def _exiger_ouvert(objet: Import) -> None:
    if not objet.est_ouvert:
        raise ImportImpossible(f"Cet import est {objet.etat.lower()} : il ne change plus.")


def reprendre(objet: Import, *, par: Utilisateur) -> Import:
    """Une session neuve sur le même fichier, réponses comprises : ce qui attendait s'y retrouve."""
    exiger(objet.contrat, par)
    return Import.objects.create(
        contrat=objet.contrat,
        nom=objet.nom,
        fichier=objet.fichier,
        empreinte=objet.empreinte,
        reponses=objet.reponses,
        depose_par=par,
    )
