"""Un document OpenDocument, par odfdo : titres, listes, tables, notes."""

import io
from typing import Any

from odfdo import Document

from reprise.lecture.docx import assembler, ou_cela_casse
from reprise.lecture.formes import Bloc, DocumentRefuse, Lecture, Nature, echapper, propre
from reprise.lecture.texte import deviner

PROFONDEUR_MAX = 40
IGNORES = ("text:tracked-changes", "text:sequence-decls", "text:table-of-content", "office:forms")


def lire_odt(octets: bytes) -> Lecture:
    """Les blocs du corps, puis les notes."""
    lecteur: _Lecteur | None = None
    try:
        document = Document(io.BytesIO(octets))
        lecteur = _Lecteur(document)
        lecteur.suite(document.body, 0)
    except DocumentRefuse:
        raise
    except Exception as erreur:  # odfdo et lxml lèvent de tout sur un document abîmé
        raise DocumentRefuse(
            f"Le document ODT est abîmé ({ou_cela_casse(octets, lecteur)}). Ouvrez-le dans votre "
            "traitement de texte, enregistrez-le au format DOCX et déposez-le à nouveau."
        ) from erreur
    return Lecture("odt", lecteur.blocs + lecteur.notes)


class _Lecteur:
    def __init__(self, document: Any) -> None:
        self.blocs: list[Bloc] = []
        self.notes: list[Bloc] = []
        self.styles = _styles(document)

    def suite(self, parent: Any, profondeur: int) -> None:
        if profondeur > PROFONDEUR_MAX:
            raise DocumentRefuse("Le document imbrique trop de cadres ou de listes.")
        for e in parent.children:
            numero = len(self.blocs) + 1
            if e.tag == "text:h":
                niveau = int(e.get_attribute("text:outline-level") or 1)
                texte = propre(self._texte(e)).replace("**", "")
                self._ajouter(Bloc(Nature.TITRE, texte, min(niveau, 6), 1.0, ligne=numero))
            elif e.tag == "text:p":
                self._paragraphe(e, numero)
            elif e.tag == "text:list":
                self._liste(e, 0, "-")
            elif e.tag == "table:table":
                self._tableau(e, numero)
            elif e.tag not in IGNORES:
                self.suite(e, profondeur + 1)

    def _paragraphe(self, e: Any, numero: int) -> None:
        bloc = Bloc(Nature.PARAGRAPHE, propre(self._texte(e)), ligne=numero)
        if not bloc.texte:
            return
        style = self.styles.get(e.get_attribute("text:style-name") or "", "")
        if style.lower() in ("title", "titre", "subtitle", "sous-titre"):
            bloc.nature, bloc.niveau = Nature.TITRE, 1 if style.lower()[0] == "t" else 2
            bloc.texte = bloc.texte.replace("**", "")
        else:
            deviner(bloc)
        self._ajouter(bloc)

    def _liste(self, liste: Any, niveau: int, marque: str) -> None:
        if niveau > PROFONDEUR_MAX:
            raise DocumentRefuse("Le document imbrique trop de listes.")
        for element in liste.children:
            premier = True
            for e in element.children:
                if e.tag == "text:list":
                    self._liste(e, niveau + 1, marque)
                elif e.tag in ("text:p", "text:h"):
                    nature = Nature.PUCE if premier else Nature.PARAGRAPHE
                    bloc = Bloc(nature, propre(self._texte(e)), niveau, 1.0, marque)
                    bloc.ligne = len(self.blocs) + 1
                    self._ajouter(bloc)
                    premier = False

    def _tableau(self, table: Any, numero: int) -> None:
        cellules = []
        for rang in table.get_elements(".//table:table-row")[:2000]:
            cases = [
                "\n".join(t for p in c.get_elements(".//text:p") if (t := propre(self._texte(p))))
                for c in rang.get_elements("table:table-cell")[:60]
            ]
            if any(cases):
                cellules.append(cases)
        texte = "\n".join(" | ".join(c.replace("\n", " ") for c in rang) for rang in cellules)
        self._ajouter(Bloc(Nature.TABLEAU, texte, ligne=numero, cellules=cellules))

    def _ajouter(self, bloc: Bloc) -> None:
        if bloc.texte:
            self.blocs.append(bloc)

    def _texte(self, e: Any, marque: str = "") -> str:
        return assembler(self._morceaux(e, marque, 0))

    def _morceaux(self, e: Any, marque: str, profondeur: int) -> list[tuple[str, str]]:
        """Texte et mise en forme, dans l'ordre ; une note devient un appel."""
        if profondeur > PROFONDEUR_MAX:
            raise DocumentRefuse("Le document imbrique trop de mises en forme.")
        morceaux = [(marque, echapper(e.text or ""))]
        for enfant in e.children:
            match enfant.tag:
                case "text:s":
                    morceaux.append((marque, " "))
                case "text:tab":
                    morceaux.append((marque, " "))
                case "text:line-break":
                    morceaux.append(("", "\n"))
                case "text:note":
                    self._note(enfant)
                    morceaux.append(("", f"[^{len(self.notes)}]"))
                case "text:span":
                    style = self.styles.get(enfant.get_attribute("text:style-name") or "", "")
                    dedans = style if style in ("**", "_", "**_") else marque
                    morceaux += self._morceaux(enfant, dedans, profondeur + 1)
                case "office:annotation" | "text:change" | "draw:frame":
                    pass
                case _:
                    morceaux += self._morceaux(enfant, marque, profondeur + 1)
            morceaux.append((marque, echapper(enfant.tail or "")))
        return morceaux

    def _note(self, e: Any) -> None:
        rang = str(len(self.notes) + 1)
        note = Bloc(Nature.NOTE, "", note=rang)
        self.notes.append(note)
        corps = e.get_element("text:note-body")
        if corps is not None:
            note.texte = propre("\n".join(self._texte(p) for p in corps.get_elements(".//text:p")))


def _styles(document: Any) -> dict[str, str]:
    """Nom du style → « ** », « _ » ou son nom parent affiché (« Title »)."""
    trouves: dict[str, str] = {"Title": "Title", "Subtitle": "Subtitle"}
    for partie in ("content.xml", "styles.xml"):
        for style in document.get_part(partie).root.get_elements("//style:style"):
            nom = style.get_attribute("style:name") or ""
            reglages = style.get_elements("style:text-properties")
            gras = any(r.get_attribute("fo:font-weight") == "bold" for r in reglages)
            italique = any(r.get_attribute("fo:font-style") == "italic" for r in reglages)
            marques = ("**" if gras else "") + ("_" if italique else "")
            famille = style.get_attribute("style:family")
            if famille == "text" and marques:
                trouves[nom] = marques
            elif famille == "paragraph":
                trouves.setdefault(nom, style.get_attribute("style:parent-style-name") or nom)
    return trouves
