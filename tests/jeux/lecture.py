"""Lecture des jeux de données tels qu'écrits, sans base."""

import functools
import re
import unicodedata
from pathlib import Path

import yaml
from django.conf import settings

JEUX = Path(settings.BASE_DIR) / "fixtures"
RECIPROCITE = "reciprocite-toulouse-portes-de-gascogne"
FEUILLE_DE_ROUTE = "feuille-de-route-pacte-territorial"
PROJET_DE_TERRITOIRE = "projet-de-territoire-midi-quercy"
VILLE = "contrat-de-ville-toulouse-metropole-2015"
PERR = "perr-toulouse-metropole-2021"
# Les contrats qui ont des fiches, puis tous.
CONTRATS = [RECIPROCITE, FEUILLE_DE_ROUTE, PROJET_DE_TERRITOIRE]
TOUS = [*CONTRATS, VILLE, PERR]


@functools.cache
def lire(chemin: str):
    """Contenu de `fixtures/<chemin>.yaml`."""
    return yaml.load((JEUX / f"{chemin}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def contrat(slug: str) -> dict:
    return lire(f"contrats/{slug}")


def reference(nom: str) -> dict[str, dict]:
    """Référentiel rangé par clé."""
    return {ligne["cle"]: ligne for ligne in lire(f"reference/{nom}")}


def sections(donnees: dict) -> list[tuple[dict, dict]]:
    """Toutes les sections d'un contrat, avec leur fiche."""
    return [(fiche, section) for fiche in donnees["fiches"] for section in fiche["sections"]]


def section(fiche: dict, cle: str) -> dict:
    return next(s for s in fiche["sections"] if s["cle"] == cle)


def actions(donnees: dict) -> list[dict]:
    """Toutes les actions d'un contrat, sous-points compris, qu'il ait des fiches ou non."""
    racines = [a for _, s in sections(donnees) for a in s.get("actions", [])]
    racines += donnees.get("actions", [])
    return racines + [sous for a in racines for sous in a.get("sous_actions", [])]


def comptes(fiche: dict, cle: str) -> tuple[int, int]:
    """(actions de premier niveau, sous-points) d'une section de la fiche."""
    racines = section(fiche, cle)["actions"]
    return len(racines), sum(len(a.get("sous_actions", [])) for a in racines)


def normaliser(texte: str) -> str:
    """Forme qui rend deux graphies égales : sans casse, accents, apostrophe courbe ni espaces."""
    plat = unicodedata.normalize("NFKD", texte.casefold().replace("’", "'"))
    return re.sub(r"\s+", " ", "".join(c for c in plat if not unicodedata.combining(c))).strip()
