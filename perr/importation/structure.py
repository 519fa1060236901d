"""Ce que l'import ajouterait au contrat : annexes, colonnes, axes, actions, partenariats."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from perr.importation.connu import Connu
from perr.importation.formes import ActionLue, Structure


@dataclass
class Ajouts:
    """Ce qui manque à la base pour que les cellules du fichier aient leur place."""

    annexes: list[str] = field(default_factory=list)
    colonnes: list[tuple[str, int, str]] = field(default_factory=list)  # annexe, rang, libellé
    piliers: list[str] = field(default_factory=list)
    programmes: list[tuple[str, str, str]] = field(default_factory=list)  # numéro, intitulé, pilier
    actions: list[ActionLue] = field(default_factory=list)
    partenariats: list[tuple[str, int]] = field(default_factory=list)  # numéro d'action, organisme

    def resume(self) -> list[Any]:
        actions = [(a.numero, a.titre, a.programme) for a in self.actions]
        return [
            self.annexes,
            self.colonnes,
            self.piliers,
            self.programmes,
            actions,
            self.partenariats,
        ]

    def __bool__(self) -> bool:
        return any(self.resume())

    @property
    def phrases(self) -> list[str]:
        """« 3 annexes : Ouest, Sud… » ; rien pour ce qui n'est pas créé."""
        noms = {
            "annexe": self.annexes,
            "colonne": [libelle for _, _, libelle in self.colonnes],
            "pilier": self.piliers,
            "programme": [numero for numero, _, _ in self.programmes],
            "action": [a.numero for a in self.actions],
        }
        phrases = [
            f"{len(liste)} {nom}{'s' if len(liste) > 1 else ''} : {', '.join(liste)}"
            for nom, liste in noms.items()
            if liste
        ]
        if self.partenariats:
            nombre = len(self.partenariats)
            phrases.append(f"{nombre} partenaire{'s' if nombre > 1 else ''} d'action")
        return phrases


def prevoir_les_ajouts(
    connu: Connu, structure: Structure, places: Iterable[tuple[str, int, str]]
) -> Ajouts:
    """Une annexe vient avec toutes ses colonnes, une action avec son programme."""
    ajouts = Ajouts()
    for annexe, libelles in structure.colonnes.items():
        if annexe not in connu.annexes:
            ajouts.annexes.append(annexe)
        deja = len(connu.colonnes.get(annexe, ()))
        ajouts.colonnes += [(annexe, r, li) for r, li in enumerate(libelles) if r >= deja]
    voulues = {numero for _, _, numero in places}
    for numero, lue in sorted(structure.actions.items(), key=lambda paire: _rang(paire[0])):
        if numero not in connu.actions and (connu.est_vide or numero in voulues or lue.titre):
            ajouts.actions.append(lue)
    utiles = {a.programme for a in ajouts.actions if a.programme} - set(connu.programmes)
    piliers = {p.intitule for p in connu.piliers}
    for numero in sorted(utiles, key=_rang):
        pilier = structure.piliers.get(numero, "")
        if pilier and pilier not in piliers and pilier not in ajouts.piliers:
            ajouts.piliers.append(pilier)
        intitule = structure.programmes.get(numero) or f"Programme {numero}"
        ajouts.programmes.append((numero, intitule, pilier))
    return ajouts


def _rang(numero: str) -> tuple[int, str]:
    chiffres = "".join(c for c in numero if c.isdigit())
    return (int(chiffres) if chiffres else 0, numero)
