"""Ce qu'une fiche peut citer et les sections de son modèle : lu une fois par requête HTTP."""

from functools import cached_property

from django.db.models import Q

from comptes.models import Utilisateur
from contrats.atelier.annuaire import Annuaire
from contrats.enums import NatureSection
from contrats.models import Annexe, Axe, Fiche, SectionModele


class Cadre:
    """La fiche, l'agent qui l'écrit, et les choix que la page lui offre."""

    def __init__(self, fiche: Fiche, utilisateur: Utilisateur) -> None:
        self.fiche = fiche
        self.utilisateur = utilisateur
        self.annuaire = Annuaire(utilisateur)

    @cached_property
    def modeles(self) -> dict[str, SectionModele]:
        """Sections du modèle, par clé, dans leur ordre."""
        sections = SectionModele.objects.filter(modele=self.fiche.modele_id)
        return {modele.cle: modele for modele in sections.order_by("ordre", "pk")}

    @cached_property
    def horizons(self) -> list[tuple[str, str]]:
        """Sections qui portent des actions : (clé, horizon ou libellé)."""
        return [
            (m.cle, m.get_horizon_display() if m.horizon else m.libelle)
            for m in self.modeles.values()
            if m.nature == NatureSection.ACTIONS
        ]

    @cached_property
    def axes(self) -> list[tuple[str, str]]:
        axes = Axe.objects.filter(contrat=self.fiche.contrat_id).order_by("ordre", "pk")
        return [(axe.cle, str(axe)) for axe in axes]

    @cached_property
    def cibles(self) -> dict[str, list[tuple[str, str]]]:
        """Ce qu'un renvoi peut viser : les autres fiches et les annexes du contrat."""
        fiches = (
            Fiche.objects.vivantes().filter(contrat=self.fiche.contrat_id).order_by("ordre", "pk")
        )
        annexes = Annexe.objects.filter(contrat=self.fiche.contrat_id).order_by("ordre", "pk")
        return {
            "fiche": list(fiches.values_list("cle", "titre")),
            "annexe": [
                (numero, f"Annexe {numero}") for numero in annexes.values_list("numero", flat=True)
            ],
        }

    def propositions(self) -> dict[str, list[str]]:
        """Noms proposés à la saisie : ceux que le contrat cite déjà, et ses territoires."""
        contrat = self.fiche.contrat_id
        annuaire = self.annuaire
        natures = {m.nature for m in self.modeles.values()}
        listes = {
            "organisme": annuaire.propositions(
                "organisme",
                Q(parties__contrat=contrat)
                | Q(partenariats__section__fiche__contrat=contrat)
                | Q(partenariats__action__contrat=contrat),
            ),
            "territoire": annuaire.propositions(
                "territoire",
                Q(contrats=contrat) | Q(rattachements__parent__contrats=contrat),
            ),
        }
        if NatureSection.RESPONSABLES in natures:
            listes["personne"] = annuaire.propositions("personne", Q())
        if NatureSection.PROJETS_LIES in natures:
            listes["contrat"] = annuaire.propositions("contrat", ~Q(pk=contrat))
        return listes
