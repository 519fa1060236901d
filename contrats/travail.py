"""Ce qu'on attend d'un agent : à écrire, à relire, à répondre, en retard, sans pilote.

Chaque bloc est borné par ses rôles, en un nombre constant de requêtes ; la phrase d'une ligne est
celle de `prochaine_etape`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.completude import Manque, manques
from contrats.enums import StatutAction, StatutFiche
from contrats.etape import avec_depuis, prochaine_etape
from contrats.masse.plan import avec_pilotes
from contrats.models import Action, Commentaire, Contrat, Fiche
from contrats.permissions import Acte, contrats_permis

_F = StatutFiche
MONTREES = 8  # lignes d'un bloc : le reste est dans sa liste
JOURS = 90


@dataclass(frozen=True)
class LigneDeTravail:
    """Une chose à faire : où aller, ce qui est attendu."""

    titre: str
    adresse: str
    lieu: str
    phrase: str


@dataclass(frozen=True)
class Bloc:
    """Une sorte de chose à faire ; `nombre` en tout, `tout` la liste entière."""

    ancre: str
    titre: str
    nombre: int
    lignes: list[LigneDeTravail]
    tout: str = ""

    @property
    def reste(self) -> int:
        return self.nombre - len(self.lignes)


class Travail:
    """La page personnelle d'un agent."""

    def __init__(self, agent: Utilisateur, jours: int = JOURS) -> None:
        self.agent = agent
        self.jours = jours

    @cached_property
    def blocs(self) -> list[Bloc]:
        return [*self._fiches(), self._commentaires(), *self._actions()]

    @cached_property
    def a_completer(self) -> list[tuple[Fiche, list[Manque]]]:
        """Les fiches que l'agent écrit et ce qui leur manque, les moins complètes d'abord."""
        siennes = Fiche.objects.visibles_par(self.agent).filter(
            self._ou(Acte.MODIFIER), statut__in=StatutFiche.modifiables()
        )
        lignes = list(siennes.select_related("contrat").order_by("-modifie_le", "pk")[:200])
        trouves = manques(lignes)
        incompletes = [(fiche, trouves[fiche.pk]) for fiche in lignes if trouves.get(fiche.pk)]
        return sorted(incompletes, key=lambda ligne: (-len(ligne[1]), ligne[0].pk))[:MONTREES]

    def _ou(self, acte: Acte) -> Q:
        """Les objets des contrats où le rôle de l'agent permet l'acte."""
        if self.agent.is_superuser:
            return Q()
        return Q(contrat__in=contrats_permis(self.agent, acte))

    def _fiches(self) -> list[Bloc]:
        genres = (
            (
                "a-ecrire",
                "À écrire",
                Acte.MODIFIER,
                [_F.BROUILLON, _F.A_CORRIGER],
            ),
            ("a-relire", "À relire", Acte.RELIRE, [StatutFiche.EN_RELECTURE]),
            ("a-publier", "À publier", Acte.PUBLIER, [StatutFiche.VALIDEE]),
        )
        visibles = Fiche.objects.visibles_par(self.agent)
        filtres = {ancre: self._ou(a) & Q(statut__in=s) for ancre, _, a, s in genres}
        comptes = _compter(visibles, filtres)
        return [
            Bloc(
                ancre,
                titre,
                comptes[ancre],
                self._lignes_de_fiches(visibles.filter(filtres[ancre])),
                _liste("contrats:mes-fiches", [("statut", s.value) for s in statuts]),
            )
            for ancre, titre, _, statuts in genres
        ]

    def _lignes_de_fiches(self, fiches: QuerySet[Fiche]) -> list[LigneDeTravail]:
        lues = avec_depuis(fiches.select_related("contrat"), "fiche")
        return [
            LigneDeTravail(
                fiche.titre,
                reverse("contrats:fiche-modifier", args=[fiche.public_id])
                if fiche.statut in StatutFiche.modifiables()
                else reverse("contrats:fiche-cycle", args=[fiche.public_id]),
                fiche.contrat.intitule_court,
                prochaine_etape(fiche, self.agent).phrase,
            )
            for fiche in lues.order_by("modifie_le", "pk")[:MONTREES]
        ]

    def _commentaires(self) -> Bloc:
        """Remarques d'autrui, non résolues, là où l'agent écrit."""
        fiches = Fiche.objects.visibles_par(self.agent).filter(self._ou(Acte.MODIFIER))
        actions = Action.objects.visibles_par(self.agent).filter(self._ou(Acte.MODIFIER))
        ouverts = (
            Commentaire.objects.filter(
                Q(fiche__in=fiches.values("pk")) | Q(action__in=actions.values("pk")),
                resolu_le=None,
            )
            .exclude(auteur=self.agent)
            .select_related("fiche__contrat", "action__contrat", "auteur")
            .order_by("cree_le", "pk")
        )
        lignes = [_ligne_de_commentaire(c) for c in ouverts[:MONTREES]]
        return Bloc("a-repondre", "À répondre", ouverts.count(), lignes)

    def _actions(self) -> list[Bloc]:
        siennes = Action.objects.visibles_par(self.agent).filter(self._suivies())
        a_faire = siennes.filter(statut__in=StatutAction.a_faire())
        genres = (
            ("en-retard", "En retard", siennes.en_retard(), [("en_retard", "true")]),
            (
                "sans-pilote",
                "Sans pilote",
                a_faire.exclude(pk__in=Action.objects.pilotees()),
                [("sans_pilote", "true"), *(("statut", s.value) for s in StatutAction.a_faire())],
            ),
            (
                "sans-nouvelles",
                f"Sans nouvelles depuis {self.jours} jours",
                siennes.sans_nouvelles(self.jours),
                [("sans_nouvelles", str(self.jours))],
            ),
        )
        comptes = _compter(siennes, {g[0]: Q(pk__in=g[2].values("pk")) for g in genres})
        return [
            Bloc(
                ancre,
                titre,
                comptes[ancre],
                self._lignes_d_actions(lignes),
                _liste("contrats:mes-actions", filtres),
            )
            for ancre, titre, lignes, filtres in genres
        ]

    def _suivies(self) -> Q:
        """Celles que l'agent suit : son rôle le permet, ou son organisme en est pilote."""
        pilotees = Action.objects.pilotees_par(self.agent).values("pk")
        siennes = Contrat.objects.habilites(self.agent).values("pk")
        return self._ou(Acte.SUIVRE) | Q(pk__in=pilotees, contrat__in=siennes)

    def _lignes_d_actions(self, actions: QuerySet[Action]) -> list[LigneDeTravail]:
        lues = avec_depuis(avec_pilotes(actions), "action").select_related("contrat")
        return [
            LigneDeTravail(
                action.intitule,
                reverse("contrats:action-cycle", args=[action.public_id]),
                action.contrat.intitule_court,
                (f"Échéance le {action.echeance:%d/%m/%Y}. " if action.echeance else "")
                + prochaine_etape(action, self.agent).phrase,
            )
            for action in lues.order_by("echeance", "pk")[:MONTREES]
        ]


def _ligne_de_commentaire(commentaire: Commentaire) -> LigneDeTravail:
    objet: Any = commentaire.fiche or commentaire.action
    nom = "fiche-cycle" if commentaire.fiche else "action-cycle"
    return LigneDeTravail(
        str(objet),
        reverse(f"contrats:{nom}", args=[objet.public_id]),
        objet.contrat.intitule_court,
        f"{commentaire.auteur} : « {commentaire.texte[:160]} »",
    )


def _compter(lignes: QuerySet, filtres: dict[str, Q]) -> dict[str, int]:
    """Tous les comptes d'un modèle, en une requête."""
    cles = {ancre: ancre.replace("-", "_") for ancre in filtres}
    comptes = lignes.order_by().aggregate(
        **{cles[a]: Count("pk", filter=f, distinct=True) for a, f in filtres.items()}
    )
    return {ancre: comptes[cle] for ancre, cle in cles.items()}


def _liste(vue: str, parametres: Iterable[tuple[str, str]]) -> str:
    return reverse(vue, query=[*parametres])
