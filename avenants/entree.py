"""Ouvrir un avenant ; le faire entrer en vigueur."""

import datetime
from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from avenants.conflits import TexteModifieDepuis, chercher
from avenants.effets import effets_de
from avenants.enums import NatureEffet
from avenants.lecture import sources
from avenants.models import Avenant, Effet
from comptes.models import Utilisateur
from contrats.duplication import adresse_libre, confier
from contrats.enums import LienParent, StatutContrat, TransitionContrat
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible, conduire_contrat, publier_contrat
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour
from texte.dates import en_lettres

AMENDABLES = (StatutContrat.SIGNE, StatutContrat.PROROGE, StatutContrat.ECHU)


def verifier_amendable(contrat: Contrat) -> None:
    """Lève `TransitionImpossible` : ce qui n'est pas signé se modifie, sans avenant."""
    if contrat.statut not in AMENDABLES:
        raise TransitionImpossible(
            f"Un avenant modifie un contrat signé ; celui-ci est "
            f"« {contrat.get_statut_display()} » : modifiez-en le texte."
        )


@transaction.atomic
def ouvrir(contrat: Contrat, *, intitule: str, intitule_court: str, par: Utilisateur) -> Avenant:
    """Un projet d'avenant en préparation, avec les parties du contrat ; qui l'ouvre le pilote.

    Lève `PermissionDenied`, `TransitionImpossible` ou `ValidationError`.
    """
    if not peut(par, Acte.OUVRIR, contrat):
        raise PermissionDenied("Ouvrir un avenant : votre rôle ne le permet pas.")
    verifier_amendable(contrat)
    porteur = Contrat(
        slug=adresse_libre(intitule_court),
        type=contrat.type,
        parent=contrat,
        lien=LienParent.AVENANT,
        intitule=intitule,
        intitule_court=intitule_court,
        modele_fiche=contrat.modele_fiche,
    )
    porteur.full_clean()
    porteur.save()
    confier(porteur, par)
    porteur.territoires.set(contrat.territoires.all())
    for partie in contrat.parties.order_by("rang"):
        porteur.parties.create(
            organisme_id=partie.organisme_id,
            role=partie.role,
            rang=partie.rang,
            libelle=partie.libelle,
        )
    avenant = Avenant.objects.create(contrat=porteur, modifie=contrat)
    versionner(porteur, par=par, motif=f"Avenant à « {contrat} »"[:300])
    return avenant


@transaction.atomic
def entrer_en_vigueur(
    avenant: Avenant,
    *,
    effet_le: datetime.date,
    version: int,
    par: Utilisateur,
    confirmes: Collection[str] = (),
) -> None:
    """L'avenant signé prend son numéro et modifie le contrat à cette date.

    `version` est celle du contrat modifié, telle que lue. `confirmes` : les dispositions
    contestées que l'agent, ayant lu les deux textes, applique telles que signées. Un report
    proroge le contrat ; un contrat publié publie son avenant. Lève `PermissionDenied`,
    `TransitionImpossible`, `VersionPerimee`, `TexteModifieDepuis`, `ValidationError`.
    """
    contrat = avenant.modifie
    if not peut(par, Acte.CONDUIRE, contrat):
        raise PermissionDenied("Constater l'entrée en vigueur : votre rôle ne le permet pas.")
    verifier_entree(avenant)
    mettre_a_jour(contrat, version=version)  # de deux entrées simultanées, une seule passe
    _verifier_la_date(contrat, effet_le)
    effets = effets_de(avenant)
    contestes = [c for c in chercher(effets, sources(contrat)) if c.cle not in confirmes]
    if contestes:
        raise TexteModifieDepuis(contestes)
    avenant.numero = (contrat.avenants.aggregate(dernier=Max("numero"))["dernier"] or 0) + 1
    avenant.effet_le, avenant.entre_le, avenant.entre_par = effet_le, timezone.now(), par
    avenant.save()
    versionner(contrat, par=par, motif=f"Entrée en vigueur : {avenant.nom}")
    for effet in effets:
        if effet.nature == NatureEffet.FIN:
            _reporter_la_fin(contrat, effet, avenant, par)
    porteur = avenant.contrat
    if contrat.est_publie and not porteur.est_publie:
        publier_contrat(porteur, version=porteur.version, par=par)


def verifier_entree(avenant: Avenant) -> None:
    """Lève `TransitionImpossible` si l'avenant n'est pas signé, ou l'est déjà appliqué."""
    if avenant.numero is not None:
        raise TransitionImpossible(f"L'{avenant.nom} est déjà entré en vigueur.")
    if avenant.contrat.statut != StatutContrat.SIGNE:
        raise TransitionImpossible(
            f"Un avenant signé entre en vigueur ; celui-ci est "
            f"« {avenant.contrat.get_statut_display()} »."
        )
    verifier_amendable(avenant.modifie)


def _verifier_la_date(contrat: Contrat, effet_le: datetime.date) -> None:
    dernier = contrat.avenants.entres().last()
    if dernier and dernier.effet_le and effet_le < dernier.effet_le:
        jour = en_lettres(dernier.effet_le)
        raise ValidationError(
            {"effet_le": f"L'{dernier.nom} prend effet le {jour} : celui-ci ne peut le précéder."}
        )
    commence_le = sources(contrat).commence_le
    if commence_le and effet_le < commence_le:
        jour = en_lettres(commence_le)
        raise ValidationError({"effet_le": f"Le contrat ne commence que le {jour}."})


def _reporter_la_fin(contrat: Contrat, effet: Effet, avenant: Avenant, par: Utilisateur) -> None:
    """Proroge le contrat, motif gardé ; un contrat sans fin en prend une."""
    fin = effet.fin
    if contrat.fin is None:
        mettre_a_jour(contrat, version=contrat.version, fin=fin)
        versionner(contrat, par=par, motif=f"Fin fixée par l'{avenant.nom}")
        return
    motif = f"{avenant.nom.capitalize()} : {effet.motif}"[:500]
    conduire_contrat(
        contrat, TransitionContrat.PROROGER, version=contrat.version, par=par, motif=motif, fin=fin
    )
    prorogation = contrat.prorogations.order_by("-pk").first()
    Effet.objects.filter(pk=effet.pk).update(prorogation=prorogation)
