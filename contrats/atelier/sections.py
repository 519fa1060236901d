"""Une section de la page, ses actions et ses lignes : leurs formulaires, puis leur contenu."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contrats.atelier import formulaires as f
from contrats.atelier.donnees import ROLES, Place
from contrats.contenu.comparaison import LIBELLES_ACTION
from contrats.contenu.forme import (
    CHAMPS_ACTION,
    CHAMPS_PERIODE,
    LIGNES,
    ContenuAction,
    ContenuSection,
)
from contrats.enums import EtatSection, NatureSection
from contrats.models import SectionModele

SINGULIERS = {
    "pilotes": "pilote",
    "chefs de file": "chef de file",
    "partenaires": "partenaire",
    "territoires": "territoire",
    "périodes": "période",
}


@dataclass
class SaisieAction:
    """Une action de la page : son formulaire, sa place, ses périodes."""

    place: Place
    formulaire: f.FormulaireAction
    periodes: list[f.FormulairePeriode]
    numero: str
    volet_ouvert: bool = False

    PRINCIPAUX = ("intitule", "place", "statut", "avancement", "echeance")

    def ouvrir_le_volet(self, foyer: str) -> None:
        """Le volet s'ouvre sur une erreur ou sur le champ qui prend le foyer."""
        secondaires = [f"id_{p.prefix}-" for p in self.periodes]
        secondaires += [
            self.formulaire[c].auto_id for c in self.formulaire.fields if c not in self.PRINCIPAUX
        ]
        fautifs = set(self.formulaire.errors) - set(self.PRINCIPAUX)
        self.volet_ouvert = (
            bool(fautifs)
            or any(p.errors for p in self.periodes)
            or any(foyer.startswith(s) for s in secondaires)
            or foyer == f"ajouter-periode-{self.place.id}"
        )

    @property
    def roles(self) -> list[dict[str, Any]]:
        """Pour chaque rôle : son nom, le champ d'ajout, les objets choisis (clé, nom)."""
        formulaire = self.formulaire
        return [
            {
                "role": role,
                "libelle": LIBELLES_ACTION[role],
                "ajout": formulaire[f"{role}_ajout"],
                "choisis": [
                    (cle, formulaire.annuaire.nom(nature, cle)) for cle in formulaire.bruts(role)
                ],
            }
            for role, nature in ROLES.items()
        ]

    @property
    def demonstration(self) -> bool:
        """Le suivi enregistré est inventé : la page le dit sans ouvrir le volet."""
        return bool(self.formulaire.brut("demonstration"))

    @property
    def resume(self) -> str:
        """Ce que le volet contient, pour ne pas avoir à l'ouvrir : « 2 territoires, 1 pilote »."""
        comptes = [(len(r["choisis"]), r["libelle"]) for r in self.roles]
        comptes.append((len(self.periodes), "périodes"))
        mots = [f"{n} {mot if n > 1 else SINGULIERS[mot]}" for n, mot in comptes if n]
        if self.formulaire.brut("description").strip():
            mots.insert(0, "description")
        return ", ".join(mots) or "rien de plus"

    def contenu(self) -> ContenuAction:
        """Contenu de l'action, sans ses sous-points ; ses formulaires sont valides."""
        propres = self.formulaire.cleaned_data
        return ContenuAction(
            id=self.place.id,
            regroupee_dans=propres["regroupee_dans"] or None,
            **{champ: propres[champ] for champ in (*CHAMPS_ACTION, *ROLES)},  # type: ignore[typeddict-item]
            periodes=[{c: p.cleaned_data[c] for c in CHAMPS_PERIODE} for p in self.periodes],
            sous_actions=[],
        )


@dataclass
class SaisieSection:
    """Une section de la page et tout ce qu'elle porte."""

    modele: SectionModele
    formulaire: f.FormulaireSection
    partenaires: list[f.FormulairePartenaire] = field(default_factory=list)
    actions: list[SaisieAction] = field(default_factory=list)
    lignes: list[f.FormulaireLigne] = field(default_factory=list)
    renvois: list[f.FormulaireRenvoi] = field(default_factory=list)

    volet_ouvert: bool = False
    mentions_ouvertes: bool = False

    @property
    def ancre(self) -> str:
        return f"s-{self.modele.cle}"

    @property
    def titre(self) -> str:
        """Libellé, et horizon de la liste quand plusieurs portent le même."""
        if self.modele.horizon and self.modele.nature == NatureSection.PARTENAIRES:
            return f"{self.libelle} ({self.modele.get_horizon_display().lower()})"
        return self.libelle

    @property
    def nom_de_ligne(self) -> str:
        """« jalon », « risque »… ; vide si la section n'a pas de lignes."""
        return f.LIGNES[self.modele.nature][1] if self.modele.nature in f.LIGNES else ""

    @property
    def texte_visible(self) -> bool:
        """Le texte se montre d'emblée s'il est l'objet de la section, ou s'il est écrit."""
        return self.modele.nature == NatureSection.TEXTE or bool(self.formulaire.brut("texte"))

    def ouvrir_les_volets(self, foyer: str) -> None:
        """Un volet s'ouvre sur une erreur ou sur le champ qui prend le foyer."""
        self.volet_ouvert = (
            "libelle" in self.formulaire.errors
            or any(r.errors or foyer.startswith(f"id_{r.prefix}-") for r in self.renvois)
            or foyer == f"ajouter-renvoi-{self.modele.cle}"
        )
        self.mentions_ouvertes = any(
            p.errors or foyer in (f"monter-partenaire-{j}", f"descendre-partenaire-{j}")
            for p in self.partenaires
            for j in [str(p.prefix).removeprefix("p-")]
        )
        for action in self.actions:
            action.ouvrir_le_volet(foyer)

    @property
    def libelle(self) -> str:
        return self.formulaire.brut("libelle").strip() or self.modele.libelle

    def formulaires(self) -> Iterator[f.FormulaireDeLigne]:
        """Tous les formulaires de la section, dans l'ordre de la page."""
        yield self.formulaire
        for action in self.actions:
            yield action.formulaire
            yield from action.periodes
        yield from self.partenaires
        yield from self.lignes
        yield from self.renvois

    def contenu(self) -> ContenuSection:
        """Contenu de la section ; ses formulaires sont valides.

        Une section « à renseigner » où l'on vient d'écrire est renseignée.
        """
        propres = self.formulaire.cleaned_data
        champs = LIGNES[self.modele.nature][1] if self.modele.nature in LIGNES else ()
        contenu = ContenuSection(
            cle=self.modele.cle,
            libelle=propres["libelle"],
            etat=propres["etat"],
            texte=propres["texte"],
            liste_ouverte=propres["liste_ouverte"],
            partenaires=[
                {"organisme": p.cleaned_data["organisme"], "mention": p.cleaned_data["mention"]}
                for p in self.partenaires
            ],
            actions=_arbre([(a.place.niveau, a.contenu()) for a in self.actions]),
            lignes=[{c: ligne.cleaned_data[c] for c in champs} for ligne in self.lignes],
            renvois=[
                {c: r.cleaned_data[c] for c in ("texte", "fiche", "annexe", "document", "deduit")}
                for r in self.renvois
            ],
        )
        rempli = any(contenu[c] for c in ("texte", "partenaires", "actions", "lignes"))  # type: ignore[literal-required]
        if rempli and contenu["etat"] == EtatSection.A_RENSEIGNER:
            contenu["etat"] = EtatSection.RENSEIGNEE.value
        return contenu


def _arbre(plates: list[tuple[int, ContenuAction]]) -> list[ContenuAction]:
    """Actions de premier niveau, chacune avec ses sous-points."""
    racines: list[ContenuAction] = []
    ouvertes: dict[int, ContenuAction] = {}
    for niveau, action in plates:
        (ouvertes[niveau - 1]["sous_actions"] if niveau > 1 else racines).append(action)
        ouvertes[niveau] = action
    return racines
