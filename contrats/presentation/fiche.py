"""La page d'une fiche : ses sections dans l'ordre imprimé, leurs lignes et leurs actions."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from contrats.contenu.forme import LIGNES
from contrats.enums import EtatSection, Horizon, NatureCritere, NatureSection, RolePartenaire
from contrats.models import (
    Action,
    Contrat,
    Fiche,
    Partenariat,
    Renvoi,
    Responsable,
    Section,
    SectionModele,
)
from contrats.presentation.comptes import Lecteur
from contrats.presentation.contrat import lier_renvois


@dataclass
class ActionLue:
    """Une action de la fiche, ses sous-points et ceux qui la mènent."""

    action: Action
    sous_points: list["ActionLue"] = field(default_factory=list)

    @property
    def meneurs(self) -> list[Partenariat]:
        """Pilotes et chefs de file, dans cet ordre ; les partenaires sont sur sa page."""
        rang = {RolePartenaire.PILOTE: 0, RolePartenaire.CHEF_DE_FILE: 1}
        menent = [p for p in self.action.partenariats.all() if p.role in rang]
        return sorted(menent, key=lambda p: rang[RolePartenaire(p.role)])


@dataclass
class SectionLue:
    """Une section prête à montrer ; `gabarit` ne dépend que de sa nature."""

    cle: str
    libelle: str
    nature: str
    horizon: str
    etat: str = EtatSection.RENSEIGNEE
    texte: str = ""
    liste_ouverte: bool = False
    lignes: list[Any] = field(default_factory=list)
    actions: list[ActionLue] = field(default_factory=list)
    partenariats: list[Partenariat] = field(default_factory=list)
    renvois: list[Renvoi] = field(default_factory=list)

    @property
    def gabarit(self) -> str:
        return f"contrats/fiche/_{self.nature}.html"

    @property
    def libelle_etat(self) -> str:
        return EtatSection(self.etat).label

    @property
    def entree(self) -> str:
        """Libellé du sommaire : deux listes de partenaires s'y distinguent par leur horizon."""
        if self.nature == NatureSection.PARTENAIRES and self.horizon:
            return f"{self.libelle} ({Horizon(self.horizon).label.lower()})"
        return self.libelle

    @property
    def nb_actions(self) -> int:
        """Actions de la section, sous-points compris."""
        return sum(1 + len(lue.sous_points) for lue in self.actions)

    @property
    def nb_sous_points(self) -> int:
        return sum(len(lue.sous_points) for lue in self.actions)

    @property
    def criteres(self) -> list[tuple[str, list[Any]]]:
        """Critères par nature, qualitatifs d'abord, sans groupe vide."""
        groupes = [
            (f"{nature.label}s", [c for c in self.lignes if c.nature == nature])
            for nature in NatureCritere
        ]
        return [(libelle, criteres) for libelle, criteres in groupes if criteres]


class PageFiche:
    """Tout ce que montre une fiche à ce lecteur.

    `fiche` doit venir de `Fiche.objects.visibles_par(lecteur).pour_page()`.
    """

    def __init__(self, fiche: Fiche, lecteur: Lecteur) -> None:
        self.fiche = fiche
        self.lecteur = lecteur
        self.voisines = list(
            Fiche.objects.visibles_par(lecteur)
            .filter(contrat=fiche.contrat)
            .order_by("ordre", "pk")
            .only("contrat", "cle", "titre", "numero", "numero_deduit", "ordre")
        )
        for voisine in self.voisines:
            voisine.contrat = fiche.contrat
        self.actions = self._lire_actions()
        self.sections = self._lire_sections()

    @property
    def identifiant(self) -> str:
        """Identifiant public, pour filtrer les actions de la fiche dans l'API."""
        return str(self.fiche.public_id)

    @property
    def rang(self) -> int:
        """Place de la fiche parmi celles que le lecteur voit, à partir de 0."""
        return [voisine.pk for voisine in self.voisines].index(self.fiche.pk)

    @property
    def precedente(self) -> Fiche | None:
        return self.voisines[self.rang - 1] if self.rang else None

    @property
    def suivante(self) -> Fiche | None:
        return self.voisines[self.rang + 1] if self.rang + 1 < len(self.voisines) else None

    @property
    def a_du_suivi(self) -> bool:
        return any(section.actions for section in self.sections)

    @property
    def de_demonstration(self) -> bool:
        """Une action au moins porte un suivi inventé."""
        return any(
            lue.action.demonstration or any(s.action.demonstration for s in lue.sous_points)
            for section in self.sections
            for lue in section.actions
        )

    def _lire_actions(self) -> dict[str, list[ActionLue]]:
        """Actions du premier niveau par horizon, sous-points rangés sous leur action."""
        lignes = (
            Action.objects.visibles_par(self.lecteur)
            .filter(fiche=self.fiche)
            .prefetch_related(
                Prefetch(
                    "partenariats",
                    Partenariat.objects.select_related("organisme").order_by("ordre", "pk"),
                )
            )
            .order_by("ordre", "pk")
        )
        lues = {action.pk: ActionLue(action) for action in lignes}
        par_horizon: dict[str, list[ActionLue]] = defaultdict(list)
        for lue in lues.values():
            parent = lues.get(lue.action.parent_id or 0)
            (parent.sous_points if parent else par_horizon[lue.action.horizon]).append(lue)
        return par_horizon

    def _lire_sections(self) -> list[SectionLue]:
        sections = list(
            Section.objects.filter(fiche=self.fiche)
            .select_related("modele")
            .order_by("ordre", "pk")
        )
        prefetch_related_objects(sections, *self._relations(sections))
        fiches = {voisine.pk: voisine for voisine in self.voisines}
        lues = [self._section(section, fiches) for section in sections]
        return lues + self._sections_manquantes()

    def _relations(self, sections: list[Section]) -> list[Any]:
        """Les relations des natures présentes : une fiche n'en lit pas dix pour trois."""
        completes = {
            "projetlies": Prefetch("projetlies__cible", Contrat.objects.visibles_par(self.lecteur)),
            "responsables": Prefetch(
                "responsables",
                Responsable.objects.select_related("personne", "organisme").order_by("ordre", "pk"),
            ),
        }
        presentes = {s.modele.nature for s in sections}
        simples = [LIGNES[nature][0] for nature in LIGNES if nature in presentes]
        return [
            Prefetch("partenariats", Partenariat.objects.select_related("organisme")),
            Prefetch("renvois", Renvoi.objects.select_related("annexe").order_by("ordre", "pk")),
            *(completes.get(relation, relation) for relation in simples),
        ]

    def _section(self, section: Section, fiches: dict[int, Fiche]) -> SectionLue:
        nature = section.modele.nature
        return SectionLue(
            cle=section.modele.cle,
            libelle=section.libelle,
            nature=nature,
            horizon=section.modele.horizon,
            etat=section.etat,
            texte=section.texte,
            liste_ouverte=section.liste_ouverte,
            lignes=list(getattr(section, LIGNES[nature][0]).all()) if nature in LIGNES else [],
            actions=self._prendre(section.modele) if nature == NatureSection.ACTIONS else [],
            partenariats=list(section.partenariats.all()),
            renvois=lier_renvois(section.renvois.all(), fiches),
        )

    def _prendre(self, modele: SectionModele) -> list[ActionLue]:
        return self.actions.pop(modele.horizon, [])

    def _sections_manquantes(self) -> list[SectionLue]:
        """Des actions dont la section n'existe pas encore se montrent quand même, à la fin."""
        return [
            SectionLue(
                cle=f"actions-{horizon or 'sans-horizon'}",
                libelle=Horizon(horizon).label if horizon else "Autres actions",
                nature=NatureSection.ACTIONS,
                horizon=horizon,
                actions=actions,
            )
            for horizon, actions in self.actions.items()
        ]
