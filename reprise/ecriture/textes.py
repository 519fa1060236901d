"""Les passages compris deviennent du Markdown restreint, mot à mot ; les notes s'y rattachent."""

import re
from collections.abc import Iterable

from reprise.lecture.formes import sans_marques
from reprise.reconnaissance.formes import Compris, Passage

EXPOSANTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
PUCE = re.compile(r"^\s*(?:- |\d{1,3}[.)] )")
INTITULE_MAX = 1000


def en_markdown(passages: Iterable[Passage]) -> str:
    """Les passages, séparés d'une ligne vide ; les points d'une liste se suivent."""
    sortie: list[str] = []
    for passage in passages:
        if not passage.texte.strip():
            continue
        liste = PUCE.match(passage.texte) is not None
        if sortie and not (liste and PUCE.match(sortie[-1].rsplit("\n", 1)[-1])):
            sortie.append("")
        sortie.append(passage.texte.rstrip())
    return "\n".join(sortie).strip("\n")


def en_intitule(texte: str) -> tuple[str, str]:
    """L'intitulé nu d'une action, et ce qui dépasse, coupé à une phrase."""
    nu = sans_marques(texte)
    if len(nu) <= INTITULE_MAX:
        return nu, ""
    coupe = max(nu.rfind(". ", 0, INTITULE_MAX - 1), nu.rfind(" ", 0, INTITULE_MAX - 1))
    return nu[: coupe + 1].strip(), nu[coupe + 1 :].strip()


def rattacher_les_notes(compris: Compris) -> None:
    """Chaque note suit le texte qui l'appelle ; sans appel trouvé, le préambule la garde."""
    for note in compris.notes:
        appel = note.numero.translate(EXPOSANTS) if note.numero.isdigit() else ""
        cible = _texte_qui_appelle(compris, note.numero, appel)
        fiche = next((f for f in compris.fiches if appel and appel in f.titre), None)
        if fiche is not None and cible is None:
            fiche.titre = fiche.titre.replace(appel, "").strip()
            fiche.note = note.texte
            continue
        passages = cible if cible is not None else compris.preambule
        for passage in passages if cible is not None else ():
            if appel and appel in passage.texte:
                passage.texte = passage.texte.replace(appel, f"[^{note.numero}]")
        nu = re.sub(r"\n+", " ", note.texte)
        passages.append(Passage(f"[^{note.numero}]: {nu}", note.element))


def _texte_qui_appelle(compris: Compris, numero: str, appel: str) -> list[Passage] | None:
    textes = [compris.preambule, *(a.texte for a in compris.articles)]
    textes += [s.texte for f in compris.fiches for s in f.sections]
    for passages in textes:
        for passage in passages:
            if f"[^{numero}]" in passage.texte or (appel and appel in passage.texte):
                return passages
    for fiche in compris.fiches:  # appelée par une action : la note suit sa section
        for section in fiche.sections:
            dits = [a.texte for a in section.actions] + [
                s.texte for a in section.actions for s in a.sous
            ]
            if any(f"[^{numero}]" in t or (appel and appel in t) for t in dits):
                return section.texte
    return None
