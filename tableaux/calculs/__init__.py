"""Tous les chiffres : une fonction chacun, sur un état. L'ordre est celui de la lecture."""

from collections.abc import Callable

from tableaux.calculs import actions, contrat, ecarts, matrice
from tableaux.chiffre import Chiffre
from tableaux.etat import Etat

Calcul = Callable[[Etat], Chiffre]

ETATS: tuple[Calcul, ...] = (
    actions.realisees,
    actions.en_cours,
    actions.en_retard,
    actions.a_lancer,
    actions.arretees,
)
MANQUES: tuple[Calcul, ...] = (
    actions.sans_pilote,
    actions.sans_echeance,
    actions.sans_avancement,
    actions.figees,
)
MATRICE: tuple[Calcul, ...] = (matrice.cellules, matrice.promesses, matrice.sans_quartier)
SOMMES: tuple[Calcul, ...] = (
    contrat.prevu,
    contrat.engage,
    contrat.paye,
    contrat.droit_commun,
    contrat.specifiques,
    contrat.en_nature,
)
DU_CONTRAT: tuple[Calcul, ...] = (contrat.devoirs_manques,)


def calculs(etat: Etat) -> tuple[Calcul, ...]:
    """Ceux qui ont un sens ici : pas de chiffre de matrice sans matrice."""
    choisis = (actions.actions, *ETATS, *MANQUES, matrice.declinees)
    if etat.colonnes:
        choisis += MATRICE
    if etat.contrats:
        choisis += DU_CONTRAT
    if etat.engagements:
        choisis += (contrat.engagements_tenus,)
    if etat.jalons:
        choisis += (contrat.jalons_manques,)
    if etat.indicateurs:
        choisis += (ecarts.sans_chiffre, ecarts.cibles_manquees)
    if etat.sommes:
        choisis += SOMMES
    return choisis


def calculer(etat: Etat, precedent: Etat | None = None) -> dict[str, Chiffre]:
    """Chaque chiffre par sa clé, avec sa valeur à la date de `precedent`."""
    chiffres = {}
    for calcul in calculs(etat):
        chiffre = calcul(etat)
        if precedent is not None:
            chiffre = chiffre.depuis(calcul(precedent), precedent.au)
        chiffres[chiffre.cle] = chiffre
    return chiffres
