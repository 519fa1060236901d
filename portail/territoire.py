"""La page d'un territoire : tout ce qui le concerne."""

from dataclasses import dataclass

from django.db.models import QuerySet

from contrats.models import Action, Contrat
from contrats.presentation.comptes import Comptes, Lecteur, avec_comptes, compter
from partenaires.models import Organisme
from portail.carte import Carte, dessiner
from portail.liens import contenants, contenus
from territoires.models import Territoire

NB_LIGNES = 20


@dataclass(frozen=True)
class ContratConcerne:
    """Contrat et territoires par lesquels il concerne celui-ci (vide : il le nomme)."""

    contrat: Contrat
    par: list[Territoire]


class PageTerritoire:
    """Contrats, actions, organismes, territoires compris et contenants.

    Un contrat concerne le territoire qu'il nomme, et ceux que celui-ci comprend : un habitant de
    Fleurance trouve le contrat de son pays.
    """

    def __init__(self, territoire: Territoire, lecteur: Lecteur) -> None:
        self.territoire = territoire
        self.contenants = contenants(territoire)
        self.contenus = contenus(territoire)
        ici_et_autour = {t.pk: t for t in [territoire, *self.contenants]}
        visibles = avec_comptes(Contrat.objects.visibles_par(lecteur), lecteur).pour_liste()
        self.contrats = self._concernes(visibles, ici_et_autour)
        self.contrats_contenus = self._concernes(visibles, {t.pk: t for t in self.contenus})
        actions = Action.objects.visibles_par(lecteur)
        self.situees = list(actions.filter(territoires=territoire).pour_liste()[:NB_LIGNES])
        self.comptes: Comptes = compter(actions.concernant([territoire]))[None]
        self.organismes = list(
            Organisme.objects.visibles_par(lecteur).filter(territoire=territoire).pour_liste()
        )

    def _concernes(
        self, contrats: QuerySet[Contrat], par: dict[int, Territoire]
    ) -> list[ContratConcerne]:
        concernes = contrats.filter(
            pk__in=Contrat.objects.filter(territoires__in=par).values("pk")
        ).prefetch_related("territoires")
        return [
            ContratConcerne(
                contrat,
                self._par(contrat, par),
            )
            for contrat in concernes
        ]

    def _par(self, contrat: Contrat, par: dict[int, Territoire]) -> list[Territoire]:
        """Les territoires par lesquels il est concerné ; aucun si le contrat le nomme."""
        nommes = list(contrat.territoires.all())
        if self.territoire in nommes:
            return []
        return [par[t.pk] for t in nommes if t.pk in par]

    @property
    def carte(self) -> Carte | None:
        """Le territoire et ceux de ses contrats."""
        autres = [t for c in self.contrats for t in c.contrat.territoires.all()]
        return dessiner([self.territoire, *autres], ici=self.territoire)
