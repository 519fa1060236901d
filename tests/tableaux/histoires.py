"""Enregistrer un tableau un jour, et l'heure qu'il est ce jour-là."""

import datetime
from typing import Self
from unittest import mock

from django.utils import timezone

from contrats.models import EtatAction
from perr.models import Lot
from tableaux.models import Constat, Meteo
from tableaux.perimetre import du_contrat
from tableaux.tableau import tableau
from tableaux.tables import TABLES, en_objet

# Un champ garde la fonction prise à sa définition : la remplacer ailleurs n'y fait rien.
DATES = ((EtatAction, "le"), (Meteo, "le"), (Constat, "le"), (Lot, "cree_le"))
DEPART = datetime.datetime(2026, 3, 1, 10, 0, tzinfo=datetime.UTC)


class Horloge:
    """L'heure qu'il est, pour tout ce qui l'enregistre."""

    def __init__(self) -> None:
        self.instant = DEPART
        self._faux = [mock.patch.object(timezone, "now", self.maintenant)]
        self._faux += [
            mock.patch.object(modele._meta.get_field(champ), "_get_default", self.maintenant)
            for modele, champ in DATES
        ]

    def __enter__(self) -> Self:
        for faux in self._faux:
            faux.start()
        return self

    def __exit__(self, *erreur: object) -> None:
        for faux in self._faux:
            faux.stop()

    def maintenant(self) -> datetime.datetime:
        return self.instant

    @property
    def jour(self) -> datetime.date:
        return timezone.localdate(self.instant)

    def avancer(self, duree: datetime.timedelta) -> None:
        self.instant += duree


def photographie(contrat, lecteur, au=None):
    """Tout ce que dit le tableau : chiffres, lignes, carte, météo, balance, devoirs."""
    t = tableau(du_contrat(contrat), lecteur, au)
    tables = {
        n: f(t).lignes for n, f in TABLES.items() if n not in ("avancement", "mouvements", "derive")
    }
    dit = en_objet(t)
    return tables, {c: dit[c] for c in ("au", "meteo", "demonstration")}, t.balance, t.devoirs
