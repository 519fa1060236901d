"""Les brouillons : gardés dans l'ordre où ils sont tapés, soldés par l'enregistrement.

Chaque écriture est une mise à jour conditionnelle : ni lecture préalable, ni verrou.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from edition.models import Brouillon

TAILLE_MAX = 64 * 1024  # octets ; aussi ce qu'un navigateur envoie encore en quittant la page
DUREE = datetime.timedelta(days=90)


class BrouillonTropGrand(Exception):
    """Le texte dépasse ce qui se garde : il faut l'enregistrer."""

    def __init__(self, octets: int) -> None:
        super().__init__(
            f"Ce texte ({octets // 1024} ko) dépasse les {TAILLE_MAX // 1024} ko d'un brouillon : "
            "il n'est plus gardé à mesure, enregistrez-le."
        )


@dataclass(frozen=True)
class Envoi:
    """D'où vient un texte : la personne, l'objet, la page et le rang de l'envoi dans la page."""

    par: AbstractBaseUser
    cle: str
    page: uuid.UUID
    ordre: int

    @property
    def lignes(self) -> QuerySet[Brouillon]:
        return Brouillon.objects.filter(utilisateur=self.par.pk, cle=self.cle, page=self.page)


def proposes(par: AbstractBaseUser, cle: str) -> QuerySet[Brouillon]:
    """Ce que cette personne a tapé sur cet objet sans l'enregistrer, le plus récent d'abord."""
    return Brouillon.objects.filter(utilisateur=par.pk, cle=cle).exclude(contenu="")


def garder(envoi: Envoi, *, version: int, contenu: str) -> bool:
    """Garde le texte s'il est plus récent que celui de cette page ; faux s'il arrive en retard.

    Lève `BrouillonTropGrand`.
    """
    octets = len(contenu.encode())
    if octets > TAILLE_MAX:
        raise BrouillonTropGrand(octets)
    champs = {"contenu": contenu, "ordre": envoi.ordre}
    # Un texte tapé pendant un enregistrement descend de la version qui vient d'être faite.
    suite = Greatest(F("version"), version)
    plus_anciens = envoi.lignes.filter(ordre__lt=envoi.ordre)
    if plus_anciens.update(version=suite, modifie_le=timezone.now(), **champs):
        return True
    return _creer(envoi, version=version, **champs) or bool(
        plus_anciens.update(version=suite, modifie_le=timezone.now(), **champs)
    )


def solder(envoi: Envoi, *, version: int) -> None:
    """L'envoi est enregistré en `version` : plus rien n'attend, sauf ce qui est tapé depuis.

    S'appelle dans la transaction qui enregistre.
    """
    champs = {"version": version, "ordre_enregistre": envoi.ordre}
    if not envoi.lignes.update(**champs) and not _creer(
        envoi, ordre=envoi.ordre, contenu="", **champs
    ):
        envoi.lignes.update(**champs)  # un brouillon de la page vient d'arriver
    envoi.lignes.filter(ordre__lte=envoi.ordre).update(contenu="", ordre=envoi.ordre)


def version_de_depart(envoi: Envoi, lue: int) -> int:
    """Version dont le texte descend : la dernière que cette page a faite, si l'envoi la suit.

    Une réponse perdue ne met donc personne en conflit avec soi-même.
    """
    faite = envoi.lignes.filter(ordre_enregistre__lte=envoi.ordre, ordre_enregistre__gt=0).first()
    return max(lue, faite.version) if faite else lue


def est_tardif(envoi: Envoi) -> bool:
    """Vrai si la page a déjà enregistré un texte plus récent que celui-ci."""
    return envoi.lignes.filter(ordre_enregistre__gt=envoi.ordre).exists()


def jeter(par: AbstractBaseUser, cle: str, page: uuid.UUID, *, ordre: int) -> bool:
    """Vide le brouillon s'il est encore celui que la personne a vu."""
    vus = proposes(par, cle).filter(page=page, ordre=ordre)
    return bool(vus.update(contenu="", modifie_le=timezone.now()))


def purger(avant: datetime.datetime) -> int:
    """Supprime les brouillons intouchés depuis `avant` ; rend leur nombre."""
    return Brouillon.objects.filter(modifie_le__lt=avant).delete()[0]


def _creer(envoi: Envoi, **champs: object) -> bool:
    """Première trace de la page ; faux si une autre requête vient de l'écrire."""
    if envoi.lignes.exists():
        return False
    try:
        with transaction.atomic():
            Brouillon.objects.create(
                utilisateur_id=envoi.par.pk, cle=envoi.cle, page=envoi.page, **champs
            )
    except IntegrityError:
        return False
    return True
