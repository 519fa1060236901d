"""Les indicateurs d'un périmètre à une date, par la seule porte d'`indicateurs.lecture`."""

import datetime
from decimal import Decimal

from django.urls import NoReverseMatch

from indicateurs.enums import Comparaison, ObjetCible, Sens
from indicateurs.lecture import Ecarts, Fonds, derniere
from indicateurs.lecture import Ligne as LigneDEcart
from indicateurs.models import Indicateur
from tableaux.etat import CibleLue, IndicateurLu


def lire_indicateurs(fonds: Fonds, au: datetime.date | None) -> tuple[IndicateurLu, ...]:
    """Les indicateurs du fonds ; `au` vide : aujourd'hui.

    Le plus grand écart d'abord ; sans chiffre, à la fin : ce qui manque se lit aussi.
    """
    tableau = fonds.lire(au)
    lus = [_lire(derniere(tableau[i.pk]), au) for i in fonds.indicateurs]
    return tuple(sorted(lus, key=lambda i: (not i.nb_chiffres, -i.ampleur, i.nom)))


def _lire(e: Ecarts, au: datetime.date | None) -> IndicateurLu:
    connus = [li for li in e.lignes if li.ecart is not None]
    pire = max(connus, key=lambda li: (_loin(e, li), li.territoire.nom), default=None)
    reference = e.serie_de_reference.get(e.millesime.pk) if e.millesime else None
    return IndicateurLu(
        nom=e.indicateur.intitule[:1].upper() + e.indicateur.intitule[1:],
        source=e.indicateur.source.nom if e.indicateur.source else "Source non dite",
        millesime=str(e.millesime) if e.millesime and e.chiffrees else "",
        sens=Sens(e.indicateur.sens).label,
        phrase=e.phrase[:1].upper() + e.phrase[1:] + ".",
        reference=e.ecrire(reference.valeur) if reference else "",
        pire=f"{pire.territoire.nom} : {e.ecrire_ecart(pire.ecart)}" if pire else "",
        ampleur=_loin(e, pire) if pire else Decimal(0),
        nb_chiffres=len(e.chiffrees),
        nb_quartiers=len(e.lignes),
        adresse=_adresse(e.indicateur),
        demonstration=e.demonstration,
        maj_le=e.maj_le,
        cibles=tuple(c for li in e.lignes if (c := _cible(e, li)) is not None),
    )


def _adresse(indicateur: Indicateur) -> str:
    """Sa page ; vide tant que les pages d'indicateurs ne sont pas servies."""
    try:
        return indicateur.get_absolute_url()
    except NoReverseMatch:
        return ""


def _loin(e: Ecarts, ligne: LigneDEcart | None) -> Decimal:
    """Distance à l'égalité, d'un côté ou de l'autre."""
    if ligne is None or ligne.ecart is None:
        return Decimal(0)
    return abs(ligne.ecart - (1 if e.indicateur.comparaison == Comparaison.RAPPORT else 0))


def _cible(e: Ecarts, ligne: LigneDEcart) -> CibleLue | None:
    """La cible d'un quartier, et si elle est atteinte ; sans sens voulu, nul ne le sait."""
    if ligne.cible is None:
        return None
    sur_l_ecart = ligne.cible.porte_sur == ObjetCible.ECART
    valeur = ligne.ecart if sur_l_ecart else (ligne.valeur.valeur if ligne.valeur else None)
    atteinte = None
    if valeur is not None and e.indicateur.sens == Sens.HAUSSE:
        atteinte = valeur >= ligne.cible.valeur
    elif valeur is not None and e.indicateur.sens == Sens.BAISSE:
        atteinte = valeur <= ligne.cible.valeur
    ecrire = e.ecrire_ecart if sur_l_ecart else e.ecrire
    return CibleLue(
        quartier=ligne.territoire.nom,
        echeance=ligne.cible.echeance,
        atteinte=atteinte,
        dite=f"{ecrire(valeur) or 'Non renseigné'}, cible {ecrire(ligne.cible.valeur)}",
        demonstration=ligne.demonstration or ligne.cible.demonstration,
    )
