"""Lit l'état d'un périmètre à une date, en un nombre de requêtes qui ne dépend de rien.

Aujourd'hui se lit dans les tables ; le passé, dans l'histoire que chaque écriture garde :
`EtatAction`, `VersionDeclinaison`, `Version` des fiches et des contrats. Même forme des deux côtés.
Les colonnes et l'arbre des programmes sont ceux d'aujourd'hui ; une cellule que rien n'a changée
vaut depuis l'origine du contrat. Le périmètre du lecteur est celui d'aujourd'hui.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone

from contrats.historique import avec_etat, etat_de
from contrats.models import Action, Axe, Contrat, EtatAction, LibelleAxe
from contrats.permissions import roles
from partenaires.models import Charte, Organisme
from perr.models import Colonne, Declinaison, VersionDeclinaison
from tableaux.etat import ActionLue, AxeLu, ColonneLue, Etat
from tableaux.lecture_des_ecarts import lire_indicateurs
from tableaux.lecture_du_contrat import lire_ce_que_dit_le_contrat
from tableaux.perimetre import Lecteur, Perimetre

ADRESSE = "00000000-0000-0000-0000-000000000000"


def fin_du_jour(au: datetime.date) -> datetime.datetime:
    """Le premier instant du lendemain : ce qui s'est écrit ce jour-là compte."""
    lendemain = datetime.datetime.combine(au + datetime.timedelta(days=1), datetime.time())
    return timezone.make_aware(lendemain)


def lire_etat(perimetre: Perimetre, par: Lecteur, au: datetime.date | None = None) -> Etat:
    """L'état du périmètre à cette date (aujourd'hui par défaut), tel que `par` peut le lire."""
    aujourdhui = timezone.localdate()
    au = min(au or aujourdhui, aujourdhui)
    visibles = Contrat.objects.visibles_par(par).filter(pk__in=perimetre.contrats.values("pk"))
    contrats = {c.pk: c for c in visibles.select_related("parent").order_by("pk")}
    nommes = contrats_nommes(par, contrats)
    present = au >= aujourdhui
    actions = tuple(_actions(contrats, par, None if present else au, nommes))
    colonnes = _colonnes(contrats)
    connues = {a.identifiant for a in actions}
    cellules = _cellules_presentes(contrats) if present else _cellules_au(contrats, au)
    organismes = dict(Organisme.objects.values_list("cle", "nom"))
    avant = fin_du_jour(au)
    du_contrat = lire_ce_que_dit_le_contrat(contrats, par, avant, present, nommes, organismes)
    return Etat(
        au=au,
        toutes=actions,
        colonnes=colonnes,
        cellules={p: s for p, s in cellules.items() if p[0] in connues},
        axes=_axes(contrats.values()),
        indicateurs=lire_indicateurs(contrats.values(), par, None if present else au),
        chartes=_chartes(au),
        organismes=organismes,
        connu_depuis=EtatAction.objects.filter(contrat__in=contrats).aggregate(d=Min("le"))["d"],
        **du_contrat,
    )


def contrats_nommes(par: Lecteur, contrats: Iterable[int]) -> set[int]:
    """Contrats dont le lecteur peut savoir qui a écrit : ceux où il a un rôle."""
    if not par.is_authenticated:
        return set()
    return set(contrats) if par.is_superuser else set(contrats) & set(roles(par))


def _actions(
    contrats: dict[int, Contrat], par: Lecteur, au: datetime.date | None, nommes: set[int]
) -> Iterable[ActionLue]:
    """Aujourd'hui (`au` vide) dans les tables, sinon dans l'histoire ; même forme."""
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


def _colonnes(contrats: dict[int, Contrat]) -> tuple[ColonneLue, ...]:
    colonnes = Colonne.objects.filter(annexe__contrat__in=contrats).select_related("annexe")
    lues = colonnes.prefetch_related("quartiers").order_by(
        "annexe__contrat", "annexe__ordre_imprime", "rang", "pk"
    )
    return tuple(
        ColonneLue(
            c.pk,
            contrats[c.annexe.contrat_id].slug,
            c.abrege,
            c.libelle,
            tuple(sorted(q.cle for q in c.quartiers.all())),
        )
        for c in lues
    )


Cellules = dict[tuple[str, int], str]


def _cellules_presentes(contrats: dict[int, Contrat]) -> Cellules:
    lignes = Declinaison.objects.filter(action__contrat__in=contrats)
    return {
        (str(identifiant), colonne): statut
        for identifiant, colonne, statut in lignes.order_by("pk").values_list(
            "action__public_id", "colonne", "statut"
        )
    }


def _cellules_au(contrats: dict[int, Contrat], au: datetime.date) -> Cellules:
    """Les cellules d'aujourd'hui, dont on défait ce qui s'est écrit depuis cette date."""
    cellules = _cellules_presentes(contrats)
    depuis = VersionDeclinaison.objects.filter(
        action__contrat__in=contrats, lot__cree_le__gte=fin_du_jour(au)
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


def _axes(contrats: Iterable[Contrat]) -> dict[tuple[str, str], AxeLu]:
    """Par contrat et clé : les axes du contrat, et ceux du contrat qu'il complète."""
    liste = list(contrats)
    voulus = {c.pk for c in liste} | {c.parent_id for c in liste if c.parent_id}
    courts = dict(
        LibelleAxe.objects.filter(axe__contrat__in=voulus, origine="tableau")
        .order_by("-pk")
        .values_list("axe", "libelle")
    )
    lignes = Axe.objects.filter(contrat__in=voulus).order_by("contrat", "ordre", "pk")
    axes: dict[tuple[str, str], AxeLu] = {}
    for rang, (pk, de, cle, numero, intitule, nature, parent) in enumerate(
        lignes.values_list("pk", "contrat", "cle", "numero", "intitule", "nature", "parent__cle")
    ):
        lu = AxeLu(cle, numero, intitule, nature, parent, rang, courts.get(pk, ""))
        for contrat in liste:
            if de in (contrat.pk, contrat.parent_id):
                axes.setdefault((contrat.slug, cle), lu)
    return axes


def _chartes(au: datetime.date) -> dict[str, datetime.date]:
    """Première charte signée de chaque organisme, au plus tard à cette date."""
    lignes: Any = Charte.objects.filter(signee_le__lte=au).order_by("-signee_le")
    return dict(lignes.values_list("organisme__cle", "signee_le"))
