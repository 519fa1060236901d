"""Les chiffres des indicateurs : ce qui n'a pas de chiffre récent, les cibles manquées."""

import datetime

from django.utils import timezone

from tableaux.calculs.socle import jour
from tableaux.chiffre import Chiffre, Ligne
from tableaux.etat import Etat, IndicateurLu

AN = datetime.timedelta(days=365)
SOURCE = "Indicateurs du contrat, mesures saisies ou importées"


def sans_chiffre(etat: Etat) -> Chiffre:
    """Aucun chiffre, ou un chiffre que personne n'a revu depuis douze mois."""
    manquants = [i for i in etat.indicateurs if _manque(etat, i)]
    return Chiffre(
        cle="sans_chiffre",
        libelle="Indicateurs sans chiffre récent",
        valeur=len(manquants),
        denominateur=len(etat.indicateurs),
        definition=(
            "Indicateurs retenus dont aucun quartier n'a de valeur connue, ou dont aucune mesure "
            "n'a été écrite depuis douze mois."
        ),
        formule=(
            "Indicateurs sans valeur au dernier millésime, ou dont la dernière écriture date de "
            "plus de 365 jours, sur indicateurs retenus."
        ),
        comptees=tuple(_ligne(i) for i in manquants),
        ecartees=tuple(_ligne(i) for i in etat.indicateurs if i not in manquants),
        source=SOURCE,
    )


def cibles_manquees(etat: Etat) -> Chiffre:
    """Cible dont l'échéance est passée sans que la valeur connue l'atteigne."""
    comptees: list[Ligne] = []
    ecartees: list[Ligne] = []
    for i in etat.indicateurs:
        for c in i.cibles:
            quand = f"{c.dite}, au {jour(c.echeance)}"
            ligne = Ligne(f"{i.nom}, {c.quartier}", quand, i.adresse, c.demonstration, i.maj_le)
            echue = c.echeance < etat.au
            (comptees if echue and c.atteinte is False else ecartees).append(ligne)
    return Chiffre(
        cle="cibles_manquees",
        libelle="Cibles manquées",
        valeur=len(comptees),
        denominateur=sum(
            c.echeance < etat.au and c.atteinte is not None
            for i in etat.indicateurs
            for c in i.cibles
        ),
        definition="Cibles échues que la valeur connue du quartier n'atteint pas.",
        formule="Couples indicateur × quartier sous leur cible, sur cibles échues et vérifiables.",
        comptees=tuple(comptees),
        ecartees=tuple(ecartees),
        source=SOURCE,
    )


def _manque(etat: Etat, i: IndicateurLu) -> bool:
    if not i.nb_chiffres or i.maj_le is None:
        return True
    return timezone.localtime(i.maj_le).date() < etat.au - AN


def _ligne(i: IndicateurLu) -> Ligne:
    dit = f"{i.nb_chiffres} quartiers chiffrés sur {i.nb_quartiers}"
    return Ligne(
        i.nom, f"{dit}, {i.millesime}" if i.millesime else dit, i.adresse, i.demonstration, i.maj_le
    )
