"""Ce que montrent et font les pages de l'atelier des avenants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from avenants.comparatif import comparer
from avenants.conflits import Conflit, chercher, dernier_numero, texte_lu
from avenants.effets import ecrire, effets_de
from avenants.entree import AMENDABLES
from avenants.enums import NatureEffet
from avenants.forms import EffetForm, EntreeForm
from avenants.lecture import Sources, sources
from avenants.models import Avenant, Effet
from avenants.portee import portee
from avenants.presentation import ecarts
from avenants.redaction import texte_projete
from avenants.texte import en_vigueur
from comptes.models import Utilisateur
from contrats.atelier.annuaire import Annuaire
from contrats.enums import LienParent, StatutContrat
from contrats.models import Contrat
from contrats.permissions import Acte, peut


@dataclass(frozen=True)
class Projet:
    """Un projet d'avenant dans la liste, et ce qu'il changerait s'il est mis côte à côte."""

    avenant: Avenant
    effets: list[Effet]
    conflits: list[Conflit]
    ecarts: list[Any] | None = None


def liste(contrat: Contrat, agent: Utilisateur, choisis: Sequence[str]) -> dict[str, Any]:
    """Les avenants entrés, les projets, et les scénarios choisis côte à côte."""
    enfants = (
        Contrat.objects.habilites(agent)
        .filter(parent=contrat, lien=LienParent.AVENANT)
        .select_related("avenant__modifie")
        .prefetch_related("avenant__effets__organisme")
        .order_by("pk")
    )
    lues = sources(contrat)
    entres, projets = [], []
    for enfant in enfants:
        avenant = getattr(enfant, "avenant", None) or Avenant(contrat=enfant, modifie=contrat)
        avenant.contrat = enfant
        if avenant.numero:
            entres.append(avenant)
        elif enfant.statut != StatutContrat.ARCHIVE:
            projets.append(_projet(avenant, lues, enfant.slug in choisis))
    return {
        "entres": sorted(entres, key=lambda a: a.numero),
        "projets": projets,
        "cote_a_cote": [p for p in projets if p.ecarts is not None],
        "amendable": contrat.statut in AMENDABLES,
        "ouvre": peut(agent, Acte.OUVRIR, contrat),
    }


def _projet(avenant: Avenant, lues: Sources, choisi: bool) -> Projet:
    effets = sorted(avenant.effets.all(), key=lambda e: e.ordre) if avenant.pk else []
    montres = ecarts(comparer(*avant_apres(avenant, lues, effets)))["ecarts"] if choisi else None
    return Projet(avenant, effets, chercher(effets, lues), montres)


def avant_apres(avenant: Avenant, lues: Sources, effets: list[Effet]) -> tuple[Any, Any]:
    """Le texte sans, puis avec l'avenant, tous les avenants entrés compris."""
    if avenant.numero:
        return (
            en_vigueur(texte_lu(lues, avenant.numero - 1)),
            en_vigueur(texte_lu(lues, avenant.numero)),
        )
    sans = texte_lu(lues, dernier_numero(lues))
    return en_vigueur(sans), en_vigueur(texte_projete(avenant, lues, effets))


def detail(
    avenant: Avenant, agent: Utilisateur, entree: EntreeForm | None = None
) -> dict[str, Any]:
    """La page d'un avenant : effets, portée, comparatif, conflits, entrée en vigueur."""
    lues = sources(avenant.modifie)
    effets = effets_de(avenant)
    signe = avenant.contrat.statut == StatutContrat.SIGNE
    conduit = peut(agent, Acte.CONDUIRE, avenant.modifie)
    return {
        "avenant": avenant,
        "contrat": avenant.contrat,
        "effets": effets,
        "groupes": portee(avenant, lues, effets),
        **ecarts(comparer(*avant_apres(avenant, lues, effets))),
        "conflits": [] if avenant.numero else chercher(effets, lues),
        "ecrit": avenant.modifiable and peut(agent, Acte.MODIFIER, avenant.contrat),
        "entree": entree or EntreeForm(initial={"version": avenant.modifie.version}),
        "entrable": signe and not avenant.numero and conduit,
    }


def formulaire_d_effet(
    nature: NatureEffet, avenant: Avenant, agent: Utilisateur, envoi: Any = None
) -> EffetForm:
    """Le formulaire de cette nature, ses choix pris dans le texte en vigueur."""
    lues = sources(avenant.modifie)
    depart = dernier_numero(lues)
    texte = en_vigueur(texte_lu(lues, depart))
    return EffetForm(nature, avenant, texte, Annuaire(agent), depart, envoi)


def ajouter(avenant: Avenant, effet: Effet, *, version: int, par: Utilisateur) -> None:
    """Un effet de plus, de sa nature."""
    nature = NatureEffet(effet.nature)
    siens = [e for e in effets_de(avenant) if e.nature == nature]
    ecrire(avenant, [*siens, effet], [nature], version=version, par=par)


def retirer(avenant: Avenant, effet: Effet, *, version: int, par: Utilisateur) -> None:
    """Un effet de moins."""
    nature = NatureEffet(effet.nature)
    restent = [e for e in effets_de(avenant) if e.nature == nature and e.pk != effet.pk]
    ecrire(avenant, restent, [nature], version=version, par=par)
