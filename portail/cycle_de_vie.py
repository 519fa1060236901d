"""Présente les cycles de vie en Markdown, à partir des tables de transitions des paquets."""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices

from contrats.enums import (
    RoleHabilitation,
    StatutAction,
    StatutContrat,
    StatutFiche,
)
from contrats.permissions import ROLES_PAR_ACTE, SI_PILOTE, Acte
from contrats.transitions import (
    TRANSITIONS_ACTION,
    TRANSITIONS_CONTRAT,
    TRANSITIONS_FICHE,
    Regle,
    exige_motif,
)
from gouvernance.enums import (
    StatutDecision,
    StatutDeliberation,
    StatutSeance,
    TransitionSeance,
)
from gouvernance.transitions import DELIBERATIONS, SUITES, TRANSITIONS

ENTETE = """# Cycles de vie

Page écrite par `manage.py documenter_cycle_de_vie` d'après `contrats/transitions/tables.py`,
`gouvernance/transitions.py` et `contrats/permissions.py` : ne la modifiez pas à la main, un test la
compare au code.

Une transition vérifie le droit (403), puis l'état (409), puis ce qu'elle demande (400), et
s'écrit à la version lue : de deux transitions concurrentes, une seule passe. Le journal
(`contrats.Transition`) garde qui, quand, de quoi vers quoi, et pourquoi, pour une fiche, une action
ou un contrat ; une séance, une décision, une délibération le portent elles-mêmes.
"""
FICHE = f"""
Le texte s'écrit au statut {", ".join(s.label.lower() for s in StatutFiche.modifiables())} ;
il est fermé sinon. Une demande de correction rouvre la fiche et porte sur ce qu'elle nomme :
sections ou actions. La fiche ne se soumet de nouveau qu'une fois ces demandes résolues.
"""
ACTION = f"""
« En retard » se calcule : échéance passée et statut parmi
{", ".join(s.label.lower() for s in StatutAction.a_faire())}. Une action réalisée l'est à 100 % ;
un report dit la nouvelle échéance, un regroupement dit avec quelle action du contrat.
"""
CONTRAT = """
Le statut est juridique ; la publication (`publie_le`) dit ce que lit le public. Une prorogation dit
la nouvelle fin. Une signature se fait à deux : qui met le contrat en signature n'en constate pas la
signature, et qui la constate vient de montrer que c'était bien lui (moins de cinq minutes) ; le
journal garde comment. La reprise d'un contrat signé avant l'outil n'y est pas soumise : son
original est joint. Qui agit au nom d'une autre personne (assistance) ne fait aucun de ces actes.
"""


SEANCE = """
À la clôture, et d'un bloc : les décisions confirmées s'appliquent à leurs actions, toutes se
suivent, l'état et les versions des textes sont figés. Une séance close ne se rouvre pas.
"""
DECISION = """
Prise en séance, elle n'engage qu'à la clôture, qui la met à faire. Un abandon dit pourquoi.
"""
DELIBERATION = """
L'adoption dit la séance, le numéro et, s'il est connu, le vote entier. Revenir au projet, quand
elle avait été constatée par erreur, efface la date, le vote et la préfecture.
"""


def regles(
    table: Mapping[Any, tuple[frozenset[Any], TextChoices]], acte: Acte
) -> dict[TextChoices, Regle]:
    """La même table, au même acte pour toutes."""
    return {t: Regle(departs, arrivee, acte) for t, (departs, arrivee) in table.items()}


def _suites() -> dict[TextChoices, Regle]:
    """Une décision : la clôture l'ouvre, puis chaque suite porte le nom de son arrivée."""
    cloture = Regle(frozenset({StatutDecision.PRISE}), StatutDecision.A_FAIRE, Acte.CONDUIRE)
    suites = {s: Regle(departs, s, Acte.MODIFIER) for s, departs in SUITES.items()}
    return {TransitionSeance.CLORE: cloture, **suites}


def en_markdown() -> str:
    """La page `docs/cycle-de-vie.md` entière."""
    return "\n".join(
        [
            ENTETE,
            _cycle("Fiche", StatutFiche, TRANSITIONS_FICHE),
            FICHE,
            _cycle("Action", StatutAction, TRANSITIONS_ACTION),
            ACTION,
            _cycle("Contrat", StatutContrat, TRANSITIONS_CONTRAT),
            CONTRAT,
            _cycle("Séance", StatutSeance, regles(TRANSITIONS, Acte.CONDUIRE)),
            SEANCE,
            _cycle("Décision", StatutDecision, _suites()),
            DECISION,
            _cycle("Délibération", StatutDeliberation, regles(DELIBERATIONS, Acte.CONDUIRE)),
            DELIBERATION,
            _actes(),
        ]
    )


def _cycle(objet: str, statuts: type[TextChoices], table: dict[TextChoices, Regle]) -> str:
    """Diagramme Mermaid (GitHub, GitLab et Forgejo le dessinent), puis le même en tableau."""
    lignes = [f"## {objet}", "", "```mermaid", "stateDiagram-v2"]
    lignes += [f'    state "{s.label}" as {s.value}' for s in statuts]
    lignes.append(f"    [*] --> {next(iter(statuts)).value}")
    for transition, regle in table.items():
        lignes += [
            f"    {depart.value} --> {regle.arrivee.value} : {transition.label}"
            for depart in statuts
            if depart in regle.departs
        ]
    lignes += [
        "```",
        "",
        "| Transition | Départ | Arrivée | Motif | Acte |",
        "|---|---|---|---|---|",
    ]
    for transition, regle in table.items():
        de = ", ".join(s.label for s in statuts if s in regle.departs)
        motif = "obligatoire" if exige_motif(transition) else "non"
        lignes.append(
            f"| {transition.label} | {de} | {regle.arrivee.label} | {motif} | {regle.acte.label} |"
        )
    return "\n".join(lignes)


def _actes() -> str:
    lignes = ["## Qui peut quoi sur un contrat", "", "| Acte | Rôles |", "|---|---|"]
    for acte in Acte:
        roles = ", ".join(
            role.label + (" (ce que son organisme pilote)" if (acte, role) in SI_PILOTE else "")
            for role in RoleHabilitation
            if role in ROLES_PAR_ACTE[acte]
        )
        lignes.append(f"| {acte.label} | {roles} |")
    lignes += [
        "",
        "Un rôle vaut aussi sur les contrats enfants, sauf si l'habilitation dit non ; le rôle",
        "donné au plus près l'emporte, et passé son dernier jour il ne vaut plus rien.",
        "L'administration de l'instance peut tout ; le public, aucun de ces actes.",
        "",
    ]
    return "\n".join(lignes)
