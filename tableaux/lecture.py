"""Lit l'état d'un périmètre à une date, en un nombre de requêtes qui ne dépend de rien.

Aujourd'hui se lit dans les tables ; le passé, dans l'histoire que chaque écriture garde :
`EtatAction`, `VersionDeclinaison`, `Version` des fiches et des contrats. Même forme des deux côtés.
Les colonnes et l'arbre des programmes sont ceux d'aujourd'hui ; une cellule que rien n'a changée
vaut depuis l'origine du contrat. Le périmètre du lecteur est celui d'aujourd'hui.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from contrats.historique import avec_etat, etat_de
from contrats.models import Action, EtatAction
from perr.models import VersionDeclinaison
from tableaux.etat import ActionLue, Etat
from tableaux.lecture_des_ecarts import lire_indicateurs
from tableaux.lecture_du_contrat import lire_ce_que_dit_le_contrat
from tableaux.perimetre import Lecteur, Perimetre
from tableaux.sources import Cellules, Sources

ADRESSE = "00000000-0000-0000-0000-000000000000"


def fin_du_jour(au: datetime.date) -> datetime.datetime:
    """Le premier instant du lendemain : ce qui s'est écrit ce jour-là compte."""
    lendemain = datetime.datetime.combine(au + datetime.timedelta(days=1), datetime.time())
    return timezone.make_aware(lendemain)


def lire_etat(
    perimetre: Perimetre,
    par: Lecteur,
    au: datetime.date | None = None,
    sources: Sources | None = None,
) -> Etat:
    """L'état du périmètre à cette date (aujourd'hui par défaut), tel que `par` peut le lire.

    `sources` : ce qu'une autre date du même tableau a déjà lu.
    """
    s = sources or Sources(perimetre, par)
    aujourdhui = timezone.localdate()
    au = min(au or aujourdhui, aujourdhui)
    passe = None if au >= aujourdhui else au
    actions = tuple(_actions(s, passe))
    connues = {a.identifiant for a in actions}
    cellules = s.cellules if passe is None else _cellules_au(s, passe)
    return Etat(
        au=au,
        toutes=actions,
        colonnes=s.colonnes,
        cellules={p: statut for p, statut in cellules.items() if p[0] in connues},
        axes=s.axes,
        indicateurs=lire_indicateurs(s.indicateurs, passe),
        chartes={o: le for o, le in s.chartes.items() if le <= au},
        organismes=s.organismes,
        connu_depuis=s.connu_depuis,
        **lire_ce_que_dit_le_contrat(s, fin_du_jour(au), passe is None),
    )


def _actions(s: Sources, au: datetime.date | None) -> Iterable[ActionLue]:
    """Aujourd'hui (`au` vide) dans les tables, sinon dans l'histoire ; même forme."""
    contrats, par, nommes = s.contrats, s.par, s.nommes
    base = reverse("contrats:action-detail", args=[ADRESSE])
    if au is None:
        derniers = EtatAction.objects.visibles_par(par).filter(contrat__in=contrats).derniers()
        dits = {e.identifiant: e for e in derniers.select_related("auteur").defer("etat")}
        visibles = Action.objects.visibles_par(par).filter(contrat__in=contrats)
        actions = sorted(avec_etat(visibles), key=lambda a: _rang(a, a.ordre, a.public_id))
        for rang, action in enumerate(actions):
            dernier = dits.get(action.public_id)
            yield ActionLue.depuis(
                etat_de(action),
                identifiant=str(action.public_id),
                contrat=contrats[action.contrat_id].slug,
                rang=rang,
                adresse=base.replace(ADRESSE, str(action.public_id)),
                maj_le=dernier.le if dernier else action.modifie_le,
                auteur=nom(dernier, nommes),
            )
        return
    etats = EtatAction.objects.visibles_par(par).filter(contrat__in=contrats)
    alors: Any = etats.filter(le__lt=fin_du_jour(au)).derniers().select_related("auteur", "fiche")
    presentes = [e for e in alors if e.etat is not None]
    presentes.sort(key=lambda e: _rang(e, e.etat["ordre"], e.identifiant))
    for rang, e in enumerate(presentes):
        identifiant = str(e.identifiant)
        yield ActionLue.depuis(
            e.etat,
            identifiant=identifiant,
            contrat=contrats[e.contrat_id].slug,
            rang=rang,
            adresse=base.replace(ADRESSE, identifiant) if e.action_id else "",
            maj_le=e.le,
            auteur=nom(e, nommes),
        )


def _rang(objet: Any, ordre: int, identifiant: Any) -> tuple[int, int, int, str]:
    """L'ordre imprimé, le même d'une base et d'une date à l'autre."""
    fiche = objet.fiche.ordre if objet.fiche else -1
    return objet.contrat_id, fiche, ordre, str(identifiant)


def nom(dit: Any, nommes: set[int]) -> str:
    """Qui l'a écrit, si le lecteur peut le savoir ; vide : chargement, ligne de commande."""
    if dit is None or dit.auteur is None or dit.contrat_id not in nommes:
        return ""
    return str(dit.auteur)


def _cellules_au(s: Sources, au: datetime.date) -> Cellules:
    """Les cellules d'aujourd'hui, dont on défait ce qui s'est écrit depuis cette date."""
    cellules = dict(s.cellules)
    depuis = VersionDeclinaison.objects.filter(
        action__contrat__in=s.contrats, lot__cree_le__gte=fin_du_jour(au)
    )
    for identifiant, colonne, avant in depuis.order_by("-numero", "-pk").values_list(
        "action__public_id", "colonne", "avant__statut"
    ):
        place = (str(identifiant), colonne)
        if avant is None:
            cellules.pop(place, None)
        else:
            cellules[place] = avant
    return cellules
