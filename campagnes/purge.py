"""Effacer ce que des campagnes closes gardent des personnes : adresses, noms, fichiers joints.

Les réponses restent : elles sont l'histoire de l'action. Qui a répondu se lit encore par organisme.
"""

import datetime

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, Now
from django.utils import timezone

from campagnes.enums import EtatCampagne
from campagnes.models import Campagne, Contact, Destinataire, PieceJointe

EFFACEE = "@efface.invalid"  # domaine réservé : n'atteint personne


@transaction.atomic
def purger(avant: datetime.datetime) -> dict[str, int]:
    """Efface ce qui est d'avant ; rend le nombre de chaque sorte."""
    closes = _closes(avant)
    pieces, _ = PieceJointe.objects.filter(
        reponse__demande__destinataire__campagne__in=closes
    ).delete()
    destinataires = Destinataire.objects.filter(campagne__in=closes).exclude(
        email__endswith=EFFACEE
    )
    adresses = destinataires.update(
        email=Concat(Value("efface-"), Cast("pk", CharField()), Value(EFFACEE)),
        nom="",
        revoque_le=Coalesce("revoque_le", Now()),
    )
    vivantes = Campagne.objects.exclude(pk__in=closes)
    contacts, _ = (
        Contact.objects.filter(modifie_le__lt=avant)
        .exclude(contrat__in=vivantes.values("contrat"))
        .delete()
    )
    return {"pièce(s) jointe(s)": pieces, "destinataire(s)": adresses, "contact(s)": contacts}


def _closes(avant: datetime.datetime) -> QuerySet[Campagne]:
    """Arrêtées avant, ou dont le dernier jour est passé avant."""
    fini = Q(fin__lt=timezone.localdate(avant), etat=EtatCampagne.OUVERTE)
    return Campagne.objects.filter(fini | Q(arretee_le__lt=avant))
