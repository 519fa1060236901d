"""Deux saisies parties de la même version : ce qui diffère, et qui l'a changé.

Changé par l'autre seul, un champ est pris ; par l'agent seul, le sien est gardé ; une liste changée
par les deux se réunit comme un ensemble. Changé par les deux autrement, il est à départager.
"""

import re
from dataclasses import dataclass

from django.db import models
from django.forms import BoundField

from contrats.atelier.donnees import ROLES
from contrats.contenu.comparaison import aplatir
from contrats.contenu.forme import ContenuAction, ContenuFiche
from contrats.contenu.references import toutes
from texte.differences import fusionner

LISTES_DE_SECTION = {"partenaires": "partenaire", "lignes": "ligne", "renvois": "renvoi"}
TEXTES = ("texte", "description", "note_titre")
ABSENT = "(absent)"


class Origine(models.TextChoices):
    """Qui a changé le champ depuis la version de départ."""

    LES_DEUX = "les_deux", "Les deux"
    REUNIE = "reunie", "Les deux, sans se contredire"
    LEUR = "leur", "L'autre"
    MIENNE = "mienne", "Vous"


@dataclass
class Desaccord:
    """Un champ dont la valeur enregistrée n'est pas celle de l'agent."""

    chemin: str
    libelle: str
    depart: str
    leur: str
    mienne: str
    origine: Origine
    est_liste: bool = False
    champ: BoundField | None = None

    @property
    def reunie(self) -> str:
        """Les deux textes réunis au mot ; vide s'ils se contredisent ou si rien n'est à réunir."""
        est_texte = self.chemin.rpartition(":")[2] in TEXTES
        if not est_texte or self.origine != Origine.LES_DEUX or ABSENT in (self.leur, self.mienne):
            return ""
        fusion = fusionner(self.depart, self.leur, self.mienne)
        return fusion.texte if self.depart and fusion.propre else ""

    @property
    def est_objet(self) -> bool:
        """Une section ou une action entière, que l'un des deux n'a pas."""
        return est_objet(self.chemin)

    @property
    def champ_modifiable(self) -> BoundField | None:
        """Le champ de l'agent, sous son libellé dans cette page."""
        if self.champ:
            mien = "La mienne, modifiable"
            self.champ.label = "Les deux réunies, modifiable" if self.reunie else mien
        return self.champ

    @property
    def choix(self) -> str:
        """Choix coché d'avance : ne rien défaire de ce que l'un des deux a fait seul."""
        return {Origine.LEUR: "leur", Origine.REUNIE: "deux"}.get(self.origine, "mienne")


def desaccords(
    depart: ContenuFiche | None, leur: ContenuFiche, mien: ContenuFiche
) -> list[Desaccord]:
    """Champs dont les deux contenus diffèrent, dans l'ordre de la page.

    `depart` manque si la version lue n'a pas été gardée : tout est alors à départager.
    """
    communes = _actions(leur) & _actions(mien)
    noms = {**_noms(leur), **_noms(mien)}
    autre, moi = (_unites(contenu, communes, noms) for contenu in (leur, mien))
    avant = _unites(depart, communes, noms) if depart else {}
    liste = []
    for chemin in [*moi, *(c for c in autre if c not in moi)]:
        dans_les_deux = chemin in moi and chemin in autre
        if est_objet(chemin) == dans_les_deux or _dans_un_objet_absent(chemin, moi, autre):
            continue
        base, leur_texte, mon_texte = (
            unites.get(chemin, ("", ABSENT))[1] for unites in (avant, autre, moi)
        )
        if leur_texte != mon_texte:
            libelle = (moi.get(chemin) or autre[chemin])[0]
            origine = _origine(base, leur_texte, mon_texte) if depart else Origine.LES_DEUX
            des_deux = origine == Origine.LES_DEUX and depart and _est_liste(chemin)
            if des_deux and not _se_contredisent(chemin, depart, leur, mien):
                origine = Origine.REUNIE
            liste.append(
                Desaccord(chemin, libelle, base, leur_texte, mon_texte, origine, _est_liste(chemin))
            )
    return liste


def _origine(avant: str, leur: str, mienne: str) -> Origine:
    if leur == avant:
        return Origine.MIENNE
    return Origine.LEUR if mienne == avant else Origine.LES_DEUX


def _se_contredisent(chemin: str, *contenus: ContenuFiche) -> bool:
    """Un même organisme, cité sous deux mentions nouvelles ; toute autre liste s'additionne."""
    if not chemin.endswith(":partenaires") or not chemin.startswith("section:"):
        return False
    cle = chemin.split(":")[1]
    avant, leur, mien = (
        {
            p["organisme"]: p["mention"]
            for s in contenu["sections"]
            if s["cle"] == cle
            for p in s["partenaires"]
        }
        for contenu in contenus
    )
    communs = set(leur) & set(mien)
    return any(leur[o] != mien[o] and avant.get(o) not in (leur[o], mien[o]) for o in communs)


def _unites(
    contenu: ContenuFiche, communes: set[str], noms: dict[str, str]
) -> dict[str, tuple[str, str]]:
    """Chemin → (libellé, texte) : champs, sections et actions entières, ordre des actions communes.

    Le texte d'un objet entier redit tous ses champs : qui le retire voit ce que l'autre y écrit.
    """
    unites: dict[str, tuple[str, str]] = {}
    objets: dict[str, list[str]] = {}
    for chemin, (libelle, texte) in aplatir(contenu).items():
        if chemin.endswith(":ordre") or re.fullmatch("action:[^:]+:section", chemin):
            continue
        unites[chemin] = (libelle, texte)
        objet = chemin.rpartition(":")[0]
        if objet and texte not in ("", "non"):
            objets.setdefault(objet, []).append(f"{libelle.rpartition(', ')[2]} : {texte}")
    for section in contenu["sections"]:
        cle = f"section:{section['cle']}"
        unites[cle] = (f"Section « {section['libelle']} »", "\n".join(objets.get(cle, [])))
        for action in toutes(section["actions"]):
            cle = f"action:{action['id']}"
            unites[cle] = (f"Action « {action['intitule']} »", "\n".join(objets.get(cle, [])))
    unites["ordre"] = ("Place et ordre des actions", _ordre(contenu, communes, noms))
    return unites


def _ordre(contenu: ContenuFiche, communes: set[str], noms: dict[str, str]) -> str:
    lignes = []

    def ajouter(actions: list[ContenuAction], retrait: str) -> None:
        for action in actions:
            if action["id"] in communes:
                lignes.append(f"{retrait}{noms[action['id']]}")
            ajouter(action["sous_actions"], f"{retrait}— ")

    for section in contenu["sections"]:
        if section["actions"]:
            lignes.append(f"{noms[section['cle']]} :")
            ajouter(section["actions"], "")
    return "\n".join(lignes)


def _actions(contenu: ContenuFiche) -> set[str]:
    return {a["id"] for s in contenu["sections"] for a in toutes(s["actions"])}


def _noms(contenu: ContenuFiche) -> dict[str, str]:
    """Libellé de chaque section et intitulé de chaque action, par clé."""
    noms = {s["cle"]: s["libelle"] for s in contenu["sections"]}
    return noms | {
        a["id"]: a["intitule"] for s in contenu["sections"] for a in toutes(s["actions"])
    }


def est_objet(chemin: str) -> bool:
    return chemin.count(":") == 1


def _dans_un_objet_absent(chemin: str, *unites: dict[str, tuple[str, str]]) -> bool:
    """Vrai pour un champ d'une section ou d'une action que l'un des deux n'a pas."""
    objet = chemin.rpartition(":")[0]
    return ":" in objet and any(objet not in u for u in unites)


def _est_liste(chemin: str) -> bool:
    champ = chemin.rpartition(":")[2]
    return champ in LISTES_DE_SECTION or champ in ROLES or champ == "periodes"


def nom_du_champ(chemin: str) -> str:
    """Nom, dans le formulaire, du champ de ce chemin ; vide pour une liste, un objet ou l'ordre."""
    if chemin == "ordre" or est_objet(chemin) or _est_liste(chemin):
        return ""
    nature, _, reste = chemin.rpartition(":")
    if not nature:
        return f"f-{reste}"
    genre, _, identifiant = nature.partition(":")
    return f"{genre[0]}-{identifiant}-{reste}"
