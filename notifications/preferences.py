"""Ce que chacun a choisi de recevoir."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import transaction

from comptes.models import Utilisateur
from notifications.enums import Cadence
from notifications.models import Preference
from notifications.registre import EVENEMENTS

TOUS = ""  # l'événement d'une préférence qui vaut pour tous ceux qui n'ont pas la leur


class Cadences:
    """Cadences choisies par ces personnes, lues en une requête."""

    def __init__(self, utilisateurs: Collection[int]) -> None:
        self._choix: dict[int, dict[str, str]] = defaultdict(dict)
        lignes = Preference.objects.filter(utilisateur__in=utilisateurs)
        for qui, quoi, cadence in lignes.values_list("utilisateur", "evenement", "cadence"):
            self._choix[qui][quoi] = cadence

    def de(self, utilisateur: int, evenement: str) -> Cadence:
        """Son choix pour cet événement, sinon pour tous, sinon celui de l'événement."""
        choix = self._choix[utilisateur]
        defaut = EVENEMENTS[evenement].defaut
        return Cadence(choix.get(evenement) or choix.get(TOUS) or defaut)


@transaction.atomic
def choisir(utilisateur: Utilisateur, cadences: Mapping[str, str]) -> None:
    """Garde la cadence de chaque événement donné."""
    for evenement, cadence in cadences.items():
        Preference.objects.update_or_create(
            utilisateur=utilisateur, evenement=evenement, defaults={"cadence": cadence}
        )


@transaction.atomic
def desabonner(utilisateur: Utilisateur, evenement: str = TOUS) -> None:
    """Plus de courriel pour cet événement, ou pour aucun ; l'écran les montre toujours.

    Ce qui était réglé à « rien » le reste. Deux fois la même demande ne change rien.
    """
    siennes = Preference.objects.filter(utilisateur=utilisateur)
    if evenement == TOUS:
        siennes.filter(cadence__in=Cadence.par_courriel()).delete()
    elif siennes.filter(evenement=evenement, cadence=Cadence.RIEN).exists():
        return
    choisir(utilisateur, {evenement: Cadence.ECRAN})
