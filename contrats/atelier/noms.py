"""Un contenu où chaque clé citée est remplacée par son nom, pour le montrer et le comparer."""

from typing import Any

from contrats.atelier.cadre import Cadre
from contrats.atelier.donnees import REFERENCES, ROLES
from contrats.contenu.forme import ContenuAction, ContenuFiche, ContenuSection
from contrats.contenu.references import citations


def nommer(contenus: list[ContenuFiche], cadre: Cadre) -> list[ContenuFiche]:
    """Les mêmes contenus, avec des noms pour clés ; une requête par nature d'objet."""
    for nature in ("organisme", "territoire", "personne", "contrat"):
        cites = [citations(contenu)[nature] for contenu in contenus]
        cadre.annuaire.charger(nature, set().union(*cites))
    axes, fiches = dict(cadre.axes), dict(cadre.cibles["fiche"])
    return [
        ContenuFiche(  # type: ignore[typeddict-item]
            **{
                **contenu,
                "axe": axes.get(contenu["axe"] or "", contenu["axe"]),
                "sections": [_section(s, cadre, fiches) for s in contenu["sections"]],
            }
        )
        for contenu in contenus
    ]


def _section(section: ContenuSection, cadre: Cadre, fiches: dict[str, str]) -> Any:
    return {
        **section,
        "partenaires": [_ligne(p, cadre) for p in section["partenaires"]],
        "lignes": [_ligne(ligne, cadre) for ligne in section["lignes"]],
        "renvois": [{**r, "fiche": fiches.get(r["fiche"], r["fiche"])} for r in section["renvois"]],
        "actions": [_action(action, cadre) for action in section["actions"]],
    }


def _ligne(ligne: dict[str, Any], cadre: Cadre) -> dict[str, Any]:
    noms = {
        champ: cadre.annuaire.nom(nature, ligne[champ])
        for champ, nature in REFERENCES.items()
        if ligne.get(champ)
    }
    return {**ligne, **noms}


def _action(action: ContenuAction, cadre: Cadre) -> Any:
    roles = {
        role: [cadre.annuaire.nom(nature, cle) for cle in action[role]]  # type: ignore[literal-required]
        for role, nature in ROLES.items()
    }
    return {**action, **roles, "sous_actions": [_action(s, cadre) for s in action["sous_actions"]]}
