"""Une page web, par lxml : ce qui s'exécute ou se cache n'est pas lu, l'habillage est écarté."""

from lxml import etree
from lxml import html as lhtml

from reprise.lecture.formes import Bloc, DocumentRefuse, Lecture, Nature, propre

JAMAIS = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "head",
    "nav", "button", "select", "input", "textarea", "form", "audio", "video", "canvas", "link",
    "meta", "title", "base", "applet", "frame", "frameset",
}  # fmt: skip
BLOCS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "blockquote", "pre",
    "figure", "figcaption", "address", "dl", "dt", "dd", "body", "html", "center", "fieldset",
    "details", "summary", "ul", "ol", "li", "table", "hr", "tbody", "thead", "tr", "td", "th",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
PROFONDEUR_MAX = 200


def lire_html(texte: str) -> Lecture:
    """Titres, paragraphes, listes, tables ; `DocumentRefuse` si rien ne s'y lit."""
    try:
        lecteur = lhtml.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
        )
        racine = lhtml.document_fromstring(texte.encode("utf-8", "ignore"), parser=lecteur)
    except (etree.LxmlError, ValueError, AssertionError) as erreur:
        raise DocumentRefuse("La page web est illisible : enregistrez-la à nouveau.") from erreur
    blocs = _Parcours()
    blocs.noeud(racine, 0, 0)
    blocs.fermer()
    return Lecture("html", blocs.blocs, blocs.remarques)


class _Parcours:
    def __init__(self) -> None:
        self.blocs: list[Bloc] = []
        self.remarques: list[str] = []
        self.tampon: list[str] = []
        self.gabarit = Bloc(Nature.PARAGRAPHE, "")

    def noeud(self, e: lhtml.HtmlElement, niveau: int, profondeur: int) -> None:
        if profondeur > PROFONDEUR_MAX:
            raise DocumentRefuse(
                f"La page web imbrique plus de {PROFONDEUR_MAX} balises : elle n'est pas lue."
            )
        nom = e.tag if isinstance(e.tag, str) else ""
        if nom in JAMAIS or not nom or "hidden" in e.attrib:
            return
        ligne = e.sourceline or 0
        if nom == "table" and not e.xpath(".//table"):
            self._table(e, ligne)
        elif nom == "img":
            self.blocs.append(Bloc(Nature.IMAGE, propre(e.get("alt") or ""), ligne=ligne))
        elif nom == "hr":
            self.fermer()
            self.blocs.append(Bloc(Nature.PAGE, "", ligne=ligne))
        elif nom == "br":
            self.tampon.append("\n")
        elif nom in BLOCS:
            self._bloc(e, nom, niveau, profondeur, ligne)
        else:
            self.tampon.append(_en_ligne(e))

    def _bloc(
        self, e: lhtml.HtmlElement, nom: str, niveau: int, profondeur: int, ligne: int
    ) -> None:
        self.fermer()
        avant = self.gabarit
        if len(nom) == 2 and nom[0] == "h" and nom[1].isdigit():
            self.gabarit = Bloc(Nature.TITRE, "", int(nom[1]), 1.0, ligne=ligne)
        elif nom == "li":
            marque = "1." if e.getparent() is not None and e.getparent().tag == "ol" else "-"
            self.gabarit = Bloc(Nature.PUCE, "", max(niveau - 1, 0), 1.0, marque, ligne)
        elif nom not in ("ul", "ol"):
            self.gabarit = (
                avant
                if avant.nature == Nature.PUCE and nom in ("p", "div")
                else Bloc(Nature.PARAGRAPHE, "", ligne=ligne)
            )
        dessous = niveau + (nom in ("ul", "ol"))
        self.tampon.append(_blancs(e.text))
        for enfant in e:
            self.noeud(enfant, dessous, profondeur + 1)
            self.tampon.append(_blancs(enfant.tail))
        self.fermer()
        self.gabarit = avant

    def _table(self, e: lhtml.HtmlElement, ligne: int) -> None:
        self.fermer()
        cellules = [
            [propre(" ".join(c.itertext())) for c in rang.xpath("./td|./th")]
            for rang in e.xpath(".//tr")
        ]
        cellules = [rang for rang in cellules if any(rang)]
        texte = "\n".join(" | ".join(rang) for rang in cellules)
        if texte:
            self.blocs.append(Bloc(Nature.TABLEAU, texte, ligne=ligne, cellules=cellules))

    def fermer(self) -> None:
        texte, self.tampon = propre("".join(self.tampon)), []
        if texte:
            g = self.gabarit
            self.blocs.append(Bloc(g.nature, texte, g.niveau, g.confiance, g.marque, g.ligne))
            if g.nature == Nature.PUCE:  # la suite d'un point est un paragraphe
                self.gabarit = Bloc(Nature.PARAGRAPHE, "", g.niveau, 0.8, "", g.ligne)


def _blancs(texte: str | None) -> str:
    return " ".join((texte or "").replace("\u00a0", " ").split("\n")) if texte else ""


def _en_ligne(e: lhtml.HtmlElement, profondeur: int = 0) -> str:
    if not isinstance(e.tag, str) or e.tag in JAMAIS or profondeur > PROFONDEUR_MAX:
        return ""
    if e.tag == "br":
        return "\n"
    dedans = _blancs(e.text) + "".join(
        _en_ligne(enfant, profondeur + 1) + _blancs(enfant.tail) for enfant in e
    )
    if e.tag in ("b", "strong") and dedans.strip():
        return f"**{dedans.strip()}**" + (" " if dedans.endswith(" ") else "")
    if e.tag in ("i", "em") and dedans.strip():
        return f"_{dedans.strip()}_" + (" " if dedans.endswith(" ") else "")
    adresse = e.get("href") or ""
    if e.tag == "a" and adresse.lower().startswith(("http://", "https://", "mailto:")):
        adresse = adresse.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
        return f"[{dedans.strip()}]({adresse})" if dedans.strip() else ""
    return dedans
