"""La page d'accueil : ce que tient la plateforme, compté pour ce lecteur."""

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count, Prefetch

from contrats.enums import TypeContrat
from contrats.models import Action, Contrat, Engagement, Partie
from contrats.presentation.comptes import Comptes, Lecteur, avec_comptes, compter
from partenaires.models import Organisme
from portail.carte import Carte, Liaison, dessiner
from portail.liens import organismes_engages
from territoires.enums import TypeTerritoire
from territoires.models import Territoire

# À l'échelle d'un pays, l'accueil montre les premiers contrats et renvoie à la liste.
NB_CONTRATS = 12
# Sur une carte de pays, un quartier ou une commune se confond avec l'intercommunalité qui le tient.
ENVERGURES = {TypeTerritoire.METROPOLE, TypeTerritoire.COMMUNAUTE, TypeTerritoire.PETR}


@dataclass(frozen=True)
class ContratsDeType:
    """Contrats d'un même type : les premiers, et combien il y en a."""

    type: str
    libelle: str
    nombre: int
    contrats: list[Contrat]


class PageAccueil:
    """Comptes, contrats par type et carte."""

    def __init__(self, lecteur: Lecteur) -> None:
        self.visibles = Contrat.objects.visibles_par(lecteur)
        parties = Partie.objects.select_related("organisme__territoire").order_by("rang")
        visibles = avec_comptes(self.visibles, lecteur)
        self.contrats = list(
            visibles.pour_liste().prefetch_related(Prefetch("parties", parties), "territoires")[
                :NB_CONTRATS
            ]
        )
        actions = Action.objects.visibles_par(lecteur)
        self.comptes_par_contrat = compter(actions, par="contrat")
        self.nb_engagements = Engagement.objects.filter(contrat__in=self.visibles).count()
        self.nb_organismes = organismes_engages(
            Organisme.objects.visibles_par(lecteur), lecteur
        ).count()
        self.types = self._par_type()

    @property
    def comptes(self) -> Comptes:
        return self.comptes_par_contrat[None]

    @property
    def nb_contrats(self) -> int:
        return sum(groupe.nombre for groupe in self.types)

    @property
    def actions_par_contrat(self) -> list[tuple[Contrat, Comptes]]:
        """D'où vient le total : les contrats montrés et leurs comptes, quand ils en ont."""
        couples = [(c, self.comptes_par_contrat[c.pk]) for c in self.contrats]
        return [(contrat, comptes) for contrat, comptes in couples if comptes.total]

    def _par_type(self) -> list[ContratsDeType]:
        nombres = dict(
            self.visibles.order_by("type").values_list("type").annotate(nombre=Count("pk"))
        )
        return [
            ContratsDeType(
                type_contrat.value,
                type_contrat.label,
                nombres[type_contrat],
                [c for c in self.contrats if c.type == type_contrat],
            )
            for type_contrat in TypeContrat
            if type_contrat in nombres
        ]

    @property
    def carte(self) -> Carte | None:
        """Intercommunalités des contrats montrés ; un trait relie les parties d'un même contrat.

        Un contrat qui n'en nomme aucune montre les territoires qu'il nomme.
        """
        territoires: list[Territoire] = []
        liaisons: list[Liaison] = []
        for contrat in self.contrats:
            lieux = [p.organisme.territoire for p in contrat.parties.all()]
            situes = [lieu for lieu in lieux if lieu]
            liaisons += pairwise(situes)
            nommes = [*situes, *contrat.territoires.all()]
            territoires += [t for t in nommes if t.type in ENVERGURES] or nommes
        return dessiner(territoires, liaisons)
