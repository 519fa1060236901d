"""Reconnaît la disposition d'une feuille et en tire une case par mesure, avec sa place.

Longue : une mesure par ligne (territoire, millésime, valeur). Large : une colonne par millésime, ou
une par indicateur. Ce que le fichier ne dit pas (l'indicateur, le millésime) se dit au dépôt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from indicateurs import millesimes
from perr.importation.formes import Endroit, Feuille, FichierRefuse
from perr.importation.textes import cle

# Noms de colonnes admis, ceux des fichiers ouverts compris, sans accents ni casse.
NOMS = {
    "code": ("code", "code qp", "code qpv", "codgeo", "code insee", "code territoire", "qp"),
    "territoire": (
        "territoire",
        "quartier",
        "nom",
        "libelle",
        "lib qp",
        "libgeo",
        "nom qp",
        "territoire nom",
        "nom du quartier",
    ),
    "generation": ("generation",),
    "indicateur": ("indicateur", "cle indicateur", "variable"),
    "millesime": ("millesime", "annee", "periode", "date"),
    "valeur": ("valeur",),
    "statut": ("statut",),
    "note": ("note", "remarque", "commentaire"),
}
PAR_NOM = {nom: role for role, noms in NOMS.items() for nom in noms}
LIGNES_D_ENTETE = 30  # un titre, une source, un filtre peuvent précéder l'en-tête


@dataclass(frozen=True)
class CaseLue:
    """Ce qu'une case dit d'une mesure ; textes tels qu'écrits."""

    endroit: Endroit
    code: str = ""
    territoire: str = ""
    generation: str = ""
    indicateur: str = ""
    millesime: str = ""
    valeur: str = ""
    statut: str = ""
    note: str = ""
    entete: Endroit | None = None  # où le millésime ou l'indicateur est écrit, s'il l'est ailleurs


@dataclass
class Disposition:
    """Une ligne d'en-tête comprise : rôle → colonne, colonnes de valeurs, colonnes ignorées."""

    ligne: int
    roles: dict[str, int] = field(default_factory=dict)
    par_millesime: dict[int, str] = field(default_factory=dict)
    par_indicateur: dict[int, str] = field(default_factory=dict)
    ignorees: list[str] = field(default_factory=list)
    doubles: list[tuple[int, str]] = field(default_factory=list)

    @property
    def est_lisible(self) -> bool:
        """Un lieu, et au moins une colonne de valeurs."""
        lieu = "code" in self.roles or "territoire" in self.roles
        return lieu and ("valeur" in self.roles or bool(self.par_millesime or self.par_indicateur))


def reperer(feuille: Feuille, indicateurs: Mapping[str, str]) -> Disposition | None:
    """La première ligne qui fait un en-tête ; `indicateurs` : nom admis → clé."""
    for numero, valeurs in feuille.lignes[:LIGNES_D_ENTETE]:
        disposition = _disposition(numero, valeurs, indicateurs)
        if disposition.est_lisible:
            return disposition
    return None


def _disposition(numero: int, valeurs: list[str], indicateurs: Mapping[str, str]) -> Disposition:
    d = Disposition(numero)
    vus: set[str] = set()
    for rang, brut in enumerate(valeurs):
        nom = cle(brut)
        if not nom:
            continue
        role = PAR_NOM.get(nom)
        if nom in vus:
            d.doubles.append((rang, brut))
        elif role is not None and role not in d.roles:
            d.roles[role] = rang
        elif nom in indicateurs:
            d.par_indicateur[rang] = indicateurs[nom]
        elif _est_un_millesime(brut):
            d.par_millesime[rang] = brut
        else:
            d.ignorees.append(brut)
        vus.add(nom)
    return d


def _est_un_millesime(brut: str) -> bool:
    try:
        millesimes.lire(brut)
    except millesimes.MillesimeInvalide:
        return False
    return True


def cases(feuille: Feuille, d: Disposition) -> list[CaseLue]:
    """Une case par valeur possible, dans l'ordre du fichier ; une ligne vide n'en a pas."""
    lues: list[CaseLue] = []
    for numero, valeurs in feuille.lignes:
        if numero <= d.ligne or not any(v.strip() for v in valeurs):
            continue
        champs = {role: _case(valeurs, rang) for role, rang in d.roles.items()}
        place = Endroit(feuille.nom, numero, d.roles.get("valeur"))
        ligne = _ligne(place, champs)
        if d.par_millesime or d.par_indicateur:
            lues += _large(feuille, d, ligne, valeurs)
        else:
            lues.append(ligne)
    return lues


def _ligne(place: Endroit, champs: Mapping[str, str]) -> CaseLue:
    return CaseLue(
        place,
        code=champs.get("code", ""),
        territoire=champs.get("territoire", ""),
        generation=champs.get("generation", ""),
        indicateur=champs.get("indicateur", ""),
        millesime=champs.get("millesime", ""),
        valeur=champs.get("valeur", ""),
        statut=champs.get("statut", ""),
        note=champs.get("note", ""),
    )


def _large(feuille: Feuille, d: Disposition, ligne: CaseLue, valeurs: list[str]) -> list[CaseLue]:
    return [
        replace(
            ligne,
            endroit=Endroit(feuille.nom, ligne.endroit.ligne, rang),
            indicateur=d.par_indicateur.get(rang, ligne.indicateur),
            millesime=d.par_millesime.get(rang, ligne.millesime),
            valeur=_case(valeurs, rang),
            entete=Endroit(feuille.nom, d.ligne, rang),
        )
        for rang in d.par_millesime or d.par_indicateur
    ]


def _case(valeurs: list[str], rang: int) -> str:
    return valeurs[rang].strip() if rang < len(valeurs) else ""


def sans_entete(feuilles: list[Feuille]) -> FichierRefuse:
    vue = feuilles[0]
    lue = next((f"ligne {n}" for n, valeurs in vue.lignes if valeurs), "vide")
    ou = f"feuille « {vue.nom} », {lue}" if vue.nom else lue
    return FichierRefuse(
        f"Aucun en-tête reconnu (première ligne remplie : {ou}). Attendu : une colonne « code » ou "
        "« territoire », puis « millésime » et « valeur » (une mesure par ligne), ou une colonne "
        "par millésime, ou une colonne par indicateur."
    )
