"""Une cellule entière en un formulaire : corps, renvois, regards ; conflit compris."""

from dataclasses import replace
from typing import Any

from django.forms import BaseForm
from django.http import QueryDict

from comptes.models import Utilisateur
from contrats.models import Contrat
from perr.contenu import Contenu
from perr.ecriture import CellulesInvalides, Modification, Perimee, Place
from perr.forms import (
    CelluleForm,
    RegardFormSet,
    RenvoiFormSet,
    cibles,
    est_rien,
    initial,
    quartiers,
)
from perr.models import Lot
from perr.presentation import CelluleMontree, PageMatrice
from perr.saisie import Saisie, sans_groupe


class SaisieComplete(Saisie):
    """Ce que la page d'une cellule montre et écrit ; `donnees` : le formulaire reçu."""

    def __init__(
        self, contrat: Contrat, agent: Utilisateur, place: Place, donnees: QueryDict | None
    ) -> None:
        super().__init__(contrat, agent)
        self.place = place
        self.donnees = donnees.copy() if donnees is not None else None
        self.montree: CelluleMontree | None = PageMatrice(self.matrice).montrer(place)
        self.leur: Perimee | None = None
        if self.montree is not None:
            self._formulaires()

    @property
    def depart(self) -> Contenu | None:
        return self.montree.cellule.contenu if self.montree else None

    def _formulaires(self) -> None:
        depart = self.depart or Contenu()
        version = self.montree.cellule.version if self.montree else None
        self.corps = CelluleForm(self.donnees, initial=initial(self.depart, version))
        self.renvois = RenvoiFormSet(
            self.donnees,
            prefix="renvoi",
            form_kwargs={"cibles": cibles(self.contrat)},
            initial=[
                {
                    "cible": f"action:{r.action}" if r.action else f"axe:{r.axe}" if r.axe else "",
                    "texte": r.texte,
                    "deduit": r.deduit,
                }
                for r in depart.renvois
            ],
        )
        self.regards = RegardFormSet(
            self.donnees,
            prefix="regard",
            form_kwargs={"quartiers": quartiers(self.depart)},
            initial=[{"quartier": r.quartier, "texte": r.texte} for r in depart.regards],
        )

    @property
    def formulaires(self) -> list[BaseForm]:
        return [self.corps, *self.renvois.forms, *self.regards.forms]

    def est_valide(self) -> bool:
        return all([self.corps.is_valid(), self.renvois.is_valid(), self.regards.is_valid()])

    @property
    def erreurs(self) -> list[tuple[str, str]]:
        """Ancre du champ et phrase, pour le résumé."""
        fautes = [
            (champ.id_for_label, message)
            for formulaire in self.formulaires
            for champ in formulaire
            for message in champ.errors
        ]
        ensemble = [*self.corps.non_field_errors()]
        ensemble += [*self.renvois.non_form_errors(), *self.regards.non_form_errors()]
        return fautes + [("texte-de-cellule", str(message)) for message in ensemble]

    @property
    def ligne(self) -> Any:
        return next(li for li in self.matrice.lignes if li.action.pk == self.place[0])

    @property
    def nom(self) -> str:
        action = self.ligne.action
        colonne = self.montree.colonne.libelle if self.montree else ""
        return f"{f'Action {action.numero}' if action.numero else action.intitule}, {colonne}"

    @property
    def suivante(self) -> Place | None:
        """La cellule d'après : à droite, puis au début de la ligne suivante."""
        places = list(self.matrice.cellules)
        rang = places.index(self.place) + 1
        return places[rang] if rang < len(places) else None

    def enregistrer_la_cellule(self, *, motif: str) -> Lot | None:
        voulu = None if "vider" in (self.donnees or {}) else self._voulu()
        if "separer" in (self.donnees or {}):
            voulu = sans_groupe(voulu)
        version = self.corps.cleaned_data["version"]
        return self.enregistrer([Modification(*self.place, version, voulu)], motif=motif)

    def _voulu(self) -> Contenu | None:
        base = replace(self.depart or Contenu(), renvois=(), regards=())
        corps = self.corps.contenu(base) or replace(base, texte="", modalites="", motif="")
        voulu = replace(
            corps,
            renvois=tuple(r for f in self.renvois if (r := f.renvoi())),
            regards=tuple(r for f in self.regards if (r := f.regard())),
        )
        return None if est_rien(voulu) else voulu

    def refuser(self, erreur: CellulesInvalides) -> None:
        """Une règle de la matrice refuse : la phrase va sur son champ, la saisie reste."""
        for champ, phrase in erreur.fautes.get(self.place, {"": str(erreur)}).items():
            self.corps.add_error(champ if champ in self.corps.fields else None, phrase)

    def constater(self, perimees: list[Perimee]) -> None:
        """Un autre a écrit : les deux textes se montrent, enregistrer de nouveau est un choix."""
        self.leur = next((p for p in perimees if p.place == self.place), perimees[0])
        if self.donnees is not None and self.leur.place == self.place:
            self.donnees["version"] = "" if self.leur.version is None else str(self.leur.version)
            self.corps = CelluleForm(self.donnees)
            self.corps.is_valid()
