"""Ce que disent des notifications à leur lecteur, avec ses droits de maintenant."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from comptes.models import Utilisateur
from notifications.models import Notification
from notifications.registre import EVENEMENTS, GENRES, Avis, Evenement


class Ligne(NamedTuple):
    """Une notification prête à montrer."""

    notification: Notification
    evenement: Evenement
    avis: Avis


def lire(notifications: Iterable[Notification], lecteur: Utilisateur) -> list[Ligne]:
    """Les lignes que ce lecteur peut lire, dans l'ordre reçu : une requête par genre d'objet."""
    cles: dict[str, set[int]] = defaultdict(set)
    for n in (siennes := list(notifications)):
        cles[n.genre].add(n.objet)
    objets: dict[tuple[str, int], Any] = {
        (genre, objet.pk): objet
        for genre, pks in cles.items()
        for objet in GENRES[genre].lisibles(lecteur).filter(pk__in=pks)
    }
    lignes = []
    for n in siennes:
        if (objet := objets.get((n.genre, n.objet))) is not None:
            evenement = EVENEMENTS[n.evenement]
            lignes.append(Ligne(n, evenement, evenement.dire(objet)))
    return lignes
