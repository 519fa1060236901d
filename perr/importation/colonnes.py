"""Reconnaît annexes et colonnes d'après leurs en-têtes, quelle que soit leur graphie."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from perr.importation.connu import Connu, noms_de_colonne
from perr.importation.formes import (
    CREER,
    IGNORER,
    Anomalie,
    Confiance,
    Endroit,
    Genre,
    Journal,
    Structure,
)
from perr.importation.textes import cle

SUR = 80  # au-dessus, c'est la même colonne, à une graphie près
POSSIBLE = 50


class Colonnes:
    """Les colonnes connues de la base, puis celles que le fichier ajoute."""

    def __init__(self, connu: Connu, structure: Structure, journal: Journal) -> None:
        self.connu, self.structure, self.journal = connu, structure, journal
        for annexe, colonnes in connu.colonnes.items():
            structure.colonnes[annexe] = [c.libelle for c in colonnes]
            for rang, colonne in enumerate(colonnes):
                structure.alias[annexe, rang] = noms_de_colonne(connu, colonne)
                structure.abreges[annexe, rang] = colonne.abrege

    def annexe(self, libelle: str, entetes: list[str]) -> str:
        """L'annexe que le fichier nomme, ou celle dont il a les colonnes, ou une nouvelle."""
        noms = list(self.structure.colonnes)
        par_cle = {cle(nom): nom for nom in noms}
        par_cle |= {cle(a.cle): nom for nom, a in self.connu.annexes.items()}
        if (voulue := cle(libelle)) in par_cle:
            return par_cle[voulue]
        trouvee = process.extractOne(voulue, list(par_cle), scorer=fuzz.ratio, score_cutoff=85)
        if trouvee:
            return par_cle[trouvee[0]]
        for nom in noms:
            reconnues = [e for e in entetes if self._meilleure(nom, e)[1] >= SUR]
            if entetes and len(reconnues) * 2 > len(entetes):
                return nom
        nom = _titre(libelle) or f"Annexe {len(noms) + 1}"
        self.structure.colonnes.setdefault(nom, [])
        return nom

    def exactes(self, annexe: str, entetes: Iterable[str]) -> frozenset[int]:
        """Rangs des colonnes que ces en-têtes nomment sans faute : aucun autre ne les désigne."""
        notes = (self._meilleure(annexe, entete) for entete in entetes)
        return frozenset(rang for rang, score in notes if score == 100)

    def rang(
        self, annexe: str, entete: str, endroit: Endroit, prises: frozenset[int] = frozenset()
    ) -> tuple[int | None, Anomalie | None]:
        """Rang de la colonne de cet en-tête, ou None et la question dont ses textes attendent.

        Ni rang ni question : la décision est de ne pas l'importer. `prises` : `exactes()`.
        """
        rang, score = self._meilleure(annexe, entete, prises)
        if score == 100:
            return rang, None
        libelles = self.structure.colonnes[annexe]
        neuve = annexe not in self.connu.colonnes
        if score >= SUR:
            return self._suivre(annexe, entete, self._graphie(annexe, entete, rang, score, endroit))
        if neuve:
            return self._creer(annexe, entete), None
        anomalie = self._note(
            annexe,
            entete,
            endroit,
            constat=f"La colonne « {entete} » n'est pas une colonne de l'annexe {annexe}.",
            proposition=str(rang) if score >= POSSIBLE else CREER,
            confiance=Confiance.FAIBLE,
            raison=(
                f"« {libelles[rang]} » s'en approche à {score:.0f} %."
                if score >= POSSIBLE
                else "Aucune colonne de l'annexe ne lui ressemble."
            ),
            question=True,
        )
        return self._suivre(annexe, entete, anomalie)

    def _suivre(
        self, annexe: str, entete: str, anomalie: Anomalie
    ) -> tuple[int | None, Anomalie | None]:
        if anomalie.en_attente:
            return None, anomalie
        if anomalie.retenue == IGNORER:
            return None, None
        if anomalie.retenue == CREER:
            return self._creer(annexe, entete), None
        return int(anomalie.retenue), None

    def _creer(self, annexe: str, entete: str) -> int:
        libelles = self.structure.colonnes[annexe]
        libelles.append(entete)
        self.structure.alias[annexe, len(libelles) - 1] = [entete]
        return len(libelles) - 1

    def _graphie(
        self, annexe: str, entete: str, rang: int, score: float, endroit: Endroit
    ) -> Anomalie:
        libelle = self.structure.colonnes[annexe][rang]
        return self._note(
            annexe,
            entete,
            endroit,
            constat=f"La colonne « {entete} » est écrite autrement que « {libelle} ».",
            proposition=str(rang),
            confiance=Confiance.ELEVEE if score >= 90 else Confiance.MOYENNE,
            raison=f"Les deux écritures se ressemblent à {score:.0f} %.",
        )

    def _note(self, annexe: str, entete: str, endroit: Endroit, **champs: object) -> Anomalie:
        """Une écriture ne se signale qu'une fois, à sa première ligne."""
        options = [
            (str(rang), f"C'est « {libelle} »")
            for rang, libelle in enumerate(self.structure.colonnes[annexe])
        ]
        options += [(CREER, "Créer cette colonne"), (IGNORER, "Ne pas importer cette colonne")]
        return self.journal.noter(
            Anomalie(
                genre=Genre.COLONNE,
                endroit=endroit,
                options=options,
                sujet=f"{annexe}/{cle(entete)}",
                partout=True,
                **champs,  # type: ignore[arg-type]
            )
        )

    def _meilleure(
        self, annexe: str, entete: str, prises: frozenset[int] = frozenset()
    ) -> tuple[int, float]:
        """Rang et ressemblance de la colonne la plus proche ; 100 pour une écriture connue."""
        voulu, meilleur, score = cle(entete), -1, 0.0
        for rang, libelle in enumerate(self.structure.colonnes[annexe]):
            for nom in (libelle, *self.structure.alias.get((annexe, rang), ())):
                note = 100.0 if cle(nom) == voulu else _ressemblance(cle(nom), voulu)
                if rang in prises and note < 100:
                    continue
                if note > score:
                    meilleur, score = rang, note
        return meilleur, score


def _ressemblance(gauche: str, droite: str) -> float:
    """Sous `SUR` dès qu'un mot ou un nombre change : « Quartier 1 » n'est pas « Quartier 2 »."""
    note = min(99.0, fuzz.ratio(gauche, droite))
    a, b = set(gauche.split()), set(droite.split())
    seuls, autres = a - b, b - a
    meme = len(seuls) == len(autres) and all(any(_fautif(m, n) for n in autres) for m in seuls)
    return note if meme or not seuls | autres else min(note, SUR - 1.0)


def _fautif(mot: str, autre: str) -> bool:
    """Le même mot à une faute de frappe près ; un mot court ou un nombre ne se devine pas."""
    return min(len(mot), len(autre)) >= 5 and mot.isalpha() and fuzz.ratio(mot, autre) >= 55


def _titre(libelle: str) -> str:
    """« NORD/EST » → « Nord/Est » ; un nom déjà composé reste tel quel."""
    return libelle.title() if libelle.isupper() else libelle.strip()
