"""Un document Word, par python-docx : styles, listes, tables, notes, révisions admises."""

import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from reprise.lecture.archive import piece_cassee
from reprise.lecture.formes import Bloc, DocumentRefuse, Lecture, Nature, echapper, propre
from reprise.lecture.texte import deviner

TITRES = re.compile(r"^(?:heading|titre|titlee?|überschrift)\s*(\d)?$", re.I)
SOMMAIRE = re.compile(r"^(?:toc|tm|table des mati)", re.I)
PROFONDEUR_MAX = 40
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def lire_docx(octets: bytes) -> Lecture:
    """Les blocs du corps, puis les notes de bas de page."""
    lecteur: _Lecteur | None = None
    try:
        document = Document(io.BytesIO(octets))
        lecteur = _Lecteur(document)
        lecteur.suite(document.element.body, 0)
        lecteur.notes()
    except DocumentRefuse:
        raise
    except Exception as erreur:  # python-docx et lxml lèvent de tout sur un document abîmé
        raise DocumentRefuse(
            f"Le document Word est abîmé ({ou_cela_casse(octets, lecteur)}). Ouvrez-le dans votre "
            "traitement de texte, laissez-le le réparer, enregistrez et déposez-le à nouveau."
        ) from erreur
    return Lecture("docx", lecteur.blocs, lecteur.remarques)


def ou_cela_casse(octets: bytes, lecteur: Any) -> str:
    """La pièce et la ligne, sinon après combien de passages la lecture s'est arrêtée."""
    lus = len(lecteur.blocs) if lecteur else 0
    return piece_cassee(octets) or f"après le passage {lus}" * bool(lus) or "dans ses styles"


class _Lecteur:
    def __init__(self, document: Any) -> None:
        self.partie = document.part
        self.styles = {s.style_id: s for s in document.styles}
        self.blocs: list[Bloc] = []
        self.remarques: list[str] = []
        self.citees: list[str] = []
        self.numeros = _formats_de_liste(document.part)

    def suite(self, parent: Any, profondeur: int) -> None:
        if profondeur > PROFONDEUR_MAX:
            raise DocumentRefuse("Le document imbrique trop de cadres ou de tableaux.")
        for e in parent:
            if e.tag == W + "p":
                self.paragraphe(e)
            elif e.tag == W + "tbl":
                self.tableau(e)
            elif e.tag in (W + "sdt", W + "ins", W + "customXml"):
                contenu = e.find(W + "sdtContent")
                self.suite(e if contenu is None else contenu, profondeur + 1)

    def paragraphe(self, p: Any) -> None:
        numero = len(self.blocs) + 1
        if p.find(f".//{W}drawing") is not None or p.find(f".//{W}pict") is not None:
            self.blocs.append(Bloc(Nature.IMAGE, "", ligne=numero))
        if any(b.get(W + "type") == "page" for b in p.iter(W + "br")):
            self.blocs.append(Bloc(Nature.PAGE, "", ligne=numero))
        texte = propre("".join(self._runs(p)))
        ancre = next(
            (a for b in p.iter(W + "bookmarkStart") if (a := b.get(W + "name") or "")[:3] == "rq_"),
            "",
        )
        if texte or ancre:
            self.blocs.append(self._nature(p, texte, numero))
            self.blocs[-1].ancre = ancre
        for cadre in p.iter(W + "txbxContent"):
            for dedans in cadre.iter(W + "p"):
                encadre = propre("".join(self._runs(dedans)))
                if encadre and not any(b.texte == encadre for b in self.blocs[-4:]):
                    self.blocs.append(Bloc(Nature.PARAGRAPHE, encadre, 0, 0.6, ligne=numero))

    def _nature(self, p: Any, texte: str, numero: int) -> Bloc:
        nom, heritage = self._style(p)
        for style in heritage:
            if titre := TITRES.match(style):
                niveau = int(titre[1] or 0) or (1 if style.lower() in ("title", "titre") else 2)
                return Bloc(Nature.TITRE, _sans_gras(texte), niveau, 1.0, ligne=numero)
        if SOMMAIRE.match(nom):
            return Bloc(Nature.PARAGRAPHE, texte, 0, 0.9, "sommaire", numero)
        liste = self._liste(p, heritage)
        if liste is not None:
            return Bloc(Nature.PUCE, texte, liste[0], 1.0, liste[1], numero)
        bloc = Bloc(Nature.PARAGRAPHE, texte, ligne=numero)
        deviner(bloc)
        if bloc.nature == Nature.TITRE:
            tout_gras = texte.startswith("**") and texte.endswith("**") and texte.count("**") == 2
            bloc.confiance = min(0.9, bloc.confiance + (0.2 if tout_gras else 0.0))
            bloc.texte = _sans_gras(texte) if tout_gras else texte
        return bloc

    def _style(self, p: Any) -> tuple[str, list[str]]:
        """Le nom du style et de ceux dont il hérite."""
        noeud = p.find(f"{W}pPr/{W}pStyle")
        style = self.styles.get(noeud.get(W + "val")) if noeud is not None else None
        noms: list[str] = []
        while style is not None and len(noms) < 10:
            noms.append(style.name or "")
            style = getattr(style, "base_style", None)
        return (noms[0] if noms else ""), noms

    def _liste(self, p: Any, heritage: list[str]) -> tuple[int, str] | None:
        numero = p.find(f"{W}pPr/{W}numPr")
        if numero is not None:
            ident, rang = numero.find(W + "numId"), numero.find(W + "ilvl")
            valeur = ident.get(W + "val") if ident is not None else ""
            niveau = int(rang.get(W + "val") or 0) if rang is not None else 0
            if valeur and valeur != "0":
                return min(niveau, 8), self.numeros.get((valeur, niveau), "-")
        for nom in heritage:
            if trouve := re.match(
                r"^(?:list (bullet|number)|liste à (puces|numéros))\s*(\d)?", nom, re.I
            ):
                ordonnee = "num" in (trouve[1] or trouve[2]).lower()
                return int(trouve[3] or 1) - 1, "1." if ordonnee else "-"
        return None

    def _runs(self, p: Any) -> Iterator[str]:
        """Le texte du paragraphe, gras et italique en Markdown, sans ce qui est supprimé."""
        morceaux: list[tuple[str, str]] = []
        ouvert = ""
        for run in p.iter(W + "r"):
            dedans = [a.tag for a in run.iterancestors() if a is not p and _dans(a, p)]
            if any(a in dedans for a in (W + "del", W + "txbxContent", W + "moveFrom")):
                continue
            if run.find(f"{W}rPr/{W}vanish") is not None:
                self._remarquer("Du texte masqué n'a pas été lu.")
                continue
            marque = "".join(m for m, t in (("**", "b"), ("_", "i")) if _actif(run, t))
            lien = self._lien(run)
            if lien != ouvert:
                morceaux.append(("", (f"]({ouvert})" if ouvert else "") + ("[" if lien else "")))
                ouvert = lien
            for e in run:
                if e.tag == W + "t":
                    morceaux.append((marque, echapper(e.text or "")))
                elif e.tag in (W + "br", W + "cr"):
                    morceaux.append(("", "\n"))
                elif e.tag == W + "tab":
                    morceaux.append(("", " "))
                elif e.tag == W + "noBreakHyphen":
                    morceaux.append((marque, "-"))
                elif e.tag == W + "footnoteReference":
                    self.citees.append(e.get(W + "id") or "")
                    morceaux.append(("", f"[^{len(self.citees)}]"))
        if ouvert:
            morceaux.append(("", f"]({ouvert})"))
        yield assembler(morceaux)

    def _lien(self, run: Any) -> str:
        """L'adresse du lien qui contient ce texte, si elle est sûre."""
        parent = run.getparent()
        if parent is None or parent.tag != W + "hyperlink":
            return ""
        relation = self.partie.rels.get(parent.get(qn("r:id")) or "")
        adresse = str(relation.target_ref) if relation is not None else ""
        sure = adresse.lower().startswith(("http://", "https://", "mailto:"))
        return re.sub(r"[()\s]", "", adresse) if sure else ""

    def _remarquer(self, phrase: str) -> None:
        if phrase not in self.remarques:
            self.remarques.append(phrase)

    def tableau(self, table: Any) -> None:
        cellules = []
        for rang in table.iter(W + "tr"):
            if any(
                a.tag == W + "tbl" and a is not table and _dans(a, table)
                for a in rang.iterancestors()
            ):
                continue
            cases = []
            for case in rang.findall(W + "tc"):
                textes = (propre("".join(self._runs(p))) for p in case.iter(W + "p"))
                cases.append("\n".join(t for t in textes if t))
            cellules.append(cases)
        cellules = [rang for rang in cellules if any(rang)]
        texte = "\n".join(" | ".join(c.replace("\n", " ") for c in rang) for rang in cellules)
        if texte.strip(" |"):
            numero = len(self.blocs) + 1
            self.blocs.append(Bloc(Nature.TABLEAU, texte, ligne=numero, cellules=cellules))

    def notes(self) -> None:
        """Chaque note appelée, dans l'ordre des appels."""
        notes = _notes(self.partie)
        for rang, ident in enumerate(self.citees, 1):
            racine = notes.get(ident)
            if racine is not None:
                texte = propre("\n".join("".join(self._runs(p)) for p in racine.iter(W + "p")))
                if texte:
                    self.blocs.append(Bloc(Nature.NOTE, texte, note=str(rang)))


def assembler(morceaux: list[tuple[str, str]]) -> str:
    """Réunit les morceaux de même mise en forme ; les blancs restent hors des marques."""
    reunis: list[list[str]] = []
    for marque, texte in morceaux:
        if reunis and (reunis[-1][0] == marque or not texte.strip()):
            reunis[-1][1] += texte
        else:
            reunis.append([marque, texte])
    sortie = ""
    for marque, texte in reunis:
        coeur = texte.strip()
        if not marque or not coeur or "\n" in coeur:
            sortie += texte
            continue
        avant = texte[: len(texte) - len(texte.lstrip())]
        apres = texte[len(texte.rstrip()) :]
        sortie += f"{avant}{marque}{coeur}{marque[::-1]}{apres}"
    return sortie


def _dans(ancetre: Any, p: Any) -> bool:
    return any(a is p for a in ancetre.iterancestors())


def _actif(run: Any, nom: str) -> bool:
    reglage = run.find(f"{W}rPr/{W}{nom}")
    return reglage is not None and reglage.get(W + "val") not in ("0", "false", "none")


def _sans_gras(texte: str) -> str:
    return texte.replace("**", "")


def _formats_de_liste(partie: Any) -> dict[tuple[str, int], str]:
    """(liste, profondeur) → marque, pour dire puces ou numéros."""
    try:
        racine = partie.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    abstraites = {a.get(W + "abstractNumId"): a for a in racine.findall(W + "abstractNum")}
    formats: dict[tuple[str, int], str] = {}
    for numero in racine.findall(W + "num"):
        lien = numero.find(W + "abstractNumId")
        abstraite = abstraites.get(lien.get(W + "val")) if lien is not None else None
        for rang in abstraite.findall(W + "lvl") if abstraite is not None else ():
            genre = rang.find(W + "numFmt")
            puce = genre is None or genre.get(W + "val") in ("bullet", "none")
            cle = (numero.get(W + "numId"), int(rang.get(W + "ilvl") or 0))
            formats[cle] = "-" if puce else "1."
    return formats


def _notes(partie: Any) -> dict[str, Any]:
    try:
        notes = partie.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
    except KeyError:
        return {}
    racine = etree.fromstring(notes.blob, etree.XMLParser(resolve_entities=False, no_network=True))
    return {n.get(qn("w:id")): n for n in racine.findall(W + "footnote")}
