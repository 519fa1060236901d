"""Lit une table longue : une ligne par cellule, action, colonne et texte en colonnes."""

import re

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
    Endroit,
    Feuille,
    FichierRefuse,
    Genre,
    Journal,
    Structure,
)
from perr.importation.lignes import demander_la_place
from perr.importation.partages import noter_partage
from perr.importation.textes import cle, propre

# Un en-tête a plusieurs noms possibles ; le premier de la liste qui est présent sert.
TETES: dict[str, tuple[str, ...]] = {
    "annexe": ("annexe", "territoire", "secteur"),
    "colonne": ("colonne", "quartier", "libelle colonne"),
    "abrege": ("colonne abrege", "abrege", "colonne code"),
    "action": ("action numero tableau principal", "numero action", "action numero", "action"),
    "imprime": ("action numero imprime", "numero imprime"),
    "titre": ("titre", "titre action", "intitule action", "proposition perr"),
    "programme": ("programme", "numero programme", "n programme"),
    "intitule": ("programme intitule", "intitule programme", "intitule du programme"),
    "pilier": ("pilier", "piliers"),
    "prioritaire": ("prioritaire",),
    "place": ("colonne imprimee",),
    "corrigee": ("colonne corrigee",),
    "statut": ("statut",),
    "texte": ("texte", "texte brut", "declinaison"),
    "modalites": ("modalites",),
    "motif": ("motif",),
    "remarque": ("anomalie", "remarque"),
    "renvoi": ("cible renvoi", "renvoi"),
    "partenaires": ("partenaires", "partenaire"),
}
DOUTE = re.compile(r"\bincertain|\bà vérifier|\bou\b.*\?|\bdouteu", re.I)
PROBABLE = re.compile(r"\bprobable", re.I)


def _places(valeurs: list[str]) -> dict[str, int]:
    cles = [cle(v.replace("_", " ")) for v in valeurs]
    places = {}
    for nature, noms in TETES.items():
        trouve = next((cles.index(nom) for nom in noms if nom in cles), None)
        if trouve is not None:
            places[nature] = trouve
    origine = next((i for i, c in enumerate(cles) if c.startswith("ligne")), None)
    if origine is not None:
        places["origine"] = origine
    return places


def _entete(feuille: Feuille) -> tuple[int, dict[str, int], int]:
    """Indice de la ligne d'en-tête, places des colonnes, nombre de colonnes ; -1 sans en-tête."""
    for indice, (_, valeurs) in enumerate(feuille.lignes[:20]):
        places = _places(valeurs)
        if ("action" in places or "titre" in places) and {"colonne", "texte"} <= set(places):
            return indice, places, len(valeurs)
    return -1, {}, 0


def est_longue(feuille: Feuille) -> bool:
    return _entete(feuille)[0] >= 0


class _Ligne:
    """Accès par nature à une ligne de la table."""

    def __init__(self, numero: int, valeurs: list[str], places: dict[str, int], nom: str) -> None:
        self.valeurs, self.places = valeurs, places
        self.endroit = Endroit(nom, numero, places["texte"], self["origine"])

    def __getitem__(self, nature: str) -> str:
        i = self.places.get(nature)
        return self.valeurs[i].strip() if i is not None and i < len(self.valeurs) else ""

    def rang(self, nature: str) -> int | None:
        return int(self[nature]) - 1 if re.fullmatch(r"[1-9]\d?", self[nature]) else None

    def numeros(self, nature: str) -> list[str]:
        return [n for n in re.split(r"\s*(?:/|,|;|\bet\b|&)\s*", self[nature]) if n]


def lire_longue(
    feuille: Feuille, connu: Connu, colonnes: Colonnes, structure: Structure, journal: Journal
) -> list[Cellule]:
    """Les cellules de la table ; le rang imprimé, s'il est donné, reste à confirmer."""
    indice, places, largeur = _entete(feuille)
    lignes = [
        _Ligne(n, valeurs, places, feuille.nom)
        for n, valeurs in feuille.lignes[indice + 1 :]
        if any(v.strip() for v in valeurs)
    ]
    for ligne in lignes:
        if len(ligne.valeurs) > largeur:
            raise FichierRefuse(
                f"Ligne {ligne.endroit.ligne} : {len(ligne.valeurs)} valeurs pour {largeur} "
                "colonnes. Un séparateur est en trop : mettez le texte entre guillemets."
            )
        for nature in ("action", "colonne"):
            if nature in places and not ligne[nature] and not ligne["titre"]:
                place = Endroit(feuille.nom, ligne.endroit.ligne, places[nature])
                raise FichierRefuse(
                    f"{place.en_tete} : la case « {nature} » est vide. Remplissez-la."
                )
    ordre = _ordre(lignes)
    lus = [(n, li["titre"]) for li in lignes for n in li.numeros("action")[:1]]
    actions = Actions(connu, lus, journal)
    cellules = []
    libelles: dict[str, set[str]] = {}
    for ligne in lignes:
        libelles.setdefault(ligne["annexe"], set()).add(ligne["colonne"])
    for ligne in lignes:
        annexe = colonnes.annexe(ligne["annexe"], [ligne["colonne"]])
        _declarer(annexe, ordre.get(ligne["annexe"], []), ligne, colonnes)
        prises = colonnes.exactes(annexe, libelles[ligne["annexe"]])
        rang, question = colonnes.rang(annexe, ligne["colonne"], ligne.endroit, prises)
        numeros = _numeros(ligne, annexe, actions, structure, journal)
        cellule = _cellule(ligne, annexe, numeros, rang)
        cellules.append(cellule)
        if rang is not None:
            structure.abreges.setdefault((annexe, rang), ligne["abrege"])
            _placer(ligne, cellule, rang, structure, journal)
        elif question:
            cellule.attente.append(question)
        else:
            cellule.ecartee = True
    _grouper(cellules, lignes, journal)
    return cellules


def _ordre(lignes: list[_Ligne]) -> dict[str, list[str]]:
    """Colonnes de chaque annexe à leur rang imprimé, quand la table le donne."""
    rangs: dict[str, dict[int, str]] = {}
    for ligne in lignes:
        rang = ligne.rang("corrigee")
        if rang is None:
            rang = ligne.rang("place")
        if rang is not None:
            rangs.setdefault(ligne["annexe"], {}).setdefault(rang, ligne["colonne"])
    return {
        annexe: [vues[r] for r in sorted(vues)]
        for annexe, vues in rangs.items()
        if sorted(vues) == list(range(len(vues))) and len(set(vues.values())) == len(vues)
    }


def _declarer(annexe: str, libelles: list[str], ligne: _Ligne, colonnes: Colonnes) -> None:
    """Une annexe neuve reçoit d'un coup ses colonnes, dans leur ordre imprimé."""
    if annexe not in colonnes.connu.colonnes and not colonnes.structure.colonnes[annexe]:
        for libelle in libelles:
            colonnes.rang(annexe, libelle, ligne.endroit)


def _cellule(ligne: _Ligne, annexe: str, numeros: list[str], rang: int | None) -> Cellule:
    return Cellule(
        endroit=ligne.endroit,
        annexe=annexe,
        rang=rang,
        actions=numeros,
        brut=ligne["texte"],
        statut_declare=ligne["statut"],
        motif_declare=propre(ligne["motif"]),
        modalites_declarees=propre(ligne["modalites"]),
        renvoi_declare=propre(ligne["renvoi"]),
        rubriques_a_part="motif" in ligne.places and "modalites" in ligne.places,
        remarque=ligne["remarque"],
        ecartee=not numeros,
    )


def _numeros(
    ligne: _Ligne, annexe: str, actions: Actions, structure: Structure, journal: Journal
) -> list[str]:
    """Actions de la ligne ; un numéro imprimé qui en contredit un autre se signale."""
    principaux, imprimes = ligne.numeros("action"), ligne.numeros("imprime")
    if imprimes and principaux and imprimes != principaux:
        principaux = _deux_numeros(ligne, principaux, imprimes, journal)
    titre = ligne["titre"] if len(principaux) < 2 else ""
    trouves = [actions.trouver(n, titre, ligne.endroit) for n in principaux or [""]]
    numeros = [n for n in trouves if n]
    for rang, numero in enumerate(numeros):
        lue = structure.actions.setdefault(numero, ActionLue(numero))
        lue.titre = lue.titre or titre
        lue.programme = lue.programme or ligne["programme"]
        lue.prioritaire = lue.prioritaire or cle(ligne["prioritaire"]) in ("oui", "vrai", "1", "p")
        noms = re.split(r"\s*[;\n]\s*", propre(ligne["partenaires"]))
        lue.partenaires += [n for n in noms if n and n not in lue.partenaires]
        imprime = imprimes[rang] if len(imprimes) == len(numeros) else numero
        if titre or imprime != numero:
            structure.titres.setdefault((annexe, numero), (titre, imprime))
    if ligne["programme"]:
        if ligne["intitule"]:
            structure.programmes.setdefault(ligne["programme"], ligne["intitule"])
        if ligne["pilier"]:
            structure.piliers.setdefault(ligne["programme"], ligne["pilier"])
    return numeros


def _deux_numeros(
    ligne: _Ligne, principaux: list[str], imprimes: list[str], journal: Journal
) -> list[str]:
    principal, imprime = "/".join(principaux), "/".join(imprimes)
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.NUMERO,
            endroit=ligne.endroit,
            constat=f"L'annexe imprime le numéro {imprime} pour l'action {principal} du tableau "
            "principal.",
            raison="Le titre l'emporte sur le numéro imprimé : le fichier donne lui-même le numéro "
            "du tableau principal.",
            options=[
                (principal, f"Action {principal}, celle du titre"),
                (imprime, f"Action {imprime}, comme imprimé"),
                (IGNORER, "Ne pas importer cette ligne"),
            ],
            proposition=principal,
            sujet=f"{ligne['annexe']}/{principal}/{imprime}",
            partout=True,
        )
    )
    if anomalie.retenue == IGNORER:
        return []
    return anomalie.retenue.split("/")


def _placer(
    ligne: _Ligne, cellule: Cellule, rang: int, structure: Structure, journal: Journal
) -> None:
    """La colonne nommée, confrontée à la colonne imprimée quand la table donne les deux."""
    libelles, remarque = structure.colonnes[cellule.annexe], ligne["remarque"]
    if "place" in ligne.places and not ligne["place"]:
        doute = bool(DOUTE.search(remarque))
        demander_la_place(
            cellule,
            journal,
            structure,
            constat=f"La place imprimée n'est pas connue : où va « {cellule.brut[:70]}… » ?",
            raison=remarque or f"Le fichier propose « {libelles[rang]} » sans dire pourquoi.",
            suggestion="" if doute else str(rang),
            confiance=Confiance.MOYENNE if PROBABLE.search(remarque) else Confiance.FAIBLE,
        )
        return
    imprime = ligne.rang("place")
    if imprime is not None and imprime != rang:
        cellule.rang_declare = rang
        cellule.rang = imprime if imprime < len(libelles) else None
    elif remarque and len(cellule.actions) == 1:
        note = journal.noter(
            Anomalie(
                genre=Genre.REMARQUE,
                endroit=ligne.endroit,
                constat=f"Le fichier signale : « {remarque} ».",
                raison=f"Les textes de la ligne sont pris pour l'action {cellule.actions[0]}, sous "
                "les colonnes que la table nomme.",
                options=[
                    (LAISSER, "Prendre comme la table l'écrit"),
                    (IGNORER, "Ne pas importer ces textes"),
                ],
                proposition=LAISSER,
                confiance=Confiance.MOYENNE,
                sujet=f"{cellule.annexe}/{ligne['origine']}/{cellule.actions[0]}/{remarque}",
                partout=True,
            )
        )
        cellule.ecartee = cellule.ecartee or note.retenue == IGNORER


def _grouper(cellules: list[Cellule], lignes: list[_Ligne], journal: Journal) -> None:
    """Les cases d'une même ligne imprimée se décident ensemble."""
    groupes: dict[tuple[str, str, str], list[Cellule]] = {}
    for cellule, ligne in zip(cellules, lignes, strict=True):
        origine = ligne["origine"] or f"a{'/'.join(cellule.actions)}"
        groupes.setdefault((cellule.annexe, origine, ""), []).append(cellule)
    for n, groupe in enumerate(groupes.values()):
        for cellule in groupe:
            cellule.ligne = n
        partagees = [c for c in groupe if len(c.actions) > 1]
        if partagees:
            noter_partage(partagees, journal)
