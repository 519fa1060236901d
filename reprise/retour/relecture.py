"""Relit un DOCX revenu : par les signets, ce que chaque pièce est devenue, en Markdown."""

import re

from reprise.lecture.docx import lire_docx
from reprise.lecture.formes import Bloc, DocumentRefuse, Nature, sans_marques
from reprise.retour.pieces import Piece

APPEL = re.compile(r"\[\^([^\]\s]+)\]")


def relire(octets: bytes, pieces: list[Piece]) -> dict[str, str]:
    """Clé de pièce → texte relu. Une pièce absente du fichier n'y est pas.

    Un signet perdu se retrouve au texte même. Lève `DocumentRefuse` si rien ne répond.
    """
    lecture = lire_docx(octets)
    notes = {b.note: b.texte for b in lecture.blocs if b.nature == Nature.NOTE}
    par_ancre = {p.ancre: p for p in pieces}
    par_texte = {sans_marques(p.texte): p for p in pieces if len(p.texte) > 20}
    groupes: dict[str, list[Bloc]] = {}
    courante = ""
    for bloc in lecture.blocs:
        if bloc.nature in (Nature.NOTE, Nature.PAGE, Nature.IMAGE, Nature.TABLEAU):
            continue
        if bloc.ancre in par_ancre:
            courante = par_ancre[bloc.ancre].cle
            groupes[courante] = []
        elif bloc.ancre:
            courante = ""
        elif (connue := par_texte.get(bloc.nu)) and connue.cle not in groupes:
            courante = connue.cle
            groupes[courante] = []
        if courante:
            groupes[courante].append(bloc)
    if not groupes:
        raise DocumentRefuse(
            "Ce fichier n'est pas un retour de ce contrat : aucun de ses textes n'y répond. "
            "Repartez d'un export de la plateforme."
        )
    formes = {p.cle: p for p in pieces}
    return {cle: _texte(blocs, formes[cle], notes) for cle, blocs in groupes.items()}


def _texte(blocs: list[Bloc], piece: Piece, notes: dict[str, str]) -> str:
    if piece.nue:
        nu = "\n".join(b.nu for b in blocs if b.nu)
        nu = nu.replace(piece.suffixe.strip(), "").strip() if piece.suffixe else nu
        return nu.removeprefix(piece.prefixe.strip()).strip()
    lignes: list[str] = []
    pieds: list[str] = []
    avant = None
    for bloc in (b for b in blocs if b.texte):
        suit = avant is not None and avant.nature == bloc.nature == Nature.PUCE
        if lignes and not suit:
            lignes.append("")
        lignes.append(_ligne(bloc, pieds, notes))
        avant = bloc
    if pieds:
        lignes += ["", *pieds]
    return "\n".join(lignes)


def _ligne(bloc: Bloc, pieds: list[str], notes: dict[str, str]) -> str:
    def renumeroter(m: re.Match[str]) -> str:
        pieds.append(f"[^{len(pieds) + 1}]: {notes.get(m[1], '')}")
        return f"[^{len(pieds)}]"

    texte = APPEL.sub(renumeroter, bloc.texte)
    if bloc.nature == Nature.TITRE and bloc.confiance == 1:
        return f"### {texte}"
    if bloc.nature == Nature.PUCE:
        marque = "1. " if bloc.marque[:1].isdigit() else "- "
        return "    " * bloc.niveau + marque + texte.replace("\n", " ")
    return texte
