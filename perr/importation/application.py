"""Écrit un plan en une transaction : la structure qui manque, puis toutes les cellules, ou rien."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify

from comptes.models import Utilisateur
from contrats.enums import NatureAxe, RolePartenaire
from contrats.historique import constater
from contrats.models import Action, Axe, Contrat, Partenariat
from contrats.permissions import Acte, peut
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour
from perr.contenu import Contenu, Renvoi
from perr.ecriture import Modification, ecrire_cellules
from perr.importation.plan import Plan
from perr.importation.structure import Ajouts
from perr.importation.textes import ACTION_CITEE, PROGRAMME_CITE, cle
from perr.models import AliasColonne, AnnexeTerritoriale, Colonne, Lot, TitreVariante
from territoires.enums import Couverture
from territoires.models import Territoire


@dataclass
class Ecrit:
    """Ce que l'application a fait : le lot des cellules, et les partenariats, pour l'annuler."""

    lot: Lot | None
    partenariats: list[int]


@transaction.atomic
def appliquer(plan: Plan, *, par: Utilisateur | None, motif: str) -> Ecrit:
    """Tout ou rien ; une cellule changée depuis l'aperçu fait tout échouer (`CellulesPerimees`)."""
    contrat = plan.connu.contrat
    if par is not None and not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'y importer.")
    actions, colonnes = _ajouter(plan, contrat)
    modifications = [
        Modification(
            action=actions[c.place[2]].pk,
            colonne=colonnes[c.place[0], c.place[1]].pk,
            version=c.version,
            contenu=_avec_renvois(c.apres, c.renvoi, contrat, actions, plan) if c.apres else None,
        )
        for c in plan.changements
    ]
    lot = ecrire_cellules(contrat, modifications, par=par, motif=motif) if modifications else None
    partenariats = _partenariats(plan.ajouts, actions)
    constater(contrat, par=par)
    if plan.ajouts:
        contrat.refresh_from_db()
        mettre_a_jour(contrat, version=contrat.version)
        versionner(contrat, par=par, motif=motif)
    return Ecrit(lot, partenariats)


def _ajouter(
    plan: Plan, contrat: Contrat
) -> tuple[dict[str, Action], dict[tuple[str, int], Colonne]]:
    """Crée ce qui manque ; rend toutes les actions par numéro et les colonnes par rang."""
    ajouts, connu = plan.ajouts, plan.connu
    programmes = {**connu.programmes, **_axes(ajouts, contrat, plan)}
    actions = dict(connu.actions)
    ordre = contrat.actions.count()
    for rang, lue in enumerate(ajouts.actions, 1):
        actions[lue.numero] = Action.objects.create(
            contrat=contrat,
            axe=programmes.get(lue.programme),
            ordre=int(lue.numero) if lue.numero.isdigit() and not ordre else ordre + rang,
            numero=lue.numero,
            intitule=lue.titre or f"Action n° {lue.numero}",
            prioritaire=lue.prioritaire,
        )
    annexes = {**connu.annexes, **_annexes(ajouts, contrat)}
    colonnes = {
        (annexe, rang): colonne
        for annexe, siennes in connu.colonnes.items()
        for rang, colonne in enumerate(siennes)
    }
    colonnes |= _colonnes(plan, annexes)
    neuves = {nom: annexes[nom] for nom in ajouts.annexes}
    TitreVariante.objects.bulk_create(
        TitreVariante(
            action=actions[numero], annexe=neuves[annexe], titre=titre, numero_imprime=imprime
        )
        for (annexe, numero), (titre, imprime) in plan.lecture.structure.titres.items()
        if annexe in neuves and numero in actions
    )
    return actions, colonnes


def _axes(ajouts: Ajouts, contrat: Contrat, plan: Plan) -> dict[str, Axe]:
    ordre = contrat.axes.count()
    piliers = {p.intitule: p for p in plan.connu.piliers}
    for pilier in ajouts.piliers:
        ordre += 1
        piliers[pilier] = Axe.objects.create(
            contrat=contrat,
            nature=NatureAxe.PILIER,
            cle=_cle_libre(pilier, Axe.objects.filter(contrat=contrat)),
            intitule=pilier[:500],
            ordre=ordre,
        )
    programmes = {}
    for numero, intitule, pilier in ajouts.programmes:
        ordre += 1
        programmes[numero] = Axe.objects.create(
            contrat=contrat,
            parent=piliers.get(pilier),
            nature=NatureAxe.PROGRAMME,
            cle=_cle_libre(f"programme-{numero}", Axe.objects.filter(contrat=contrat)),
            numero=numero,
            intitule=intitule[:500],
            ordre=ordre,
        )
    return programmes


def _annexes(ajouts: Ajouts, contrat: Contrat) -> dict[str, AnnexeTerritoriale]:
    deja = contrat.annexes_territoriales.count()
    return {
        nom: AnnexeTerritoriale.objects.create(
            contrat=contrat,
            cle=_cle_libre(nom, contrat.annexes_territoriales.all()),
            nom=nom[:120],
            ordre_sommaire=deja + rang,
            ordre_imprime=deja + rang,
        )
        for rang, nom in enumerate(ajouts.annexes, 1)
    }


def _colonnes(plan: Plan, annexes: dict[str, AnnexeTerritoriale]) -> dict[tuple[str, int], Colonne]:
    """Colonnes créées, leurs écritures en alias, et leur quartier si un seul porte ce nom."""
    structure, creees = plan.lecture.structure, {}
    quartiers: dict[str, list[Territoire]] = {}
    for territoire in Territoire.objects.filter(type="qpv").order_by("pk"):
        quartiers.setdefault(cle(territoire.nom), []).append(territoire)
    for annexe, rang, libelle in plan.ajouts.colonnes:
        siennes = annexes[annexe].colonnes.order_by("-rang")
        dernier = siennes.first()
        colonne = Colonne.objects.create(
            annexe=annexes[annexe],
            cle=_cle_libre(libelle, annexes[annexe].colonnes.all()),
            abrege=(structure.abreges.get((annexe, rang)) or _abrege(libelle))[:10],
            rang=dernier.rang + 1 if dernier else 1,
            libelle=libelle[:254],
        )
        creees[annexe, rang] = colonne
        AliasColonne.objects.bulk_create(
            AliasColonne(colonne=colonne, libelle=nom[:254])
            for nom in dict.fromkeys(structure.alias.get((annexe, rang), ()))
            if nom and nom != libelle
        )
        memes = quartiers.get(cle(libelle), [])
        if len(memes) == 1:
            colonne.couvertures.create(quartier=memes[0], couverture=Couverture.TOTALE)
    return creees


def _abrege(libelle: str) -> str:
    return (slugify(libelle).replace("-", "")[:3] or "col").upper()


def _cle_libre(texte: str, parmi: Any) -> str:
    """Clé d'adresse tirée du texte ; un numéro la distingue si elle est prise."""
    base = slugify(texte)[:50].strip("-") or "sans-nom"
    prises = set(parmi.filter(cle__startswith=base).values_list("cle", flat=True))
    suites = (f"{base}-{n}" for n in range(2, len(prises) + 3))
    return base if base not in prises else next(c for c in suites if c not in prises)


def _partenariats(ajouts: Ajouts, actions: dict[str, Action]) -> list[int]:
    return [
        Partenariat.objects.create(
            action=actions[numero],
            organisme_id=organisme,
            role=RolePartenaire.PARTENAIRE,
            ordre=actions[numero].partenariats.count() + 1,
        ).pk
        for numero, organisme in ajouts.partenariats
        if numero in actions
    ]


def _avec_renvois(
    contenu: Contenu, texte: str, contrat: Contrat, actions: dict[str, Action], plan: Plan
) -> Contenu:
    """Une cellule qui n'a pas encore de renvoi reçoit celui que ses mots citent."""
    if contenu.renvois or not texte:
        return contenu
    cites = [actions[n] for n in ACTION_CITEE.findall(texte) if n in actions]
    if cites:
        renvois = tuple(Renvoi(texte, action=str(a.public_id)) for a in cites)
    else:
        axes = [plan.connu.programmes.get(n) for n in PROGRAMME_CITE.findall(texte)]
        connus = tuple(Renvoi(texte, axe=a.cle) for a in axes if a)
        renvois = connus or (Renvoi(texte),)
    return replace(contenu, renvois=renvois)
