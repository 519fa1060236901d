"""Lit un tableau dans la disposition imprimée : une ligne par action, une colonne par quartier.

Les pages d'un tableau se suivent (l'en-tête revient), les cases « Piliers », « N° » et « Intitulé »
ne sont remplies qu'à la première ligne de leur groupe, et une ligne peut être décalée : `lignes`
remet chaque texte à sa place, ou dit qu'elle n'a pas pu.
"""

import re
from dataclasses import dataclass, field

from perr.importation.colonnes import Colonnes
from perr.importation.formes import Anomalie, Endroit, Feuille, FichierRefuse, Genre, Journal
from perr.importation.textes import cle, propre

LIBELLE = re.compile(
    r"\bactions?\s*n?\s*[°ºo]?\s*(?P<numero>\d{1,3}[a-z]?)\s*(?:[:.\-–—]|$)\s*", re.I
)
# Dans la même case, un autre libellé s'écrit en entier : un titre peut citer une action.
AUTRE_LIBELLE = re.compile(r"\bactions?\s*n\s*[°ºo]\s*\d{1,3}[a-z]?\s*[:\-–—]", re.I)
DEBUT_LIBELLE = re.compile(r"^\W*actions?\s*n?\s*[°ºo]?\s*\d", re.I)
TERRITOIRE = re.compile(r"^\W*(?:territoire|annexe|secteur)\s*:?\s+(?P<nom>.+?)\W*$", re.I)
NUMERO = re.compile(r"^\d{1,2}[a-z]?$")
TETES = {
    "pilier": "pilier",
    "piliers": "pilier",
    "n": "numero",
    "no": "numero",
    "numero": "numero",
    "pilier n": "numero",
    "proposition perr": "action",
    "propositions perr": "action",
    "proposition": "action",
    "action": "action",
    "actions": "action",
}


@dataclass
class Entete:
    """Où sont les colonnes d'une page : `rangs` donne la colonne de quartier de chaque position."""

    annexe: str
    pilier: int | None
    numero: int | None
    intitule: int | None
    action: int
    rangs: dict[int, int | None] = field(default_factory=dict)
    questions: dict[int, Anomalie] = field(default_factory=dict)

    @property
    def premiere(self) -> int:
        return self.action + 1

    @property
    def derniere(self) -> int:
        return max(self.rangs)

    @property
    def identite(self) -> list[int]:
        return [i for i in (self.pilier, self.numero, self.intitule) if i is not None]


@dataclass
class LigneLue:
    """Une ligne du tableau : ses actions, son contexte, et ses textes à leur place retenue."""

    endroit: Endroit
    entete: Entete
    valeurs: list[str]
    place_du_libelle: int | None
    libelles: list[tuple[str, str]]
    pilier: str = ""
    programme: str = ""
    intitule: str = ""

    @property
    def textes(self) -> list[tuple[int, str]]:
        """Ce qui n'est ni l'action ni, avant elle, son pilier et son programme."""
        apres = -1 if self.place_du_libelle is None else self.place_du_libelle
        return [(i, v) for i, v in enumerate(self.valeurs) if v and i > apres]


def est_entete(valeurs: list[str]) -> dict[str, int]:
    """Positions de pilier, numero, intitule et action ; vide si la ligne n'est pas un en-tête."""
    places: dict[str, int] = {}
    for rang, valeur in enumerate(valeurs[:8]):
        mot = cle(valeur)
        nature = TETES.get(mot) or ("intitule" if mot.startswith("intitule") else "")
        if nature and nature not in places:
            places[nature] = rang
    suffit = "action" in places and len(places) >= 2 and len(valeurs) > places["action"] + 1
    return places if suffit else {}


def a_la_disposition(feuille: Feuille) -> bool:
    return any(est_entete(valeurs) for _, valeurs in feuille.lignes)


def lire_imprime(feuille: Feuille, colonnes: Colonnes) -> list[LigneLue]:
    """Les lignes d'actions d'une feuille, dans l'ordre, chaque en-tête rattaché à son annexe."""
    lues: list[LigneLue] = []
    entete: Entete | None = None
    territoire = ""
    for numero, brutes in feuille.lignes:
        valeurs = [propre(v) for v in brutes]
        remplies = [v for v in valeurs if v]
        if not remplies:
            continue
        if places := est_entete(valeurs):
            nom = territoire or _nom_de_feuille(feuille.nom)
            entete = _entete(feuille, numero, valeurs, places, nom, colonnes)
        elif nomme := len(remplies) == 1 and TERRITOIRE.match(remplies[0]):
            territoire, entete = nomme["nom"], None
        elif entete is not None:
            if len(remplies) == 1 and _titre_de_page(valeurs[0]):
                entete = None
                continue
            lues.append(_ligne(feuille, numero, valeurs, entete))
    _refuser_les_fusions(feuille, lues)
    return lues


def _titre_de_page(texte: str) -> bool:
    """Un long texte seul en première colonne, qui n'est pas une action, ouvre une autre page."""
    return len(texte) > 45 and not DEBUT_LIBELLE.match(texte)


def _nom_de_feuille(nom: str) -> str:
    nomme = TERRITOIRE.match(nom)
    return nomme["nom"] if nomme else nom


def _entete(
    feuille: Feuille,
    numero: int,
    valeurs: list[str],
    places: dict[str, int],
    territoire: str,
    colonnes: Colonnes,
) -> Entete:
    libelles = {i: v for i, v in enumerate(valeurs) if i > places["action"] and v}
    vus: dict[str, int] = {}
    for rang, libelle in libelles.items():
        if cle(libelle) in vus:
            raise FichierRefuse(
                f"{Endroit(feuille.nom, numero, rang).en_tete} : la colonne « {libelle} » est déjà "
                f"en "
                f"{Endroit('', numero, vus[cle(libelle)])}. Renommez ou supprimez l'une des deux."
            )
        vus[cle(libelle)] = rang
    annexe = colonnes.annexe(territoire, list(libelles.values()))
    entete = Entete(
        annexe,
        places.get("pilier"),
        places.get("numero"),
        places.get("intitule"),
        places["action"],
    )
    retenus: dict[int, int] = {}
    prises = colonnes.exactes(annexe, libelles.values())
    for place, tete in libelles.items():
        endroit = Endroit(feuille.nom, numero, place)
        trouve, question = colonnes.rang(annexe, tete, endroit, prises | retenus.keys())
        if question:
            entete.questions[place] = question
        if trouve is not None and trouve in retenus:
            raise FichierRefuse(
                f"{endroit.en_tete} : « {tete} » et « {valeurs[retenus[trouve]]} » désignent la "
                "même colonne. Renommez ou supprimez l'une des deux."
            )
        if trouve is not None:
            retenus[trouve] = place
        entete.rangs[place] = trouve
    return entete


def _ligne(feuille: Feuille, numero: int, valeurs: list[str], entete: Entete) -> LigneLue:
    largeur = max(len(valeurs), entete.derniere + 1)
    valeurs = [*valeurs, *[""] * (largeur - len(valeurs))]
    place = next((i for i, v in enumerate(valeurs) if DEBUT_LIBELLE.match(v)), None)
    if place is None and _titre_seul(valeurs, entete):
        place = entete.action
    libelles = _libelles(valeurs[place]) if place is not None else []
    return LigneLue(Endroit(feuille.nom, numero), entete, valeurs, place, libelles)


def _titre_seul(valeurs: list[str], entete: Entete) -> bool:
    """L'action est nommée sans « Action n° » : rien devant elle que pilier, numéro et intitulé."""
    return (
        bool(valeurs[entete.action])
        and not any(len(valeurs[i]) > 60 for i in entete.identite if i != entete.intitule)
        and not any(DEBUT_LIBELLE.match(v) for v in valeurs)
        and _courte(valeurs, entete)
    )


def _courte(valeurs: list[str], entete: Entete) -> bool:
    """Une suite de ligne décalée a des textes jusque sous « Intitulé », sans numéro devant."""
    if entete.intitule is None or not valeurs[entete.intitule]:
        return True
    return entete.numero is not None and bool(NUMERO.match(valeurs[entete.numero]))


def _libelles(texte: str) -> list[tuple[str, str]]:
    """« Action n°3 : … Action n°4 : … » → [(3, …), (4, …)] ; sans numéro : [("", texte)]."""
    debuts = {m.start() for m in AUTRE_LIBELLE.finditer(texte)}
    trouves = [
        m for rang, m in enumerate(LIBELLE.finditer(texte)) if not rang or m.start() in debuts
    ]
    if not trouves or not DEBUT_LIBELLE.match(texte):
        if debut := re.match(r"^(\d{1,3})\s*[.:)\-–]\s+(.+)$", texte, re.S):
            return [(debut[1], debut[2].strip())]
        return [("", texte.strip())]
    fins = [*(m.start() for m in trouves[1:]), len(texte)]
    return [
        (m["numero"], " ".join(texte[m.end() : fin].split()))
        for m, fin in zip(trouves, fins, strict=True)
    ]


def _refuser_les_fusions(feuille: Feuille, lues: list[LigneLue]) -> None:
    """Une case fusionnée sur plusieurs quartiers ne dit pas desquels elle parle."""
    for haut, gauche, bas, droite in feuille.fusions:
        for ligne in lues:
            premiere = ligne.entete.premiere
            if haut <= ligne.endroit.ligne <= bas and droite >= premiere and gauche < droite:
                raise FichierRefuse(
                    f"{Endroit(feuille.nom, haut, max(gauche, premiere)).en_tete} : une case "
                    "fusionnée sur plusieurs quartiers. Défusionnez-la et recopiez le texte dans "
                    "chaque colonne."
                )


def signaler_feuille(feuille: Feuille, journal: Journal) -> None:
    if cle(feuille.nom) in ("legende", "lisez moi", "notice"):
        return
    journal.noter(
        Anomalie(
            genre=Genre.FEUILLE,
            endroit=Endroit(feuille.nom, 1),
            constat=f"La feuille « {feuille.nom} » n'a pas d'en-tête de PERR : elle n'est pas lue.",
            raison="Un en-tête a « Piliers », « N° », « Proposition PERR », puis les quartiers.",
        )
    )
