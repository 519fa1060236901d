"""Des blocs lus aux éléments à placer : scinder, réunir, séparer ce qu'une ligne a collé."""

import itertools
import re
from dataclasses import replace
from typing import Any

from reprise.lecture.formes import Bloc, Lecture, Nature, commence_minuscule
from reprise.lecture.texte import titre_probable
from reprise.reconnaissance.formes import Element
from reprise.reconnaissance.vocabulaire import Vocabulaire

LISTE = re.compile(r"[;,.]$")
SIGNATURE_MAX = 6
HABILLAGE_MAX = 60


def elements(
    lecture: Lecture, vocabulaire: Vocabulaire, decisions: dict[str, Any]
) -> list[Element]:
    """Chaque bloc, sous un nom stable (son rang) ; les morceaux s'appellent « 12.1 », « 12.2 ».

    `decisions["scinder"]` : élément → endroits où couper ; `decisions["reunir"]` : éléments qui
    rejoignent celui d'avant ; `decisions["textes"]` : textes corrigés par l'agent.
    """
    sortis: list[Element] = []
    for rang, bloc in enumerate(lecture.blocs):
        nom = str(rang)
        coupes = decisions.get("scinder", {}).get(nom)
        morceaux = _couper(bloc, coupes) if coupes else _separer(bloc, vocabulaire)
        for i, morceau in enumerate(morceaux):
            ident = nom if len(morceaux) == 1 else f"{nom}.{i + 1}"
            sortis.append(Element(ident, morceau, [nom]))
    sortis = _reunir(sortis, set(decisions.get("reunir", ())))
    _titres_coupes(sortis, vocabulaire)
    for element in sortis:
        corrige = decisions.get("textes", {}).get(element.id)
        if corrige:
            element.bloc = replace(element.bloc, texte=corrige)
    return sortis


def _titres_coupes(liste: list[Element], vocabulaire: Vocabulaire) -> None:
    """Un titre deviné que le bloc suivant continue, minuscule, n'est qu'une phrase coupée.

    Un numéro de page entre les deux ne les sépare pas, même lu « Pgae 17 ».
    """
    avant: Element | None = None
    for element in liste:
        nature = element.bloc.nature
        if nature in (Nature.PAGE, Nature.IMAGE, Nature.NOTE):
            continue
        if len(element.nu) < HABILLAGE_MAX and vocabulaire.repere(element.nu, "bruit"):
            continue
        if (
            avant is not None
            and avant.bloc.nature == Nature.TITRE
            and avant.bloc.confiance < 0.85
            and nature in (Nature.PARAGRAPHE, Nature.TITRE)
            and commence_minuscule(element.nu)
            and not avant.nu.endswith((":", ".", "?", "!"))
        ):
            avant.bloc = replace(avant.bloc, nature=Nature.PARAGRAPHE, confiance=0.7)
        avant = element


def _couper(bloc: Bloc, coupes: list[int]) -> list[Bloc]:
    bornes = [0, *sorted(c for c in coupes if 0 < c < len(bloc.texte)), len(bloc.texte)]
    textes = [bloc.texte[a:b].strip() for a, b in itertools.pairwise(bornes)]
    return [_morceau(bloc, t) for t in textes if t] or [bloc]


def _morceau(bloc: Bloc, texte: str) -> Bloc:
    nature, confiance = bloc.nature, bloc.confiance
    if nature in (Nature.TITRE, Nature.PARAGRAPHE) and confiance < 1:
        note = titre_probable(texte)
        nature = Nature.TITRE if note >= 0.5 else Nature.PARAGRAPHE
        confiance = max(note, 1 - note)
    return replace(bloc, texte=texte, nature=nature, confiance=confiance)


def _separer(bloc: Bloc, vocabulaire: Vocabulaire) -> list[Bloc]:
    """Une ligne d'habillage collée à un texte, ou une liste sans puces, se séparent."""
    lignes = bloc.texte.split("\n")
    if bloc.nature == Nature.TABLEAU or len(lignes) == 1:
        return _debut_de_section(bloc, vocabulaire)
    groupes: list[list[str]] = [[]]
    for ligne in lignes:
        if vocabulaire.repere(ligne, "bruit") or _libelle_seul(ligne, vocabulaire):
            groupes += [[ligne], []]
        else:
            groupes[-1].append(ligne)
    groupes = [g for g in groupes if g]
    if len(groupes) > 1:
        return [_morceau(bloc, "\n".join(g)) for g in groupes]
    if len(lignes) >= 3 and sum(bool(LISTE.search(li)) for li in lignes[:-1]) >= len(lignes) - 1:
        return [replace(bloc, texte=li, nature=Nature.PUCE, confiance=0.6) for li in lignes]
    return [bloc]


def _libelle_seul(ligne: str, vocabulaire: Vocabulaire) -> bool:
    """La ligne entière est un libellé de section de deux mots au moins."""
    if len(ligne) < 8 or " " not in ligne.strip():
        return False
    for modele in vocabulaire.modeles:
        for trouve in vocabulaire.libelle(ligne, modele)[:1]:
            if trouve.note >= 0.95 and not trouve.reste:
                return True
    return False


def _debut_de_section(bloc: Bloc, vocabulaire: Vocabulaire) -> list[Bloc]:
    return [bloc]


def _reunir(liste: list[Element], noms: set[str]) -> list[Element]:
    reunis: list[Element] = []
    for element in liste:
        if element.id in noms and reunis:
            avant = reunis[-1]
            lien = " " if element.bloc.texte[:1].islower() else "\n"
            avant.bloc = replace(avant.bloc, texte=avant.bloc.texte + lien + element.bloc.texte)
            avant.bruts += element.bruts
        else:
            reunis.append(element)
    return reunis
