"""Un document à imprimer : ce qu'il contient, son titre, sa version et ce qu'il vaut."""

import datetime
import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.timezone import localdate

from contrats.enums import StatutContrat, TypeContrat
from contrats.models import Action, Contrat, Signature
from documents.imprime import Imprime
from documents.lecture import ActionLue, FicheLue
from edition.models import Versionne
from texte.dates import en_lettres

SIGNES = {StatutContrat.SIGNE, StatutContrat.PROROGE, StatutContrat.ECHU}


@dataclass(frozen=True)
class Document(Imprime):
    """Un contrat entier, ou un extrait : une fiche, une sélection de fiches.

    La date est celle de la dernière modification imprimée. Seul « en retard » se juge au jour du
    rendu, comme à l'écran ; le document le dit.
    `fiches_visibles` : celles du contrat que le lecteur peut voir ; un renvoi ne nomme qu'elles.
    """

    gabarit = "pdf/document.html"
    feuilles = ("pdf/document.css",)

    contrat: Contrat
    fiches: list[FicheLue]
    entier: bool = False
    actions_sans_fiche: list[ActionLue] = field(default_factory=list)
    fiches_visibles: frozenset[int] = frozenset()
    site: str = ""
    code: str = ""

    @cached_property
    def actions(self) -> list[Action]:
        """Toutes les actions imprimées, dans l'ordre du document."""
        directes = [a for lue in self.actions_sans_fiche for a in lue.toutes()]
        return [a for fiche in self.fiches for a in fiche.actions] + directes

    @property
    def fiche_seule(self) -> FicheLue | None:
        """La fiche d'un extrait qui n'en a qu'une."""
        return self.fiches[0] if not self.entier and len(self.fiches) == 1 else None

    @property
    def titre(self) -> str:
        if self.entier:
            return self.contrat.intitule
        if self.fiche_seule:
            return f"{self.fiche_seule.fiche.titre} ({self.contrat.intitule_court})"
        return f"{len(self.fiches)} fiches ({self.contrat.intitule_court})"

    @property
    def nature(self) -> str:
        """« Contrat de réciprocité » ou « Extrait »."""
        return TypeContrat(self.contrat.type).label if self.entier else "Extrait"

    @property
    def version(self) -> int | None:
        """Version du contrat ou de la fiche seule ; une sélection n'en a pas qu'une."""
        if self.entier:
            return self.contrat.version
        return self.fiche_seule.fiche.version if self.fiche_seule else None

    @cached_property
    def modifie_le(self) -> datetime.datetime:
        """Dernière modification de ce qui est imprimé, à la seconde."""
        objets: list[Versionne] = [*(lue.fiche for lue in self.fiches), *self.actions]
        if self.entier or not objets:
            objets.append(self.contrat)
        return max(objet.modifie_le for objet in objets).replace(microsecond=0)

    @property
    def contenu(self) -> str:
        """« 10 fiches, 67 actions (jointes à ce fichier en JSON et en CSV) »."""
        morceaux = []
        for nombre, mot in ((len(self.fiches), "fiche"), (len(self.actions), "action")):
            if nombre:
                morceaux.append(f"{nombre}\u00a0{mot}{'s' if nombre > 1 else ''}")
        jointes = " (jointes à ce fichier en JSON et en CSV)" if self.actions else ""
        retards = ""
        if any(action.est_en_retard for action in self.actions):
            retards = f". Retards constatés au {en_lettres(localdate())}"
        return ", ".join(morceaux) + jointes + retards

    @property
    def adresse(self) -> str:
        """La page de la plateforme qui donne le texte à jour."""
        chemin = self.fiche_seule.fiche if self.fiche_seule else self.contrat
        return self.site + chemin.get_absolute_url()

    @property
    def est_signe(self) -> bool:
        """Le texte entier d'un contrat signé ; un extrait ne l'est jamais."""
        return self.entier and self.contrat.statut in SIGNES

    @property
    def mention_sans_signature(self) -> str:
        """Le texte que les parties signent ne peut se dire « de travail »."""
        if self.entier and self.contrat.statut == StatutContrat.EN_SIGNATURE:
            return "Texte soumis à la signature"
        return super().mention_sans_signature

    @property
    def premiere_signature(self) -> Signature | None:
        """Celle dont la couverture donne le lieu et la date."""
        return next(iter(self.contrat.signatures.all()), None)

    @cached_property
    def est_de_demonstration(self) -> bool:
        """Un suivi inventé y figure."""
        return any(action.demonstration for action in self.actions)

    @property
    def nom_de_fichier(self) -> str:
        """Nom ASCII, sans espace, qui dit le contrat, la fiche et la version."""
        morceaux = [self.contrat.slug]
        if self.fiche_seule:
            morceaux.append(self.fiche_seule.fiche.cle)
        elif not self.entier:
            morceaux.append(f"{len(self.fiches)}-fiches")
        morceaux.append(f"v{self.version}" if self.version else f"{self.modifie_le:%Y-%m-%d}")
        return "-".join(morceaux) + ".pdf"

    @property
    def identifiant(self) -> bytes:
        """Identifiant permanent du PDF (/ID) : le même d'une version à la suivante."""
        cles = [self.contrat.slug, *(() if self.entier else [f.fiche.cle for f in self.fiches])]
        return hashlib.sha256("/".join(cles).encode()).hexdigest()[:32].encode()
