"""Les données du formulaire d'une fiche : plates, aux noms stables, les mêmes dans les deux sens.

Noms : `f-…` la fiche, `s-<section>-…` une section, `a-<uuid>-…` une action. Une ligne de liste a
un jeton propre à la page : `p-…` partenaire, `l-…` ligne, `r-…` renvoi, `q-…` période.
L'ordre et la place tiennent dans quatre suites : `section` (clé), `action` (`section:niveau:uuid`),
puis `partenaire`, `ligne`, `renvoi` (`section:jeton`) et `periode` (`uuid:jeton`).
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from contrats.atelier.annuaire import Annuaire
from contrats.atelier.champs import en_jour
from contrats.contenu.forme import ContenuAction, ContenuFiche, ContenuSection
from contrats.contenu.references import citations

LISTES = {"partenaire": "p", "ligne": "l", "renvoi": "r", "periode": "q"}
ROLES = {
    "pilotes": "organisme",
    "chefs_de_file": "organisme",
    "partenaires": "organisme",
    "territoires": "territoire",
}
REFERENCES = {"organisme": "organisme", "personne": "personne", "cible": "contrat"}
DATES = ("debut", "fin", "echeance")
NIVEAU_MAX = 3


@dataclass
class Place:
    """Place d'une action : sa section et son niveau (1, ou 2 et 3 pour un sous-point)."""

    section: str
    niveau: int
    id: str

    def __str__(self) -> str:
        return f"{self.section}:{self.niveau}:{self.id}"


def lire_places(donnees: QueryDict) -> list[Place]:
    """Actions dans l'ordre imprimé, chaque sous-point après son parent, chacune une seule fois.

    Une entrée mal formée ou répétée est ignorée : aucun bouton de la page n'en produit.
    """
    places: list[Place] = []
    vus: set[str] = set()
    for entree in donnees.getlist("action"):
        section, _, reste = entree.partition(":")
        niveau, _, identifiant = reste.partition(":")
        identifiant = uuid_canonique(identifiant)
        if identifiant and identifiant not in vus and niveau in ("1", "2", "3"):
            vus.add(identifiant)
            places.append(Place(section, int(niveau), identifiant))
    return redresser(places)


def redresser(places: list[Place]) -> list[Place]:
    """Un niveau ne dépasse que d'un celui qui précède, dans la même section."""
    dernier = Place("", 0, "")
    for place in places:
        plafond = dernier.niveau + 1 if place.section == dernier.section else 1
        place.niveau = max(1, min(place.niveau, plafond, NIVEAU_MAX))
        dernier = place
    return places


def ecrire_places(donnees: QueryDict, places: Iterable[Place]) -> None:
    donnees.setlist("action", [str(place) for place in places])


def uuid_canonique(texte: str) -> str:
    """L'identifiant sous sa forme habituelle ; vide s'il est mal formé."""
    try:
        return str(uuid.UUID(texte))
    except ValueError:
        return ""


def jetons(donnees: QueryDict, liste: str, parent: str) -> list[str]:
    """Jetons des lignes de `parent` dans cette liste, dans l'ordre et sans répétition."""
    entrees = (e.rpartition(":") for e in donnees.getlist(liste))
    return list(dict.fromkeys(jeton for cle, _, jeton in entrees if cle == parent and jeton))


def nouveau_jeton(donnees: QueryDict) -> str:
    """Jeton que la page n'emploie pas encore."""
    pris = {e.rpartition(":")[2] for liste in LISTES for e in donnees.getlist(liste)}
    return str(
        max((int(j) for j in pris if j.isascii() and j.isdigit() and len(j) < 9), default=0) + 1
    )


def encoder(contenu: ContenuFiche, annuaire: Annuaire, *, version: int) -> QueryDict:
    """Données qui, renvoyées telles quelles, redonnent ce contenu."""
    cites = citations(contenu)
    for nature in ("organisme", "territoire", "personne", "contrat"):
        annuaire.charger(nature, cites[nature])
    d = QueryDict(mutable=True)
    d["version"] = str(version)
    for champ in ("titre", "numero", "note_titre"):
        d[f"f-{champ}"] = contenu[champ]
    _cocher(d, "f-numero_deduit", contenu["numero_deduit"])
    d["f-axe"] = contenu["axe"] or ""
    for section in contenu["sections"]:
        _encoder_section(d, section, annuaire)
    return d


def _encoder_section(d: QueryDict, section: ContenuSection, annuaire: Annuaire) -> None:
    cle = section["cle"]
    d.appendlist("section", cle)
    for champ in ("libelle", "etat", "texte"):
        d[f"s-{cle}-{champ}"] = section[champ]
    _cocher(d, f"s-{cle}-liste_ouverte", section["liste_ouverte"])
    for liste, lignes in (
        ("partenaire", section["partenaires"]),
        ("ligne", section["lignes"]),
        ("renvoi", section["renvois"]),
    ):
        for ligne in lignes:
            ajouter_ligne(d, liste, cle, ligne, annuaire)
    for action in section["actions"]:
        _encoder_action(d, action, cle, 1, annuaire)


def _encoder_action(
    d: QueryDict, action: ContenuAction, section: str, niveau: int, annuaire: Annuaire
) -> None:
    prefixe = f"a-{action['id']}"
    d.appendlist("action", str(Place(section, niveau, action["id"])))
    d[f"{prefixe}-place"] = section
    d[f"{prefixe}-regroupee_dans"] = action["regroupee_dans"] or ""
    for champ in ("numero", "intitule", "description", "statut", "motif_statut"):
        d[f"{prefixe}-{champ}"] = action[champ]  # type: ignore[literal-required]
    d[f"{prefixe}-avancement"] = "" if action["avancement"] is None else str(action["avancement"])
    for champ in ("debut", "echeance"):
        d[f"{prefixe}-{champ}"] = en_jour(action[champ])  # type: ignore[literal-required]
    for champ in ("prioritaire", "demonstration"):
        _cocher(d, f"{prefixe}-{champ}", action[champ])  # type: ignore[literal-required]
    for role in ROLES:
        d.setlist(f"{prefixe}-{role}", action[role])  # type: ignore[literal-required]
    for periode in action["periodes"]:
        ajouter_ligne(d, "periode", action["id"], periode, annuaire)
    for sous_action in action["sous_actions"]:
        _encoder_action(d, sous_action, section, niveau + 1, annuaire)


def ajouter_ligne(
    d: QueryDict, liste: str, parent: str, valeurs: Mapping[str, Any], annuaire: Annuaire
) -> str:
    """Ajoute une ligne à une liste ; rend le préfixe de ses champs."""
    jeton = nouveau_jeton(d)
    d.appendlist(liste, f"{parent}:{jeton}")
    prefixe = f"{LISTES[liste]}-{jeton}"
    for champ, valeur in valeurs.items():
        nom = f"{prefixe}-{champ}"
        if champ in REFERENCES:
            d[f"{nom}_cle"] = str(valeur or "")
            d[nom] = annuaire.nom(REFERENCES[champ], str(valeur)) if valeur else ""
        elif champ in DATES:
            d[nom] = en_jour(valeur) if valeur else ""
        elif isinstance(valeur, bool):
            _cocher(d, nom, valeur)
        else:
            d[nom] = str(valeur or "")
    return prefixe


def _cocher(d: QueryDict, nom: str, valeur: bool) -> None:
    if valeur:
        d[nom] = "on"
