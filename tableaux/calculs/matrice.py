"""Les chiffres des quartiers : ce qui se décline où, et ce qui n'est nulle part."""

from collections import Counter
from dataclasses import replace

from perr.enums import StatutDeclinaison
from tableaux.calculs.socle import compter
from tableaux.chiffre import Chiffre, Ligne
from tableaux.etat import ActionLue, Etat

SOURCE = "Matrice action × quartier du contrat"


def cellules(etat: Etat) -> Chiffre:
    """Places remplies, quel que soit ce qu'elles disent."""
    return _cellules(
        etat,
        "cellules",
        "Cellules remplies",
        "Couples action × colonne dont la matrice dit quelque chose, « sans objet » compris.",
        "Cellules remplies sur actions suivies × colonnes de leur contrat.",
        frozenset(),
    )


def promesses(etat: Etat) -> Chiffre:
    """Places qui promettent : ni « non travaillée », ni « sans objet »."""
    return _cellules(
        etat,
        "promesses",
        "Cellules qui promettent quelque chose",
        "Cellules remplies qui ne disent ni « non travaillée », ni « sans objet ».",
        "Cellules remplies d'un autre statut que ces deux, sur actions × colonnes du contrat.",
        frozenset(s.value for s in StatutDeclinaison.sans_promesse()),
    )


def _cellules(
    etat: Etat, cle: str, libelle: str, definition: str, formule: str, sans: frozenset[str]
) -> Chiffre:
    noms = {c.pk: c.libelle for c in etat.colonnes}
    suivies = {a.identifiant: a for a in etat.suivies}
    comptees: list[Ligne] = []
    ecartees: list[Ligne] = []
    for action in etat.suivies:
        for pk, libelle_colonne in noms.items():
            statut = etat.cellules.get((action.identifiant, pk))
            if statut is None:
                continue
            dit = f"{libelle_colonne} : {StatutDeclinaison(statut).label.lower()}"
            ligne = _ligne(action, dit)
            (ecartees if statut in sans else comptees).append(ligne)
    # Dans l'ordre imprimé : celui des cellules lues au passé n'est pas celui d'aujourd'hui.
    for hors in (a for a in etat.toutes if a.identifiant not in suivies):
        for pk, libelle_colonne in noms.items():
            if (hors.identifiant, pk) in etat.cellules:
                dit = f"{libelle_colonne} : action regroupée ou sous-point"
                ecartees.append(_ligne(hors, dit))
    return Chiffre(
        cle=cle,
        libelle=libelle,
        valeur=len(comptees),
        denominateur=_places(etat),
        definition=definition,
        formule=formule,
        comptees=tuple(comptees),
        ecartees=tuple(ecartees),
        source=SOURCE,
    )


def _places(etat: Etat) -> int:
    """Une action n'a de place que dans les colonnes de son contrat."""
    colonnes = Counter(c.contrat for c in etat.colonnes)
    return sum(colonnes[a.contrat] for a in etat.suivies)


def _ligne(action: ActionLue, detail: str) -> Ligne:
    """Une cellule : son texte est celui du contrat, non un suivi inventé."""
    return Ligne(action.nom, detail, action.adresse)


def sans_quartier(etat: Etat) -> Chiffre:
    """Une cellule « sans objet » compte comme remplie : la question a été posée."""
    en_matrice = {c.contrat for c in etat.colonnes}
    return _sans_suivi(
        compter(
            etat,
            "sans_quartier",
            "Sans aucun quartier",
            definition="Actions suivies dont toutes les cellules de la matrice sont vides.",
            formule="Actions suivies sans cellule remplie, sur actions suivies d'une matrice.",
            test=lambda a: not etat.nb_cellules.get(a.identifiant),
            parmi=[a for a in etat.suivies if a.contrat in en_matrice],
            hors="Son contrat n'a pas de matrice.",
            sinon=lambda a: f"{etat.nb_cellules.get(a.identifiant, 0)} cellules remplies.",
        )
    )


def declinees(etat: Etat) -> Chiffre:
    """Part des projets à déclinaison territoriale ; la feuille de route en vise un tiers."""
    sans = {s.value for s in StatutDeclinaison.sans_promesse()}
    promettent: dict[str, int] = {}
    for (identifiant, _), statut in etat.cellules.items():
        if statut not in sans:
            promettent[identifiant] = promettent.get(identifiant, 0) + 1
    en_matrice = {c.contrat for c in etat.colonnes}

    def ou(a: ActionLue) -> str:
        if a.contrat in en_matrice:
            return f"{promettent.get(a.identifiant, 0)} cellules qui promettent."
        return f"{len(a.territoires)} territoires désignés."

    return _sans_suivi(
        compter(
            etat,
            "declinees",
            "À déclinaison territoriale",
            definition=(
                "Actions suivies qui disent ce qu'elles deviennent quelque part : une cellule de "
                "matrice qui promet, ou, sans matrice, un territoire désigné."
            ),
            formule="Actions ainsi déclinées sur actions suivies ; cible : un tiers au moins.",
            test=lambda a: (
                a.identifiant in promettent if a.contrat in en_matrice else bool(a.territoires)
            ),
            detail=ou,
            sinon=ou,
            cible="Un tiers des projets au moins (feuille de route « Pacte territorial », 2015)",
        )
    )


def atteint_le_tiers(chiffre: Chiffre) -> bool | None:
    """La cible est-elle atteinte ? Sans action, la question ne se pose pas."""
    if not chiffre.denominateur or chiffre.valeur is None:
        return None
    return 3 * chiffre.valeur >= chiffre.denominateur


def _sans_suivi(chiffre: Chiffre) -> Chiffre:
    """Ce chiffre ne lit pas le suivi : un suivi inventé ne l'invente pas."""
    return replace(
        chiffre,
        source=SOURCE,
        comptees=tuple(replace(li, demonstration=False) for li in chiffre.comptees),
        ecartees=tuple(replace(li, demonstration=False) for li in chiffre.ecartees),
    )
