"""Ce que montre la page de l'étagère : en vigueur, à emporter, à figer."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Axe, Contrat, Fiche
from contrats.permissions import Acte, peut
from documents.enums import RAPPORTS, Nature
from documents.etagere import lot
from documents.etagere.partenaire import organismes_cites
from documents.figes.sujets import Sujet
from documents.models import DocumentFige
from partenaires.models import Organisme
from perr.models import AnnexeTerritoriale


class Etagere:
    """Lue par le gabarit, ligne par ligne ; rien d'invisible pour `par`."""

    def __init__(self, contrat: Contrat, par: Utilisateur | AnonymousUser) -> None:
        self.contrat, self.par = contrat, par

    @cached_property
    def est_du_contrat(self) -> bool:
        """Il y a un rôle : ses fichiers disent ce que ce rôle lit, et sont à lui."""
        return peut(self.par, Acte.LIRE_ATELIER, self.contrat)

    @cached_property
    def peut_figer(self) -> bool:
        return peut(self.par, Acte.FIGER, self.contrat)

    @cached_property
    def en_vigueur(self) -> list[DocumentFige]:
        """Les documents publiés qu'aucun autre ne remplace, les rapports à part."""
        documents = lot.documents(self.contrat, self.par)
        return [d for d in documents if hasattr(d, "publication") and d.nature not in RAPPORTS]

    @cached_property
    def fiches(self) -> list[Fiche]:
        visibles = Fiche.objects.visibles_par(self.par).filter(contrat=self.contrat)
        return list(visibles.order_by("ordre", "pk"))

    @cached_property
    def annexes(self) -> list[AnnexeTerritoriale]:
        return list(self.contrat.annexes_territoriales.order_by("ordre_imprime", "pk"))

    @cached_property
    def themes(self) -> list[Axe]:
        """Les axes qui portent des fiches."""
        portes = {fiche.axe_id for fiche in self.fiches}
        return [axe for axe in self.contrat.axes.order_by("ordre", "pk") if axe.pk in portes]

    @cached_property
    def organismes(self) -> QuerySet[Organisme]:
        return organismes_cites(self.contrat, self.par)

    @cached_property
    def sujets(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(groupe, [(sujet, libellé)]) : ce qui peut se figer."""
        fiches = [(str(Sujet(Nature.FICHE, f.cle)), f.titre) for f in self.fiches]
        annexes = [(str(Sujet(Nature.ANNEXE, a.cle)), f"Annexe {a.nom}") for a in self.annexes]
        jour = timezone.localdate()
        rapports = [
            (str(Sujet(nature, jour.isoformat())), f"{nature.label} au {jour:%d/%m/%Y}")
            for nature in RAPPORTS
        ]
        groupes: list[tuple[str, Any]] = [
            ("Contrat", [(str(Sujet()), "Le contrat entier")]),
            ("Fiches", fiches),
            ("Annexes territoriales", annexes),
            ("Rapports", rapports),
        ]
        return [(nom, choix) for nom, choix in groupes if choix]
