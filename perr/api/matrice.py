"""La matrice d'un contrat en un objet JSON : celle de `perr.lecture`, aux cellules de l'API."""

from collections import Counter
from functools import cache
from typing import Any

from api.lecture import Contexte, Lecture
from contrats.models import Axe, Contrat
from perr.api.serializers import CelluleSerializer
from perr.filters import MatriceFilterSet
from perr.lecture import AnnexeLue, Ligne, Matrice, lire_matrice
from perr.models import Declinaison

Objet = dict[str, Any]


def matrice(contrat: Contrat, filtres: MatriceFilterSet, contexte: Contexte, url: str) -> Objet:
    """Un nombre de requêtes fixe ; `filtres` sont ceux de l'écran, `url` celle qui les porte."""
    lue = lire_matrice(contrat, contexte["utilisateur"], filtres)
    cellules = _cellules(lue, contexte)
    nombres = Counter(c.colonne for c in lue.remplies)
    statuts = Counter(str(objet["statut"]) for objet in cellules.values())
    return {
        "contrat": contrat.slug,
        "url": url,
        "annexes": [_annexe(annexe, nombres) for annexe in lue.annexes],
        "lignes": [
            _ligne(ligne, pilier.axe, programme.axe, lue, cellules)
            for pilier in lue.piliers
            for programme in pilier.programmes
            for ligne in programme.lignes
        ],
        "totaux": {
            "actions": len(lue.lignes),
            "colonnes": len(lue.colonnes),
            "declinaisons": len(cellules),
            "vides": sum(c.retenue and c.est_vide for c in lue.cellules.values()),
            "statuts": dict(sorted(statuts.items())),
        },
    }


def _cellules(lue: Matrice, contexte: Contexte) -> dict[str, Objet]:
    """L'objet de chaque cellule remplie et retenue, par identifiant public."""
    voulues = {cellule.public_id for cellule in lue.remplies}
    declinaisons = Declinaison.objects.visibles_par(contexte["utilisateur"]).filter(
        action__contrat=lue.contrat
    )
    objets = _lecture().lire(declinaisons.order_by("pk"), contexte) if voulues else []
    return {str(objet["id"]): objet for objet in objets if str(objet["id"]) in voulues}


@cache
def _lecture() -> Lecture:
    """Plan de lecture, établi une fois les modèles chargés."""
    return Lecture(CelluleSerializer(), Declinaison)


def _annexe(annexe: AnnexeLue, nombres: Counter[int]) -> Objet:
    return {
        "cle": annexe.cle,
        "nom": annexe.nom,
        "ordre_sommaire": annexe.ordre_sommaire,
        "nb": sum(nombres[c.pk] for c in annexe.colonnes),
        "colonnes": [
            {
                "cle": c.cle,
                "abrege": c.abrege,
                "libelle": c.libelle,
                "nb": nombres[c.pk],
                "quartiers": [
                    {"id": q.cle, "nom": q.nom, "code": q.code, "couverture": q.couverture}
                    for q in c.quartiers
                ],
            }
            for c in annexe.colonnes
        ],
    }


def _ligne(
    ligne: Ligne, pilier: Axe | None, programme: Axe | None, lue: Matrice, objets: dict[str, Objet]
) -> Objet:
    action = ligne.action
    colonnes = {c.pk: c for c in lue.colonnes}
    retenues = [c for c in ligne.cellules if c.retenue]
    vides = [colonnes[c.colonne] for c in retenues if c.est_vide]
    return {
        "action": {"id": action.public_id, "numero": action.numero, "intitule": action.intitule},
        "programme": _axe(programme),
        "pilier": _axe(pilier),
        "prioritaire": action.prioritaire,
        "demonstration": action.demonstration,
        "titres": [
            {
                "annexe": annexe.cle,
                "titre": titre.titre,
                "numero_imprime": titre.numero_imprime,
                "ligne_absente": titre.ligne_absente,
            }
            for annexe in lue.annexes
            if (titre := ligne.titres.get(annexe.cle))
        ],
        "nb": ligne.nb_remplies,
        "cellules": [objets[c.public_id] for c in retenues if not c.est_vide],
        "vides": [{"annexe": c.annexe, "colonne": c.cle} for c in vides],
    }


def _axe(axe: Axe | None) -> Objet | None:
    return axe and {champ: getattr(axe, champ) for champ in ("cle", "nature", "numero", "intitule")}
