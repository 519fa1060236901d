"""Les actes groupés : des versions faites ensemble, que l'on défait ensemble."""

from dataclasses import dataclass, field
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.atelier import reunion
from contrats.atelier.cadre import Cadre
from contrats.atelier.conflit import Origine, desaccords
from contrats.atelier.donnees import encoder
from contrats.atelier.noms import nommer
from contrats.atelier.saisie import Saisie
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import ContenuFiche
from contrats.contenu.lecture import lire
from contrats.models import Fiche, Version
from contrats.permissions import Acte, peut
from edition.models import Lot


class DejaDefait(Exception):
    """Le lot a déjà été défait."""


@dataclass
class Defaite:
    """Fiches revenues en arrière, et celles dont un changement plus récent l'empêche."""

    faites: list[Fiche] = field(default_factory=list)
    restees: list[Fiche] = field(default_factory=list)


def ouvrir(libelle: str, *, par: Utilisateur) -> Lot:
    """Lot à passer à `enregistrer(…, lot=lot)` pour chaque fiche de l'acte groupé."""
    return Lot.objects.create(libelle=libelle, auteur=par)


@transaction.atomic
def defaire(lot: Lot, *, par: Utilisateur) -> Defaite:
    """Retire d'un coup ce que le lot a changé ; ce qui a été écrit depuis, ailleurs, reste.

    Une fiche dont un champ du lot a encore changé depuis n'est pas touchée : elle est rendue dans
    `restees`. Lève `DejaDefait`, ou `PermissionDenied` si une seule fiche n'est pas permise.
    """
    marque = Lot.objects.filter(pk=lot.pk, defait_le=None)
    if not marque.update(defait_le=timezone.now(), defait_par=par.pk):
        raise DejaDefait(f"« {lot} » est déjà défait.")
    lot.refresh_from_db()
    defaite = Defaite()
    for version in versions(lot):
        fiche = cast(Fiche, version.fiche)
        if not peut(par, Acte.RESTAURER, fiche):
            raise PermissionDenied("Vous ne pouvez pas modifier toutes les fiches de ce lot.")
        contenu = _sans_le_lot(version, Cadre(fiche, par))
        if contenu is None:
            defaite.restees.append(fiche)
            continue
        motif = f"Défait « {lot.libelle} »"[:300]
        enregistrer(fiche, contenu, version=fiche.version, par=par, motif=motif, retablit=True)
        defaite.faites.append(fiche)
    return defaite


def versions(lot: Lot) -> list[Version]:
    """Versions du lot, une par fiche, avec leur fiche."""
    siennes = Version.objects.filter(lot=lot, fiche__supprimee_le=None)
    return list(siennes.select_related("fiche__contrat", "fiche__axe").order_by("fiche_id"))


def _sans_le_lot(version: Version, cadre: Cadre) -> ContenuFiche | None:
    """La fiche d'aujourd'hui moins ce que cette version a changé ; None si cela se contredit."""
    fiche = cadre.fiche
    avant: Version | None = (
        fiche.versions.filter(numero__lt=version.numero).order_by("-numero").first()
    )
    if avant is None:
        return None
    actuel = lire(fiche)
    if actuel == version.instantane:
        return avant.instantane
    liste = desaccords(*nommer([version.instantane, actuel, avant.instantane], cadre))
    if any(d.origine == Origine.LES_DEUX for d in liste):
        return None
    donnees = encoder(avant.instantane, cadre.annuaire, version=fiche.version)
    choix = {d.chemin: d.choix for d in liste}
    reunion.reunir(donnees, actuel, choix, cadre.annuaire, depart=version.instantane)
    saisie = Saisie(cadre, donnees, valider=True)
    return saisie.contenu() if saisie.est_valide() else None
