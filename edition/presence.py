"""Qui modifie le même objet en ce moment, à l'instant près où sa page l'a dit."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from edition.models import Presence

PARTI = datetime.timedelta(seconds=90)  # un onglet caché ne parle plus qu'une fois par minute
INACTIF = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class Present:
    """Une autre personne, et depuis combien de minutes elle a la page ou n'y touche plus."""

    nom: str
    minutes: int
    inactif: bool

    @property
    def phrase(self) -> str:
        duree = f"{self.minutes}\u00a0min" if self.minutes else "moins d'une minute"
        if self.inactif:
            return f"{self.nom} a cette fiche ouverte, sans y toucher depuis {duree}"
        return f"{self.nom} modifie cette fiche depuis {duree}"


def signaler(par: AbstractBaseUser, cle: str, *, actif: bool) -> None:
    """La page de cette personne est ouverte ; `actif` si elle y a touché depuis peu."""
    instant = timezone.now()
    siennes = Presence.objects.filter(utilisateur=par.pk, cle=cle)
    revenue = siennes.filter(vu_le__lt=instant - PARTI)
    revenue.update(depuis=instant, vu_le=instant, actif_le=instant)
    champs = {"vu_le": instant, **({"actif_le": instant} if actif else {})}
    if siennes.update(**champs):
        return
    try:
        with transaction.atomic():
            Presence.objects.create(
                utilisateur_id=par.pk, cle=cle, depuis=instant, vu_le=instant, actif_le=instant
            )
    except IntegrityError:
        siennes.update(**champs)


def autres(par: AbstractBaseUser, cle: str) -> list[Present]:
    """Les autres personnes présentes, de la plus ancienne à la plus récente."""
    instant = timezone.now()
    presentes = Presence.objects.filter(cle=cle, vu_le__gte=instant - PARTI)
    return [
        _present(presence, instant)
        for presence in presentes.exclude(utilisateur=par.pk).select_related("utilisateur")
    ]


def purger(avant: datetime.datetime) -> int:
    """Supprime les présences passées."""
    return Presence.objects.filter(vu_le__lt=avant).delete()[0]


def _present(presence: Presence, instant: datetime.datetime) -> Present:
    inactif = instant - presence.actif_le > INACTIF
    debut = presence.actif_le if inactif else presence.depuis
    return Present(str(presence.utilisateur), int((instant - debut).total_seconds() // 60), inactif)
