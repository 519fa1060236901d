"""La page d'un organisme : tout ce à quoi il est engagé."""

from dataclasses import dataclass, field
from typing import Any

from contrats.models import Contrat, Fiche, Financement, Partenariat, Partie, Responsable
from contrats.presentation.comptes import Lecteur
from gouvernance.models import Participation
from partenaires.enums import Diffusion
from partenaires.models import Mandat, Organisme
from portail.liens import partenariats_visibles

# Au-delà, la page renvoie à la liste des actions filtrée.
NB_LIGNES = 20


@dataclass
class FicheCitante:
    """Fiche dont une ou deux listes citent l'organisme."""

    fiche: Fiche
    partenariats: list[Partenariat] = field(default_factory=list)


class PageOrganisme:
    """Parties, listes, rôles, instances, financements, mandats publics et responsabilités."""

    def __init__(self, organisme: Organisme, lecteur: Lecteur) -> None:
        contrats = Contrat.objects.visibles_par(lecteur)
        partenariats = partenariats_visibles(lecteur).filter(organisme=organisme)
        self.organisme = organisme
        self.parties = list(
            Partie.objects.filter(organisme=organisme, contrat__in=contrats)
            .select_related("contrat")
            .order_by("contrat__intitule_court", "pk")
        )
        self.participations = list(
            Participation.objects.filter(organisme=organisme, instance__contrat__in=contrats)
            .select_related("instance__contrat")
            .order_by("instance__contrat__intitule_court", "instance__ordre", "ordre", "pk")
        )
        roles = partenariats.filter(action__isnull=False).select_related(
            "action__contrat", "action__fiche__contrat"
        )
        self.nb_roles = roles.count()
        self.roles = list(
            roles.order_by(
                "role", "action__contrat", "action__fiche__ordre", "action__ordre", "pk"
            )[:NB_LIGNES]
        )
        self.fiches = self._fiches(partenariats)
        self.financements = list(
            Financement.objects.filter(financeur=organisme, contrat__in=contrats)
            .select_related("contrat")
            .order_by("contrat__intitule_court", "ordre", "pk")
        )
        self.mandats = list(
            Mandat.objects.filter(organisme=organisme, diffusion=Diffusion.PUBLIQUE)
            .select_related("personne")
            .order_by("personne__nom", "pk")
        )
        self.responsables = list(
            Responsable.objects.filter(
                organisme=organisme, section__fiche__in=Fiche.objects.visibles_par(lecteur)
            )
            .select_related("personne", "section__fiche__contrat")
            .order_by("section__fiche__titre", "ordre", "pk")
        )

    def _fiches(self, partenariats: Any) -> list[FicheCitante]:
        mentions = (
            partenariats.filter(section__isnull=False)
            .select_related("section__fiche__contrat", "section__modele")
            .order_by("section__fiche__contrat", "section__fiche__ordre", "section__ordre", "ordre")
        )
        citantes: dict[int, FicheCitante] = {}
        for mention in mentions:
            fiche = mention.section.fiche
            citantes.setdefault(fiche.pk, FicheCitante(fiche)).partenariats.append(mention)
        return list(citantes.values())

    @property
    def nb_contrats(self) -> int:
        """Contrats où l'organisme apparaît, à quelque titre que ce soit."""
        return len(
            {p.contrat_id for p in self.parties}
            | {p.instance.contrat_id for p in self.participations}
            | {c.fiche.contrat_id for c in self.fiches}
            | {r.action.contrat_id for r in self.roles if r.action}
        )

    @property
    def est_engage(self) -> bool:
        return bool(
            self.parties
            or self.participations
            or self.fiches
            or self.roles
            or self.financements
            or self.responsables
        )
