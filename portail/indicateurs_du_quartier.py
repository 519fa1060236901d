"""Les indicateurs d'un quartier, lus par la même porte que leurs pages : une ligne chacun."""

from dataclasses import dataclass

from django.db.models import Q

from contrats.models import Contrat
from contrats.presentation.comptes import Lecteur
from indicateurs.enums import Comparaison
from indicateurs.lecture import Ecarts, Ligne, lire_tableau
from indicateurs.models import Indicateur, Mesure
from indicateurs.tableau import Case, case
from territoires.models import Territoire


@dataclass(frozen=True)
class IndicateurDuQuartier:
    """La ligne de ce quartier dans la page de l'indicateur : mêmes valeurs, mêmes mots."""

    ecarts: Ecarts
    ligne: Ligne

    @property
    def indicateur(self) -> Indicateur:
        return self.ecarts.indicateur

    @property
    def valeur(self) -> Case:
        return case(self.ecarts, self.ligne.valeur)

    @property
    def reference(self) -> str:
        """Valeur de la référence ; vide si l'indicateur ne s'y compare pas."""
        if self.indicateur.comparaison == Comparaison.AUCUNE or self.ligne.reference is None:
            return ""
        return self.ecarts.ecrire(self.ligne.reference.valeur)

    @property
    def ecart(self) -> str:
        return self.ecarts.ecrire_ecart(self.ligne.ecart)


def indicateurs_du_quartier(quartier: Territoire, lecteur: Lecteur) -> list[IndicateurDuQuartier]:
    """Ceux des contrats qui nomment le quartier, et ceux qui l'ont mesuré, dans leur ordre."""
    mesures = Mesure.objects.visibles_par(lecteur).filter(territoire=quartier)
    siens = Indicateur.objects.visibles_par(lecteur).filter(
        Q(contrat__in=Contrat.objects.filter(territoires=quartier))
        | Q(pk__in=mesures.values("indicateur"))
    )
    tableau = lire_tableau(siens.retenus().pour_liste(), lecteur)
    return [
        IndicateurDuQuartier(ecarts, ligne)
        for lectures in tableau.values()
        for ecarts in lectures
        for ligne in ecarts.lignes
        if ligne.territoire.pk == quartier.pk
    ]
