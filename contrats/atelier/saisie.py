"""La fiche en cours de saisie : ses formulaires, ses erreurs, le contenu qui en résulte."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.http import QueryDict

from contrats.atelier import formulaires as f
from contrats.atelier.cadre import Cadre
from contrats.atelier.champs import Ligne, Nom, Redaction
from contrats.atelier.donnees import (
    ROLES,
    Place,
    ecrire_places,
    jetons,
    lire_places,
    redresser,
)
from contrats.atelier.sections import SaisieAction, SaisieSection
from contrats.contenu.forme import ContenuFiche, ContenuInvalide
from contrats.enums import EtatSection, NatureSection


@dataclass(frozen=True)
class Erreur:
    """Une phrase du résumé ; `ancre` est l'identifiant du champ, vide si elle vaut pour la page."""

    ancre: str
    libelle: str
    message: str


class Saisie:
    """Ce que l'agent a tapé, relu ; `valider=True` en cherche les erreurs."""

    def __init__(self, cadre: Cadre, donnees: QueryDict, *, valider: bool = False) -> None:
        self.cadre = cadre
        self.donnees = donnees
        self.commun: dict[str, Any] = {"annuaire": cadre.annuaire, "muet": not valider}
        self._charger_les_noms()
        self.fiche = f.FormulaireFiche(donnees, prefixe="f", axes=cadre.axes, **self.commun)
        places = self._places()
        self.sections = [self._section(cle, places) for cle in self._sections(places)]
        self.generales: list[str] = []

    # Lecture des données

    def _charger_les_noms(self) -> None:
        """Les noms des clés de la page, une requête par nature : aucune ligne n'en fera d'autre."""
        cles: dict[str, set[str]] = {"organisme": set(), "territoire": set()}
        for nom, valeurs in self.donnees.lists():
            champ = nom.rpartition("-")[2]
            if champ in ROLES:
                cles[ROLES[champ]].update(valeurs)
            elif champ == "organisme_cle":
                cles["organisme"].update(valeurs)
            elif champ in ("personne_cle", "cible_cle"):
                nature = "personne" if champ == "personne_cle" else "contrat"
                cles.setdefault(nature, set()).update(valeurs)
        for nature, citees in cles.items():
            self.cadre.annuaire.charger(nature, citees)

    def _places(self) -> list[Place]:
        """Places des actions, après les changements d'horizon demandés."""
        possibles = {cle for cle, _ in self.cadre.horizons}
        places = [p for p in lire_places(self.donnees) if p.section in possibles]
        for place in [p for p in places if p.niveau == 1]:
            voulue = self.donnees.get(f"a-{place.id}-place", place.section)
            if voulue != place.section and voulue in possibles:
                bloc = self.bloc(places, place.id)
                places = [p for p in places if p not in bloc] + bloc
                for deplacee in bloc:
                    deplacee.section = voulue
        ordre = list(self.cadre.modeles)
        places.sort(key=lambda p: ordre.index(p.section))  # tri stable : l'ordre saisi est gardé
        ecrire_places(self.donnees, redresser(places))
        for place in places:
            self.donnees[f"a-{place.id}-place"] = place.section
        return places

    @staticmethod
    def bloc(places: list[Place], identifiant: str) -> list[Place]:
        """L'action et ses sous-points, qui se suivent."""
        debut = next((i for i, p in enumerate(places) if p.id == identifiant), len(places))
        fin = debut + 1
        while fin < len(places) and (
            places[fin].niveau > places[debut].niveau
            and places[fin].section == places[debut].section
        ):
            fin += 1
        return places[debut:fin]

    def _sections(self, places: list[Place]) -> list[str]:
        """Clés des sections de la page ; celle où une action vient d'arriver s'ajoute."""
        modeles = self.cadre.modeles
        cles = list(dict.fromkeys(c for c in self.donnees.getlist("section") if c in modeles))
        for cle in dict.fromkeys(p.section for p in places):
            if cle not in cles:
                self.ouvrir_section(cles, cle)
        self.donnees.setlist("section", cles)
        return cles

    def ouvrir_section(self, cles: list[str], cle: str) -> None:
        """Ajoute une section du modèle à sa place, vide."""
        rangs = list(self.cadre.modeles)
        apres = [i for i, c in enumerate(cles) if rangs.index(c) < rangs.index(cle)]
        cles.insert(apres[-1] + 1 if apres else 0, cle)
        self.donnees.setdefault(f"s-{cle}-libelle", self.cadre.modeles[cle].libelle)
        self.donnees.setdefault(f"s-{cle}-etat", EtatSection.A_RENSEIGNER)

    def _section(self, cle: str, places: list[Place]) -> SaisieSection:
        modele, d = self.cadre.modeles[cle], self.donnees
        section = SaisieSection(modele, f.FormulaireSection(d, prefixe=f"s-{cle}", **self.commun))
        section.formulaire.quoi = section.libelle
        if modele.nature != NatureSection.TEXTE:
            section.formulaire.fields["texte"].label = "Introduction"
        siennes = [p for p in places if p.section == cle]
        section.actions = [
            self._action(p, numero) for p, numero in zip(siennes, _numeros(siennes), strict=True)
        ]
        for jeton in jetons(d, "partenaire", cle):
            section.partenaires.append(
                f.FormulairePartenaire(d, prefixe=f"p-{jeton}", quoi=section.libelle, **self.commun)
            )
        if modele.nature in f.LIGNES:
            classe, nom = f.LIGNES[modele.nature]
            for rang, jeton in enumerate(jetons(d, "ligne", cle), 1):
                objet = f"{nom.capitalize()} {rang}"
                section.lignes.append(classe(d, prefixe=f"l-{jeton}", quoi=objet, **self.commun))
        for jeton in jetons(d, "renvoi", cle):
            section.renvois.append(
                f.FormulaireRenvoi(
                    d,
                    prefixe=f"r-{jeton}",
                    quoi=f"{section.libelle}, renvoi",
                    cibles=self.cadre.cibles,
                    **self.commun,
                )
            )
        return section

    def _action(self, place: Place, numero: str) -> SaisieAction:
        prefixe = f"a-{place.id}"
        nom = self.donnees.get(f"{prefixe}-intitule", "").strip() or "sans intitulé"
        objet = f"« {nom if len(nom) <= 60 else nom[:59] + '…'} »"
        return SaisieAction(
            place,
            f.FormulaireAction(
                self.donnees,
                prefixe=prefixe,
                quoi=objet,
                places=self.cadre.horizons,
                **self.commun,
            ),
            [
                f.FormulairePeriode(
                    self.donnees, prefixe=f"q-{jeton}", quoi=f"{objet}, période", **self.commun
                )
                for jeton in jetons(self.donnees, "periode", place.id)
            ],
            numero,
        )

    # Erreurs

    def formulaires(self) -> Iterator[f.FormulaireDeLigne]:
        """Tous les formulaires, dans l'ordre de la page."""
        yield self.fiche
        for section in self.sections:
            yield from section.formulaires()

    def est_valide(self) -> bool:
        # Tous, pas seulement jusqu'au premier fautif : le résumé les montre ensemble.
        return not [formulaire for formulaire in self.formulaires() if not formulaire.is_valid()]

    def champ(self, nom: str) -> BoundField | None:
        """Champ de ce nom dans la page."""
        for formulaire in self.formulaires():
            court = nom.removeprefix(f"{formulaire.prefix}-")
            if court != nom and court in formulaire.fields:
                return formulaire[court]
        return None

    def signaler(self, nom: str, message: str) -> None:
        """Dit une erreur sur un champ, hors de toute validation."""
        champ = self.champ(nom)
        if champ:
            champ.form.errors[champ.name] = champ.form.error_class([message])

    def refuser(self, erreur: ContenuInvalide) -> None:
        """Rattache un refus de l'écriture au champ qu'il vise, sinon à la page."""
        actions = {a.place.id: a.formulaire for s in self.sections for a in s.actions}
        for chemin, message in erreur.erreurs.items():
            nature, _, identifiant = chemin.partition(":")
            if nature == "action" and identifiant in actions:
                actions[identifiant].add_error("statut", message)
            else:
                self.generales.append(message)

    def erreurs(self) -> list[Erreur]:
        """Phrases du résumé, dans l'ordre de la page."""
        liste = [Erreur("", "", message) for message in self.generales]
        for formulaire in self.formulaires():
            for champ, messages in formulaire.errors.items():
                lie: BoundField = formulaire[champ]
                objet = f"{formulaire.quoi}, " if formulaire.quoi else ""
                libelle = f"{objet}{lie.label if not objet else str(lie.label).lower()}"
                liste += [Erreur(lie.auto_id, libelle, str(message)) for message in messages]
        return liste

    # Contenu

    def contenu(self) -> ContenuFiche:
        """Contenu à enregistrer ; la saisie est valide."""
        fiche = self.fiche.cleaned_data
        return ContenuFiche(
            titre=fiche["titre"],
            numero=fiche["numero"],
            numero_deduit=fiche["numero_deduit"],
            note_titre=fiche["note_titre"],
            axe=fiche["axe"] or None,
            sections=[section.contenu() for section in self.sections],
        )

    def contenu_inacheve(self) -> ContenuFiche:
        """Contenu d'une saisie qui peut être fausse : une valeur refusée y manque.

        Elle ne sert qu'à être montrée ; `erreurs` dit ce qui manque.
        """
        for formulaire in self.formulaires():
            propres = formulaire.cleaned_data
            for nom, champ in formulaire.fields.items():
                if isinstance(champ, (Ligne, Redaction, Nom)) and not propres.get(nom):
                    propres[nom] = formulaire.brut(nom)
                propres.setdefault(nom, EtatSection.A_RENSEIGNER if nom == "etat" else None)
        return self.contenu()


def _numeros(places: list[Place]) -> list[str]:
    """« 1 », « 2 », « 2.1 »… selon les niveaux."""
    compteurs: list[int] = []
    numeros = []
    for place in places:
        compteurs = [*compteurs[: place.niveau], 0] if len(compteurs) < place.niveau else compteurs
        compteurs = compteurs[: place.niveau]
        compteurs[-1] += 1
        numeros.append(".".join(map(str, compteurs)))
    return numeros
