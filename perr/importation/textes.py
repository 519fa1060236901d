"""Nettoie un texte de cellule, y lit ses rubriques, et dit le statut que ses mots annoncent."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from perr.contenu import Contenu
from perr.enums import StatutDeclinaison as S
from texte.recherche import normaliser

BALISE = re.compile(r"<(/?)(\w+)(?:\s[^<>]*)?/?>")
PARAGRAPHES = {"p", "br", "li", "ul", "ol", "div", "tr"}
NEUTRE = re.compile(r"^'(?=[=+\-@\t])")

ETIQUETTE = re.compile(r"^\s*\[(?P<libelle>[^\[\]]{3,40})\]\s*")
RUBRIQUE = re.compile(
    r"(?:^|(?<=\s))(?:"
    r"(?P<modalites>Modalités?(?: de (?:réalisation|mise en (?:œuvre|oeuvre)))?)"
    r"|(?P<motif>Motif)|(?P<renvoi>Renvoi)|Regard spécifique – (?P<quartier>[^:\n]{2,80}?)"
    r")\s*:\s*"
)

REGROUPER = re.compile(r"^[\s\[(]*(?:a |à )?regrouper\s+(?:avec|dans)\b", re.I)
NON_TRAVAILLE = re.compile(r"\b(?:axe|action|thème)\s+non\s+travaillée?", re.I)
CROIX = re.compile(r"^\W*(?:x|sans objet|néant|n/?a)\W*$", re.I)
ECARTEE = re.compile(r"^\(.*(?:non significati|déjà traité|sans objet|ne concerne pas).*\)$", re.I)
RENVOI = re.compile(
    r"\b(?:en lien avec|voir|cf\.?|se reporter à|renvoi à)\s+(?:l['’]|les?\s+|la\s+|aux?\s+)?"
    r"(?P<cible>(?:actions?|axes?|programmes?|propositions?)\b[^.;\n:]*)",
    re.I,
)
INTEGRE = re.compile(r"^\W*enjeu (?:intégré|traité|repris) (?:dans|avec)\b", re.I)
CONSIGNE = re.compile(r"\b(?:sur|dans|pour)\s+(?:chaque|toutes les)\s+actions?\b", re.I)
ACTION_CITEE = re.compile(r"\bactions?\s+(?:n\s*[°ºo]\s*)?(\d{1,3})\b", re.I)
PROGRAMME_CITE = re.compile(
    r"\bprogrammes?\s+(?:thématiques?\s+)?(?:n\s*[°ºo]\s*)?(\d{1,2}[a-z]?)\b", re.I
)


@dataclass(frozen=True)
class Texte:
    """Une cellule lue : ce que disent ses mots, rubriques séparées."""

    statut: str = ""  # vide si rien ne l'annonce : texte ordinaire
    annonce: bool = False  # l'étiquette [Statut] l'écrit ; sinon il est déduit
    texte: str = ""
    modalites: str = ""
    motif: str = ""
    renvoi: str = ""  # ce que les mots du texte visent
    renvois: tuple[str, ...] = ()  # rubriques « Renvoi »
    regards: tuple[tuple[str, str], ...] = ()  # (quartier, texte)


def cle(texte: str) -> str:
    """Deux textes de même clé ne diffèrent que par accents, casse, espaces et ponctuation."""
    return " ".join(normaliser(texte).split())


def sans_balises(brut: str) -> str:
    """Le texte sans HTML ; les blocs deviennent des lignes."""
    if "<" not in brut and "&" not in brut:
        return brut
    texte = BALISE.sub(lambda m: "\n" if m[2].lower() in PARAGRAPHES else "", brut)
    return html.unescape(texte)


def propre(brut: str) -> str:
    """Texte tel qu'on le garde : sans balises ni espaces perdus, sans apostrophe de tableur."""
    texte = sans_balises(NEUTRE.sub("", brut)).replace("\r\n", "\n").replace("\r", "\n")
    texte = texte.replace("\u00a0", " ").replace("_x000D_", "")
    lignes = (re.sub(r"[ \t]+", " ", ligne).strip() for ligne in texte.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lignes)).strip()


def lire_texte(brut: str) -> Texte:
    """Sépare étiquette, texte et rubriques, puis cherche le statut."""
    texte = propre(brut)
    statut = ""
    if (etiquette := ETIQUETTE.match(texte)) and (statut := statut_nomme(etiquette["libelle"])):
        texte = texte[etiquette.end() :]
    corps, rubriques = _rubriques(texte)
    renvoi = RENVOI.search(corps)
    deduit = statut or _deduire(corps, renvoi)
    motif = "\n".join(t for nom, t in rubriques if nom == "motif")
    if deduit == S.SANS_OBJET and not motif:
        motif = sans_raison(corps)
    cite = renvoi[0] if renvoi else corps if deduit in (S.RENVOI, S.A_REGROUPER) else ""
    return Texte(
        statut=deduit,
        annonce=bool(statut),
        texte=corps,
        modalites="\n".join(t for nom, t in rubriques if nom == "modalites"),
        motif=motif,
        renvoi=cite[:300].strip(),
        renvois=tuple(t for nom, t in rubriques if nom == "renvoi" and t),
        regards=tuple((nom[1:], t) for nom, t in rubriques if nom.startswith("@")),
    )


def sans_raison(texte: str) -> str:
    """Motif d'une case « sans objet » qui n'en donne pas d'autre que son texte."""
    return texte if len(texte) > 1 else f"« {texte} » dans le tableau importé."


def _rubriques(texte: str) -> tuple[str, list[tuple[str, str]]]:
    """Le corps, puis chaque rubrique : `modalites`, `motif`, `renvoi`, ou `@` et le quartier."""
    morceaux = list(RUBRIQUE.finditer(texte))
    if not morceaux:
        return texte, []
    fins = [*(m.start() for m in morceaux[1:]), len(texte)]
    rubriques = []
    for morceau, fin in zip(morceaux, fins, strict=True):
        quartier = morceau["quartier"]
        nom = f"@{quartier.strip()}" if quartier else str(morceau.lastgroup)
        rubriques.append((nom, texte[morceau.end() : fin].strip()))
    return texte[: morceaux[0].start()].strip(), rubriques


def _deduire(texte: str, renvoi: re.Match[str] | None) -> str:
    if CROIX.match(texte) or ECARTEE.match(texte):
        return S.SANS_OBJET
    if REGROUPER.match(texte):
        return S.A_REGROUPER
    if NON_TRAVAILLE.search(texte):
        return S.NON_TRAVAILLE
    if INTEGRE.match(texte):
        return S.RENVOI
    if renvoi:
        reste = texte[: renvoi.start()] + texte[renvoi.end() :]
        return S.TEXTE_RENVOI if len(cle(reste)) > 3 else S.RENVOI
    if CONSIGNE.search(texte) and re.match(r"\W*(?:valoriser|penser|consigne)", texte, re.I):
        return S.CONSIGNE
    return ""


def ecrire_texte(contenu: Contenu, quartiers: Mapping[str, str]) -> str:
    """Le texte d'une case exportée, que `lire_texte` relit ; `quartiers` : clé → nom."""
    morceaux = [contenu.texte]
    if contenu.modalites:
        morceaux.append(f"Modalités : {contenu.modalites}")
    morceaux += [
        f"Regard spécifique – {quartiers.get(r.quartier, r.quartier)} : {r.texte}"
        for r in contenu.regards
    ]
    morceaux += [f"Renvoi : {texte}" for texte in dict.fromkeys(r.texte for r in contenu.renvois)]
    if contenu.motif:
        morceaux.append(f"Motif : {contenu.motif}")
    brut = "\n".join(m for m in morceaux if m)
    if (lire_texte(brut).statut or S.TEXTE) == contenu.statut:
        return brut
    return f"[{S(contenu.statut).label}] {brut}"


PAR_DEBUT = (
    ("texte et renvoi", S.TEXTE_RENVOI),
    ("texte renvoi", S.TEXTE_RENVOI),
    ("renseignee avec renvoi", S.TEXTE_RENVOI),
    ("texte", S.TEXTE),
    ("renseigne", S.TEXTE),
    ("a regrouper", S.A_REGROUPER),
    ("regrouper", S.A_REGROUPER),
    ("renvoi", S.RENVOI),
    ("non travaille", S.NON_TRAVAILLE),
    ("sans objet", S.SANS_OBJET),
    ("consigne", S.CONSIGNE),
)


def statut_nomme(libelle: str) -> str:
    """Statut que ce mot désigne, vide s'il n'en désigne aucun."""
    mot = cle(libelle.replace("_", " "))
    return next((statut for debut, statut in PAR_DEBUT if mot.startswith(debut)), "")
