"""Remet à leur place les textes d'une ligne imprimée, et dit de quelles actions elle parle."""

from rapidfuzz import fuzz

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
from perr.importation.imprime import NUMERO, LigneLue
from perr.importation.textes import cle


def placer(
    ligne: LigneLue, rang_de_ligne: int, journal: Journal, structure: Structure
) -> list[Cellule]:
    """Les textes de la ligne, à leur rang ; ceux dont la place n'est pas sûre attendent."""
    decalage, sure = _decalage(ligne)
    _contexte(ligne, decalage if sure else 0)
    if not sure:
        return [_a_placer(ligne, rang_de_ligne, i, v, journal, structure) for i, v in ligne.textes]
    retenu: int | None = decalage
    if decalage or ligne.place_du_libelle not in (None, ligne.entete.action):
        retenu = _confirmer(ligne, decalage, journal, structure)
    cellules = []
    for place, texte in ligne.textes if retenu is not None else ():
        ici = place + (retenu or 0)
        cellule = _cellule(ligne, rang_de_ligne, place, texte, ligne.entete.rangs.get(ici))
        if ici in ligne.entete.questions:
            cellule.attente.append(ligne.entete.questions[ici])
        else:
            cellule.ecartee = cellule.rang is None
        cellules.append(cellule)
    return cellules


def _cellule(ligne: LigneLue, n: int, place: int, texte: str, rang: int | None) -> Cellule:
    endroit = Endroit(ligne.endroit.feuille, ligne.endroit.ligne, place)
    return Cellule(endroit, ligne.entete.annexe, rang, [], texte, ligne=n)


def _decalage(ligne: LigneLue) -> tuple[int, bool]:
    """De combien la ligne est décalée, et si on en est sûr."""
    entete, textes = ligne.entete, ligne.textes
    places = [i for i, _ in textes]
    premiere, derniere = entete.premiere, entete.derniere

    def tient(d: int) -> bool:
        return all(premiere <= i + d <= derniere for i in places)

    if ligne.place_du_libelle is None:
        if not places:
            return 0, True
        possibles = list(range(premiere - places[0], derniere - places[-1] + 1))
        if 0 in possibles:
            return 0, True
        return (possibles[0], True) if len(possibles) == 1 else (0, False)
    d = entete.action - ligne.place_du_libelle
    if d == 0:
        if tient(0):
            return 0, True
        retour = derniere - places[-1]
        return (retour, True) if tient(retour) else (0, False)
    if not places:
        return d, True
    # En première colonne, le libellé seul a pu glisser ; ailleurs, c'est toute la ligne.
    ordre = (0, d) if ligne.place_du_libelle == 0 else (d, 0)
    for essai in ordre:
        if tient(essai):
            return essai, True
    return 0, False


def _confirmer(
    ligne: LigneLue, decalage: int, journal: Journal, structure: Structure
) -> int | None:
    """Note le décalage ; rend celui que la décision retient, None si la ligne est ignorée."""
    entete, textes = ligne.entete, ligne.textes
    libelles = structure.colonnes[entete.annexe]

    def ou(place: int) -> str:
        rang = entete.rangs.get(place)
        return f"« {libelles[rang]} »" if rang is not None else "hors du tableau"

    constat, raison, confiance = _dire(ligne, decalage)
    options = []
    if textes and decalage:
        premier = textes[0][0]
        options = [
            (
                f"decaler:{decalage}",
                f"Décaler la ligne : premier texte en {ou(premier + decalage)}",
            ),
            (LAISSER, f"Laisser comme imprimé : premier texte en {ou(premier)}"),
            (IGNORER, "Ne pas importer la ligne"),
        ]
    elif textes:
        options = [
            (LAISSER, f"Laisser les textes en place : le premier en {ou(textes[0][0])}"),
            (IGNORER, "Ne pas importer la ligne"),
        ]
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.DECALAGE,
            endroit=Endroit(ligne.endroit.feuille, ligne.endroit.ligne),
            constat=constat,
            raison=raison,
            options=options,
            proposition=options[0][0] if options else "",
            confiance=confiance,
        )
    )
    if anomalie.retenue == IGNORER:
        return None
    return decalage if anomalie.retenue.startswith("decaler") else 0


def _dire(ligne: LigneLue, decalage: int) -> tuple[str, str, Confiance]:
    sens = "à droite" if decalage > 0 else "à gauche"
    pas = f"{abs(decalage)} colonne{'s' if abs(decalage) > 1 else ''} {sens}"
    if ligne.place_du_libelle is None:
        return (
            "La ligne ne nomme pas d'action et ses textes commencent avant les quartiers.",
            f"Décalés de {pas}, ses {len(ligne.textes)} textes remplissent exactement les colonnes "
            "de quartiers.",
            Confiance.ELEVEE,
        )
    if ligne.place_du_libelle == ligne.entete.action:
        return (
            "La ligne a un texte au-delà de la dernière colonne de quartier.",
            f"Décalée de {pas}, elle tient dans le tableau.",
            Confiance.MOYENNE,
        )
    ecart = f"L'action est écrite en {ligne.place_du_libelle + 1}e colonne au lieu de la "
    ecart = ecart.replace("1e ", "1re ") + f"{ligne.entete.action + 1}e."
    if decalage:
        return ecart, f"Toute la ligne suit : on la décale de {pas}.", Confiance.ELEVEE
    return (
        ecart,
        "Ses textes sont sous les quartiers et déborderaient si on les décalait : seul le libellé "
        "a glissé.",
        Confiance.MOYENNE,
    )


def _a_placer(
    ligne: LigneLue, n: int, place: int, texte: str, journal: Journal, structure: Structure
) -> Cellule:
    """Question : rien dans la ligne ne dit de quelle colonne ce texte parle."""
    cellule = _cellule(ligne, n, place, texte, None)
    combien, colonnes = len(ligne.textes), len(ligne.entete.rangs)
    return demander_la_place(
        cellule,
        journal,
        structure,
        constat=f"{combien} textes pour {colonnes} colonnes, et l'action n'est pas à sa place : "
        f"où va « {texte[:70]}… » ?",
        raison="Aucun décalage ne remet la ligne dans le tableau : quelqu'un doit le dire.",
    )


def demander_la_place(
    cellule: Cellule,
    journal: Journal,
    structure: Structure,
    *,
    constat: str,
    raison: str,
    suggestion: str = "",
    confiance: Confiance = Confiance.FAIBLE,
) -> Cellule:
    options = [
        (str(rang), f"Colonne « {libelle} »")
        for rang, libelle in enumerate(structure.colonnes[cellule.annexe])
    ]
    anomalie = journal.noter(
        Anomalie(
            genre=Genre.PLACE_INCONNUE,
            endroit=cellule.endroit,
            constat=constat,
            raison=raison,
            options=[*options, (IGNORER, "Ne pas importer ce texte")],
            proposition=suggestion,
            confiance=confiance,
            question=True,
        )
    )
    if anomalie.en_attente:
        cellule.attente.append(anomalie)
    elif anomalie.retenue == IGNORER:
        cellule.ecartee = True
    else:
        cellule.rang = int(anomalie.retenue)
    return cellule


def _contexte(ligne: LigneLue, decalage: int) -> None:
    """Pilier, numéro et intitulé de programme, lus à leur place une fois la ligne redressée."""
    fin = ligne.place_du_libelle
    if fin == ligne.entete.action:
        decalage = 0  # seuls les textes débordent
    if fin is None or (decalage == 0 and fin != ligne.entete.action):
        return

    def a(place: int | None) -> str:
        i = -1 if place is None else place - decalage
        return ligne.valeurs[i] if 0 <= i < fin else ""

    entete = ligne.entete
    ligne.pilier, ligne.intitule = a(entete.pilier), a(entete.intitule)
    numero = a(entete.numero)
    ligne.programme = numero if NUMERO.match(numero) else ""


def programme_par_titre(intitule: str, connus: dict[str, list[str]]) -> str:
    """Numéro du programme dont l'intitulé ressemble le plus, vide si aucun ne ressemble assez."""
    voulu, meilleur, note = cle(intitule), "", 0.0
    for numero, titres in connus.items():
        for titre in titres:
            ici = max(fuzz.ratio(voulu, cle(titre)), 0.9 * fuzz.partial_ratio(voulu, cle(titre)))
            if ici > note:
                meilleur, note = numero, ici
    return meilleur if note >= 75 else ""
