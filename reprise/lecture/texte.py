"""Un texte sans styles : titres, puces et notes se devinent, avec ce que vaut chaque lecture."""

import re

from reprise.lecture.formes import Bloc, Lecture, Nature, commence_minuscule, propre

PUCE = re.compile(
    r"^(?P<blanc>[ \t\u00a0]*)(?P<marque>(?:[-–—*•·▪◦‣●○■□➢✓§>]|\uf0b7|o(?=[ \t]))"
    r"(?:[ \t\u00a0]+(?:>|[-–•▪◦]|o(?=[ \t])))?)[ \t\u00a0]+(?=\S)"
)
NUMERO = re.compile(r"^(?P<blanc>[ \t\u00a0]*)(?P<marque>(?:\d{1,2}|[a-z])[.)°])[ \t\u00a0]+(?=\S)")
TITRE_MARQUE = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
NOTE = re.compile(
    r"^(?:\[\^?(?P<crochet>\w{1,3})\]:?|(?P<exposant>[¹²³⁴-⁹]+)|\((?P<par>\d{1,2})\)(?=\s))\s*"
)
FILET = re.compile(r"^\s*(?:[*_\-=~·]\s*){3,}$")
PAGE = re.compile(
    r"^\W*(?:page\s+)?\d{1,3}\s*(?:(?:/|sur)\s*\d{1,3})?\W*$|^\W*page\s+\d{1,3}\b.{0,20}$", re.I
)
IMAGE = re.compile(r"^!\[[^\]]*\]\([^)]*\)$")
SAUT = re.compile(r"<br\s*/?>|</?(?:p|ul|ol|li|div)(?:\s[^<>]*)?>", re.I)
BALISE = re.compile(r"</?(?:i|b|em|strong|u|span|sup|sub|font)(?:\s[^<>]*)?>", re.I)
TABLEAU = re.compile(r"^\s*\|.*\|\s*$")
EXPOSANTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
LATEX = re.compile(r"\^\{([^{}]{1,4})\}")
PROFONDES = "o◦▪○□‣"
COURT = 130


def lire_texte(texte: str) -> Lecture:
    """Blocs séparés par les lignes vides, les puces et les sauts de page."""
    lecteur = _Lecteur()
    lignes = texte.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rangees = _rangees(lignes)
    for numero, ligne in enumerate(lignes, 1):
        if numero in rangees:
            lecteur.rangee(numero, [_case(c) for c in ligne.split("\t")])
            continue
        for rang, morceau in enumerate(ligne.split("\f")):
            if rang:
                lecteur.page(numero)
            lecteur.ligne(numero, morceau)
    lecteur.fermer()
    return Lecture("texte", lecteur.blocs)


def _rangees(lignes: list[str]) -> set[int]:
    """Numéros des lignes d'un tableau à tabulations : deux au moins, qui se suivent."""
    rangees: set[int] = set()
    suite: list[int] = []
    for numero, ligne in enumerate([*lignes, ""], 1):
        if "\t" in ligne.rstrip() and not PUCE.match(ligne) and not NUMERO.match(ligne):
            suite.append(numero)
            continue
        if len(suite) > 1 and any("\t" in lignes[n - 1].strip() for n in suite):
            rangees.update(suite)
        suite = []
    return rangees


def _case(texte: str) -> str:
    """Une case recopiée d'une page web garde ses mots, pas ses balises."""
    return propre(BALISE.sub("", SAUT.sub("\n", LATEX.sub(r"\1", texte))))


class _Lecteur:
    def __init__(self) -> None:
        self.blocs: list[Bloc] = []
        self.ouvert: Bloc | None = None
        self.retraits: list[int] = []
        self.tableau: list[list[str]] = []

    def ligne(self, numero: int, ligne: str) -> None:
        if TABLEAU.match(ligne):
            self._tableau(numero, ligne)
            return
        if self.tableau or not ligne.strip("\u00a0 \t"):
            self.fermer()
        if not ligne.strip("\u00a0 \t"):
            return
        if FILET.match(ligne) or IMAGE.match(ligne.strip()):
            self.fermer()
            nature = Nature.PAGE if FILET.match(ligne) else Nature.IMAGE
            self.blocs.append(Bloc(nature, ligne.strip(), ligne=numero))
        elif (puce := PUCE.match(ligne)) or (puce := NUMERO.match(ligne)):
            self._puce(numero, ligne, puce)
        elif titre := TITRE_MARQUE.match(ligne.strip()):
            self.fermer()
            self.blocs.append(
                Bloc(Nature.TITRE, propre(titre[2]), len(titre[1]), 1.0, ligne=numero)
            )
        else:
            self._suite(numero, ligne)

    def _suite(self, numero: int, ligne: str) -> None:
        ouvert = self.ouvert
        retrait = len(ligne) - len(ligne.lstrip())
        if ouvert is not None and ouvert.nature == Nature.PUCE:
            en_retrait = retrait > (self.retraits[-1] if self.retraits else 0)
            if not en_retrait and not (ligne.lstrip()[:1].islower() or ligne.lstrip()[:1] == "("):
                self.fermer()
                ouvert = None
        if ouvert is None:
            note = NOTE.match(ligne.strip())
            nature = Nature.NOTE if note else Nature.PARAGRAPHE
            self.ouvert = Bloc(nature, ligne, ligne=numero)
            if note:
                repere = note["crochet"] or note["par"] or note["exposant"].translate(EXPOSANTS)
                self.ouvert.note, self.ouvert.texte = repere, ligne.strip()[note.end() :]
        else:
            ouvert.texte += "\n" + ligne

    def _puce(self, numero: int, ligne: str, puce: re.Match[str]) -> None:
        suit = bool(self.blocs) and self.blocs[-1].nature == Nature.PUCE
        if self.ouvert is not None and self.ouvert.nature == Nature.PUCE:
            suit = True
        self.fermer()
        retrait = len(puce["blanc"].replace("\t", "    "))
        marque = puce["marque"].split()[-1]
        if not suit:
            self.retraits = []
        while self.retraits and self.retraits[-1] > retrait:
            self.retraits.pop()
        if not self.retraits or self.retraits[-1] < retrait:
            self.retraits.append(retrait)
        niveau = len(self.retraits) - 1
        if marque in PROFONDES and niveau == 0 and suit:
            niveau = 1
        self.ouvert = Bloc(Nature.PUCE, ligne[puce.end() :], niveau, 0.95, marque, numero)

    def _tableau(self, numero: int, ligne: str) -> None:
        cases = [propre(c) for c in ligne.strip().strip("|").split("|")]
        filet = all(re.fullmatch(r":?-{2,}:?|", c.strip()) for c in cases)
        self.rangee(numero, [] if filet else cases)

    def rangee(self, numero: int, cases: list[str]) -> None:
        """Une rangée de plus au tableau ouvert, ou d'un nouveau."""
        if not any(cases):
            return
        if not self.tableau:
            self.fermer()
            self.blocs.append(Bloc(Nature.TABLEAU, "", ligne=numero, cellules=self.tableau))
        self.tableau.append(cases)

    def page(self, numero: int) -> None:
        self.fermer()
        self.blocs.append(Bloc(Nature.PAGE, "", ligne=numero))

    def fermer(self) -> None:
        if self.tableau:
            rangs = (" | ".join(c.replace("\n", " ") for c in r) for r in self.tableau)
            self.blocs[-1].texte = "\n".join(rangs)
        self.tableau = []
        bloc, self.ouvert = self.ouvert, None
        if bloc is None:
            return
        bloc.texte = propre(LATEX.sub(r"\1", bloc.texte))
        if not bloc.texte:
            return
        if bloc.nature == Nature.PARAGRAPHE:
            deviner(bloc)
        self.blocs.append(bloc)


def deviner(bloc: Bloc) -> None:
    """Titre probable d'un paragraphe sans style : court, sans point final, sans puce."""
    texte = bloc.nu
    if PAGE.match(texte):
        bloc.nature, bloc.confiance = Nature.PAGE, 0.9
        return
    note = titre_probable(texte)
    if note >= 0.5:
        bloc.nature, bloc.confiance = Nature.TITRE, note
    else:
        bloc.confiance = 1 - note


def titre_probable(texte: str) -> float:
    """De 0 à 1 : ce que la forme d'un texte dit de sa chance d'être un titre."""
    lettres = [c for c in texte if c.isalpha()]
    if not lettres or len(texte) > COURT * 2:
        return 0.0
    if sum(c.isupper() for c in lettres) > 0.8 * len(lettres) and len(texte) <= COURT:
        return 0.9
    if commence_minuscule(texte) or texte.endswith((";", ",", "...")):
        return 0.1
    if texte.endswith("."):
        return 0.15
    if texte.endswith(":") and len(texte) > 60:
        return 0.2
    if len(texte) <= 70:
        return 0.7
    return 0.6 if len(texte) <= COURT else 0.3
