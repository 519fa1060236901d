"""Notifier : la seule façon de créer une notification."""

from django.db import transaction
from django.db.models import Model

from comptes.models import Utilisateur
from notifications.enums import Cadence
from notifications.models import Notification
from notifications.preferences import Cadences
from notifications.registre import EVENEMENTS
from notifications.taches import envoyer_les_immediates


@transaction.atomic
def notifier(evenement: str, objet: Model, *, par: Utilisateur | None, fait: str = "") -> int:
    """Prévient, dans la transaction de l'acte, ceux que l'événement désigne ; rend leur nombre.

    Jamais l'auteur, jamais deux fois du même fait (`fait` le nomme ; l'objet, à défaut), jamais un
    compte fermé, et personne si l'assistance agit au nom de l'auteur.
    """
    if par is not None and par.assistance is not None:
        return 0
    decrit = EVENEMENTS[evenement]
    prevus = {u.pk for u in decrit.destinataires(objet) if u.is_active}
    prevus.discard(par.pk if par else None)
    if not prevus:
        return 0
    cadences = Cadences(prevus)
    prevenus = {pk: c for pk in prevus if (c := cadences.de(pk, evenement)) != Cadence.RIEN}
    Notification.objects.bulk_create(
        [
            Notification(
                destinataire_id=pk,
                evenement=evenement,
                genre=decrit.genre,
                objet=objet.pk,
                auteur=par,
                cle=fait or f"{decrit.genre}-{objet.pk}",
            )
            for pk in sorted(prevenus)
        ],
        ignore_conflicts=True,
    )
    if Cadence.IMMEDIAT in prevenus.values():
        transaction.on_commit(envoyer_les_immediates.enqueue)
    return len(prevenus)
