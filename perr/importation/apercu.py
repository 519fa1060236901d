"""Ce que la page d'aperçu montre d'un plan : des phrases et des choix, dans l'ordre où décider."""

from dataclasses import dataclass
from functools import cached_property

from perr.enums import StatutDeclinaison as S
from perr.importation.formes import IGNORER, LAISSER, Anomalie, Confiance, Genre
from perr.importation.plan import Changement, Plan
from perr.importation.textes import ecrire_texte


@dataclass(frozen=True)
class Decision:
    """Une anomalie à l'écran : ses options, dites comme des actes."""

    anomalie: Anomalie

    @property
    def genre(self) -> str:
        return Genre(self.anomalie.genre).label

    @property
    def ou(self) -> str:
        """Vide pour ce qui vaut pour tout le fichier."""
        endroit = self.anomalie.endroit
        partout = not endroit.feuille and endroit.colonne is None and endroit.ligne == 1
        return "" if partout else endroit.en_tete

    @property
    def confiance(self) -> str:
        return Confiance(self.anomalie.confiance).label

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(valeur, libellé, choisie) ; une question sans réponse n'a rien de choisi."""
        a = self.anomalie
        lignes = [(v, self._acte(v, mot), v == a.retenue) for v, mot in a.options]
        if a.question:
            lignes.insert(0, ("", "À répondre", not a.reponse))
        return lignes

    def _acte(self, valeur: str, mot: str) -> str:
        a = self.anomalie
        if a.question:
            return f"{mot} (proposé)" if valeur == a.proposition else mot
        if valeur == a.proposition:
            return f"Accepter : {mot}"
        return f"{'Refuser' if valeur in (LAISSER, IGNORER) else 'Changer'} : {mot}"


@dataclass(frozen=True)
class LigneDeChangement:
    """Un changement à l'écran : la place, l'état et le texte d'avant et d'après."""

    changement: Changement
    avant: str
    apres: str

    @property
    def action(self) -> str:
        return self.changement.place[2]

    @property
    def sorte(self) -> str:
        if self.changement.est_vidage:
            return "Vidée"
        return "Créée" if self.changement.est_creation else "Modifiée"

    @property
    def etat(self) -> str:
        apres = self.changement.apres
        return S(apres.statut).label if apres else "Vide"


class Apercu:
    """Le plan, prêt à afficher."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def questions(self) -> list[Decision]:
        return [Decision(a) for a in self.plan.questions]

    @cached_property
    def corrections(self) -> list[Decision]:
        return [Decision(a) for a in self.plan.corrections]

    @cached_property
    def signalements(self) -> list[Decision]:
        return [Decision(a) for a in self.plan.signalements]

    @property
    def nb_ouvertes(self) -> int:
        return len(self.plan.questions_ouvertes)

    @cached_property
    def changements(self) -> list[LigneDeChangement]:
        """Ce qui écrase d'abord, ce qui s'ajoute ensuite."""
        plan, quartiers = self.plan, self.plan.connu.quartiers
        return [
            LigneDeChangement(
                c,
                ecrire_texte(c.avant, quartiers) if c.avant else "",
                ecrire_texte(c.apres, quartiers) if c.apres else "",
            )
            for c in [*plan.modifications, *plan.vidages, *plan.creations]
        ]

    @property
    def comptes(self) -> list[tuple[str, int]]:
        plan = self.plan
        return [
            ("Créées", len(plan.creations)),
            ("Modifiées", len(plan.modifications)),
            ("Vidées", len(plan.vidages)),
            ("Inchangées", plan.nb_inchangees),
            ("En attente d'une réponse", len(plan.en_attente)),
            ("Écartées", plan.nb_ecartees),
        ]
