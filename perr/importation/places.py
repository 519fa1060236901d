"""Un texte imprimé sous une colonne et qui parle d'une autre : le trouver, le dire, proposer.

Trois indices, du plus sûr au moins sûr : le nom d'un quartier d'une autre colonne ; deux
expressions que le fichier n'emploie que dans une autre colonne ; un lieu qu'il ne cite
qu'ailleurs.
Le premier se propose, le deuxième aussi s'il remet toute la ligne en ordre, le troisième se
demande.
Aucun ne vaut si la place visée est déjà prise.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise

from perr.importation.formes import (
    IGNORER,
    LAISSER,
    Anomalie,
    Cellule,
    Confiance,
    Endroit,
    Genre,
    Journal,
    Structure,
)
from perr.importation.textes import cle, sans_balises

MOT = re.compile(r"[A-Za-zÀ-ÿœŒ]+")
LIEU = re.compile(
    r"\b(?:la|le|les|l['’]|quartiers?|secteur|cité|place|résidence)\s?"
    r"([A-ZÀ-Ý][\w'’-]{4,}(?:\s[A-ZÀ-Ý][\w'’-]+)*)"
)
COUPE = re.compile(r"[/(),–]|\s-|-\s|-(?=[A-ZÀ-Ý])")
RARE = 4


def verifier_les_places(
    cellules: list[Cellule],
    structure: Structure,
    journal: Journal,
    deja: Callable[[Cellule], bool],
) -> None:
    """Confronte chaque place à ce que dit le texte ; une décision déplace la cellule."""
    restantes = [c for c in cellules if not c.ecartee and not c.attente]
    vives = [c for c in restantes if c.rang is not None]
    indices = Indices(vives, structure)
    traitees = {id(c) for c in vives if deja(c)}
    for cellule in restantes:
        if cellule.rang_declare is not None:
            _declaree(cellule, indices, structure, journal)
            traitees.add(id(cellule))
    for cellule in vives:
        if id(cellule) in traitees:
            continue
        if (cible := indices.nomme(cellule)) is not None:
            _nommee(cellule, cible, indices, structure, journal)
            traitees.add(id(cellule))
    for ligne in indices.par_ligne.values():
        if not any(id(c) in traitees for c in ligne) and (pas := indices.decalage(ligne)):
            _decaler(ligne, pas, indices, structure, journal)
            traitees |= {id(c) for c in ligne}
    for cellule in vives:
        if id(cellule) not in traitees and (cibles := indices.lieux(cellule)):
            _demander(cellule, cibles, structure, journal)


class Indices:
    """Ce que le fichier lui-même apprend : noms de colonnes, mots propres à une colonne."""

    def __init__(self, cellules: list[Cellule], structure: Structure) -> None:
        self.cellules, self.structure = cellules, structure
        self.par_ligne: dict[tuple[str, int], list[Cellule]] = defaultdict(list)
        self.textes: dict[int, str] = {}
        self.bruts = {id(c): sans_balises(c.brut) for c in cellules}
        minuscules: Counter[str] = Counter()
        for c in cellules:
            self.par_ligne[c.annexe, c.ligne].append(c)
            self.textes[id(c)] = f" {cle(self.bruts[id(c)])} "
            minuscules.update(m for m in MOT.findall(self.bruts[id(c)]) if m[0].islower())
        self.communs = {cle(m) for m in minuscules}
        self.remplies = Counter((c.annexe, c.rang) for c in cellules)
        self.noms = _noms(structure)
        self.mots: dict[str, set[int]] = defaultdict(set)
        self.index: list[Cellule] = cellules
        for i, c in enumerate(cellules):
            for mot in set(self.textes[id(c)].split()):
                self.mots[mot].add(i)

    def libre(self, cellule: Cellule, rang: int) -> bool:
        """Aucun autre texte de la ligne n'occupe cette colonne."""
        return all(c.rang != rang for c in self.par_ligne[cellule.annexe, cellule.ligne])

    def nomme(self, cellule: Cellule) -> int | None:
        """La colonne, libre, dont le texte nomme un quartier sans nommer la sienne."""
        texte = self.textes[id(cellule)]
        cites = {r for nom, r in self.noms[cellule.annexe].items() if f" {nom} " in texte}
        if len(cites) != 1 or cellule.rang in cites:
            return None
        rang = cites.pop()
        return rang if self.libre(cellule, rang) else None

    def cite(self, cellule: Cellule, rang: int) -> list[str]:
        """Noms de la colonne que le texte emploie."""
        texte = f" {cle(sans_balises(cellule.brut))} "
        return [n for n, r in self.noms[cellule.annexe].items() if r == rang and f" {n} " in texte]

    def ailleurs(self, cellule: Cellule, expression: str) -> set[int]:
        """Colonnes où l'expression se lit ; vide si la sienne en est, ou si elle est courante."""
        mots = expression.split()
        communs = set.intersection(*(self.mots.get(m, set()) for m in mots))
        trouves = [
            c
            for c in (self.index[i] for i in communs)
            if c.annexe == cellule.annexe
            and c.ligne != cellule.ligne
            and f" {expression} " in self.textes[id(c)]
        ]
        rangs = {c.rang for c in trouves if c.rang is not None}
        return set() if len(trouves) >= RARE or cellule.rang in rangs else rangs

    def expressions(self, cellule: Cellule) -> dict[str, int]:
        """Paires de mots longs, dont un nom propre, que le fichier n'a que dans une autre."""
        mots = MOT.findall(self.bruts[id(cellule)])
        trouvees = {}
        for gauche, droite in pairwise(mots):
            if min(len(gauche), len(droite)) < 6 or not (
                gauche[0].isupper() or droite[0].isupper()
            ):
                continue
            expression = cle(f"{gauche} {droite}")
            rangs = self.ailleurs(cellule, expression)
            if len(rangs) == 1:
                trouvees[expression] = rangs.pop()
        return trouvees

    def decalage(self, ligne: list[Cellule]) -> int:
        """±1 si deux expressions d'un texte le réclament et que la ligne s'y range mieux."""
        colonnes = len(self.structure.colonnes[ligne[0].annexe])
        for cellule in ligne:
            ecarts = Counter(r - (cellule.rang or 0) for r in self.expressions(cellule).values())
            for pas in (1, -1):
                rangs = [(c.rang or 0) + pas for c in ligne]
                if ecarts[pas] >= 2 and all(0 <= r < colonnes for r in rangs):
                    avant = sum(self.remplies[c.annexe, c.rang] for c in ligne)
                    apres = sum(self.remplies[ligne[0].annexe, r] for r in rangs)
                    if apres > avant:
                        return pas
        return 0

    def lieux(self, cellule: Cellule) -> dict[str, set[int]]:
        """Lieux que le texte cite et que le fichier ne situe que dans des colonnes ici libres."""
        trouves = {}
        for lieu in LIEU.findall(self.bruts[id(cellule)]):
            nom = cle(lieu)
            if any(m in self.communs for m in nom.split()) or nom in self.noms[cellule.annexe]:
                continue
            rangs = self.ailleurs(cellule, nom)
            if 1 <= len(rangs) <= 2 and all(self.libre(cellule, r) for r in rangs):
                trouves[lieu] = rangs
        return trouves


def _noms(structure: Structure) -> dict[str, dict[str, int]]:
    """Par annexe, les noms de quartiers qui n'appartiennent qu'à une colonne."""
    noms: dict[str, dict[str, int]] = {}
    for annexe, libelles in structure.colonnes.items():
        vus: dict[str, set[int]] = defaultdict(set)
        for rang, libelle in enumerate(libelles):
            for morceau in COUPE.split(libelle):
                if len(nom := cle(morceau)) >= 4:
                    vus[nom].add(rang)
        noms[annexe] = {nom: rangs.pop() for nom, rangs in vus.items() if len(rangs) == 1}
    return noms


def _options(structure: Structure, cellule: Cellule, rangs: list[int]) -> list[tuple[str, str]]:
    """Les colonnes visées d'abord, puis toutes les autres, puis laisser ou ignorer."""
    libelles = structure.colonnes[cellule.annexe]
    autres = [r for r in range(len(libelles)) if r not in rangs and r != cellule.rang]
    laisser = []
    if cellule.rang is not None:
        laisser = [(LAISSER, f"Laisser en « {libelles[cellule.rang]} », à faire vérifier")]
    return [
        *((str(r), f"Déplacer en « {libelles[r]} »") for r in rangs),
        *laisser,
        *((str(r), f"Déplacer en « {libelles[r]} »") for r in autres),
        (IGNORER, "Ne pas importer ce texte"),
    ]


def _suivre(cellule: Cellule, anomalie: Anomalie) -> None:
    if anomalie.en_attente:
        cellule.attente.append(anomalie)
    elif anomalie.retenue == IGNORER:
        cellule.ecartee = True
    elif anomalie.retenue == LAISSER:
        cellule.a_verifier = anomalie.constat
    else:
        cellule.rang = int(anomalie.retenue)


def _declaree(cellule: Cellule, indices: Indices, structure: Structure, journal: Journal) -> None:
    """La table donne deux colonnes : l'imprimée et la corrigée."""
    libelles, vise = structure.colonnes[cellule.annexe], cellule.rang_declare or 0
    ici = f"en « {libelles[cellule.rang]} »" if cellule.rang is not None else "hors du tableau"
    cites = indices.cite(cellule, vise)
    raison = cellule.remarque or "La table donne elle-même cette correction."
    if cites:
        raison += f" Le texte nomme « {' », « '.join(cites)} »."
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.PLACE,
            endroit=cellule.endroit,
            constat=f"Imprimé {ici}, le texte irait en « {libelles[vise]} ».",
            raison=raison,
            options=_options(structure, cellule, [vise]),
            proposition=str(vise),
            confiance=Confiance.ELEVEE if cites else Confiance.MOYENNE,
        )
    )
    _suivre(cellule, anomalie)


def _nommee(
    cellule: Cellule, vise: int, indices: Indices, structure: Structure, journal: Journal
) -> None:
    libelles = structure.colonnes[cellule.annexe]
    noms = "», « ".join(indices.cite(cellule, vise))
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.PLACE,
            endroit=cellule.endroit,
            constat=f"Imprimé en « {libelles[cellule.rang or 0]} », le texte parle de "
            f"« {libelles[vise]} ».",
            raison=f"Il nomme « {noms} », et la case de cette colonne est vide sur la ligne.",
            options=_options(structure, cellule, [vise]),
            proposition=str(vise),
        )
    )
    _suivre(cellule, anomalie)


def _decaler(
    ligne: list[Cellule], pas: int, indices: Indices, structure: Structure, journal: Journal
) -> None:
    libelles = structure.colonnes[ligne[0].annexe]
    mots = [m for c in ligne for m, r in indices.expressions(c).items() if r == (c.rang or 0) + pas]
    sens = "à droite" if pas > 0 else "à gauche"
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.DECALAGE,
            endroit=Endroit(
                ligne[0].endroit.feuille, ligne[0].endroit.ligne, None, ligne[0].endroit.origine
            ),
            constat=f"Les {len(ligne)} textes de la ligne semblent imprimés une colonne trop "
            f"{'à gauche' if pas > 0 else 'à droite'}.",
            raison=f"« {' », « '.join(mots)} » : le fichier ne l'écrit ailleurs que dans la "
            "colonne voisine, et la ligne décalée tombe dans des colonnes plus souvent remplies.",
            options=[
                (
                    f"decaler:{pas}",
                    f"Décaler d'une colonne {sens} : premier texte en "
                    f"« {libelles[(ligne[0].rang or 0) + pas]} »",
                ),
                (LAISSER, f"Laisser en « {libelles[ligne[0].rang or 0]} »"),
                (IGNORER, "Ne pas importer la ligne"),
            ],
            proposition=f"decaler:{pas}",
            confiance=Confiance.FAIBLE,
        )
    )
    for cellule in ligne:
        if anomalie.retenue == IGNORER:
            cellule.ecartee = True
        elif anomalie.retenue.startswith("decaler"):
            cellule.rang = (cellule.rang or 0) + pas


def _demander(
    cellule: Cellule, lieux: dict[str, set[int]], structure: Structure, journal: Journal
) -> None:
    libelles = structure.colonnes[cellule.annexe]
    rangs = sorted(set.union(*lieux.values()))
    ailleurs = " et ".join(f"« {libelles[r]} »" for r in rangs)
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.PLACE,
            endroit=cellule.endroit,
            constat=f"Imprimé en « {libelles[cellule.rang or 0]} », le texte cite "
            f"« {' », « '.join(lieux)} », que le fichier situe en {ailleurs}.",
            raison="L'indice est mince, et la case visée est vide sur la ligne : à quelqu'un de "
            "dire de quel quartier il s'agit.",
            options=_options(structure, cellule, rangs),
            confiance=Confiance.FAIBLE,
            question=True,
        )
    )
    _suivre(cellule, anomalie)
