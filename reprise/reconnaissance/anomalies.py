"""Ce qui cloche dans le fond : annoncé et pas trouvé, renvoi vers rien, faux texte, nom privé."""

import re
from textwrap import shorten

from reprise.reconnaissance.controles import Vers, renvois, sauts
from reprise.reconnaissance.formes import Anomalie, Compris, Place, Role
from reprise.reconnaissance.vocabulaire import Vocabulaire

PRIVE = re.compile(r"\b0[1-9](?:[ .]?\d{2}){4}\b|[\w.+-]+@[\w-]+\.\w+")
NOMS = {
    "defi": "défis",
    "orientation": "orientations",
    "fiche": "fiches",
    "engagement": "engagements",
}


def relever(compris: Compris, vocabulaire: Vocabulaire) -> list[Anomalie]:
    """Toutes les anomalies, dans l'ordre du document autant que possible."""
    return [
        *_ecartes(compris.places),
        *_annonces(compris),
        *_mal_places(compris.places),
        *_renvois(compris),
        *_structure(compris),
        *_matrices(compris.places, vocabulaire),
        *_donnees_privees(compris.places),
    ]


def _ecartes(places: list[Place]) -> list[Anomalie]:
    trouvees = []
    for place in places:
        extrait = shorten(place.element.nu, 80, placeholder="…")
        if place.role == Role.REMPLISSAGE:
            constat = f"Texte de remplissage, écarté : « {extrait} »"
            trouvees.append(Anomalie("remplissage", constat, [place.element.id]))
        elif place.role == Role.BRUIT and extrait and place.cible != "sommaire":
            constat = f"Habillage du document, écarté : « {extrait} »"
            trouvees.append(Anomalie("habillage", constat, [place.element.id]))
        elif place.role == Role.NON_PLACE:
            constat = f"Non placé : « {extrait} »"
            trouvees.append(Anomalie("non_place", constat, [place.element.id]))
    return trouvees


def _annonces(compris: Compris) -> list[Anomalie]:
    trouvees = []
    for nature, annonce, libelle in compris.annonces:
        compte = {
            "fiche": len(compris.fiches),
            "engagement": len(compris.engagements),
            "orientation": len(compris.fiches)
            or sum(a.nature == "orientation" for a in compris.axes),
        }.get(nature, sum(a.nature == nature for a in compris.axes))
        if compte != annonce:
            nom = NOMS.get(nature, nature)
            manque = annonce - compte
            suite = f"il en manque {manque}" if manque > 0 else f"il y en a {-manque} de trop"
            constat = f"« {libelle} » annonce {annonce} {nom} ; le document, {compte} : {suite}."
            trouvees.append(Anomalie("annonce", constat))
    return trouvees


def _mal_places(places: list[Place]) -> list[Anomalie]:
    return [
        Anomalie("place", f"« {p.element.nu[:80]} » : {p.choix.raison}", [p.element.id])
        for p in places
        if p.role == Role.LIGNE and p.cible and "Imprimé sous" in p.choix.raison
    ]


def _renvois(compris: Compris) -> list[Anomalie]:
    trouvees = []
    numeros = {f.numero for f in compris.fiches if f.numero}
    annexes = {a.numero for a in compris.annexes}
    for place in compris.places:
        if place.role in (Role.BRUIT, Role.REMPLISSAGE, Role.ANNEXE, Role.FICHE):
            continue
        for renvoi in renvois(place.element.nu):
            if renvoi.vers == Vers.VAGUE:
                constat = f"Renvoi « {renvoi.mots} » : il ne dit pas à quelle fiche."
            elif renvoi.vers == Vers.FICHE and renvoi.numero not in numeros:
                quoi = "d'un autre document" if renvoi.dehors else "qu'aucune fiche ne porte"
                constat = f"Renvoi « {renvoi.mots} » : un numéro {quoi}."
            elif renvoi.vers == Vers.ANNEXE and renvoi.numero not in annexes:
                constat = f"Renvoi à l'annexe {renvoi.numero} : aucune annexe n'a ce numéro."
            else:
                continue
            trouvees.append(Anomalie("renvoi", constat, [place.element.id]))
    return trouvees


def _structure(compris: Compris) -> list[Anomalie]:
    trouvees = []
    if compris.deliberation and not compris.intitule and not compris.articles:
        return []
    if not compris.intitule:
        trouvees.append(Anomalie("structure", "Le document n'a pas d'intitulé reconnu."))
    if compris.type_confiance < 0.6 and compris.session is None:
        trouvees.append(Anomalie("structure", "Le type de contrat reste à confirmer."))
    for annexe in compris.annexes:
        if not annexe.texte:
            constat = f"L'annexe {annexe.numero} est vide dans le document."
            trouvees.append(Anomalie("structure", constat, [annexe.element]))
    for avant, apres in sauts([a.numero for a in compris.articles]):
        constat = f"L'article {apres} suit l'article {avant} : un numéro manque ou se répète."
        trouvees.append(Anomalie("numero", constat))
    for fiche in compris.fiches:
        if not any(s.actions for s in fiche.sections) and len(compris.fiches) > 1:
            constat = f"La fiche « {fiche.titre[:60]} » n'a aucune action."
            trouvees.append(Anomalie("structure", constat, [fiche.element]))
    for signature in compris.signatures:
        if not signature.personne:
            constat = f"Signature sans nom : « {signature.qualite[:60]} »."
            trouvees.append(Anomalie("structure", constat, [signature.element]))
    return trouvees


def _matrices(places: list[Place], vocabulaire: Vocabulaire) -> list[Anomalie]:
    """Un tableau d'actions par quartier a son importeur, qui garde ses cases une à une."""
    trouves = []
    for place in places:
        cellules = place.element.bloc.cellules
        tete = " ".join(cellules[0]) if cellules else ""
        if len(cellules) > 1 and len(cellules[0]) > 3 and vocabulaire.repere(tete, "matrice"):
            trouves.append(place.element)
    if not trouves:
        return []
    rangees = sum(len(e.bloc.cellules) - 1 for e in trouves)
    quoi = "Un tableau" if len(trouves) == 1 else f"{len(trouves)} tableaux"
    constat = (
        f"{quoi} d'actions par quartier, {rangees} rangées : les mots sont gardés dans le texte ; "
        "les cases s'importent par la matrice du PERR."
    )
    return [Anomalie("matrice", constat, [e.id for e in trouves])]


def _donnees_privees(places: list[Place]) -> list[Anomalie]:
    return [
        Anomalie(
            "donnee_personnelle",
            "Un téléphone ou un courriel : la plateforme ne les publie pas, retirez-les.",
            [p.element.id],
        )
        for p in places
        if PRIVE.search(p.element.nu)
    ]
