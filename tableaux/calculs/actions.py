"""Les chiffres des actions : où elles en sont, et ce qu'il en manque."""

import datetime

from django.utils import timezone

from contrats.enums import StatutAction
from tableaux.calculs.socle import compter, jour
from tableaux.chiffre import Chiffre
from tableaux.etat import JOURS_FIGE, ActionLue, Etat

SUIVIES = "Actions du périmètre, hors sous-points et actions regroupées avec une autre."
HORS_A_FAIRE = "Réalisée, suspendue ou abandonnée : rien n'en est attendu."


def classe(etat: Etat, action: ActionLue) -> str:
    """La classe d'une action : chaque action suivie en a une, et une seule."""
    if action.est_en_retard(etat.au):
        return "en_retard"
    if action.statut in (StatutAction.A_LANCER, StatutAction.REPORTEE):
        return "a_lancer"
    if action.statut in (StatutAction.SUSPENDUE, StatutAction.ABANDONNEE):
        return "arretees"
    return {"en_cours": "en_cours", "realisee": "realisees"}[action.statut]


def etat_dit(etat: Etat, action: ActionLue) -> str:
    """Le statut tel qu'il se lit ce jour-là."""
    if action.est_en_retard(etat.au):
        return f"En retard : échéance du {jour(action.echeance)}"
    return str(StatutAction(action.statut).label)


def _par_classe(etat: Etat, cle: str, libelle: str, definition: str, formule: str) -> Chiffre:
    return compter(
        etat,
        cle,
        libelle,
        definition=definition,
        formule=formule,
        test=lambda a: classe(etat, a) == cle,
        detail=lambda a: etat_dit(etat, a),
        sinon=lambda a: etat_dit(etat, a),
    )


def actions(etat: Etat) -> Chiffre:
    """Le dénominateur de tous les autres."""
    return Chiffre(
        cle="actions",
        libelle="Actions suivies",
        valeur=len(etat.suivies),
        definition=SUIVIES,
        formule="Nombre d'actions sans action parente et de statut autre que « regroupée ».",
        comptees=tuple(a.ligne(etat_dit(etat, a)) for a in etat.suivies),
        ecartees=etat.hors_compte,
    )


def realisees(etat: Etat) -> Chiffre:
    return _par_classe(
        etat,
        "realisees",
        "Réalisées",
        "Actions suivies déclarées réalisées.",
        "Statut « réalisée » sur actions suivies.",
    )


def en_cours(etat: Etat) -> Chiffre:
    return _par_classe(
        etat,
        "en_cours",
        "En cours",
        "Actions suivies en cours dont l'échéance n'est pas passée, ou n'est pas dite.",
        "Statut « en cours » et échéance vide ou au jour dit ou après, sur actions suivies.",
    )


def a_lancer(etat: Etat) -> Chiffre:
    return _par_classe(
        etat,
        "a_lancer",
        "À lancer",
        "Actions suivies à lancer ou reportées, dont l'échéance n'est pas passée.",
        "Statut « à lancer » ou « reportée » et échéance non passée, sur actions suivies.",
    )


def en_retard(etat: Etat) -> Chiffre:
    return _par_classe(
        etat,
        "en_retard",
        "En retard",
        "Actions suivies à lancer, en cours ou reportées, dont l'échéance est passée.",
        "Statut « à lancer », « en cours » ou « reportée » et échéance avant le jour dit.",
    )


def arretees(etat: Etat) -> Chiffre:
    return _par_classe(
        etat,
        "arretees",
        "Arrêtées",
        "Actions suivies suspendues ou abandonnées.",
        "Statut « suspendue » ou « abandonnée » sur actions suivies.",
    )


def sans_pilote(etat: Etat) -> Chiffre:
    return compter(
        etat,
        "sans_pilote",
        "Sans pilote",
        definition="Actions à faire (à lancer, en cours, reportées) qu'aucun organisme ne pilote.",
        formule="Actions à faire sans partenariat de rôle « pilote », sur actions à faire.",
        test=lambda a: not a.pilotes,
        parmi=_a_faire(etat),
        hors=HORS_A_FAIRE,
        sinon=lambda a: f"Pilotée par {', '.join(map(etat.nom_de, a.pilotes))}.",
    )


def sans_echeance(etat: Etat) -> Chiffre:
    return compter(
        etat,
        "sans_echeance",
        "Sans échéance",
        definition="Actions à faire qui ne disent pas quand : elles ne seront jamais en retard.",
        formule="Actions à faire dont l'échéance est vide, sur actions à faire.",
        test=lambda a: a.echeance is None,
        parmi=_a_faire(etat),
        hors=HORS_A_FAIRE,
        sinon=lambda a: f"Échéance : {jour(a.echeance)}.",
    )


def sans_avancement(etat: Etat) -> Chiffre:
    commencees = [a for a in etat.suivies if a.statut == StatutAction.EN_COURS]
    return compter(
        etat,
        "sans_avancement",
        "Sans chiffre d'avancement",
        definition="Actions en cours dont personne n'a dit l'avancement : zéro n'est pas vide.",
        formule="Actions « en cours » dont l'avancement est vide, sur actions « en cours ».",
        test=lambda a: a.avancement is None,
        parmi=commencees,
        hors="N'est pas en cours : rien à chiffrer.",
        sinon=lambda a: f"Avancement : {a.avancement} %.",
    )


def figees(etat: Etat) -> Chiffre:
    """Sans nouvelle depuis `JOURS_FIGE` jours au jour dit."""
    limite = etat.au - datetime.timedelta(days=JOURS_FIGE)

    def derniere(a: ActionLue) -> str:
        le = timezone.localtime(a.maj_le) if a.maj_le else None
        return f"Dernière nouvelle : {jour(le)}."

    return compter(
        etat,
        "figees",
        "Sans nouvelle",
        definition=f"Actions à faire dont rien n'a changé depuis {JOURS_FIGE} jours.",
        formule=(
            f"Actions à faire dont le dernier état gardé date de plus de {JOURS_FIGE} jours, sur "
            "actions à faire."
        ),
        test=lambda a: a.maj_le is None or timezone.localtime(a.maj_le).date() < limite,
        parmi=_a_faire(etat),
        hors=HORS_A_FAIRE,
        detail=derniere,
        sinon=derniere,
    )


def _a_faire(etat: Etat) -> list[ActionLue]:
    return [a for a in etat.suivies if a.est_a_faire]
