"""Lit la matrice action × quartier d'un contrat, en un nombre de requêtes qui ne dépend de rien.

La page, l'export, le PDF et l'API lisent celle-ci : mêmes lignes, mêmes cellules, mêmes totaux.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet

from comptes.models import Utilisateur
from contrats.models import Action, Axe, Contrat, LibelleAxe
from perr.contenu import Contenu, contenu_de
from perr.filters import MatriceFilterSet
from perr.models import (
    AnnexeTerritoriale,
    Colonne,
    Declinaison,
    QuartierDeColonne,
    RegardSpecifique,
    RenvoiDeclinaison,
    TitreVariante,
)

Place = tuple[int, int]  # (action, colonne), par clé primaire


def avec_contenu(declinaisons: QuerySet[Declinaison]) -> QuerySet[Declinaison]:
    """De quoi lire `perr.contenu.contenu_de` : deux requêtes de plus, quel que soit le nombre."""
    renvois = RenvoiDeclinaison.objects.select_related("action", "axe").order_by("ordre", "pk")
    regards = RegardSpecifique.objects.select_related("quartier").order_by("ordre", "pk")
    return declinaisons.prefetch_related(
        Prefetch("renvois", renvois), Prefetch("regards", regards)
    ).order_by("action", "colonne")


@dataclass(frozen=True, slots=True)
class QuartierLu:
    """Quartier prioritaire qu'une colonne couvre, en tout ou partie."""

    cle: str
    nom: str
    code: str
    couverture: str


@dataclass(frozen=True, slots=True)
class ColonneLue:
    """Tête de colonne et quartiers qu'elle couvre."""

    pk: int
    cle: str
    abrege: str
    libelle: str
    annexe: str  # clé
    quartiers: tuple[QuartierLu, ...]


@dataclass(frozen=True, slots=True)
class AnnexeLue:
    """Annexe et celles de ses colonnes que la lecture retient."""

    pk: int
    cle: str
    nom: str
    ordre_sommaire: int
    colonnes: tuple[ColonneLue, ...]


@dataclass(frozen=True, slots=True)
class Cellule:
    """Une place de la matrice ; vide, elle n'a ni version ni contenu."""

    action: int
    colonne: int
    version: int | None = None
    contenu: Contenu | None = None
    public_id: str = ""
    renvois: tuple[RenvoiDeclinaison, ...] = ()
    regards: tuple[RegardSpecifique, ...] = ()
    retenue: bool = True  # par le filtre de cellules
    partagee_avec: tuple[str, ...] = ()  # numéros des autres actions de la même case imprimée

    @property
    def est_vide(self) -> bool:
        return self.contenu is None


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une action, sa cellule dans chaque colonne retenue, et ses titres imprimés par annexe."""

    action: Action
    cellules: tuple[Cellule, ...]
    titres: dict[str, TitreVariante]  # par clé d'annexe

    @property
    def nb_remplies(self) -> int:
        return sum(c.retenue and not c.est_vide for c in self.cellules)

    @property
    def est_oubliee(self) -> bool:
        return all(c.est_vide for c in self.cellules)


@dataclass(frozen=True, slots=True)
class Programme:
    """Un programme et ses actions ; `axe` vide : actions sans programme."""

    axe: Axe | None
    court: str
    lignes: tuple[Ligne, ...]


@dataclass(frozen=True, slots=True)
class Pilier:
    """Un pilier et ses programmes ; `axe` vide : programmes sans pilier."""

    axe: Axe | None
    programmes: tuple[Programme, ...]

    @property
    def nb_lignes(self) -> int:
        return sum(len(p.lignes) for p in self.programmes)


@dataclass(frozen=True, slots=True)
class Oubli:
    """Une colonne et les programmes qui n'y ont aucune cellule remplie."""

    colonne: ColonneLue
    nb_remplies: int
    programmes: tuple[Programme, ...]


@dataclass
class Matrice:
    """La matrice lue : annexes en tête, actions groupées en lignes, une cellule par place."""

    contrat: Contrat
    annexes: tuple[AnnexeLue, ...]
    piliers: tuple[Pilier, ...]
    toutes_les_annexes: tuple[AnnexeLue, ...] = field(default=())

    @cached_property
    def colonnes(self) -> tuple[ColonneLue, ...]:
        return tuple(c for annexe in self.annexes for c in annexe.colonnes)

    @cached_property
    def programmes(self) -> tuple[Programme, ...]:
        return tuple(p for pilier in self.piliers for p in pilier.programmes)

    @cached_property
    def lignes(self) -> tuple[Ligne, ...]:
        return tuple(ligne for p in self.programmes for ligne in p.lignes)

    @cached_property
    def cellules(self) -> dict[Place, Cellule]:
        return {(c.action, c.colonne): c for ligne in self.lignes for c in ligne.cellules}

    @cached_property
    def remplies(self) -> tuple[Cellule, ...]:
        return tuple(c for c in self.cellules.values() if c.retenue and not c.est_vide)

    @cached_property
    def totaux(self) -> dict[int, int]:
        """Cellules remplies et retenues par colonne (clé primaire)."""
        totaux = dict.fromkeys((c.pk for c in self.colonnes), 0)
        for cellule in self.remplies:
            totaux[cellule.colonne] += 1
        return totaux

    @cached_property
    def oublis(self) -> tuple[Oubli, ...]:
        """Colonnes, de la moins remplie à la plus remplie, avec leurs programmes sans rien."""
        oublis = [
            Oubli(
                colonne,
                sum(not ligne.cellules[rang].est_vide for ligne in self.lignes),
                tuple(
                    p
                    for p in self.programmes
                    if all(ligne.cellules[rang].est_vide for ligne in p.lignes)
                ),
            )
            for rang, colonne in enumerate(self.colonnes)
        ]
        return tuple(sorted(oublis, key=lambda o: o.nb_remplies))

    @cached_property
    def actions_oubliees(self) -> tuple[Ligne, ...]:
        """Actions déclinées dans aucune des colonnes lues."""
        return tuple(ligne for ligne in self.lignes if ligne.est_oubliee)


def lire_matrice(
    contrat: Contrat,
    utilisateur: Utilisateur | AnonymousUser,
    filtres: MatriceFilterSet | None = None,
) -> Matrice:
    """La matrice que l'utilisateur voit, restreinte par `filtres` (`MatriceFilterSet`).

    Un filtre de cellule (statut, vides) garde les lignes qui en ont une, et dit de chaque cellule
    si elle est `retenue`. Un filtre invalide ne restreint pas : l'appelant montre son erreur.
    """
    actions = Action.objects.visibles_par(utilisateur).filter(contrat=contrat, parent=None)
    colonnes = Colonne.objects.filter(annexe__contrat=contrat)
    toutes = _annexes(colonnes)
    if filtres is not None:
        actions, colonnes = filtres.actions(actions), filtres.colonnes(colonnes)
    gardees = set(colonnes.values_list("pk", flat=True)) if filtres is not None else None
    annexes = _restreindre(toutes, gardees)
    piliers = _piliers(contrat, actions, annexes, filtres)
    return Matrice(contrat, annexes, piliers, toutes)


def _annexes(colonnes: QuerySet[Colonne]) -> tuple[AnnexeLue, ...]:
    couvertures = QuartierDeColonne.objects.select_related("quartier").order_by(
        "quartier__code", "quartier__nom", "pk"
    )
    lues = colonnes.select_related("annexe").prefetch_related(Prefetch("couvertures", couvertures))
    par_annexe: dict[AnnexeTerritoriale, list[Colonne]] = {}
    for colonne in lues.order_by("annexe__ordre_imprime", "annexe", "rang", "pk"):
        par_annexe.setdefault(colonne.annexe, []).append(colonne)
    return tuple(
        AnnexeLue(
            pk=annexe.pk,
            cle=annexe.cle,
            nom=annexe.nom,
            ordre_sommaire=annexe.ordre_sommaire,
            colonnes=tuple(_colonne(annexe, c) for c in siennes),
        )
        for annexe, siennes in par_annexe.items()
    )


def _colonne(annexe: AnnexeTerritoriale, colonne: Colonne) -> ColonneLue:
    return ColonneLue(
        pk=colonne.pk,
        cle=colonne.cle,
        abrege=colonne.abrege,
        libelle=colonne.libelle,
        annexe=annexe.cle,
        quartiers=tuple(
            QuartierLu(c.quartier.cle, c.quartier.nom, c.quartier.code, c.couverture)
            for c in colonne.couvertures.all()
        ),
    )


def _restreindre(annexes: tuple[AnnexeLue, ...], gardees: set[int] | None) -> tuple[AnnexeLue, ...]:
    """Les colonnes gardées, sans les annexes qui n'en ont plus."""
    if gardees is None:
        return annexes
    restreintes = (
        replace(a, colonnes=tuple(c for c in a.colonnes if c.pk in gardees)) for a in annexes
    )
    return tuple(a for a in restreintes if a.colonnes)


def _piliers(
    contrat: Contrat,
    actions: QuerySet[Action],
    annexes: tuple[AnnexeLue, ...],
    filtres: MatriceFilterSet | None,
) -> tuple[Pilier, ...]:
    lues = list(actions.select_related("axe__parent").order_by("ordre", "pk"))
    lignes = _lignes(contrat, lues, [c for a in annexes for c in a.colonnes], filtres)
    axes = {ligne.action.axe for ligne in lignes if ligne.action.axe}
    courts = _intitules_du_tableau(axes)
    arbre: dict[Axe | None, dict[Axe | None, list[Ligne]]] = {}
    for ligne in lignes:
        axe = ligne.action.axe
        pilier = axe.parent if axe else None
        arbre.setdefault(pilier, {}).setdefault(axe, []).append(ligne)
    return tuple(
        Pilier(
            pilier,
            tuple(
                Programme(axe, courts.get(axe.pk, axe.intitule) if axe else "", tuple(siennes))
                for axe, siennes in programmes.items()
            ),
        )
        for pilier, programmes in arbre.items()
    )


def _intitules_du_tableau(axes: Iterable[Axe]) -> dict[int, str]:
    """L'intitulé que le tableau des actions imprime, plus court que celui de la liste."""
    libelles = LibelleAxe.objects.filter(axe__in=axes, origine="tableau").order_by("-pk")
    return dict(libelles.values_list("axe", "libelle"))


def _lignes(
    contrat: Contrat,
    actions: list[Action],
    colonnes: list[ColonneLue],
    filtres: MatriceFilterSet | None,
) -> list[Ligne]:
    """Une ligne par action ; les actions sans cellule retenue tombent s'il y a un filtre."""
    declinaisons = Declinaison.objects.filter(
        action__contrat=contrat, colonne__annexe__contrat=contrat
    )
    par_place = {(d.action_id, d.colonne_id): d for d in avec_contenu(declinaisons)}
    titres: dict[int, dict[str, TitreVariante]] = {}
    for titre in TitreVariante.objects.filter(annexe__contrat=contrat).select_related("annexe"):
        titres.setdefault(titre.action_id, {})[titre.annexe.cle] = titre
    partages = _partages(actions, par_place.values())
    lignes = [
        Ligne(
            action,
            tuple(
                _cellule(action, c, par_place.get((action.pk, c.pk)), partages, filtres)
                for c in colonnes
            ),
            titres.get(action.pk, {}),
        )
        for action in actions
    ]
    if filtres is None or not filtres.choisit_des_cellules:
        return lignes
    return [ligne for ligne in lignes if any(c.retenue for c in ligne.cellules)]


def _partages(
    actions: list[Action], declinaisons: Iterable[Declinaison]
) -> dict[tuple[int, str], list[str]]:
    """Numéros des actions que réunit une même case imprimée, par colonne et groupe."""
    numeros = {a.pk: a.numero for a in actions}
    partages: dict[tuple[int, str], list[str]] = {}
    for d in declinaisons:
        if d.groupe and d.action_id in numeros:
            partages.setdefault((d.colonne_id, d.groupe), []).append(numeros[d.action_id])
    return partages


def _cellule(
    action: Action,
    colonne: ColonneLue,
    d: Declinaison | None,
    partages: dict[tuple[int, str], list[str]],
    filtres: MatriceFilterSet | None,
) -> Cellule:
    retenue = filtres is None or filtres.retient(d.statut if d else None)
    if d is None:
        return Cellule(action.pk, colonne.pk, retenue=retenue)
    groupe = partages.get((colonne.pk, d.groupe), []) if d.groupe else []
    return Cellule(
        action=action.pk,
        colonne=colonne.pk,
        version=d.version,
        contenu=contenu_de(d),
        public_id=str(d.public_id),
        renvois=tuple(d.renvois.all()),
        regards=tuple(d.regards.all()),
        partagee_avec=tuple(n for n in groupe if n != action.numero),
        retenue=retenue,
    )
