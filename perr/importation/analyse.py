"""Du fichier lu aux cellules à leur place : chaque règle nomme ce qu'elle corrige."""

from collections.abc import Callable
from dataclasses import dataclass, field

from perr.importation.actions import Actions
from perr.importation.colonnes import Colonnes
from perr.importation.connu import Connu
from perr.importation.formes import (
    IGNORER,
    LAISSER,
    ActionLue,
    Anomalie,
    Cellule,
    Confiance,
    Feuille,
    FichierRefuse,
    Genre,
    Journal,
    Structure,
)
from perr.importation.imprime import LigneLue, a_la_disposition, lire_imprime, signaler_feuille
from perr.importation.lignes import placer
from perr.importation.longue import est_longue, lire_longue
from perr.importation.partages import noter_les_partages
from perr.importation.places import verifier_les_places
from perr.importation.programmes import Programmes


@dataclass
class Lecture:
    """Ce que le fichier dit, une fois les décisions prises ; la base n'y est pas comparée."""

    structure: Structure = field(default_factory=Structure)
    cellules: list[Cellule] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)

    @property
    def questions(self) -> list[Anomalie]:
        return [a for a in self.anomalies if a.question]


def analyser(
    feuilles: list[Feuille],
    connu: Connu,
    reponses: dict[str, str],
    deja: Callable[[Cellule], bool] = lambda _: False,
) -> Lecture:
    """Lit les feuilles dans l'une des deux dispositions ; `FichierRefuse` si aucune ne convient.

    `deja` dit qu'une cellule est à sa place en base : elle n'est plus mise en doute.
    """
    journal, structure = Journal(reponses), Structure()
    colonnes = Colonnes(connu, structure, journal)
    longues = [f for f in feuilles if est_longue(f)]
    imprimees = [] if longues else [f for f in feuilles if a_la_disposition(f)]
    if not longues and not imprimees:
        raise FichierRefuse(_sans_entete(feuilles))
    lues = longues[:1] or imprimees
    for feuille in feuilles:
        if feuille not in lues:
            signaler_feuille(feuille, journal)
    if longues:
        cellules = lire_longue(longues[0], connu, colonnes, structure, journal)
    else:
        lignes = [li for f in imprimees for li in lire_imprime(f, colonnes)]
        cellules = _imprimees(lignes, connu, structure, journal)
    if not cellules and not structure.actions:
        raise FichierRefuse(
            "Le tableau a un en-tête de PERR mais aucune ligne d'action en dessous : vérifiez que "
            "c'est le bon fichier."
        )
    verifier_les_places(cellules, structure, journal, deja)
    return Lecture(structure, cellules, journal.anomalies)


def _sans_entete(feuilles: list[Feuille]) -> str:
    vue = feuilles[0]
    lue = next((f"ligne {n}" for n, valeurs in vue.lignes if valeurs), "")
    ou = f"feuille « {vue.nom} », {lue}" if vue.nom else lue
    return (
        f"Aucun en-tête de PERR reconnu (première ligne remplie : {ou}). Attendu : « Piliers, N°, "
        "Intitulé du programme, Proposition PERR » puis les quartiers ; ou une table avec au moins "
        "les colonnes « action », « colonne » et « texte »."
    )


def _imprimees(
    lignes: list[LigneLue], connu: Connu, structure: Structure, journal: Journal
) -> list[Cellule]:
    lus = [libelle for ligne in lignes for libelle in ligne.libelles]
    actions = Actions(connu, lus, journal)
    programmes = Programmes(connu, structure, journal)
    cellules: list[Cellule] = []
    precedentes: list[Cellule] = []
    derniers: list[str] = []
    for n, ligne in enumerate(lignes):
        if programmes.est_un_intertitre(ligne):
            continue
        placees = placer(ligne, n, journal, structure)
        programmes.suivre(ligne)
        if ligne.libelles:
            derniers = _actions(ligne, actions, structure)
            programmes.compter(ligne, derniers)
            structure.montrees |= {
                (ligne.entete.annexe, rang, numero)
                for numero in derniers
                for rang in ligne.entete.rangs.values()
                if rang is not None
            }
            numeros = derniers
        elif placees:
            numeros = _suite(ligne, derniers, precedentes, journal)
        else:
            continue
        for cellule in placees:
            cellule.actions = list(numeros)
            cellule.ecartee = cellule.ecartee or not numeros
        precedentes = placees
        cellules += placees
    programmes.trancher()
    noter_les_partages(cellules, journal)
    return cellules


def _actions(ligne: LigneLue, actions: Actions, structure: Structure) -> list[str]:
    """Numéros retenus, et ce que l'annexe imprime de chaque action."""
    numeros = []
    for numero, titre in ligne.libelles:
        trouve = actions.trouver(numero, titre, ligne.endroit)
        if not trouve:
            continue
        numeros.append(trouve)
        structure.titres.setdefault((ligne.entete.annexe, trouve), (titre, numero))
        lue = structure.actions.setdefault(trouve, ActionLue(trouve, titre))
        lue.titre = lue.titre or titre
    return numeros


def _suite(
    ligne: LigneLue, derniers: list[str], precedentes: list[Cellule], journal: Journal
) -> list[str]:
    """Une ligne sans action continue la précédente : deux actions dans une case, deux lignes."""
    plusieurs = len(derniers) > 1 and any(len(c.actions) > 1 for c in precedentes)
    if plusieurs:
        haut, bas = derniers[0], derniers[-1]
        options = [
            ("repartir", f"Ligne précédente : action {haut} ; celle-ci : action {bas}"),
            (LAISSER, f"Les deux lignes valent pour les actions {' et '.join(derniers)}"),
            (IGNORER, "Ne pas importer cette ligne"),
        ]
    else:
        options = [(n, f"C'est la suite de l'action {n}") for n in derniers]
        options.append((IGNORER, "Ne pas importer cette ligne"))
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.SUITE,
            endroit=ligne.endroit,
            constat="La ligne ne nomme pas d'action.",
            raison=f"La ligne précédente en nomme {len(derniers)} ; celle-ci suit."
            if plusieurs
            else "Rien ne dit de quelle action elle parle.",
            options=options,
            proposition="repartir" if plusieurs else options[0][0],
            confiance=Confiance.ELEVEE if plusieurs else Confiance.FAIBLE,
            question=not plusieurs,
        )
    )
    if anomalie.retenue == "repartir":
        for cellule in precedentes:
            cellule.actions = derniers[:1]
        return derniers[-1:]
    if anomalie.retenue == LAISSER:
        return derniers
    return [] if anomalie.retenue in (IGNORER, "") else [anomalie.retenue]
