"""Charge la matrice d'un PERR écrite en YAML (`fixtures/perr/`) ; rejouable.

Une matrice déjà chargée, et qu'un agent a pu modifier, est laissée telle quelle.
"""

from typing import Any

from django.db import transaction

from contrats.chargement.fiche import identifiant
from contrats.enums import NatureAxe
from contrats.models import Action, Axe, Contrat, LibelleAxe
from perr.models import (
    AliasColonne,
    AnnexeTerritoriale,
    AxePrioritaire,
    Colonne,
    Declinaison,
    QuartierDeColonne,
    RegardSpecifique,
    RenvoiDeclinaison,
    TitreVariante,
)
from territoires.models import Territoire


@transaction.atomic
def charger_matrice(donnees: dict[str, Any]) -> None:
    """Crée annexes, colonnes, titres, priorités et déclinaisons d'un PERR sans matrice."""
    contrat = Contrat.objects.get(slug=donnees["contrat"])
    if contrat.annexes_territoriales.exists():
        return
    actions = {a.numero: a for a in contrat.actions.filter(parent=None)}
    axes = list(Axe.objects.filter(contrat__in=[contrat.pk, contrat.parent_id]))
    programmes = {a.numero: a for a in axes if a.nature == NatureAxe.PROGRAMME}
    annexes, colonnes = _annexes(contrat, donnees["annexes"])
    _libelles(programmes, donnees["programmes"])
    TitreVariante.objects.bulk_create(
        TitreVariante(
            action=actions[t["action"]],
            annexe=annexes[t["annexe"]],
            titre=t.get("titre") or "",
            numero_imprime=t.get("numero_imprime") or "",
            ligne_absente=t.get("ligne_absente", False),
        )
        for t in donnees["titres"]
    )
    for p in donnees["axes_prioritaires"]:
        axe = AxePrioritaire.objects.create(
            contrat=contrat,
            ordre=p["ordre"],
            texte=p["texte"],
            action=actions[p["action"]] if p.get("action") else None,
        )
        axe.programmes.set([programmes[numero] for numero in p["programmes"]])
    piliers = {a.cle: a for a in axes if a.nature == NatureAxe.PILIER}
    _declinaisons(contrat, donnees["declinaisons"], actions, colonnes, {**piliers, **programmes})


def _annexes(
    contrat: Contrat, donnees: list[dict[str, Any]]
) -> tuple[dict[str, AnnexeTerritoriale], dict[str, Colonne]]:
    quartiers = {t.code: t for t in Territoire.objects.exclude(code="")}
    annexes, colonnes = {}, {}
    for d in donnees:
        annexe = annexes[d["cle"]] = AnnexeTerritoriale.objects.create(
            contrat=contrat,
            **{c: d[c] for c in ("cle", "nom", "ordre_sommaire", "ordre_imprime")},
        )
        for c in d["colonnes"]:
            colonne = colonnes[c["cle"]] = Colonne.objects.create(
                annexe=annexe, **{k: c[k] for k in ("cle", "abrege", "rang", "libelle")}
            )
            AliasColonne.objects.bulk_create(
                AliasColonne(colonne=colonne, libelle=alias) for alias in c.get("alias") or ()
            )
            QuartierDeColonne.objects.bulk_create(
                QuartierDeColonne(
                    colonne=colonne, quartier=quartiers[q["code"]], couverture=q["couverture"]
                )
                for q in c["qpv"]
            )
    return annexes, colonnes


def _libelles(programmes: dict[str, Axe], donnees: list[dict[str, Any]]) -> None:
    for p in donnees:
        formes = {"tableau": [p["intitule_tableau"]] if p.get("intitule_tableau") else []}
        formes |= {f"annexe {cle}": lus for cle, lus in (p.get("libelles_annexe") or {}).items()}
        LibelleAxe.objects.bulk_create(
            LibelleAxe(axe=programmes[p["numero"]], origine=origine, libelle=libelle)
            for origine, libelles in formes.items()
            for libelle in dict.fromkeys(libelles)
        )


def _declinaisons(
    contrat: Contrat,
    donnees: list[dict[str, Any]],
    actions: dict[str, Action],
    colonnes: dict[str, Colonne],
    axes: dict[str, Axe],
) -> None:
    quartiers = {t.cle: t for t in Territoire.objects.all()}
    textes = ("texte", "modalites", "motif", "groupe", "a_verifier")
    cellules, renvois, regards = [], [], []
    for d in donnees:
        cellule = Declinaison(
            public_id=identifiant(contrat.slug, "declinaison", d["action"], d["colonne"]),
            action=actions[d["action"]],
            colonne=colonnes[d["colonne"]],
            statut=d["statut"],
            **{champ: d.get(champ) or "" for champ in textes},
        )
        cellules.append(cellule)
        for ordre, r in enumerate(d.get("renvois") or (), 1):
            cible = r.get("programme") or r.get("pilier")
            renvois.append(
                RenvoiDeclinaison(
                    declinaison=cellule,
                    ordre=ordre,
                    texte=r["texte"],
                    action=actions[r["action"]] if r.get("action") else None,
                    axe=axes[cible] if cible else None,
                    deduit=r["deduit"],
                )
            )
        for ordre, r in enumerate(d.get("regards") or (), 1):
            quartier = quartiers[r["quartier"]]
            regards.append(
                RegardSpecifique(
                    declinaison=cellule, ordre=ordre, quartier=quartier, texte=r["texte"]
                )
            )
    Declinaison.objects.bulk_create(cellules)
    RenvoiDeclinaison.objects.bulk_create(renvois)
    RegardSpecifique.objects.bulk_create(regards)
