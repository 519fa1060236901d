"""Ce que vaut chaque place, le document entier vu : la règle suivie, et les indices autour.

Une règle ne voit qu'un bloc ; un libellé manqué dix lignes plus haut fausse tout ce qui suit. Ici,
chaque place reçoit des indices (un titre que rien n'explique, une section qui revient, une liste
sans puces…), et leurs poids, mesurés sur des documents abîmés, donnent la chance qu'elle soit
juste : `calibrage.yaml`, écrit par `python -m bench.reprise --calibrer`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from reprise.lecture.formes import Nature, commence_minuscule
from reprise.lecture.texte import titre_probable
from reprise.reconnaissance.formes import Place, Role
from reprise.reconnaissance.listes import date_exacte, nombre
from reprise.reconnaissance.ouvertures import NUMERO_SUIVANT, PERSONNE
from reprise.reconnaissance.vocabulaire import plier

if TYPE_CHECKING:
    from reprise.reconnaissance.classement import Classement

ECARTS = (Role.BRUIT, Role.REMPLISSAGE, Role.NOTE, Role.IGNORE)
OUVRENT = {
    Role.INTITULE, Role.ARTICLE, Role.ANNEXE, Role.FICHE, Role.SECTION, Role.LIEU_DATE,
    Role.TEMOIN, Role.RUBRIQUE, Role.EXPOSE, Role.DECISION, Role.DISPOSITIF, Role.DELIBERATION,
    Role.ANNONCE,
}  # fmt: skip
LISTES = {Role.ACTION, Role.SOUS_ACTION, Role.ENGAGEMENT, Role.AXE, Role.INSTANCE, Role.LIGNE}
POINTS = {Role.TEXTE, Role.INSTANCE, Role.ENGAGEMENT, Role.AXE}
SUITES = {Role.TEXTE, Role.PREAMBULE}
SELON_LE_TYPE = {Role.TEXTE, Role.PREAMBULE, Role.SOUS_TITRE, Role.AXE, Role.NON_PLACE}
ANNONCES = ("orientation", "fiche")
INDICES = ("risques", "facteurs")
FINIE = (".", "!", "?", ":", ";", ",", "…", ")", "»")
PLAFOND = 0.985  # sous un libellé peut-être manqué, rien ne passe pour sûr
Indices = dict[str, float]
# Ce que l'on attend d'un indice avant toute mesure ; les cas mesurés l'emportent.
ATTENDUS = {
    "regle": 1.0,
    **dict.fromkeys(
        (
            "section_qui_revient", "section_en_arriere", "libelle_approche",
            "sous_section_deplacee", "proche_d_un_libelle", "sous_un_libelle_voisin",
            "allure_de_titre", "sous_une_allure_de_titre", "sans_puce", "deux_points_sans_puce",
            "apres_deux_points", "suite", "suite_dans_une_liste", "instance_possible",
            "preambule_d_un_autre_genre", "mots_d_une_autre_section", "minuscule",
            "apres_une_phrase_ouverte", "partie_melee", "deux_points_en_tete",
            "sous_deux_points_en_tete", "dans_une_liste_ouverte", "type_incertain", "abime",
        ),
        -1.5,
    ),
    **dict.fromkeys(
        (
            "section_qui_revient", "section_en_arriere", "proche_d_un_libelle",
            "sous_un_libelle_voisin", "instance_possible", "preambule_d_un_autre_genre",
            "mots_d_une_autre_section", "titre_puis_phrase", "sous_un_titre_puis_phrase",
            "numero_en_tete", "allure_de_signature", "ligne_de_partenaires",
            "point_d_un_autre_role", "annonce_non_tenue",
        ),
        -4.0,
    ),
}  # fmt: skip


@dataclass
class _Fil:
    """Ce que l'on sait depuis la dernière ouverture, et depuis le titre de la fiche."""

    soupcons: set[str] = field(default_factory=set)
    contenu: int = 0
    puces: int = 0
    vues: list[str] = field(default_factory=list)
    ordre: int = 0
    ouverture: int = -1
    instances: int = 0
    liste: bool = False  # « … : » vient d'ouvrir une liste, ou elle continue


def peser(places: list[Place], classement: Classement) -> None:
    """Remplace la confiance de chaque règle par la chance mesurée que la place soit juste."""
    poids = calibrage()
    for place, indices in zip(places, indices_de(places, classement), strict=True):
        place.indices = indices
        if not place.decide:
            note = sum(poids.get(nom, 0.0) * valeur for nom, valeur in indices.items())
            sure = _sigmoide(note)
            if "sous_un_libelle_voisin" in indices:
                sure = min(sure, PLAFOND)
            place.choix = replace(place.choix, confiance=round(sure, 3))


@cache
def calibrage() -> dict[str, float]:
    fichier = Path(__file__).with_name("calibrage.yaml")
    return dict(yaml.load(fichier.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["poids"])


def _sigmoide(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def indices_de(places: list[Place], classement: Classement) -> list[Indices]:
    """Les indices de chaque place, dans l'ordre."""
    return _Lecture(places, classement).lire()


class _Lecture:
    """Parcourt les places une fois, puis revient sur ce qu'une suite éclaire."""

    def __init__(self, places: list[Place], classement: Classement) -> None:
        self.places, self.c = places, classement
        self.fil = _Fil()
        self.indices: list[Indices] = []
        self.dernier: Place | None = None  # le dernier passage qui n'est pas de l'habillage
        self.ouvertures = [-1] * len(places)

    def lire(self) -> list[Indices]:
        for i, place in enumerate(self.places):
            brute = min(max(place.choix.confiance, 0.02), 0.98)
            x = {"constante": 1.0, "regle": math.log(brute / (1 - brute))}
            x[f"role_{place.role}"] = 1.0
            self.indices.append(x)
            if place.role in OUVRENT:
                self._ouverture(i, place, x)
            elif place.role not in ECARTS:
                self._contenu(i, place, x)
            self.ouvertures[i] = self.fil.ouverture
            if place.role not in ECARTS:
                self.dernier = place
        self._melanges()
        self._titres_puis_phrases()
        self._points_d_un_autre_role()
        self._annonces_non_tenues()
        self._document()
        return self.indices

    # Ce qui ouvre

    def _ouverture(self, i: int, place: Place, x: Indices) -> None:
        fil = self.fil
        if place.role != Role.SECTION:
            self.fil = _Fil(ouverture=i)
            self._coupe(place, x)
        else:
            section = self.c.modele.section(place.cible) if self.c.modele else None
            ordre = section.ordre if section else 0
            if place.cible in fil.vues:
                x["section_qui_revient"] = 1.0
            elif ordre < fil.ordre:
                x["section_en_arriere"] = 1.0
            note = max((t.note for t in self.c.libelles[i]), default=0.0)
            x["libelle_approche"] = round(max(0.0, 1 - note) * 5, 1)
            self.fil = _Fil(vues=[*fil.vues, place.cible], ordre=max(fil.ordre, ordre), ouverture=i)
        if place.choix.confiance < 0.85:
            self.fil.soupcons.add("sous_ouverture_douteuse")
        if "section_qui_revient" in x or "section_en_arriere" in x:
            self.fil.soupcons.add("sous_section_deplacee")

    # Ce qui suit

    def _contenu(self, i: int, place: Place, x: Indices) -> None:
        fil, bloc, nu = self.fil, place.element.bloc, place.element.nu
        x.update(dict.fromkeys(fil.soupcons, 1.0))
        puce = bloc.nature == Nature.PUCE
        tete = nu.partition(":")[0] if ":" in nu[:45] else nu
        if not puce and len(tete) <= 90 and self._libelle_voisin(tete) >= 0.6:
            x["proche_d_un_libelle"] = 1.0
            fil.soupcons.add("sous_un_libelle_voisin")
        if not puce and bloc.nature != Nature.TABLEAU and titre_probable(nu) >= 0.6:
            x["allure_de_titre" if fil.contenu else "allure_de_titre_en_tete"] = 1.0
            if fil.contenu:
                fil.soupcons.add("sous_une_allure_de_titre")
        if place.role in LISTES and not puce:
            x["sans_puce"] = 1.0
            x[f"{place.role}_sans_puce"] = 1.0
            if nu.endswith(":"):
                x["deux_points_sans_puce"] = 1.0
            if nu.endswith(":") and not fil.contenu:
                x["deux_points_en_tete"] = 1.0
                fil.soupcons.add("sous_deux_points_en_tete")
        self._coupe(place, x)
        if place.cible == "suite":
            x["suite"] = 1.0
            if self.dernier is not None and self.dernier.role in LISTES:
                x["suite_dans_une_liste"] = 1.0
        self._ailleurs(place, x)
        self._allures(place, x)
        if place.role == Role.ACTION and nu.endswith(":"):
            fil.soupcons.add("apres_deux_points")
        fil.contenu += 1
        fil.puces += puce
        fil.liste = nu.endswith(":") or (fil.liste and nu.endswith((",", ";")))

    def _ailleurs(self, place: Place, x: Indices) -> None:
        """Des mots qui diraient plutôt une autre place."""
        vocabulaire, nu = self.c.vocabulaire, place.element.nu
        apres_une_instance = place.role == Role.TEXTE and self.fil.instances and len(nu) < 600
        if apres_une_instance and vocabulaire.repere(nu[:60], "instance"):
            x["instance_possible"] = 1.0
        self.fil.instances += place.role == Role.INSTANCE
        if place.role == Role.PREAMBULE and self.c.genre == "session":
            x["preambule_d_un_autre_genre"] = 1.0
        section = self.c.modele.section(place.section) if self.c.modele else None
        if place.role == Role.LIGNE and section is not None and section.nature in INDICES:
            plie = vocabulaire.corriger(plier(nu))
            autres = (n for n in vocabulaire.indices if n != section.nature)
            if any(m.search(plie) for n in autres for m in vocabulaire.indices[n]):
                x["mots_d_une_autre_section"] = 1.0

    def _allures(self, place: Place, x: Indices) -> None:
        """Un passage resté du texte, qui a l'air d'autre chose."""
        nu, virgules = place.element.nu, place.element.nu.count(",")
        if place.role in SUITES:
            if self.fil.liste:
                x["dans_une_liste_ouverte"] = 1.0
            if NUMERO_SUIVANT.match(plier(nu)) and len(nu) <= 200:
                x["numero_en_tete"] = 1.0
            qualite = self.c.vocabulaire.qualites.search(plier(nu)) is not None
            bref = len(nu) <= 80 and not nu.endswith(FINIE)
            if bref and (qualite or PERSONNE.match(nu) or date_exacte(nu)):
                x["allure_de_signature"] = 1.0
        if place.role in LISTES | SUITES and virgules >= 4 and len(nu) < 28 * virgules:
            x["ligne_de_partenaires"] = 1.0
        if place.role in SELON_LE_TYPE and self.c.type_sur < 0.9:
            x["type_incertain"] = round(5 * (0.9 - self.c.type_sur), 1)

    def _coupe(self, place: Place, x: Indices) -> None:
        """La phrase d'avant n'est pas finie : celle-ci la continue peut-être."""
        avant = self.dernier
        if place.element.bloc.nature != Nature.PUCE and commence_minuscule(place.element.nu):
            x["minuscule"] = 1.0
        if avant is None or place.element.bloc.nature == Nature.PUCE:
            return
        nu = avant.element.nu
        if len(nu) > 60 and not nu.endswith(FINIE) and avant.element.bloc.nature != Nature.TITRE:
            x["apres_une_phrase_ouverte"] = 1.0

    def _libelle_voisin(self, nu: str) -> float:
        modele = self.c.modele
        return self.c.vocabulaire.voisinage(nu, modele) if modele else 0.0

    def _melanges(self) -> None:
        """Une partie faite de points et de paragraphes : la liste a pu perdre ses puces."""
        parties: dict[int, list[int]] = {}
        for i, place in enumerate(self.places):
            if place.role in LISTES or place.role == Role.TEXTE:
                parties.setdefault(self.ouvertures[i], []).append(i)
        for rangs in parties.values():
            puces = [self.places[i].element.bloc.nature == Nature.PUCE for i in rangs]
            if any(puces) and not all(puces):
                for i in rangs:
                    self.indices[i]["partie_melee"] = 1.0

    def _titres_puis_phrases(self) -> None:
        """Dans une liste, une ligne sans point puis une phrase : un titre que rien ne connaît ?"""
        for i in range(len(self.places) - 1):
            avant, apres = self.places[i], self.places[i + 1]
            if self.ouvertures[i] != self.ouvertures[i + 1] or avant.role not in LISTES:
                continue
            puces = {p.element.bloc.nature == Nature.PUCE for p in (avant, apres)}
            titre = titre_probable(avant.element.nu) >= 0.6
            if puces == {False} and titre and apres.element.nu.endswith("."):
                self.indices[i]["titre_puis_phrase"] = 1.0
                self.indices[i + 1]["sous_un_titre_puis_phrase"] = 1.0

    def _points_d_un_autre_role(self) -> None:
        """Dans un article, un point resté du texte parmi des engagements, des axes, des instances :
        son premier mot était peut-être abîmé."""
        parties: dict[int, list[int]] = {}
        for i, place in enumerate(self.places):
            if place.role in POINTS and place.element.bloc.nature == Nature.PUCE:
                parties.setdefault(self.ouvertures[i], []).append(i)
        for rangs in parties.values():
            if any(self.places[i].role != Role.TEXTE for i in rangs):
                for i in rangs:
                    if self.places[i].role == Role.TEXTE:
                        self.indices[i]["point_d_un_autre_role"] = 1.0

    def _annonces_non_tenues(self) -> None:
        """Le document annonce six orientations, il en est trouvé cinq : l'une est passée pour
        autre chose."""
        for i, place in enumerate(self.places):
            if place.role != Role.ANNONCE or place.cible not in ANNONCES:
                continue
            lu = self.c.vocabulaire.repere(
                place.element.nu, f"annonce:{place.cible}", type_contrat=self.c.type
            )
            suite = range(i + 1, len(self.places))
            trouvees = sum(self.places[j].role == Role.FICHE for j in suite)
            if lu is None or trouvees >= nombre(lu[0]["nombre"]):
                continue
            for j in suite:
                suivante, bloc = self.places[j], self.places[j].element.bloc
                if bloc.nature == Nature.PUCE or suivante.role in OUVRENT | set(ECARTS):
                    continue
                if len(bloc.nu) <= 90 and not bloc.nu.endswith(FINIE):
                    self.indices[j]["annonce_non_tenue"] = 1.0

    def _document(self) -> None:
        """La part de libellés lus à une faute près : ce que vaut tout le reste du document."""
        notes = [
            max((t.note for t in self.c.libelles[i]), default=1.0)
            for i, place in enumerate(self.places)
            if place.role == Role.SECTION
        ]
        abime = round(sum(n < 0.99 for n in notes) / len(notes), 1) if notes else 0.0
        if abime:
            for x in self.indices:
                x["abime"] = abime
