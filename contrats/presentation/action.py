"""La page d'une action : ses partenaires propres et ceux que cite la liste de sa fiche."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from contrats.enums import NatureSection, RolePartenaire
from contrats.models import Action, Axe, Partenariat, Section
from contrats.presentation.comptes import Lecteur
from territoires.models import Territoire


@dataclass(frozen=True)
class Role:
    """Organismes qui tiennent un même rôle dans l'action."""

    libelle: str
    partenariats: list[Partenariat]
    est_du_suivi: bool
    """Le pilote se désigne au fil du suivi ; les autres rôles sont imprimés par le contrat."""


class PageAction:
    """Tout ce que l'on sait d'une action.

    `action` doit venir de `Action.objects.visibles_par(lecteur).pour_page()`.
    """

    def __init__(self, action: Action, lecteur: Lecteur) -> None:
        self.action = action
        self.sous_points = list(
            Action.objects.visibles_par(lecteur).filter(parent=action).order_by("ordre", "pk")
        )
        self.listes = list(
            Section.objects.filter(
                Q(modele__horizon="") | Q(modele__horizon=action.horizon),
                fiche=action.fiche_id,
                modele__nature=NatureSection.PARTENAIRES,
            )
            .select_related("modele")
            .prefetch_related(
                Prefetch(
                    "partenariats",
                    Partenariat.objects.select_related("organisme").order_by("ordre", "pk"),
                )
            )
            .order_by("ordre", "pk")
        )
        # Les mêmes, dans le même ordre, que `ActionQuerySet.concernant`.
        self.territoires = list(action.territoires.all()) or _de_la_matrice(action)
        self.territoires_du_contrat = [] if self.territoires else list(_territoires(action))

    @property
    def axe(self) -> Axe | None:
        """L'axe de l'action ou, à défaut, celui de sa fiche."""
        fiche = self.action.fiche
        return self.action.axe or (fiche.axe if fiche else None)

    @property
    def roles(self) -> list[Role]:
        """Rôles tenus dans l'action, du pilote au partenaire."""
        propres = list(self.action.partenariats.all())
        groupes = [(role, [p for p in propres if p.role == role]) for role in RolePartenaire]
        return [
            Role(role.label, membres, role == RolePartenaire.PILOTE)
            for role, membres in groupes
            if membres
        ]


def _de_la_matrice(action: Action) -> list[Territoire]:
    """Quartiers des colonnes où l'action a une cellule."""
    couverts = Territoire.objects.filter(colonnes__declinaisons__action=action)
    return list(couverts.order_by("nom", "pk").distinct())


def _territoires(action: Action) -> Any:
    return action.contrat.territoires.order_by("nom", "pk")
