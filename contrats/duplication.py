"""Partir de ce qui existe : une fiche de plus, ou la suite d'un contrat.

Le texte se reprend ; le suivi, les signatures et l'histoire n'appartiennent qu'à l'original.
"""

import copy
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from comptes.models import Utilisateur
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.forme import ContenuAction, ContenuFiche, action_vide
from contrats.contenu.lecture import lire
from contrats.enums import RoleHabilitation
from contrats.historique import constater
from contrats.models import Action, Axe, Contrat, Fiche, Habilitation, Partenariat, Partie
from contrats.permissions import Acte, oublier_les_roles, peut
from contrats.versions import versionner

SUIVI = ("id", "statut", "motif_statut", "regroupee_dans", "avancement", "debut", "echeance")
SUIVI_AUSSI = ("demonstration", "periodes")
DU_CONTRAT = (
    "type",
    "preambule",
    "nature_juridique",
    "dotation_propre",
    "modele_fiche",
)

DE_L_ACTION = ("ordre", "numero", "intitule", "description", "horizon", "prioritaire")


@dataclass(frozen=True)
class Suite:
    """Le contrat à ouvrir : son nom, ses dates, et ce qu'il est pour le précédent."""

    intitule: str
    intitule_court: str
    debut: datetime.date | None = None
    fin: datetime.date | None = None
    lien: str = ""


@transaction.atomic
def dupliquer_fiche(fiche: Fiche, *, par: Utilisateur) -> Fiche:
    """La même fiche, en brouillon et sans suivi, à la fin de son contrat."""
    if not peut(par, Acte.MODIFIER, fiche):
        raise PermissionDenied("Dupliquer une fiche : votre rôle ne le permet pas.")
    contenu = sans_suivi(lire(fiche))
    contenu["titre"] = f"{fiche.titre[:280]} (copie)"
    contenu["numero"], contenu["numero_deduit"] = "", False
    dernier = fiche.contrat.fiches.aggregate(dernier=Max("ordre"))["dernier"]
    copie = _fiche_vide(fiche.contrat, fiche, _cle_libre(fiche), dernier + 1)
    motif = f"Copie de « {fiche.titre} »"[:300]
    enregistrer(copie, contenu, version=copie.version, par=par, motif=motif)
    return copie


@transaction.atomic
def partir_de(precedent: Contrat, suite: Suite, *, par: Utilisateur) -> Contrat:
    """Un contrat en préparation : parties, articles, axes, fiches et actions du précédent.

    Ni suivi, ni signatures, ni chronologie. Qui l'ouvre le pilote. Lève `PermissionDenied`, ou
    `ValidationError` si le lien ferait une suite de contrats trop longue.
    """
    if not peut(par, Acte.OUVRIR, precedent):
        raise PermissionDenied(f"{Acte.OUVRIR.label} : votre rôle ne le permet pas.")
    contrat = Contrat(
        slug=adresse_libre(suite.intitule_court),
        intitule=suite.intitule,
        intitule_court=suite.intitule_court,
        debut=suite.debut,
        fin=suite.fin,
        parent=precedent if suite.lien else None,
        lien=suite.lien,
        **{champ: getattr(precedent, champ) for champ in DU_CONTRAT},
    )
    contrat.full_clean()
    contrat.save()
    confier(contrat, par)
    contrat.territoires.set(precedent.territoires.all())
    _copier_le_texte(precedent, contrat)
    axes = _copier_les_axes(precedent, contrat)
    _copier_les_fiches(precedent, contrat, par)
    _copier_les_actions(precedent, contrat, axes)
    constater(contrat, par=par)
    versionner(contrat, par=par, motif=f"Part du contrat « {precedent} »"[:300])
    return contrat


def confier(contrat: Contrat, agent: Utilisateur) -> None:
    """Qui ouvre un contrat le pilote ; l'administration n'a pas besoin de rôle."""
    if not agent.is_superuser:
        Habilitation.objects.create(
            utilisateur=agent, contrat=contrat, role=RoleHabilitation.PILOTAGE
        )
        oublier_les_roles(agent)


def adresse_libre(nom: str) -> str:
    """Adresse de contrat que rien ne porte, tirée de son nom."""
    base = slugify(nom)[:110] or "contrat"
    prises = set(Contrat.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return _libre(base, prises)


def sans_suivi(contenu: ContenuFiche) -> ContenuFiche:
    """Le contenu, dont les actions sont nouvelles et à lancer."""
    propre = copy.deepcopy(contenu)
    for section in propre["sections"]:
        section["actions"] = [_action_sans_suivi(action) for action in section["actions"]]
    return propre


def _action_sans_suivi(action: ContenuAction) -> ContenuAction:
    vide: Any = action_vide()
    remis = {champ: vide[champ] for champ in (*SUIVI, *SUIVI_AUSSI)}
    sous = [_action_sans_suivi(a) for a in action["sous_actions"]]
    return {**action, **remis, "sous_actions": sous}  # type: ignore[typeddict-item]


def _fiche_vide(contrat: Contrat, modele: Fiche, cle: str, ordre: int) -> Fiche:
    """Place d'une fiche, que son premier enregistrement remplit (version 1)."""
    return Fiche.objects.create(
        contrat=contrat,
        modele_id=modele.modele_id,
        cle=cle,
        ordre=ordre,
        titre=modele.titre,
        version=0,
    )


def _cle_libre(fiche: Fiche) -> str:
    prises = set(Fiche.objects.filter(contrat=fiche.contrat_id).values_list("cle", flat=True))
    return _libre(fiche.cle[:110], prises)


def _libre(base: str, prises: set[str]) -> str:
    return next(c for c in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if c not in prises)


def _copier_le_texte(precedent: Contrat, contrat: Contrat) -> None:
    parties: dict[int, Partie] = {}
    for partie in precedent.parties.order_by("rang"):
        parties[partie.pk] = _recopier(partie, contrat)
    articles = {a.pk: _recopier(a, contrat) for a in precedent.articles.order_by("ordre", "pk")}
    for annexe in precedent.annexes.order_by("ordre", "pk"):
        _recopier(annexe, contrat)
    engagements = precedent.engagements.prefetch_related("porteurs", "beneficiaires")
    for engagement in engagements.order_by("ordre", "pk"):
        liens = {
            nom: [parties[p.pk] for p in getattr(engagement, nom).all()]
            for nom in ("porteurs", "beneficiaires")
        }
        article = articles.get(engagement.article_id) if engagement.article_id else None
        neuf = _recopier(engagement, contrat, article=article)
        for nom, siennes in liens.items():
            getattr(neuf, nom).set(siennes)


def _copier_les_axes(precedent: Contrat, contrat: Contrat) -> dict[int, Axe]:
    """Ancien axe (clé primaire) → le nouveau."""
    axes: dict[int, Axe] = {}
    for axe in _parents_d_abord(precedent.axes.order_by("ordre", "pk")):
        axes[axe.pk] = _recopier(axe, contrat, parent=axes.get(axe.parent_id))
    return axes


def _parents_d_abord(lignes: Iterable[Any]) -> Iterator[Any]:
    """Chaque ligne après celle dont elle dépend."""
    restantes, passees = list(lignes), {None}
    while restantes:
        pretes = [ligne for ligne in restantes if ligne.parent_id in passees]
        if not pretes:
            return
        passees.update(ligne.pk for ligne in pretes)
        restantes = [ligne for ligne in restantes if ligne.pk not in passees]
        yield from pretes


def _recopier(objet: Any, contrat: Contrat, **champs: Any) -> Any:
    """La même ligne, pour cet autre contrat."""
    neuf = copy.copy(objet)
    neuf.pk, neuf._state = None, copy.copy(objet._state)
    neuf._state.adding = True
    neuf._state.fields_cache = {}
    neuf._prefetched_objects_cache = {}
    neuf.contrat = contrat
    for nom, valeur in champs.items():
        setattr(neuf, nom, valeur)
    neuf.save()
    return neuf


def _copier_les_fiches(precedent: Contrat, contrat: Contrat, par: Utilisateur) -> None:
    """Les places d'abord : une fiche peut renvoyer à une autre."""
    anciennes = list(Fiche.objects.vivantes().filter(contrat=precedent).order_by("ordre", "pk"))
    copies = [_fiche_vide(contrat, f, f.cle, f.ordre) for f in anciennes]
    for ancienne, copie in zip(anciennes, copies, strict=True):
        motif = f"Part de la fiche de « {precedent} »"[:300]
        contenu = sans_suivi(lire(ancienne))
        enregistrer(copie, contenu, version=copie.version, par=par, motif=motif)


def _copier_les_actions(precedent: Contrat, contrat: Contrat, axes: dict[int, Axe]) -> None:
    """Les actions sans fiche (PERR) : leur texte, leurs partenaires, leurs territoires."""
    neuves: dict[int, Action] = {}
    anciennes = precedent.actions.filter(fiche=None).prefetch_related("partenariats", "territoires")
    for ancienne in _parents_d_abord(anciennes.order_by("ordre", "pk")):
        neuve = neuves[ancienne.pk] = Action.objects.create(
            contrat=contrat,
            axe=axes.get(ancienne.axe_id),
            parent=neuves.get(ancienne.parent_id),
            **{champ: getattr(ancienne, champ) for champ in DE_L_ACTION},
        )
        neuve.territoires.set(ancienne.territoires.all())
        Partenariat.objects.bulk_create(
            Partenariat(action=neuve, organisme_id=p.organisme_id, role=p.role, ordre=p.ordre)
            for p in ancienne.partenariats.all()
        )
