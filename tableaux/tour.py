"""« À qui le tour » : ce que l'on attend de chacun, et ce que personne ne porte."""

from collections import defaultdict
from dataclasses import dataclass, field

from tableaux.chiffre import Chiffre, Ligne
from tableaux.etat import Etat

ATTENTES = {
    "en_retard": "à rattraper ou à reporter",
    "sans_avancement": "à chiffrer",
    "figees": "dont donner des nouvelles",
    "sans_echeance": "à dater",
}


@dataclass
class Attente:
    """Un organisme pilote et ce qu'il doit faire ; sans pilote, c'est au contrat de le trouver."""

    nom: str
    actions: dict[str, list[Ligne]] = field(default_factory=lambda: defaultdict(list))

    @property
    def nombre(self) -> int:
        return len({li.adresse or li.libelle for lignes in self.actions.values() for li in lignes})

    @property
    def phrases(self) -> list[str]:
        """« 3 à rattraper ou à reporter », dans l'ordre d'urgence."""
        return [f"{len(self.actions[c])} {mot}" for c, mot in ATTENTES.items() if self.actions[c]]


def a_qui_le_tour(etat: Etat, chiffres: dict[str, Chiffre]) -> list[Attente]:
    """Du plus attendu au moins attendu ; ce que personne ne pilote vient en premier."""
    pilotes = {a.adresse or a.nom: a.pilotes for a in etat.suivies}
    attentes: dict[str, Attente] = {}
    orphelines = Attente("Personne : à attribuer")
    for cle in ATTENTES:
        for ligne in chiffres[cle].comptees:
            porteurs = pilotes.get(ligne.adresse or ligne.libelle, ())
            if not porteurs:
                orphelines.actions[cle].append(ligne)
            for organisme in porteurs:
                nom = etat.nom_de(organisme)
                attentes.setdefault(nom, Attente(nom)).actions[cle].append(ligne)
    triees = sorted(attentes.values(), key=lambda a: (-a.nombre, a.nom))
    return [*([orphelines] if orphelines.nombre else []), *triees]


@dataclass(frozen=True, slots=True)
class Solde:
    """Ce qu'une partie doit : engagements portés, tenus, en partie, non tenus, non dits."""

    nom: str
    dus: int
    tenus: int
    en_partie: int
    non_tenus: int
    non_dits: int
    recus: int


def balance(etat: Etat) -> list[Solde]:
    """Qui doit quoi à qui : par partie, ce qu'elle porte et ce dont elle bénéficie."""
    noms = dict.fromkeys(n for e in etat.engagements for n in (*e.porteurs, *e.beneficiaires))
    return [_solde(etat, nom) for nom in noms]


def _solde(etat: Etat, nom: str) -> Solde:
    dus = [e for e in etat.engagements if nom in e.porteurs]
    dits = [e.constat.etat if e.constat else "" for e in dus]
    return Solde(
        nom=nom,
        dus=len(dus),
        tenus=dits.count("tenu"),
        en_partie=dits.count("en_partie"),
        non_tenus=dits.count("non_tenu"),
        non_dits=dits.count(""),
        recus=sum(nom in e.beneficiaires for e in etat.engagements),
    )
