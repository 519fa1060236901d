"""« Pourquoi je vois, ou ne vois pas, ceci ? » : les raisons mêmes de `visibles_par`."""

from dataclasses import dataclass
from typing import Any

from comptes.models import Utilisateur
from contrats.models import Action, Contrat, Fiche, Habilitation
from contrats.models.perimetre import Cause
from contrats.permissions import SI_PILOTE, Acte, nom_du_role, peut, role_sur

Objet = Contrat | Fiche | Action


@dataclass(frozen=True)
class Constat:
    """Une raison de voir, et si elle s'applique à cet objet."""

    phrase: str
    vrai: bool


@dataclass(frozen=True)
class Explication:
    """Ce que voit un utilisateur d'un objet, ce qu'il peut y faire, et pourquoi."""

    voit: bool
    constats: list[Constat]
    role: str
    habilitations: list[str]
    actes: list[Constat]


def expliquer(utilisateur: Utilisateur, objet: Objet) -> Explication:
    """Évalue chaque raison de `visibles_par` sur cet objet, puis chaque acte par `peut`."""
    lignes: Any = type(objet)._default_manager.filter(pk=objet.pk)
    constats = [
        Constat(_phrase(objet, raison.cause), lignes.filter(raison.condition).exists())
        for raison in lignes.raisons(utilisateur)
    ]
    if not utilisateur.is_active:
        constats.insert(0, Constat("Le compte est actif.", False))
    return Explication(
        voit=lignes.visibles_par(utilisateur).exists(),
        constats=constats,
        role=nom_du_role(utilisateur, objet),
        habilitations=_habilitations(utilisateur, objet),
        actes=[
            Constat(_acte(utilisateur, acte, objet), peut(utilisateur, acte, objet))
            for acte in Acte
        ],
    )


def _phrase(objet: Objet, cause: Cause) -> str:
    contrat = objet if isinstance(objet, Contrat) else objet.contrat
    return {
        Cause.ADMINISTRATION: "Le compte administre l'instance : il voit tout.",
        Cause.PUBLICATION: _publication(objet),
        Cause.HABILITATION: f"Une habilitation en vigueur sur « {contrat} ».",
        Cause.HERITAGE: "Une habilitation en vigueur sur un parent, enfants compris.",
    }[cause]


def _publication(objet: Objet) -> str:
    if isinstance(objet, Contrat):
        return "Le contrat est publié."
    if isinstance(objet, Fiche):
        return "La fiche et son contrat sont publiés."
    return "Le contrat est publié, et la fiche de l'action l'est ou elle n'en a pas."


def _habilitations(utilisateur: Utilisateur, objet: Objet) -> list[str]:
    """Toutes celles du contrat et de ses parents, échues et restreintes comprises : ce qui manque
    se voit."""
    contrat: Contrat | None = objet if isinstance(objet, Contrat) else objet.contrat
    phrases, direct = [], True
    while contrat is not None:
        for h in Habilitation.objects.filter(utilisateur=utilisateur, contrat=contrat):
            fin = f", jusqu'au {h.fin:%d/%m/%Y}" if h.fin else ""
            echue = "" if h.est_en_vigueur else " : échue, elle ne vaut plus rien"
            seul = "" if direct or h.aux_enfants else " : elle ne s'étend pas aux contrats enfants"
            phrases.append(f"{h.get_role_display()} sur « {contrat} »{fin}{echue}{seul}")
        contrat, direct = contrat.parent, False
    return phrases


def _acte(utilisateur: Utilisateur, acte: Acte, objet: Objet) -> str:
    role = role_sur(utilisateur, objet)
    if role and (acte, role.role) in SI_PILOTE:
        return f"{acte.label} (partenaire : si son organisme pilote l'action)"
    return acte.label
