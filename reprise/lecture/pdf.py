"""Un PDF qui a du texte : pikepdf contrôle, pdfminer.six lit lignes, tailles et places."""

import io
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pikepdf
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTTextContainer, LTTextLine

from reprise.lecture.formes import (
    PAGES_MAX,
    Bloc,
    DocumentRefuse,
    Lecture,
    Nature,
    echapper,
    propre,
)
from reprise.lecture.texte import EXPOSANTS, NOTE, NUMERO, PAGE, PROFONDES, PUCE, titre_probable

ABIME = "Le PDF est abîmé ({}) : ouvrez-le, imprimez-le en PDF et déposez le nouveau fichier."
MARQUE_SEULE = re.compile(r"^(?:(?:[-–—•·▪◦‣●○■□➢✓>]|\uf0b7|o|\d{1,2}[.)])\s*){1,2}$")
FIN = re.compile(r"[.!?:;…]$|\.\.\.$")


@dataclass
class _Ligne:
    texte: str
    page: int
    haut: float  # distance au haut de la page
    gauche: float
    droite: float
    taille: float
    gras: bool
    hauteur_de_page: float


def lire_pdf(octets: bytes) -> Lecture:
    """Les blocs du PDF ; `DocumentRefuse` s'il est protégé, actif, trop long ou sans texte."""
    pages = _controler(octets)
    lignes: list[_Ligne] = []
    reglages = LAParams(all_texts=False, boxes_flow=None)
    numero = 0
    try:
        for numero, page in enumerate(extract_pages(io.BytesIO(octets), laparams=reglages), 1):
            lignes += _lignes(page, numero)
    except Exception as erreur:  # pdfminer lève de tout sur un fichier abîmé
        raise DocumentRefuse(ABIME.format(f"page {numero + 1}")) from erreur
    if not lignes:
        raise DocumentRefuse(
            "Ce PDF n'a pas de texte : ce sont des images de pages. Passez-le à la reconnaissance "
            "de caractères, ou reprenez la version Word."
        )
    return Lecture("pdf", _blocs(lignes), pages=pages)


def _controler(octets: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            pages, racine = len(pdf.pages), pdf.Root
            actif = "/OpenAction" in racine and "/JS" in str(racine.OpenAction)
            actif |= "/JavaScript" in racine.get("/Names", {})
            joints = "/EmbeddedFiles" in racine.get("/Names", {})
    except pikepdf.PasswordError:
        raise DocumentRefuse(
            "Ce PDF est protégé par un mot de passe : retirez-le puis déposez-le à nouveau."
        ) from None
    except Exception as erreur:
        raise DocumentRefuse(ABIME.format("sa table des pages est illisible")) from erreur
    if actif:
        raise DocumentRefuse("Ce PDF contient un script : enregistrez-le sans, puis redéposez-le.")
    if joints and pages == 1:
        raise DocumentRefuse("Ce PDF est un porte-documents : déposez le document qu'il contient.")
    if not pages:
        raise DocumentRefuse("Ce PDF n'a aucune page.")
    if pages > PAGES_MAX:
        raise DocumentRefuse(
            f"Ce PDF a {pages} pages ; la limite est {PAGES_MAX}. Découpez-le et reprenez-le "
            "partie par partie."
        )
    return pages


def _lignes(page: Any, numero: int) -> list[_Ligne]:
    lues = []
    for boite in page:
        if not isinstance(boite, LTTextContainer):
            continue
        for ligne in boite:
            if isinstance(ligne, LTTextLine) and ligne.get_text().strip():
                lues.append(_ligne(ligne, numero, page.height))
    return _reunir_les_marques(sorted(lues, key=lambda li: (round(li.haut / 3), li.gauche)))


def _reunir_les_marques(lignes: list[_Ligne]) -> list[_Ligne]:
    """Une puce est souvent un texte à part, à gauche de la ligne qu'elle ouvre."""
    reunies: list[_Ligne] = []
    for ligne in lignes:
        avant = reunies[-1] if reunies else None
        if (
            avant is not None
            and MARQUE_SEULE.match(avant.texte)
            and abs(avant.haut - ligne.haut) < 5
        ):
            avant.texte = f"{avant.texte} {ligne.texte}"
            avant.droite, avant.taille, avant.gras = ligne.droite, ligne.taille, ligne.gras
        else:
            reunies.append(ligne)
    return reunies


def _ligne(ligne: LTTextLine, numero: int, hauteur: float) -> _Ligne:
    signes = [c for c in ligne if isinstance(c, LTChar) and c.get_text().strip()]
    tailles = Counter(round(c.size, 1) for c in signes)
    taille = tailles.most_common(1)[0][0] if tailles else 0.0
    gras = bool(signes) and sum("bold" in c.fontname.lower() for c in signes) > 0.8 * len(signes)
    texte = _texte(ligne, taille)
    return _Ligne(texte, numero, hauteur - ligne.y1, ligne.x0, ligne.x1, taille, gras, hauteur)


def _texte(ligne: LTTextLine, taille: float) -> str:
    """Le texte ; un chiffre petit et haut, collé à un mot, est un appel de note."""
    sortie = ""
    for c in ligne:
        signe = c.get_text()
        petit = isinstance(c, LTChar) and c.size < 0.8 * taille and signe.isdigit()
        sortie += signe.translate(EXPOSANTS) if petit and not sortie else signe
    return sortie.replace("\u00ad", "").strip()


def _blocs(lignes: list[_Ligne]) -> list[Bloc]:
    corps = Counter()  # type: Counter[float]
    for ligne in lignes:
        corps[ligne.taille] += len(ligne.texte)
    taille = corps.most_common(1)[0][0]
    pas = min(_interligne(lignes), taille * 1.5)
    bord = max(ligne.droite for ligne in lignes)
    repetees = _repetees(lignes)
    blocs: list[Bloc] = []
    avant: _Ligne | None = None
    for ligne in lignes:
        if avant is not None and ligne.page != avant.page:
            blocs.append(Bloc(Nature.PAGE, "", page=ligne.page))
        if _courant(ligne, repetees):
            blocs.append(Bloc(Nature.PAGE, propre(ligne.texte), 0, 0.9, page=ligne.page))
            continue
        _placer(blocs, avant, ligne, taille, pas, bord)
        avant = ligne
    for bloc in blocs:
        bloc.texte = propre(bloc.texte)
    return [b for b in blocs if b.texte or b.nature == Nature.PAGE]


def _placer(
    blocs: list[Bloc], avant: _Ligne | None, ligne: _Ligne, taille: float, pas: float, bord: float
) -> None:
    texte = echapper(ligne.texte)
    grand = ligne.taille >= taille * 1.12
    titre = grand or (ligne.gras and titre_probable(ligne.texte) >= 0.5)
    if (puce := PUCE.match(texte)) or (not titre and (puce := NUMERO.match(texte))):
        marque = puce["marque"].split()[-1]
        niveau = 1 if marque in PROFONDES else _profondeur(blocs, ligne)
        bloc = Bloc(Nature.PUCE, texte[puce.end() :], niveau, 0.9, marque, page=ligne.page)
        bloc.cellules = [[str(ligne.gauche)]]
        blocs.append(bloc)
        return
    dernier = next((b for b in reversed(blocs) if b.nature != Nature.PAGE), None)
    if (
        dernier is not None
        and avant is not None
        and _continue(dernier, avant, ligne, taille, pas, bord)
    ):
        coupe = dernier.texte.endswith("-") and ligne.texte[:1].islower()
        dernier.texte = dernier.texte + ("" if coupe else " ") + texte
        return
    if titre:
        niveau = 1 if ligne.taille >= taille * 1.5 else 2 if grand else 3
        blocs.append(Bloc(Nature.TITRE, texte, niveau, 0.95 if grand else 0.85, page=ligne.page))
    elif (note := NOTE.match(ligne.texte)) and ligne.taille < taille * 0.95:
        repere = note["crochet"] or note["par"] or note["exposant"].translate(EXPOSANTS)
        reste = echapper(ligne.texte[note.end() :])
        blocs.append(Bloc(Nature.NOTE, reste, page=ligne.page, note=repere))
    else:
        chance = titre_probable(ligne.texte)
        seule = avant is None or ligne.page != avant.page or ligne.haut - avant.haut > 1.5 * pas
        nature = Nature.TITRE if chance >= 0.7 and seule else Nature.PARAGRAPHE
        blocs.append(Bloc(nature, texte, 0, max(chance, 1 - chance) * 0.9, page=ligne.page))


def _continue(
    dernier: Bloc, avant: _Ligne, ligne: _Ligne, taille: float, pas: float, bord: float
) -> bool:
    """La ligne suit le bloc : même allure, juste dessous, ou phrase coupée par la page."""
    meme_allure = abs(ligne.taille - avant.taille) < 0.6 and ligne.gras == avant.gras
    if dernier.nature == Nature.TITRE and not meme_allure:
        return False
    if ligne.page != avant.page:
        return (
            dernier.nature in (Nature.PARAGRAPHE, Nature.PUCE)
            and not FIN.search(dernier.texte)
            and ligne.texte[:1].islower()
        )
    if abs(ligne.taille - avant.taille) >= 1.2 and not ligne.texte[:1].islower():
        return False
    courte = avant.droite < 0.7 * bord and not ligne.texte[:1].islower()
    if courte and dernier.nature != Nature.TITRE:
        return False
    if dernier.nature == Nature.TITRE:  # un titre sur deux lignes : son interligne suit sa taille
        pas = max(pas, 1.25 * ligne.taille)
    return ligne.haut - avant.haut <= 1.35 * pas or (
        ligne.texte[:1].islower() and ligne.haut - avant.haut <= 1.8 * pas
    )


def _profondeur(blocs: list[Bloc], ligne: _Ligne) -> int:
    for bloc in reversed(blocs):
        if bloc.nature != Nature.PUCE or not bloc.cellules:
            break
        ecart = ligne.gauche - float(bloc.cellules[0][0])
        if abs(ecart) < 4:
            return bloc.niveau
        if ecart > 0:
            return bloc.niveau + 1
    return 0


def _interligne(lignes: list[_Ligne]) -> float:
    ecarts = Counter(
        round(b.haut - a.haut)
        for a, b in itertools.pairwise(lignes)
        if a.page == b.page and 5 < b.haut - a.haut < 40
    )
    return float(ecarts.most_common(1)[0][0]) if ecarts else 14.0


def _repetees(lignes: list[_Ligne]) -> set[str]:
    """Textes des marges, aux chiffres près, vus sur au moins trois pages, ou sur toutes."""
    vues: dict[str, set[int]] = {}
    for ligne in lignes:
        if _en_marge(ligne):
            vues.setdefault(re.sub(r"\d+", "#", ligne.texte), set()).add(ligne.page)
    assez = min(3, max((ligne.page for ligne in lignes), default=1))
    return {texte for texte, pages in vues.items() if len(pages) >= max(assez, 2)}


def _en_marge(ligne: _Ligne) -> bool:
    return not 0.08 < ligne.haut / ligne.hauteur_de_page < 0.92


def _courant(ligne: _Ligne, repetees: set[str]) -> bool:
    sobre = re.sub(r"\d+", "#", ligne.texte)
    pied = re.search(rf"\b{ligne.page}$", ligne.texte) is not None  # « Convention – 3 », page 3
    return _en_marge(ligne) and (sobre in repetees or pied or bool(PAGE.match(ligne.texte)))
