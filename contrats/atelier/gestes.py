"""Ce que fait chaque bouton de la page aux données, sans rien enregistrer.

Un geste est la valeur d'un bouton : `nom:arguments`. Il rend l'endroit touché et le champ qui prend
le foyer ; un geste inconnu ou sans objet ne change rien.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import QueryDict

from contrats.atelier.cadre import Cadre
from contrats.atelier.donnees import (
    LISTES,
    NIVEAU_MAX,
    ROLES,
    Place,
    ajouter_ligne,
    ecrire_places,
    lire_places,
)
from contrats.atelier.saisie import Saisie
from contrats.enums import StatutAction


@dataclass(frozen=True)
class Effet:
    """Suite d'un geste : l'élément qui prend le foyer, la phrase à dire, le champ refusé."""

    foyer: str = ""
    phrase: str = ""
    champ: str = ""
    erreur: str = ""


def appliquer(geste: str, donnees: QueryDict, cadre: Cadre) -> Effet:
    """Applique le geste aux données, sur place."""
    nom, _, arguments = geste.partition(":")
    if nom not in GESTES:
        return Effet()
    return GESTES[nom](donnees, cadre, *arguments.split(":", 2)) or Effet()


def absorber_ajouts(donnees: QueryDict, cadre: Cadre) -> None:
    """Un nom resté dans un champ d'ajout compte comme ajouté, s'il désigne quelque chose."""
    for cle in donnees.getlist("section"):
        _ajouter_partenaire(donnees, cadre, cle)
    for place in lire_places(donnees):
        for role in ROLES:
            _ajouter_role(donnees, cadre, place.id, role)


# Sections


def _ouvrir_section(d: QueryDict, cadre: Cadre, cle: str = "", *_: str) -> Effet | None:
    if cle not in cadre.modeles:
        return None
    cles = d.getlist("section")
    if cle not in cles:
        Saisie(cadre, d).ouvrir_section(cles, cle)
        d.setlist("section", cles)
    return Effet(f"id_s-{cle}-etat", "Section ajoutée.")


# Actions


def _ajouter_action(d: QueryDict, cadre: Cadre, section: str = "", *_: str) -> Effet | None:
    if section not in {cle for cle, _ in cadre.horizons}:
        return None
    places = lire_places(d)
    place = Place(section, 1, str(uuid.uuid4()))
    rang = max((i for i, p in enumerate(places, 1) if p.section == section), default=len(places))
    return _inserer(d, places, rang, place, "Action ajoutée.")


def _ajouter_sous_point(d: QueryDict, cadre: Cadre, parent: str = "", *_: str) -> Effet | None:
    places = lire_places(d)
    bloc = Saisie.bloc(places, parent)
    if not bloc or bloc[0].niveau >= NIVEAU_MAX:
        return None
    place = Place(bloc[0].section, bloc[0].niveau + 1, str(uuid.uuid4()))
    return _inserer(d, places, places.index(bloc[-1]) + 1, place, "Sous-point ajouté.")


def _inserer(d: QueryDict, places: list[Place], rang: int, place: Place, phrase: str) -> Effet:
    places.insert(rang, place)
    ecrire_places(d, places)
    d[f"a-{place.id}-place"] = place.section
    d[f"a-{place.id}-statut"] = StatutAction.A_LANCER
    return Effet(f"id_a-{place.id}-intitule", phrase)


def _retirer_action(d: QueryDict, cadre: Cadre, identifiant: str = "", *_: str) -> Effet | None:
    places = lire_places(d)
    bloc = Saisie.bloc(places, identifiant)
    if not bloc:
        return None
    ecrire_places(d, [p for p in places if p not in bloc])
    return Effet(f"ajouter-action-{bloc[0].section}", "Action retirée.")


def _monter_action(d: QueryDict, cadre: Cadre, identifiant: str = "", *_: str) -> Effet | None:
    return _deplacer_action(d, identifiant, -1)


def _descendre_action(d: QueryDict, cadre: Cadre, identifiant: str = "", *_: str) -> Effet | None:
    return _deplacer_action(d, identifiant, 1)


def _deplacer_action(d: QueryDict, identifiant: str, sens: int) -> Effet | None:
    """Échange l'action et ses sous-points avec la voisine de même rang."""
    places = lire_places(d)
    bloc = Saisie.bloc(places, identifiant)
    if not bloc:
        return None
    freres = _freres(places, bloc[0])
    rang = freres.index(bloc[0]) + sens
    bouton = f"{'monter' if sens < 0 else 'descendre'}-{identifiant}"
    if not 0 <= rang < len(freres):
        return Effet(bouton, "L'action est déjà au bout de sa liste.")
    voisin = Saisie.bloc(places, freres[rang].id)
    premier, second = (voisin, bloc) if sens < 0 else (bloc, voisin)
    debut = places.index(premier[0])
    places[debut : debut + len(premier) + len(second)] = [*second, *premier]
    ecrire_places(d, places)
    return Effet(bouton, "Action montée." if sens < 0 else "Action descendue.")


def _freres(places: list[Place], place: Place) -> list[Place]:
    """Actions de même parent, dans l'ordre."""
    debut = places.index(place)
    while debut > 0 and (
        places[debut - 1].niveau >= place.niveau and places[debut - 1].section == place.section
    ):
        debut -= 1
    freres = []
    for candidate in places[debut:]:
        if candidate.niveau < place.niveau or candidate.section != place.section:
            break
        if candidate.niveau == place.niveau:
            freres.append(candidate)
    return freres


# Organismes et territoires d'une action


def _ajouter_role(
    d: QueryDict, cadre: Cadre, identifiant: str = "", role: str = "", *_: str
) -> Effet | None:
    nom, ajout = f"a-{identifiant}-{role}", f"a-{identifiant}-{role}_ajout"
    saisie = d.get(ajout, "").strip()
    if role not in ROLES or not saisie:
        return Effet(f"id_{ajout}") if role in ROLES else None
    try:
        cle = cadre.annuaire.trouver(ROLES[role], saisie)
    except ValidationError as erreur:
        return Effet(f"id_{ajout}", champ=ajout, erreur=str(erreur.message))
    d.setlist(nom, list(dict.fromkeys([*d.getlist(nom), cle])))
    d[ajout] = ""
    return Effet(f"id_{ajout}", f"« {cadre.annuaire.nom(ROLES[role], cle)} » ajouté.")


def _retirer_role(
    d: QueryDict, cadre: Cadre, identifiant: str = "", role: str = "", cle: str = ""
) -> Effet | None:
    if role not in ROLES:
        return None
    nom = f"a-{identifiant}-{role}"
    d.setlist(nom, [c for c in d.getlist(nom) if c != cle])
    return Effet(f"id_{nom}_ajout", f"« {cadre.annuaire.nom(ROLES[role], cle)} » retiré.")


# Listes : partenaires, lignes, renvois, périodes


def _ajouter_partenaire(d: QueryDict, cadre: Cadre, cle: str = "", *_: str) -> Effet | None:
    ajout = f"s-{cle}-ajout"
    saisie, mention = d.get(ajout, "").strip(), d.get(f"{ajout}_mention", "").strip()
    if cle not in d.getlist("section") or not (saisie or mention):
        return Effet(f"id_{ajout}")
    try:
        trouve = cadre.annuaire.trouver("organisme", saisie or mention)
    except ValidationError as erreur:
        return Effet(f"id_{ajout}", champ=ajout, erreur=str(erreur.message))
    valeurs = {"organisme": trouve, "mention": mention or saisie}
    ajouter_ligne(d, "partenaire", cle, valeurs, cadre.annuaire)
    d[ajout] = d[f"{ajout}_mention"] = ""
    return Effet(f"id_{ajout}", f"« {mention or saisie} » ajouté.")


PREMIERS_CHAMPS = {"ligne": "intitule", "renvoi": "texte", "periode": "libelle"}


def _ajouter(
    d: QueryDict, cadre: Cadre, liste: str = "", parent: str = "", *_: str
) -> Effet | None:
    if liste not in PREMIERS_CHAMPS:
        return None
    prefixe = ajouter_ligne(d, liste, parent, {}, cadre.annuaire)
    return Effet(f"id_{prefixe}-{PREMIERS_CHAMPS[liste]}", "Ligne ajoutée.")


def _retirer(
    d: QueryDict, cadre: Cadre, liste: str = "", parent: str = "", jeton: str = ""
) -> Effet | None:
    if liste not in LISTES:
        return None
    d.setlist(liste, [e for e in d.getlist(liste) if e != f"{parent}:{jeton}"])
    foyer = f"id_s-{parent}-ajout" if liste == "partenaire" else f"ajouter-{liste}-{parent}"
    return Effet(foyer, "Ligne retirée.")


def _monter(
    d: QueryDict, cadre: Cadre, liste: str = "", parent: str = "", jeton: str = ""
) -> Effet | None:
    return _deplacer(d, liste, parent, jeton, -1)


def _descendre(
    d: QueryDict, cadre: Cadre, liste: str = "", parent: str = "", jeton: str = ""
) -> Effet | None:
    return _deplacer(d, liste, parent, jeton, 1)


def _deplacer(d: QueryDict, liste: str, parent: str, jeton: str, sens: int) -> Effet | None:
    """Échange une ligne avec sa voisine de la même section."""
    entrees = d.getlist(liste) if liste in LISTES else []
    if f"{parent}:{jeton}" not in entrees:
        return None
    siennes = [i for i, e in enumerate(entrees) if e.rpartition(":")[0] == parent]
    rang = siennes.index(entrees.index(f"{parent}:{jeton}"))
    bouton = f"{'monter' if sens < 0 else 'descendre'}-{liste}-{jeton}"
    if not 0 <= rang + sens < len(siennes):
        return Effet(bouton, "La ligne est déjà au bout de sa liste.")
    ici, la = siennes[rang], siennes[rang + sens]
    entrees[ici], entrees[la] = entrees[la], entrees[ici]
    d.setlist(liste, entrees)
    return Effet(bouton, "Ligne montée." if sens < 0 else "Ligne descendue.")


GESTES: dict[str, Callable[..., Effet | None]] = {
    "ouvrir-section": _ouvrir_section,
    "ajouter-action": _ajouter_action,
    "sous-point": _ajouter_sous_point,
    "retirer-action": _retirer_action,
    "monter-action": _monter_action,
    "descendre-action": _descendre_action,
    "ajouter-role": _ajouter_role,
    "retirer-role": _retirer_role,
    "ajouter-partenaire": _ajouter_partenaire,
    "ajouter": _ajouter,
    "retirer": _retirer,
    "monter": _monter,
    "descendre": _descendre,
}
