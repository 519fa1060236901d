"""Réunit deux saisies selon des choix : la mienne, la leur, ou les deux (listes, textes).

Travaille sur les données du formulaire : ce qui est faux ou inachevé s'y réunit comme le reste.
"""

import re

from django.http import QueryDict

from contrats.atelier.annuaire import Annuaire
from contrats.atelier.conflit import LISTES_DE_SECTION, est_objet, nom_du_champ
from contrats.atelier.donnees import (
    LISTES,
    ROLES,
    Place,
    ecrire_places,
    encoder,
    jetons,
    lire_places,
    nouveau_jeton,
)
from contrats.contenu.forme import ContenuFiche

CHEMIN = re.compile(r"(?:section|action):[\w-]+(?::\w+)?|\w+")


def reunir(
    mien: QueryDict,
    leur: ContenuFiche,
    choix: dict[str, str],
    annuaire: Annuaire,
    *,
    depart: ContenuFiche | None,
) -> None:
    """Met dans les données de l'agent ce qu'il prend à l'autre : `leur`, ou les `deux` listes.

    `depart`, s'il est connu, dit ce que chacun a retiré d'une liste : un retrait vaut un ajout.
    """
    autre = encoder(leur, annuaire, version=0)
    base = encoder(depart, annuaire, version=0) if depart else None
    retenus = {
        chemin: c
        for chemin, c in choix.items()
        if c in ("leur", "deux") and CHEMIN.fullmatch(chemin)
    }
    for chemin in sorted(retenus, key=lambda c: (c.count(":"), c)):
        if retenus[chemin] == "deux":
            _unir(chemin, autre, mien, base)
        else:
            _reprendre(chemin, autre, mien)
    _reunir_places(mien, autre, retenus)


def _unir(chemin: str, de: QueryDict, vers: QueryDict, base: QueryDict | None) -> None:
    """Réunit deux listes comme des ensembles."""
    objet, _, champ = chemin.rpartition(":")
    parent = objet.partition(":")[2]
    if champ in ROLES and not chemin.startswith("section:"):
        nom = f"a-{parent}-{champ}"
        avant = base.getlist(nom) if base is not None else []
        leurs, miens = de.getlist(nom), vers.getlist(nom)
        gardes = [c for c in miens if c in leurs or c not in avant]
        vers.setlist(nom, [*gardes, *(c for c in leurs if c not in [*avant, *miens])])
        return
    liste = "periode" if champ == "periodes" else LISTES_DE_SECTION.get(champ, "")
    if liste:
        _unir_liste(liste, parent, de, vers, base)
        ouverte = f"s-{parent}-liste_ouverte"
        if champ == "partenaires" and base is not None and (ouverte in vers) == (ouverte in base):
            _copier(ouverte, de, vers)


def _unir_liste(
    liste: str, parent: str, de: QueryDict, vers: QueryDict, base: QueryDict | None
) -> None:
    """Les miennes, moins celles que l'autre a retirées, plus celles qu'il a ajoutées."""
    lettre = LISTES[liste]

    def lignes(donnees: QueryDict | None) -> dict[str, dict[str, str]]:
        if donnees is None:
            return {}
        return {j: _valeurs(donnees, f"{lettre}-{j}-") for j in jetons(donnees, liste, parent)}

    avant, leurs, miennes = (list(lignes(d).values()) for d in (base, de, vers))
    retires = {
        f"{parent}:{jeton}"
        for jeton, ligne in lignes(vers).items()
        if ligne in avant and ligne not in leurs
    }
    vers.setlist(liste, [e for e in vers.getlist(liste) if e not in retires])
    for jeton, ligne in lignes(de).items():
        if ligne not in miennes and ligne not in avant:
            _ajouter_ligne(liste, parent, de, jeton, vers)


def _ajouter_ligne(liste: str, parent: str, de: QueryDict, jeton: str, vers: QueryDict) -> None:
    neuf, lettre = nouveau_jeton(vers), LISTES[liste]
    vers.appendlist(liste, f"{parent}:{neuf}")
    for champ, valeur in _valeurs(de, f"{lettre}-{jeton}-").items():
        vers[f"{lettre}-{neuf}-{champ}"] = valeur


def _reprendre(chemin: str, de: QueryDict, vers: QueryDict) -> None:
    """La leur, telle quelle."""
    objet, _, champ = chemin.rpartition(":")
    parent = objet.partition(":")[2]
    if chemin == "ordre":
        return
    if est_objet(chemin):
        _reprendre_objet(chemin, de, vers)
    elif champ in LISTES_DE_SECTION and chemin.startswith("section:"):
        _reprendre_liste(LISTES_DE_SECTION[champ], parent, de, vers)
        if champ == "partenaires":
            _copier(f"s-{parent}-liste_ouverte", de, vers)
    elif champ == "periodes":
        _reprendre_liste("periode", parent, de, vers)
    elif champ in ROLES:
        _copier(f"a-{parent}-{champ}", de, vers)
    else:
        _copier(nom_du_champ(chemin), de, vers)


def _copier(nom: str, de: QueryDict, vers: QueryDict) -> None:
    vers.setlist(nom, de.getlist(nom))
    if nom not in de:
        vers.pop(nom, None)


def _reprendre_objet(chemin: str, de: QueryDict, vers: QueryDict) -> None:
    """Une section ou une action entière ; absente chez l'autre, elle s'en va (voir les places)."""
    genre, _, identifiant = chemin.partition(":")
    prefixe = f"{genre[0]}-{identifiant}-"
    for nom in [n for n in de if n.startswith(prefixe)]:
        _copier(nom, de, vers)
    for liste in LISTES if genre == "section" else ("periode",):
        if liste == "periode" and genre == "section":
            continue
        _reprendre_liste(liste, identifiant, de, vers)
    if genre == "section":
        cles, leurs = vers.getlist("section"), de.getlist("section")
        if identifiant in leurs and identifiant not in cles:
            avant = [c for c in leurs[: leurs.index(identifiant)] if c in cles]
            cles.insert(cles.index(avant[-1]) + 1 if avant else 0, identifiant)
        elif identifiant not in leurs:
            cles = [c for c in cles if c != identifiant]
        vers.setlist("section", cles)


def _reprendre_liste(liste: str, parent: str, de: QueryDict, vers: QueryDict) -> None:
    """Remplace les lignes par celles de l'autre."""
    vers.setlist(liste, [e for e in vers.getlist(liste) if e.rpartition(":")[0] != parent])
    for jeton in jetons(de, liste, parent):
        _ajouter_ligne(liste, parent, de, jeton, vers)


def _valeurs(donnees: QueryDict, prefixe: str) -> dict[str, str]:
    """Champs remplis d'une ligne : deux lignes de mêmes valeurs n'en font qu'une."""
    return {
        n.removeprefix(prefixe): str(donnees[n])
        for n in donnees
        if n.startswith(prefixe) and donnees[n]
    }


def _reunir_places(mien: QueryDict, autre: QueryDict, retenus: dict[str, str]) -> None:
    """Actions gardées, dans l'ordre choisi ; une action propre à un seul suit sa précédente."""
    miennes, leurs = lire_places(mien), lire_places(autre)
    gardees = {p.id for p in miennes}
    for identifiant in {p.id for p in miennes} ^ {p.id for p in leurs}:
        if f"action:{identifiant}" in retenus:
            gardees ^= {identifiant}
    premier, second = (leurs, miennes) if "ordre" in retenus else (miennes, leurs)
    resultat = [p for p in premier if p.id in gardees]
    precedente: Place | None = None
    for place in second:
        if place.id in gardees and place.id not in {p.id for p in resultat}:
            rang = _apres(resultat, precedente, place)
            resultat.insert(rang, place)
        precedente = place
    ecrire_places(mien, resultat)
    for place in resultat:
        mien[f"a-{place.id}-place"] = place.section


def _apres(places: list[Place], precedente: Place | None, place: Place) -> int:
    ids = [p.id for p in places]
    if precedente and precedente.id in ids and precedente.section == place.section:
        return ids.index(precedente.id) + 1
    return max((i for i, p in enumerate(places, 1) if p.section == place.section), default=len(ids))
