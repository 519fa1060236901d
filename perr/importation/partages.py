"""Les cases imprimées une fois pour plusieurs actions."""

from perr.importation.formes import IGNORER, Anomalie, Cellule, Confiance, Genre, Journal
from perr.importation.textes import NON_TRAVAILLE


def noter_les_partages(cellules: list[Cellule], journal: Journal) -> None:
    """Une case pour plusieurs actions vaut pour toutes, sauf si elle parle d'un seul axe."""
    lignes: dict[int, list[Cellule]] = {}
    for cellule in cellules:
        if len(cellule.actions) > 1:
            lignes.setdefault(cellule.ligne, []).append(cellule)
    for groupe in lignes.values():
        noter_partage(groupe, journal)


def noter_partage(groupe: list[Cellule], journal: Journal) -> None:
    """Demande au lieu de proposer quand un texte dit « axe non travaillé », sans dire lequel."""
    numeros = groupe[0].actions
    seul = any(NON_TRAVAILLE.search(c.brut) for c in groupe)
    toutes = " et ".join(numeros)
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.PARTAGE,
            endroit=groupe[0].endroit,
            constat=f"La ligne porte les actions {toutes} : {len(groupe)} "
            f"case{'s' if len(groupe) > 1 else ''} pour les deux.",
            raison="Un texte parle d'un axe non travaillé, au singulier : lequel ?"
            if seul
            else "Rien ne les sépare : la case vaut pour chaque action.",
            options=[
                ("toutes", f"Les textes valent pour les actions {toutes}"),
                *((n, f"Les textes valent pour l'action {n} seule") for n in numeros),
                (IGNORER, "Ne pas importer la ligne"),
            ],
            proposition="toutes",
            confiance=Confiance.FAIBLE if seul else Confiance.MOYENNE,
            question=seul,
        )
    )
    for cellule in groupe:
        if anomalie.en_attente:
            cellule.attente.append(anomalie)
        elif anomalie.retenue == IGNORER:
            cellule.ecartee = True
        elif anomalie.retenue != "toutes":
            cellule.actions = [anomalie.retenue]
