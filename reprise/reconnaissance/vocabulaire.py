"""Libellés de section, repères et indices : des données, lues une fois par analyse."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

EXACT = 0.84  # ressemblance à partir de laquelle un libellé est reconnu
PEUT_ETRE = 0.70
FAUTE = 0.07  # ce que perd un repère reconnu à une faute près
ENUMERATION = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*|[ivx]{1,5}|[a-h])\s*[.)°/-]+\s*(?=\S)", re.I)
PERIODE = re.compile(r"\s*\(?\b((?:19|20)\d{2}(?:\s*[-/–à]\s*(?:19|20)?\d{2,4})?)\)?\s*:?$")
PARENTHESE = re.compile(r"\s*\([^()]{1,40}\)\s*$")
MOT = re.compile(r"[a-z]+")
MOT_FACULTATIF = re.compile(r"([a-z]+)(\?)?")
# Deux ou trois lettres qui se lisent dans un autre ordre sans que le mot soit abîmé.
COURTS = frozenset(
    re.findall(
        r"\w+",
        "an ans art as au aux car ce ces de des du en es est et eu il la le les ma me mes ne ni "
        "nos on ont or ou par pas sa se sec sel ses si son sur ta te tu un une vu",
    )
)


@lru_cache(maxsize=4096)
def plier(texte: str) -> str:
    """Sans accents ni casse, de même longueur : un endroit trouvé vaut dans l'original."""
    return "".join(_plier(c) for c in texte)


@cache
def _plier(signe: str) -> str:
    if signe in "’‘`´":
        return "'"
    if signe in "–—−‑":
        return "-"
    if signe.isspace() or signe in "\u202f\u2009":
        return " "
    base = unicodedata.normalize("NFD", signe)[0]
    petit = base.lower()
    return petit if len(petit) == 1 else base


def cle(texte: str) -> str:
    """Ce que deux graphies d'un libellé ont en commun : ses lettres et ses chiffres."""
    return " ".join(re.findall(r"[a-z0-9]+", plier(texte.replace("œ", "oe").replace("Œ", "Oe"))))


@lru_cache(maxsize=4096)
def lettres(texte: str) -> str:
    """Les lettres de chaque mot, rangées : deux lettres échangées n'y changent rien."""
    return " ".join("".join(sorted(mot)) for mot in texte.split())


@dataclass(frozen=True)
class Repere:
    role: str
    motif: re.Pattern[str]
    confiance: float
    types: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectionConnue:
    modele: str
    cle: str
    libelle: str
    nature: str
    horizon: str
    ordre: int
    libelles: tuple[str, ...]


@dataclass(frozen=True)
class ModeleConnu:
    cle: str
    type: str
    sections: tuple[SectionConnue, ...]

    def section(self, cle_de_section: str) -> SectionConnue | None:
        return next((s for s in self.sections if s.cle == cle_de_section), None)

    def premiere(self, nature: str) -> SectionConnue | None:
        return next((s for s in self.sections if s.nature == nature), None)


@dataclass(frozen=True)
class Trouve:
    """Un libellé reconnu dans un texte : la section, sa note, ce qui suit les deux-points."""

    section: SectionConnue
    note: float
    libelle: str
    reste: str = ""
    periode: str = ""


@dataclass
class Vocabulaire:
    modeles: list[ModeleConnu]
    reperes: list[Repere] = field(default_factory=list)
    types: dict[str, list[re.Pattern[str]]] = field(default_factory=dict)
    genres: dict[str, list[re.Pattern[str]]] = field(default_factory=dict)
    indices: dict[str, list[re.Pattern[str]]] = field(default_factory=dict)
    qualites: re.Pattern[str] = re.compile("(?!)")
    organismes: list[str] = field(default_factory=list)
    mots: dict[int, list[str]] = field(default_factory=dict)  # longueur → mots attendus
    anagrammes: dict[str, str] = field(default_factory=dict)  # lettres rangées → mot attendu
    _corriges: dict[str, str] = field(default_factory=dict)

    def libelle(self, texte: str, modele: ModeleConnu) -> list[Trouve]:
        """Sections du modèle dont un libellé ressemble au texte, ou à ce qui précède « : »."""
        texte = texte.strip()
        corps = ENUMERATION.sub("", texte)
        tete, deux_points, reste = corps.partition(":")
        essais = [(corps, "")]
        if deux_points and reste.strip() and len(tete) <= 70:
            essais = [(tete, reste.strip())]
        trouves: list[Trouve] = []
        for essai, suite in essais:
            periode = PERIODE.search(essai.strip(" :"))
            if len(essai) > 120 or not (court := cle(PARENTHESE.sub("", _sans_periode(essai)))):
                continue
            for section in modele.sections:
                note = max(_ressemblance(court, connu) for connu in section.libelles)
                if note >= PEUT_ETRE:
                    imprime = essai.strip().rstrip(":").strip()
                    trouves.append(
                        Trouve(section, note, imprime, suite, periode[1] if periode else "")
                    )
        return sorted(trouves, key=lambda t: (-t.note, t.section.ordre))

    def voisinage(self, texte: str, modele: ModeleConnu) -> float:
        """Ce qu'un court texte a du libellé le plus ressemblant, reconnu ou non : de 0 à 1."""
        court = cle(PARENTHESE.sub("", _sans_periode(ENUMERATION.sub("", texte.strip()))))
        connus = (li for s in modele.sections for li in s.libelles)
        return max((_ressemblance(court, li) for li in connus), default=0.0) if court else 0.0

    def repere(
        self, texte: str, role: str, *, type_contrat: str = "", genre: str = ""
    ) -> tuple[re.Match[str], float] | None:
        """Le premier repère de ce rôle qui convient ; les positions valent dans le texte."""
        plie = plier(texte)
        corrige = self.corriger(plie[:300]) + plie[300:]
        for repere in self.reperes:
            if repere.role != role or (repere.types and type_contrat not in repere.types):
                continue
            if repere.genres and genre not in repere.genres:
                continue
            if trouve := repere.motif.search(plie):
                return trouve, repere.confiance
            if corrige != plie and (trouve := repere.motif.search(corrige)):
                return trouve, repere.confiance - FAUTE
        return None

    def corriger(self, plie: str) -> str:
        """Chaque mot à une faute (deux, s'il est long) d'un mot attendu le devient, et celui qui
        en a les lettres dans un autre ordre.

        La longueur ne change pas : un endroit trouvé vaut dans l'original.
        """
        if plie not in self._corriges:
            if len(self._corriges) > 20_000:
                self._corriges.clear()
            self._corriges[plie] = MOT.sub(self._mot_attendu, plie)
        return self._corriges[plie]

    def _mot_attendu(self, trouve: re.Match[str]) -> str:
        mot = trouve[0]
        if mot in COURTS or mot in self.mots.get(len(mot), ()):
            return mot
        if range_autrement := self.anagrammes.get(lettres(mot)):
            return range_autrement
        if len(mot) < 4:
            return mot
        permises = 1 if len(mot) < 10 else 2
        for attendu in self.mots.get(len(mot), ()):
            if OSA.distance(mot, attendu, score_cutoff=permises) <= permises:
                return attendu
        return mot

    def roles(self, prefixe: str) -> list[str]:
        return list(dict.fromkeys(r.role for r in self.reperes if r.role.startswith(prefixe)))


def _sans_periode(texte: str) -> str:
    return PERIODE.sub("", texte.strip(" :"))


def _ressemblance(texte: str, connu: str) -> float:
    """0 à 1 ; un mot près vaut plus qu'une lettre près, et la longueur compte."""
    if not connu:
        return 0.0
    note = max(fuzz.ratio(texte, connu), 0.97 * fuzz.token_sort_ratio(texte, connu)) / 100
    permises = 1 if len(connu) < 12 else 2
    if note < 0.95 and len(connu) >= 5:
        if lettres(texte) == lettres(connu):
            return max(note, 0.94)
        fautes = OSA.distance(texte, connu, score_cutoff=permises)  # deux lettres échangées : une
        if fautes <= permises:
            return max(note, 0.96 - 0.02 * fautes)
    return note


def _mots_attendus(motif: str) -> Iterable[str]:
    """Les mots d'une expression ; d'une lettre facultative, les deux formes."""
    for trouve in MOT_FACULTATIF.finditer(re.sub(r"\\.|\(\?P<\w+>", " ", motif)):
        yield trouve[1]
        if trouve[2]:
            yield trouve[1][:-1]


def modele_connu(
    cle_du_modele: str, type_contrat: str, sections: Iterable[dict[str, Any]]
) -> ModeleConnu:
    """Un modèle de fiche, ses libellés prêts à comparer."""
    connues = []
    for ordre, s in enumerate(sections, 1):
        libelles = dict.fromkeys(
            cle(PARENTHESE.sub("", _sans_periode(li)))
            for li in (s["libelle"], *s.get("variantes", ()), *s.get("appris", ()))
        )
        connues.append(
            SectionConnue(
                cle_du_modele,
                s["cle"],
                s["libelle"],
                s["nature"],
                s.get("horizon") or "",
                ordre,
                tuple(li for li in libelles if li),
            )
        )
    return ModeleConnu(cle_du_modele, type_contrat, tuple(connues))


@cache
def _livre() -> dict[str, Any]:
    fichier = Path(__file__).with_name("reperes.yaml")
    return yaml.load(fichier.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def vocabulaire(
    modeles: list[ModeleConnu],
    appris: Iterable[tuple[str, str, str]] = (),
    organismes: Iterable[str] = (),
) -> Vocabulaire:
    """Les repères livrés, ceux qu'on a appris — (rôle, type, libellé) — et les modèles donnés."""
    livre = _livre()
    reperes = [
        Repere(
            r["role"], re.compile(r["motif"]), r["confiance"],
            tuple(r.get("types", ())), tuple(r.get("genres", ())),
        )
        for r in livre["reperes"]
    ]  # fmt: skip
    reperes += [
        Repere(
            role,
            re.compile(rf"^\W*{re.escape(plier(libelle.strip()))}\W*$"),
            0.95,
            (t,) if t else (),
        )
        for role, t, libelle in appris
    ]

    def motifs(nom: str) -> dict[str, list[re.Pattern[str]]]:
        return {k: [re.compile(m) for m in ms] for k, ms in livre[nom].items()}

    indices = {k: [re.compile(rf"\b{m}") for m in ms] for k, ms in livre["indices"].items()}
    qualites = re.compile(
        rf"^(?:(?:pour\b.{{0,80}}?)?\b(?:le|la|l')\s*)?(?:{'|'.join(livre['qualites'])})\b"
        r"|^pour (?:le|la|l'|les)?\s*\w"
    )
    mots: dict[int, list[str]] = {}
    anagrammes: dict[str, str] = {}
    sources = [r.motif.pattern for r in reperes]
    sources += [m for ms in livre["indices"].values() for m in ms]
    sources += [m for nom in ("types", "genres") for ms in livre[nom].values() for m in ms]
    for motif in sources:
        for mot in _mots_attendus(motif):
            if len(mot) >= 2:
                anagrammes.setdefault(lettres(mot), mot)
            if len(mot) >= 4 and mot not in mots.setdefault(len(mot), []):
                mots[len(mot)].append(mot)
    return Vocabulaire(
        modeles, reperes, motifs("types"), motifs("genres"), indices, qualites, list(organismes),
        mots, anagrammes,
    )  # fmt: skip
