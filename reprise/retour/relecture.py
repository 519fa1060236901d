"""Relit un DOCX : ses paragraphes, leur signet, les notes remises dans le texte qui les appelle."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reprise.lecture.docx import lire_docx
from reprise.lecture.formes import Bloc, Nature, sans_marques

APPEL = re.compile(r"\[\^([^\]\s]+)\]")
OUVRE, FERME = "\ue000", "\ue001"  # une note, là où elle est appelée
NOTE = re.compile(f"{OUVRE}([^{OUVRE}{FERME}]*){FERME}")
PUCE = re.compile(r"^ *(?:- |\d{1,3}\. )")


@dataclass(frozen=True)
class Ligne:
    """Un paragraphe : en Markdown (`texte`) et nu ; `ancre`, le signet qu'il porte."""

    texte: str
    nu: str
    ancre: str = ""
    puce: bool = False
    niveau: int = 0


def lignes_de(octets: bytes) -> list[Ligne]:
    """Ce que le fichier dit, dans l'ordre ; une rangée de tableau est une ligne."""
    lecture = lire_docx(octets)
    notes = {b.note: b.texte for b in lecture.blocs if b.nature == Nature.NOTE}
    return [ligne for bloc in lecture.blocs for ligne in _lignes(bloc, notes)]


def _lignes(bloc: Bloc, notes: dict[str, str]) -> Iterator[Ligne]:
    if bloc.nature in (Nature.NOTE, Nature.PAGE, Nature.IMAGE):
        return
    if bloc.nature == Nature.TABLEAU:
        for rang in bloc.cellules:
            texte = " | ".join(c.replace("\n", " ") for c in rang)
            yield Ligne(texte, sans_marques(texte))
        return
    propre = bloc.texte.translate({ord(OUVRE): None, ord(FERME): None})
    texte = APPEL.sub(lambda m: OUVRE + " ".join(notes.get(m[1], "").split()) + FERME, propre)
    if not texte:
        return
    nu = sans_marques(NOTE.sub(r" (note : \1)", texte))
    ligne = Ligne(texte, nu, bloc.ancre)
    if bloc.nature == Nature.TITRE and bloc.confiance == 1:
        ligne = replace(ligne, texte=f"### {texte}")
    elif bloc.nature == Nature.PUCE:
        marque = "1. " if bloc.marque[:1].isdigit() else "- "
        texte = "    " * bloc.niveau + marque + texte.replace("\n", " ")
        ligne = replace(ligne, texte=texte, puce=True, niveau=bloc.niveau)
    yield ligne


def recomposer(blocs: Iterable[str]) -> str:
    """Des paragraphes au Markdown : les points d'une liste se suivent, les notes vont au pied."""
    lignes: list[str] = []
    pieds: list[str] = []
    profondeur = -1

    def appeler(m: re.Match[str]) -> str:
        pieds.append(f"[^{len(pieds) + 1}]: {m[1]}")
        return f"[^{len(pieds)}]"

    for bloc in blocs:
        if puce := PUCE.match(bloc):
            retrait = min((len(bloc) - len(bloc.lstrip())) // 4, profondeur + 1)
            bloc = "    " * retrait + bloc.lstrip()  # un sous-point seul serait du code
        if lignes and not (puce and profondeur >= 0):
            lignes.append("")
        profondeur = retrait if puce else -1
        lignes.append(NOTE.sub(appeler, bloc))
    return "\n".join([*lignes, *(["", *pieds] if pieds else [])])


def lisible(texte: str) -> str:
    """Pour l'écran : la note se lit entre parenthèses, à sa place."""
    return NOTE.sub(r" (note : \1)", texte)
