"""Comptes d'actions et de fiches, toujours limités à ce que le lecteur peut voir."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import Horizon, StatutAction
from contrats.models import Action, Engagement, Fiche, Signature
from contrats.models.contrat import ContratQuerySet

Lecteur = Utilisateur | AnonymousUser

# Ce que montre la page : un statut, ou « en retard », qui se calcule.
EN_RETARD = "en_retard"
ORDRE_ETATS = [
    (StatutAction.REALISEE.value, StatutAction.REALISEE.label),
    (StatutAction.EN_COURS.value, StatutAction.EN_COURS.label),
    (EN_RETARD, "En retard"),
    (StatutAction.A_LANCER.value, StatutAction.A_LANCER.label),
    (StatutAction.REPORTEE.value, StatutAction.REPORTEE.label),
    (StatutAction.SUSPENDUE.value, StatutAction.SUSPENDUE.label),
    (StatutAction.ABANDONNEE.value, StatutAction.ABANDONNEE.label),
    (StatutAction.REGROUPEE.value, StatutAction.REGROUPEE.label),
]


@dataclass
class Comptes:
    """Nombre d'actions, sous-points compris, et leurs répartitions."""

    total: int = 0
    sous_points: int = 0
    demonstration: int = 0
    par_horizon: Counter[str] = field(default_factory=Counter)
    sous_points_par_horizon: Counter[str] = field(default_factory=Counter)
    par_etat: Counter[str] = field(default_factory=Counter)

    def ajouter(self, ligne: dict[str, object], nombre: int) -> None:
        """Ajoute `nombre` actions de même horizon, état et rang."""
        horizon = str(ligne["horizon"])
        self.total += nombre
        self.par_horizon[horizon] += nombre
        if ligne["sous_point"]:
            self.sous_points += nombre
            self.sous_points_par_horizon[horizon] += nombre
        if ligne["demonstration"]:
            self.demonstration += nombre
        self.par_etat[EN_RETARD if ligne["en_retard"] else str(ligne["statut"])] += nombre

    @property
    def premier_niveau(self) -> int:
        return self.total - self.sous_points

    @property
    def etats(self) -> list[dict[str, object]]:
        """Répartition par état, dans un ordre fixe, sans les états absents."""
        return [
            {"statut": statut, "libelle": libelle, "nombre": self.par_etat[statut]}
            for statut, libelle in ORDRE_ETATS
            if self.par_etat[statut]
        ]

    @property
    def horizons(self) -> list[dict[str, object]]:
        """Répartition par horizon, sans les horizons absents ; « » n'en est pas un."""
        return [
            {
                "horizon": horizon.value,
                "libelle": horizon.label,
                "nombre": self.par_horizon[horizon],
                "sous_points": self.sous_points_par_horizon[horizon],
            }
            for horizon in Horizon
            if self.par_horizon[horizon]
        ]


def compter(actions: QuerySet[Action], par: str = "") -> dict[object, Comptes]:
    """Une requête : les comptes par valeur du champ `par` (« fiche », « contrat ») et sous `None`
    leur total."""
    aujourd_hui = timezone.localdate()
    lignes = (
        actions.order_by()
        .annotate(
            sous_point=Q(parent__isnull=False),
            en_retard=Q(statut__in=StatutAction.a_faire(), echeance__lt=aujourd_hui),
        )
        .values(
            *([par] if par else []), "horizon", "statut", "demonstration", "sous_point", "en_retard"
        )
        .annotate(nombre=Count("pk"))
    )
    comptes: dict[object, Comptes] = defaultdict(Comptes)
    for ligne in lignes:
        if par and ligne[par] is not None:
            comptes[ligne[par]].ajouter(ligne, ligne["nombre"])
        comptes[None].ajouter(ligne, ligne["nombre"])
    return comptes


def avec_comptes(contrats: ContratQuerySet, lecteur: Lecteur) -> ContratQuerySet:
    """Ajoute `nb_fiches`, `nb_actions`, `nb_engagements` et `signe_le`, sans requête de plus.

    Des sous-requêtes plutôt que des jointures : plusieurs comptes joints se multiplient.
    """
    return contrats.annotate(
        nb_fiches=_nombre(Fiche.objects.visibles_par(lecteur)),
        nb_actions=_nombre(Action.objects.visibles_par(lecteur)),
        nb_engagements=_nombre(Engagement.objects.all()),
        signe_le=Subquery(
            Signature.objects.filter(contrat=OuterRef("pk"), le__isnull=False)
            .order_by("rang")
            .values("le")[:1]
        ),
        signe_a=Subquery(
            Signature.objects.filter(contrat=OuterRef("pk"))
            .exclude(lieu="")
            .order_by("rang")
            .values("lieu")[:1]
        ),
    )


def _nombre(lignes: QuerySet) -> Coalesce:
    par_contrat = (
        lignes.filter(contrat=OuterRef("pk"))
        .order_by()
        .values("contrat")
        .annotate(nombre=Count("pk"))
        .values("nombre")
    )
    return Coalesce(Subquery(par_contrat), 0)


def total(comptes: Iterable[Comptes]) -> int:
    """Somme des actions de plusieurs comptes."""
    return sum(compte.total for compte in comptes)
