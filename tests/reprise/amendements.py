"""Un export Word amendé au hasard, comme un partenaire le ferait, et ce que l'on doit en voir."""

import copy
import random
from collections import Counter
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from reprise.lecture.formes import sans_marques
from reprise.retour.pieces import Piece

GENRES = ("mot", "insere", "supprime", "deplace", "point", "note")
DISTANCE = 2  # paragraphes entre deux modifications : chacune se compte alors une fois


@dataclass(frozen=True)
class Attendu:
    """Un changement qu'on a fait : son genre, et un texte qu'on y retrouve."""

    genre: str
    texte: str


def endroits(document, pieces: list[Piece]) -> list[tuple]:
    """(paragraphe, pièce) du texte qui s'amende, dans l'ordre ; en-tête et signatures exclus."""
    par_ancre, courante, trouves = {p.ancre: p for p in pieces}, None, []
    for paragraphe in document.paragraphs:
        signets = [b.get(qn("w:name")) for b in paragraphe._p.iter(qn("w:bookmarkStart"))]
        if signets:
            courante = par_ancre.get(signets[0])
        if courante is not None and paragraphe.text.strip():
            trouves.append((paragraphe, courante))
    return trouves


def amender(
    document, pieces: list[Piece], graine: int, nombre: int, *, distance: int = DISTANCE
) -> list[Attendu]:
    """Change le document ; rend ce qu'on doit voir, ni plus ni moins."""
    hasard = random.Random(graine)
    lieux = endroits(document, pieces)
    fois = Counter(p.text.strip() for p, _ in lieux)
    pris: set[int] = set()
    attendus: list[Attendu] = []
    notes = _notes(document, lieux)
    for rang in range(nombre):
        genre = GENRES[rang % len(GENRES)] if rang < len(GENRES) else hasard.choice(GENRES)
        if genre == "note":
            # Une note et un mot du même paragraphe ne font qu'un changement : on ne saurait plus
            # lequel des deux on voit. Serrés, ils se mêlent : rien n'y est compté un à un.
            libres = [n for n in notes if distance == 1 or _libre(n[1], pris, distance)]
            if libres:
                note, ou = libres[-1]
                notes.remove((note, ou))
                pris.add(ou)
                attendus.append(_changer_la_note(document, note, rang))
                continue
            genre = "insere"
        fait = None
        for essai in range(400):
            genre = "mot" if essai == 300 else genre  # plus d'endroit libre pour celui-là
            i = hasard.randrange(len(lieux))
            if not _libre(i, pris, distance):
                continue
            fait = _faire(genre, lieux, i, rang, fois, hasard, pris, distance)
            if fait is not None:
                pris.add(i)
                attendus.append(fait)
                break
        assert fait is not None, f"aucun endroit pour « {genre} »"
    return attendus


def _faire(genre, lieux, i, rang, fois, hasard, pris, distance):
    paragraphe, piece = lieux[i]
    texte = paragraphe.text.strip()
    seul = fois[texte] == 1 and len(texte) > 20
    appelle = paragraphe._p.find(f".//{qn('w:footnoteReference')}") is not None
    if genre == "mot":
        run = next((r for r in paragraphe.runs if len(r.text.split()) > 2), None)
        if run is None:
            return None
        debut, _, fin = run.text.rstrip().rpartition(" ")
        run.text = f"{debut} MODIF{rang} {fin}{run.text[len(run.text.rstrip()) :]}"
        return Attendu("modifie", f"MODIF{rang}")
    if genre == "insere":
        nouveau = f"Un paragraphe de plus, le numéro {rang}, que personne n'avait écrit."
        _apres(paragraphe, nouveau, style=None)
        return Attendu("ajoute", nouveau)
    if genre == "point":
        if not piece.est_point or "responsables" in piece.cle or "chef" in piece.cle:
            return None
        nouveau = f"un point de plus, le numéro {rang}, dans la liste"
        _apres(paragraphe, nouveau, style=paragraphe)
        return Attendu("ajoute", nouveau)
    if piece.est_titre or not seul or appelle or piece.suffixe or piece.prefixe:
        return None
    if genre == "supprime":
        paragraphe._p.getparent().remove(paragraphe._p)
        return Attendu("supprime", texte)
    if piece.forme == "liste_en_ligne":
        return None
    cibles = [
        k
        for k, (_, p) in enumerate(lieux)
        if abs(k - i) >= 3
        and _libre(k, pris, distance)
        and (p.liste == piece.liste if piece.est_point else p.forme == "texte" and not p.liste)
        and p.forme == piece.forme
        and not p.prefixe
    ]
    if not cibles:
        return None
    vers = hasard.choice(cibles)
    pris.add(vers)
    lieux[vers][0]._p.addnext(paragraphe._p)
    return Attendu("deplace", texte)


def _apres(paragraphe, texte, *, style):
    """Un paragraphe neuf, comme Word l'insère : le style du voisin, sans son signet."""
    neuf = copy.deepcopy(paragraphe._p)
    for enfant in list(neuf):
        if enfant.tag != qn("w:pPr") or style is None:
            neuf.remove(enfant)
    paragraphe._p.addnext(neuf)
    type(paragraphe)(neuf, paragraphe._parent).add_run(texte)


def _partie_des_notes(document):
    return document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)


def _libre(i: int, pris: set[int], distance: int) -> bool:
    return all(abs(i - k) >= distance for k in pris)


def _notes(document, lieux) -> list[tuple[str, int]]:
    """Chaque note dont le texte est seul de son genre, et le rang du paragraphe qui l'appelle."""
    try:
        xml = _partie_des_notes(document).blob
    except KeyError:
        return []
    appels = {
        appel.get(qn("w:id")): rang
        for rang, (paragraphe, _) in enumerate(lieux)
        for appel in paragraphe._p.iter(qn("w:footnoteReference"))
    }
    textes = [
        (t.text, note.get(qn("w:id")))
        for note in etree.fromstring(xml).iter(qn("w:footnote"))
        for t in note.iter(qn("w:t"))
        if len(t.text or "") >= 12
    ]
    seuls = Counter(texte for texte, _ in textes)
    return [(t, appels[cle]) for t, cle in textes if cle in appels and seuls[t] == 1]


def _changer_la_note(document, note: str, rang: int) -> Attendu:
    partie = _partie_des_notes(document)
    avant, apres = (f">{escape(t)}<".encode() for t in (note, f"{note} NOTE{rang}"))
    assert partie.blob.count(avant) == 1
    partie._blob = partie.blob.replace(avant, apres)
    return Attendu("modifie", f"NOTE{rang}")


def manques(changements, attendus: list[Attendu]) -> list[str]:
    """Ce qui manque ou ce qui est de trop ; vide quand le redline dit exactement cela."""
    restants, ecarts = list(changements), []
    for attendu in attendus:
        trouve = next((c for c in restants if _dit(c, attendu)), None)
        if trouve is None:
            ecarts.append(f"manque : {attendu}")
        else:
            restants.remove(trouve)
    return ecarts + [f"de trop : {c.genre} {c.groupe} {c.avant!r} → {c.apres!r}" for c in restants]


def _dit(changement, attendu: Attendu) -> bool:
    """Ce genre, ce texte, et rien d'autre de changé dans le passage."""
    avant, apres = (sans_marques(t).lstrip(" -") for t in (changement.avant, changement.apres))
    sans = apres.replace(f" {attendu.texte}", "", 1)
    montre = {
        "modifie": (sans, apres if sans != apres else ""),
        "ajoute": ("", attendu.texte),
        "supprime": (attendu.texte, ""),
        "deplace": (attendu.texte, attendu.texte),
    }
    return changement.genre == attendu.genre and (avant, apres) == montre[attendu.genre]
