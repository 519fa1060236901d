"""La corbeille : une fiche supprimée s'y garde trente jours, une action retirée s'y retrouve.

Une fiche supprimée reste en base, entière, hors de toute liste. Une action retirée est dans les
versions de sa fiche : la récupérer la remet, seule, dans la fiche d'aujourd'hui.
"""

import copy
import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import ContenuAction, ContenuFiche, section_vide
from contrats.contenu.lecture import lire
from contrats.contenu.references import toutes
from contrats.enums import StatutFiche
from contrats.historique import constater
from contrats.models import Fiche, Renvoi, Version
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour

CORBEILLE = "Mise à la corbeille"
DUREE = datetime.timedelta(days=30)


@transaction.atomic
def supprimer(fiche: Fiche, *, version: int, par: Utilisateur) -> None:
    """Met la fiche à la corbeille : plus personne ne la lit, rien n'en est effacé.

    Lève `PermissionDenied`, `TransitionImpossible` si elle est publiée, ou `VersionPerimee`.
    """
    _exiger(par, fiche)
    if fiche.statut == StatutFiche.PUBLIEE:
        raise TransitionImpossible("Une fiche publiée ne se supprime pas : dépubliez-la d'abord.")
    champs = {"supprimee_le": timezone.now(), "supprimee_par": par, "modifie_par": par}
    mettre_a_jour(fiche, version=version, **champs)
    constater(fiche, par=par)
    versionner(fiche, par=par, motif=CORBEILLE)


@transaction.atomic
def recuperer(fiche: Fiche, *, version: int, par: Utilisateur) -> None:
    """Sort la fiche de la corbeille, telle qu'elle y est entrée."""
    _exiger(par, fiche)
    if fiche.supprimee_le is None:
        raise TransitionImpossible("Cette fiche n'est pas à la corbeille.")
    mettre_a_jour(fiche, version=version, supprimee_le=None, supprimee_par=None, modifie_par=par)
    constater(fiche, par=par)
    versionner(fiche, par=par, motif="Sortie de la corbeille")


@transaction.atomic
def purger(avant: datetime.datetime) -> int:
    """Efface pour de bon les fiches supprimées avant cette date ; rend leur nombre.

    Un renvoi qui les visait garde leur titre : le texte d'une autre fiche ne change pas.
    """
    perimees = Fiche.objects.filter(supprimee_le__lt=avant)
    fiches = list(perimees)
    for fiche in fiches:
        Renvoi.objects.filter(fiche=fiche).update(fiche=None, document=fiche.titre)
    perimees.delete()
    return len(fiches)


@dataclass(frozen=True)
class ActionRetiree:
    """Une action que la fiche n'a plus : son dernier état, sa section, qui l'a retirée."""

    contenu: ContenuAction
    section: str
    rang: int
    par: Version

    @property
    def id(self) -> str:
        return self.contenu["id"]


def actions_retirees(fiche: Fiche) -> list[ActionRetiree]:
    """Actions retirées depuis trente jours, la dernière d'abord."""
    recentes = fiche.versions.select_related("auteur").order_by("numero")
    depuis = timezone.now() - DUREE
    plus_ancienne = recentes.filter(cree_le__lt=depuis).order_by("-numero").first()
    versions = [*([plus_ancienne] if plus_ancienne else []), *recentes.filter(cree_le__gte=depuis)]
    retirees: dict[str, ActionRetiree] = {}
    avant: dict[str, tuple[ContenuAction, str, int]] = {}
    for version in versions:
        presentes = _actions(version.instantane)
        for identifiant in set(avant) - set(presentes):
            retirees[identifiant] = ActionRetiree(*avant[identifiant], version)
        avant = presentes
    vivantes = set(map(str, fiche.actions.values_list("public_id", flat=True)))
    perdues = [r for i, r in retirees.items() if i not in vivantes]
    return sorted(perdues, key=lambda r: (-r.par.numero, r.section, r.rang))


def recuperer_action(
    fiche: Fiche, identifiant: str, *, version: int, par: Utilisateur
) -> Version | None:
    """Remet une action retirée, à sa place, dans la fiche d'aujourd'hui : une version de plus.

    Rend None si elle n'est pas à récupérer. Lève les mêmes erreurs qu'`enregistrer`.
    """
    _exiger(par, fiche, Acte.RESTAURER)
    retiree = next((r for r in actions_retirees(fiche) if r.id == identifiant), None)
    if retiree is None:
        return None
    contenu = copy.deepcopy(lire(fiche))
    vivantes = _actions(contenu)
    action = copy.deepcopy(retiree.contenu)
    # Un sous-point qui vit encore, ailleurs dans la fiche, y reste.
    action["sous_actions"] = [s for s in action["sous_actions"] if s["id"] not in vivantes]
    section = next((s for s in contenu["sections"] if s["cle"] == retiree.section), None)
    if section is None:
        section = section_vide(retiree.section, _libelle(fiche, retiree.section))
        contenu["sections"].append(section)
    section["actions"].insert(retiree.rang, action)
    motif = f"Récupère l'action « {action['intitule'][:200]} »"
    return enregistrer(fiche, contenu, version=version, par=par, motif=motif, retablit=True)


def _actions(contenu: ContenuFiche) -> dict[str, tuple[ContenuAction, str, int]]:
    """Action → (contenu, section, rang parmi celles de premier niveau)."""
    return {
        action["id"]: (action, section["cle"], rang)
        for section in contenu["sections"]
        for rang, premiere in enumerate(section["actions"])
        for action in toutes([premiere])
    }


def _libelle(fiche: Fiche, cle: str) -> str:
    return fiche.modele.sections.get(cle=cle).libelle


def _exiger(par: Utilisateur, fiche: Fiche, acte: Acte = Acte.SUPPRIMER) -> None:
    if not peut(par, acte, fiche):
        raise PermissionDenied(f"{acte.label} : votre rôle sur ce contrat ne le permet pas.")
