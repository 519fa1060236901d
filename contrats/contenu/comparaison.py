"""Ce qui change d'un contenu à l'autre, champ par champ, en mots français.

Sert à l'historique, à la comparaison de deux versions et à la page de conflit.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from contrats.contenu.forme import ContenuAction, ContenuFiche, ContenuSection
from contrats.enums import EtatSection, NatureCritere, Precision, StatutAction

LIBELLES_ACTION = {
    "numero": "numéro",
    "intitule": "intitulé",
    "description": "description",
    "statut": "statut",
    "motif_statut": "motif du statut",
    "avancement": "avancement (%)",
    "debut": "début",
    "echeance": "échéance",
    "prioritaire": "prioritaire",
    "demonstration": "suivi de démonstration",
    "pilotes": "pilotes",
    "chefs_de_file": "chefs de file",
    "partenaires": "partenaires",
    "territoires": "territoires",
    "periodes": "périodes",
}


@dataclass(frozen=True)
class Ecart:
    """Un champ dont la valeur diffère ; une valeur absente est la chaîne vide."""

    chemin: str
    libelle: str
    avant: str
    apres: str


def comparer(avant: ContenuFiche, apres: ContenuFiche) -> list[Ecart]:
    """Écarts dans l'ordre de lecture de `apres`, puis ce qui n'existait qu'avant."""
    a, b = aplatir(avant), aplatir(apres)
    chemins = [*b, *(c for c in a if c not in b)]
    # Une action nouvelle n'est pas « devenue » non prioritaire.
    chemins = [c for c in chemins if (c in a and c in b) or (a.get(c) or b[c])[1] != "non"]
    vide = ("", "")
    return [
        Ecart(c, (b.get(c) or a[c])[0], a.get(c, vide)[1], b.get(c, vide)[1])
        for c in chemins
        if a.get(c, vide)[1] != b.get(c, vide)[1]
    ]


def aplatir(contenu: ContenuFiche) -> dict[str, tuple[str, str]]:
    """Chemin stable → (libellé, valeur en texte)."""
    champs = {
        "titre": ("Titre", contenu["titre"]),
        "numero": ("Numéro", contenu["numero"]),
        "numero_deduit": ("Numéro déduit", _texte("numero_deduit", contenu["numero_deduit"])),
        "note_titre": ("Note sur le titre", contenu["note_titre"]),
        "axe": ("Axe", contenu["axe"] or ""),
    }
    for section in contenu["sections"]:
        champs.update(_section(section))
    return champs


def _section(section: ContenuSection) -> dict[str, tuple[str, str]]:
    cle, libelle = f"section:{section['cle']}", section["libelle"]
    partenaires = [_mention(p["mention"], p["organisme"]) for p in section["partenaires"]]
    if section["liste_ouverte"]:
        partenaires.append("… (liste ouverte)")
    champs = {
        f"{cle}:libelle": (f"{libelle}, libellé", libelle),
        f"{cle}:etat": (f"{libelle}, état", EtatSection(section["etat"]).label),
        f"{cle}:texte": (libelle, section["texte"]),
        f"{cle}:partenaires": (libelle, "\n".join(partenaires)),
        f"{cle}:lignes": (libelle, "\n".join(_ligne(ligne) for ligne in section["lignes"])),
        f"{cle}:renvois": (
            f"{libelle}, renvois",
            "\n".join(_ligne(renvoi) for renvoi in section["renvois"]),
        ),
        f"{cle}:ordre": (
            f"{libelle}, ordre des actions",
            "\n".join(a["intitule"] for a in section["actions"]),
        ),
    }
    for action in section["actions"]:
        champs.update(_action(action, libelle))
    return champs


def _action(action: ContenuAction, section: str) -> dict[str, tuple[str, str]]:
    nom = action["intitule"] if len(action["intitule"]) <= 80 else action["intitule"][:79] + "…"
    champs = {
        f"action:{action['id']}:{champ}": (
            f"Action « {nom} », {libelle}",
            # Une version ancienne peut ne pas avoir tous les champs.
            _texte(champ, action.get(champ)),
        )
        for champ, libelle in LIBELLES_ACTION.items()
    }
    champs[f"action:{action['id']}:section"] = (f"Action « {nom} », section", section)
    for sous_action in action["sous_actions"]:
        champs.update(_action(sous_action, f"{section}, sous-point de « {nom} »"))
    return champs


def _mention(mention: str, organisme: str) -> str:
    """« PETR (Pays Portes de Gascogne) » : la forme imprimée et l'organisme qu'elle désigne."""
    return f"{mention} ({organisme})" if mention and mention != organisme else organisme


VOCABULAIRES: dict[str, Any] = {
    "statut": StatutAction,
    "precision": Precision,
    "precision_debut": Precision,
    "precision_fin": Precision,
    "nature": NatureCritere,
}
DATES = ("debut", "fin", "echeance")


def _texte(champ: str, valeur: Any) -> str:
    if valeur is None or valeur == "":
        return ""
    if champ in VOCABULAIRES:
        return VOCABULAIRES[champ](valeur).label
    if champ in DATES:
        return datetime.date.fromisoformat(valeur).strftime("%d/%m/%Y")
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return "\n".join(_ligne(v) if isinstance(v, dict) else v for v in valeur)
    return str(valeur)


def _ligne(ligne: dict[str, Any]) -> str:
    return " · ".join(_texte(champ, v) for champ, v in ligne.items() if v)
