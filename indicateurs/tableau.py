"""Une lecture en lignes : les mêmes valeurs à l'écran, dans le CSV, l'API et les documents."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from api.exports import FORMULES
from indicateurs.enums import Comparaison, StatutMesure
from indicateurs.lecture import Ecarts, Ligne
from indicateurs.mesures_lues import MesureLue
from indicateurs.nombres import brut

COLONNES = (
    "generation",
    "quartier",
    "quartier_nom",
    "quartier_code",
    "millesime_precedent",
    "valeur_precedente",
    "statut_precedent",
    "millesime",
    "valeur",
    "statut",
    "reference",
    "valeur_reference",
    "ecart_precedent",
    "ecart",
    "evolution",
    "cible",
    "unite",
    "demonstration",
)


def ligne_brute(ecarts: Ecarts, ligne: Ligne) -> dict[str, Any]:
    """Une ligne de la lecture, nombres exacts ; ce qui manque est null."""
    avant = ligne.serie.get(ecarts.precedent.pk) if ecarts.precedent else None
    return {
        "generation": ecarts.generation,
        "quartier": ligne.territoire.cle,
        "quartier_nom": ligne.territoire.nom,
        "quartier_code": ligne.territoire.code,
        "millesime_precedent": ecarts.precedent and ecarts.precedent.libelle,
        "valeur_precedente": brut(avant.valeur) if avant else None,
        "statut_precedent": avant.statut.value if avant else None,
        "millesime": ecarts.millesime and ecarts.millesime.libelle,
        "valeur": brut(ligne.valeur.valeur) if ligne.valeur else None,
        "statut": ligne.valeur.statut.value if ligne.valeur else None,
        "reference": ecarts.reference and ecarts.reference.cle,
        "valeur_reference": brut(ligne.reference.valeur) if ligne.reference else None,
        "ecart_precedent": brut(ligne.ecart_avant),
        "ecart": brut(ligne.ecart),
        "evolution": ligne.evolution.value,
        "cible": brut(ligne.cible.valeur) if ligne.cible else None,
        "unite": ecarts.indicateur.unite,
        "demonstration": ligne.demonstration or bool(avant and avant.demonstration),
    }


def en_csv(lectures: Iterable[Ecarts]) -> Iterator[bytes]:
    """UTF-8, virgule, RFC 4180 : toutes les générations, une ligne par quartier."""
    tampon = io.StringIO()
    ecrire = csv.writer(tampon, lineterminator="\r\n")
    ecrire.writerow(COLONNES)
    for ecarts in lectures:
        for ligne in ecarts.lignes:
            brute = ligne_brute(ecarts, ligne)
            ecrire.writerow([_case(brute[colonne], colonne) for colonne in COLONNES])
    yield tampon.getvalue().encode()


def _case(valeur: Any, colonne: str) -> Any:
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    texte = isinstance(valeur, str) and not _est_nombre(colonne)
    return f"'{valeur}" if texte and valeur.startswith(FORMULES) else valeur


def _est_nombre(colonne: str) -> bool:
    return colonne.startswith(("valeur", "ecart", "cible"))


@dataclass(frozen=True)
class Case:
    """Une valeur à l'écran : texte, et ce qu'il faut dire de lui."""

    texte: str
    note: str = ""
    demonstration: bool = False


def case(ecarts: Ecarts, mesure: MesureLue | None) -> Case:
    """La valeur avec son unité, ou son signe conventionnel et le mot ; « non renseigné »."""
    if mesure is None:
        return Case("Non renseigné")
    if mesure.valeur is None:
        return Case(mesure.statut.label, mesure.statut.signe)
    note = "provisoire" if mesure.statut == StatutMesure.PROVISOIRE else ""
    return Case(ecarts.ecrire(mesure.valeur), note, mesure.demonstration)


def lignes_de_page(ecarts: Ecarts) -> list[dict[str, Any]]:
    """Le tableau d'une lecture, du plus grand retard au plus petit."""
    return [
        {
            "territoire": ligne.territoire,
            "avant": case(ecarts, ligne.serie.get(ecarts.precedent.pk if ecarts.precedent else 0)),
            "valeur": case(ecarts, ligne.valeur),
            "ecart": ecarts.ecrire_ecart(ligne.ecart),
            "evolution": ligne.evolution,
            "cible": ecarts.ecrire(ligne.cible.valeur) if ligne.cible else "",
            "demonstration": ligne.demonstration,
        }
        for ligne in ecarts.classement
    ]


FORMULES_D_ECART = {
    Comparaison.POINTS: "valeur du quartier moins valeur de la référence, en points",
    Comparaison.DIFFERENCE: "valeur du quartier moins valeur de la référence",
    Comparaison.RAPPORT: "valeur du quartier divisée par celle de la référence",
    Comparaison.AUCUNE: "pas d'écart : l'indicateur ne se compare pas directement",
}


def explication(ecarts: Ecarts) -> dict[str, Any]:
    """Comment le chiffre est fait : formule, quartiers comptés, quartiers laissés et pourquoi."""
    laisses = [
        (ligne.territoire, (ligne.valeur.statut.label if ligne.valeur else "Rien de saisi"))
        for ligne in ecarts.lignes
        if ligne.valeur is None or ligne.valeur.valeur is None
    ]
    return {
        "formule": FORMULES_D_ECART[Comparaison(ecarts.indicateur.comparaison)],
        "comptes": len(ecarts.lignes) - len(laisses),
        "laisses": laisses,
        "maj_le": ecarts.maj_le,
    }
