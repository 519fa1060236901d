"""Le portrait d'un quartier prioritaire : ce que chaque contrat y promet, et ce qu'il tait.

Une cellule dit quelque chose du quartier lui-même si sa colonne ne couvre que lui, ou si elle y
porte un regard spécifique ; sinon elle vaut pour le regroupement de sa colonne. Une action sans
aucune cellule vaut pour tout le territoire du contrat.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, Q

from contrats.enums import NatureAxe, RolePartenaire
from contrats.models import Action, Axe, Contrat, Partenariat, Partie
from contrats.presentation.comptes import ORDRE_ETATS, Lecteur
from partenaires.models import Organisme
from perr.enums import StatutDeclinaison
from perr.models import (
    AnnexeTerritoriale,
    Colonne,
    Declinaison,
    QuartierDeColonne,
    RegardSpecifique,
    RenvoiDeclinaison,
)
from portail.carte_quartiers import CarteQuartiers, dessiner_quartiers
from portail.indicateurs_du_quartier import IndicateurDuQuartier, indicateurs_du_quartier
from portail.quartiers import promesses_par_quartier
from portail.territoire import ContratConcerne, PageTerritoire
from territoires.enums import Couverture, TypeTerritoire
from territoires.models import Filiation, Territoire
from texte.markdown import en_texte

# Une intercommunalité n'en a jamais tant.
NB_VOISINS = 100
NB_CELLULES_DENSE = 45
# Une initiale (« place A. Nadal ») ne finit pas une phrase.
FIN_DE_PHRASE = re.compile(r"(?<=[a-zà-ÿ0-9»)][.!?])\s+(?=[A-ZÀ-Ý«])")


@dataclass(frozen=True)
class Cellule:
    """Ce qu'une colonne dit de l'action, l'accroche et la suite séparées pour l'impression."""

    declinaison: Declinaison
    accroche: str
    suite: str
    est_du_quartier: bool
    avec: list[Territoire]
    """Les autres quartiers de la colonne."""
    est_partielle: bool
    regards: list[RegardSpecifique]


@dataclass(frozen=True)
class Promesse:
    """Une action et ses cellules pour ce quartier."""

    action: Action
    cellules: list[Cellule]

    @property
    def est_du_quartier(self) -> bool:
        return any(c.est_du_quartier for c in self.cellules)

    @property
    def pilotes(self) -> list[Organisme]:
        return self._organismes(RolePartenaire.PILOTE)

    @property
    def partenaires(self) -> list[Organisme]:
        return self._organismes(RolePartenaire.CHEF_DE_FILE, RolePartenaire.PARTENAIRE)

    def _organismes(self, *roles: RolePartenaire) -> list[Organisme]:
        return [p.organisme for p in self.action.partenariats.all() if p.role in roles]


@dataclass(frozen=True)
class Theme:
    """Promesses d'un même pilier."""

    intitule: str
    promesses: list[Promesse]


class Engagement:
    """Un contrat à matrice et ce qu'il promet au quartier."""

    def __init__(
        self,
        contrat: Contrat,
        promesses: list[Promesse],
        actions: list[Action],
        axes: dict[int, Axe],
        parties: list[Partie],
    ) -> None:
        self.contrat = contrat
        self.parties = parties
        self.actions = actions
        self.axes = axes
        self.promesses = [p for p in promesses if _promet(p)]
        self.ecartees = [p for p in promesses if not _promet(p)]
        self.generales = [a for a in actions if not a.a_une_cellule]

    @cached_property
    def directs(self) -> list[Theme]:
        return self._par_theme([p for p in self.promesses if p.est_du_quartier])

    @cached_property
    def par_regroupement(self) -> list[Theme]:
        return self._par_theme([p for p in self.promesses if not p.est_du_quartier])

    @cached_property
    def nb_directs(self) -> int:
        return sum(p.est_du_quartier for p in self.promesses)

    @cached_property
    def colonnes(self) -> list[Colonne]:
        """Colonnes de la matrice qui parlent du quartier, dans l'ordre imprimé."""
        cellules = (c for p in [*self.promesses, *self.ecartees] for c in p.cellules)
        uniques = {c.declinaison.colonne_id: c.declinaison.colonne for c in cellules}
        return sorted(uniques.values(), key=lambda c: (c.annexe.ordre_imprime, c.rang))

    @property
    def nb_par_regroupement(self) -> int:
        return len(self.promesses) - self.nb_directs

    @cached_property
    def programmes_absents(self) -> list[Axe]:
        """Programmes dont aucune action n'est prévue ici."""
        presents = {p.action.axe_id for p in self.promesses}
        presents |= {self.axes[pk].parent_id for pk in presents if pk in self.axes}
        return [a for a in self.programmes if a.pk not in presents]

    @cached_property
    def programmes(self) -> list[Axe]:
        return [a for a in self.axes.values() if a.nature == NatureAxe.PROGRAMME]

    @cached_property
    def prioritaires_absentes(self) -> list[Action]:
        ici = {p.action.pk for p in self.promesses}
        return [a for a in self.actions if a.prioritaire and a.pk not in ici]

    @cached_property
    def pilotes(self) -> list[tuple[Organisme, int]]:
        """Organismes pilotes des promesses, du plus au moins présent."""
        nombres: Counter[Organisme] = Counter(o for p in self.promesses for o in p.pilotes)
        return sorted(nombres.items(), key=lambda couple: (-couple[1], couple[0].nom))

    def _par_theme(self, promesses: list[Promesse]) -> list[Theme]:
        groupes: dict[str, list[Promesse]] = defaultdict(list)
        for promesse in promesses:
            groupes[self._theme(promesse.action.axe_id)].append(promesse)
        return [Theme(intitule, membres) for intitule, membres in groupes.items()]

    def _theme(self, axe_id: int | None) -> str:
        """Le pilier de l'axe ou, sans pilier, l'axe le plus haut."""
        axe = self.axes.get(axe_id)
        while axe and axe.nature != NatureAxe.PILIER and axe.parent_id in self.axes:
            axe = self.axes[axe.parent_id]
        return axe.intitule if axe else "Sans thème"


def _promet(promesse: Promesse) -> bool:
    rien = StatutDeclinaison.sans_promesse()
    return any(c.declinaison.statut not in rien for c in promesse.cellules)


class PortraitQuartier(PageTerritoire):
    """Ce que les contrats promettent à un quartier prioritaire, par contrat et par thème."""

    def __init__(self, territoire: Territoire, lecteur: Lecteur) -> None:
        super().__init__(territoire, lecteur)
        self.lecteur = lecteur
        self.engagements = self._engagements(lecteur)
        liens = Filiation.objects.select_related("ancien", "nouveau").order_by("pk")
        self.precedentes = list(liens.filter(nouveau=territoire))
        self.suivantes = list(liens.filter(ancien=territoire))

    @property
    def carte(self) -> CarteQuartiers | None:
        """Le quartier parmi ceux de sa génération et de son intercommunalité."""
        if self.territoire.longitude is None:
            return None
        voisins = list(
            Territoire.objects.filter(
                type=TypeTerritoire.QPV,
                generation=self.territoire.generation,
                rattachements__parent__rattachements__parent__in=self.contenants,
            )
            .order_by("nom", "pk")
            .distinct()[:NB_VOISINS]
        )
        uniques = {t.pk: t for t in [*voisins, self.territoire]}.values()
        nombres = promesses_par_quartier(uniques, self.lecteur)
        return dessiner_quartiers(uniques, nombres, ici=self.territoire)

    @cached_property
    def indicateurs(self) -> list[IndicateurDuQuartier]:
        return indicateurs_du_quartier(self.territoire, self.lecteur)

    @property
    def chiffres_tous_inventes(self) -> bool:
        """Tous le sont : le titre le dit une fois, non chaque ligne."""
        chiffres = [i for i in self.indicateurs if i.ligne.valeur and i.ligne.valeur.valeur]
        return bool(chiffres) and all(i.ligne.demonstration for i in chiffres)

    @property
    def indirects(self) -> list[ContratConcerne]:
        """Contrats qui ne le nomment pas mais valent pour un territoire qui le comprend."""
        return [c for c in self.contrats if c.par and c.contrat.nb_actions]

    @property
    def nommes(self) -> list[Contrat]:
        """Contrats qui nomment le quartier."""
        return [c.contrat for c in self.contrats if not c.par]

    @property
    def a_plus_large(self) -> bool:
        return bool(self.indirects or any(e.generales for e in self.engagements))

    @property
    def nb_promesses(self) -> int:
        return sum(len(e.promesses) for e in self.engagements)

    @property
    def est_dense(self) -> bool:
        """Imprimé plus petit pour tenir sur un A4."""
        cellules = (len(p.cellules) for e in self.engagements for p in e.promesses)
        return sum(cellules) > NB_CELLULES_DENSE

    @property
    def etats(self) -> list[dict[str, object]]:
        """Promesses par état, dans l'ordre de toutes les pages."""
        nombres = Counter(p.action.etat for e in self.engagements for p in e.promesses)
        return [
            {"libelle": libelle, "nombre": nombres[etat]}
            for etat, libelle in ORDRE_ETATS
            if nombres[etat]
        ]

    @property
    def a_des_etats_inventes(self) -> bool:
        return any(p.action.demonstration for e in self.engagements for p in e.promesses)

    def _engagements(self, lecteur: Lecteur) -> list[Engagement]:
        contrats = list(
            Contrat.objects.visibles_par(lecteur)
            .filter(
                pk__in=AnnexeTerritoriale.objects.filter(
                    colonnes__quartiers=self.territoire
                ).values("contrat")
            )
            .order_by("-debut", "intitule_court", "pk")
        )
        par_contrat = _par_contrat(self._promesses(lecteur))
        actions = Action.objects.visibles_par(lecteur).filter(contrat__in=contrats, parent=None)
        cellules = Declinaison.objects.filter(action=OuterRef("pk"))
        toutes = _grouper(actions.annotate(a_une_cellule=Exists(cellules)).ordonnees())
        parties = Partie.objects.filter(contrat__in=contrats).select_related("organisme")
        par_parties = _grouper(parties.order_by("rang"))
        axes = _axes(contrats)
        return [
            Engagement(
                c,
                par_contrat[c.pk],
                toutes[c.pk],
                axes[c.pk] | axes.get(c.parent_id, {}),
                par_parties[c.pk],
            )
            for c in contrats
        ]

    def _promesses(self, lecteur: Lecteur) -> list[Promesse]:
        groupes: dict[Action, list[Cellule]] = defaultdict(list)
        usages = {self.territoire.pk, *(t.pk for t in self.contenus)}
        for declinaison in _declinaisons(self.territoire, lecteur):
            cellule = self._cellule(declinaison, usages)
            groupes[declinaison.action].append(cellule)
        return [Promesse(action, cellules) for action, cellules in groupes.items()]

    def _cellule(self, declinaison: Declinaison, usages: set[int]) -> Cellule:
        couvertures = list(declinaison.colonne.couvertures.all())
        avec = [c.quartier for c in couvertures if c.quartier_id != self.territoire.pk]
        partielle = any(
            c.couverture == Couverture.PARTIELLE and c.quartier_id == self.territoire.pk
            for c in couvertures
        )
        regards = [r for r in declinaison.regards.all() if r.quartier_id in usages]
        accroche, *suite = FIN_DE_PHRASE.split(en_texte(declinaison.texte), maxsplit=1)
        return Cellule(
            declinaison,
            accroche,
            "".join(suite),
            not avec or bool(regards),
            avec,
            partielle,
            regards,
        )


def _declinaisons(territoire: Territoire, lecteur: Lecteur) -> Iterable[Declinaison]:
    """Les cellules des colonnes qui couvrent ce quartier, et tout ce que le portrait en dit."""
    partenariats = Partenariat.objects.select_related("organisme").order_by("ordre", "pk")
    couvertures = QuartierDeColonne.objects.select_related("quartier").order_by("quartier__nom")
    renvois = RenvoiDeclinaison.objects.select_related("action", "axe").order_by("ordre", "pk")
    regards = RegardSpecifique.objects.select_related("quartier").order_by("ordre", "pk")
    return (
        Declinaison.objects.visibles_par(lecteur)
        .filter(colonne__quartiers=territoire)
        .select_related("action", "colonne__annexe")
        .prefetch_related(
            Prefetch("action__partenariats", partenariats),
            Prefetch("colonne__couvertures", couvertures),
            Prefetch("renvois", renvois),
            Prefetch("regards", regards),
        )
        .order_by(
            "action__contrat",
            "action__ordre",
            "action",
            "colonne__annexe__ordre_imprime",
            "colonne__rang",
            "pk",
        )
    )


def _par_contrat(promesses: list[Promesse]) -> dict[int, list[Promesse]]:
    groupes: dict[int, list[Promesse]] = defaultdict(list)
    for promesse in promesses:
        groupes[promesse.action.contrat_id].append(promesse)
    return groupes


def _grouper(lignes: Iterable) -> dict[int, list]:
    groupes: dict[int, list] = defaultdict(list)
    for ligne in lignes:
        groupes[ligne.contrat_id].append(ligne)
    return groupes


def _axes(contrats: list[Contrat]) -> dict[int, dict[int, Axe]]:
    """Axes de ces contrats et de leurs parents : un PERR suit les programmes du sien."""
    noms = {c.pk for c in contrats} | {c.parent_id for c in contrats if c.parent_id}
    axes: dict[int, dict[int, Axe]] = defaultdict(dict)
    for axe in Axe.objects.filter(Q(contrat__in=noms)).order_by("contrat", "ordre", "pk"):
        axes[axe.contrat_id][axe.pk] = axe
    return axes
