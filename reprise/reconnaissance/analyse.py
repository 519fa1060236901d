"""D'une lecture à ce qui en est compris, une fois les décisions de l'agent prises en compte."""

from typing import Any

from reprise.lecture.formes import Lecture
from reprise.reconnaissance.anomalies import relever
from reprise.reconnaissance.assemblage import Assemblage
from reprise.reconnaissance.classement import Classement
from reprise.reconnaissance.confiance import peser
from reprise.reconnaissance.elements import elements
from reprise.reconnaissance.formes import Choix, Compris, Element, Role
from reprise.reconnaissance.vocabulaire import EXACT, ModeleConnu, Vocabulaire, plier


def analyser(
    lecture: Lecture, vocabulaire: Vocabulaire, decisions: dict[str, Any] | None = None
) -> Compris:
    """Place tout, assemble, relève les anomalies. `decisions` : type, places, textes, coupes."""
    decisions = decisions or {}
    liste = elements(lecture, vocabulaire, decisions)
    genre = _genre(liste, vocabulaire)
    type_contrat, sure = _type(liste, vocabulaire)
    if decisions.get("type"):
        type_contrat, sure = decisions["type"], 1.0
    modele = None if genre == "session" else _modele(liste, vocabulaire, type_contrat)
    classement = Classement(
        liste, vocabulaire, type_contrat=type_contrat, type_sur=sure, modele=modele, genre=genre,
        decisions=_choisis(decisions.get("places", {})),
    )  # fmt: skip
    places = classement.placer()
    compris = Compris(type=type_contrat, type_confiance=sure, modele=modele.cle if modele else "")
    compris.places = places
    Assemblage(places, vocabulaire, modele, compris).assembler()
    peser(places, classement)
    compris.anomalies = relever(compris, vocabulaire)
    return compris


def _choisis(places: dict[str, Any]) -> dict[str, Choix]:
    choisis = {}
    for nom, code in places.items():
        role, _, cible = str(code).partition(":")
        if role in Role:
            choisis[nom] = Choix(Role(role), cible, 1.0, "Votre décision.")
    return choisis


def _genre(liste: list[Element], vocabulaire: Vocabulaire) -> str:
    """Ce qu'est le document quand ce n'est pas un contrat : session, délibération."""
    textes = [vocabulaire.corriger(plier(e.nu)) for e in liste if len(e.nu) < 400]
    notes = {
        genre: sum(any(m.search(t) for t in textes) for m in motifs)
        for genre, motifs in vocabulaire.genres.items()
    }
    genre = max(notes, key=lambda g: notes[g], default="")
    return genre if notes.get(genre, 0) >= 2 else ""


def _type(liste: list[Element], vocabulaire: Vocabulaire) -> tuple[str, float]:
    """Le type dont les mots ouvrent le document et dont les libellés le structurent."""
    notes: dict[str, float] = dict.fromkeys(vocabulaire.types, 0.0)
    debut = [e for e in liste if e.nu][:12]
    for rang, element in enumerate(debut):
        titre = element.bloc.nature == "titre"
        for type_contrat, motifs in vocabulaire.types.items():
            if any(m.search(vocabulaire.corriger(plier(element.nu))) for m in motifs):
                notes[type_contrat] += (3.0 if titre else 1.0) / (1 + rang / 4)
    for modele in vocabulaire.modeles:
        connues = {s.libelle for s in modele.sections}
        note = 6 * _libelles_vus(liste, vocabulaire, modele) / max(len(connues), 1)
        notes[modele.type] = notes.get(modele.type, 0.0) + note
    if not notes or not max(notes.values()):
        return next(iter(vocabulaire.types), ""), 0.2
    premier, *autres = sorted(notes, key=lambda t: -notes[t])
    ecart = notes[premier] - max((notes[a] for a in autres), default=0.0)
    return premier, min(0.98, 0.5 + 0.12 * ecart)


def _libelles_vus(liste: list[Element], vocabulaire: Vocabulaire, modele: ModeleConnu) -> int:
    """Combien de libellés du modèle le document imprime."""
    vus = {
        t[0].section.libelle
        for e in liste
        if len(e.nu) < 400 and (t := vocabulaire.libelle(e.nu, modele)) and t[0].note >= EXACT
    }
    return len(vus)


def _modele(
    liste: list[Element], vocabulaire: Vocabulaire, type_contrat: str
) -> ModeleConnu | None:
    """Parmi les modèles de ce type, celui dont le document imprime le plus de libellés."""
    siens = [m for m in vocabulaire.modeles if m.type == type_contrat]
    if len(siens) < 2:
        return siens[0] if siens else None
    return max(siens, key=lambda m: _libelles_vus(liste, vocabulaire, m))
