"""Le mode séance : un point à la fois, ce qui s'y dit, ce qui s'y décide ; rien ne se perd."""

import json
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import QueryDict
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from edition import brouillons
from gouvernance import etat
from gouvernance.cibles import Cibles, cle_de
from gouvernance.enums import StatutDecision, StatutSeance
from gouvernance.forms import DecisionForm
from gouvernance.models import Decision, Point, Seance
from gouvernance.responsables import proposer
from indicateurs.lecture import Ecarts, lire_ecarts

SAISIS = ("note", "texte", "organisme", "fonction", "avant_le", "cible", "effet")
NOTE_MAX = 20_000


@dataclass(frozen=True)
class Source:
    """D'où vient la saisie : la page, et le rang de l'envoi dans la page."""

    page: uuid.UUID
    ordre: int


class Tenue:
    """La séance ouverte, à l'un de ses points."""

    def __init__(self, seance: Seance, agent: Utilisateur, point: int | None = None) -> None:
        self.seance = seance
        self.agent = agent
        self.points = list(
            seance.points.select_related(
                "action__contrat",
                "action__fiche__contrat",
                "fiche__contrat",
                "article__contrat",
                "indicateur__contrat",
                "indicateur__reference",
                "deliberation",
                "decision_suivie__seance",
            ).order_by("ordre", "pk")
        )
        rangs = {p.pk: rang for rang, p in enumerate(self.points)}
        self.rang = rangs.get(point or 0, self._dernier_vu())
        self.point = self.points[self.rang]

    def _dernier_vu(self) -> int:
        """Le rang du point où l'on était : une page rouverte y revient."""
        vus = [(p.vu_le, rang) for rang, p in enumerate(self.points) if p.vu_le]
        return max(vus)[1] if vus else 0

    @property
    def numero(self) -> int:
        return self.rang + 1

    @property
    def precedent(self) -> Point | None:
        return self.points[self.rang - 1] if self.rang else None

    @property
    def suivant(self) -> Point | None:
        return self.points[self.rang + 1] if self.numero < len(self.points) else None

    @cached_property
    def cibles(self) -> Cibles:
        return Cibles(self.seance, self.agent)

    @cached_property
    def derniere(self) -> Seance | None:
        """La séance précédente de l'instance : « depuis » se compte d'elle."""
        return etat.precedente(self.seance)

    @cached_property
    def changements(self) -> list[str]:
        if self.point.action is None:
            return []
        return etat.Changements(self.derniere).de(self.point.action)

    @cached_property
    def lecture(self) -> Ecarts | None:
        """Ce que disent aujourd'hui les mesures de l'indicateur du point."""
        indicateur = self.point.indicateur
        return lire_ecarts(indicateur, self.agent) if indicateur else None

    @cached_property
    def chiffres(self) -> list[dict[str, Any]]:
        """Les actions du comité par état, maintenant."""
        return etat.comptes(etat.photographier(self.seance.contrat))

    @cached_property
    def chiffres_d_avant(self) -> dict[str, int]:
        """Les mêmes, figés à la séance précédente."""
        avant = self.derniere.etat_fige if self.derniere else None
        return avant["comptes"] if avant else {}

    @property
    def comparaison(self) -> list[dict[str, Any]]:
        """Chaque état, avant et maintenant ; un état disparu y est encore."""
        avant, maintenant = self.chiffres_d_avant, {c["statut"]: c for c in self.chiffres}
        return [
            {
                "libelle": etat.LIBELLES[cle],
                "avant": avant.get(cle, 0),
                "nombre": maintenant[cle]["nombre"] if cle in maintenant else 0,
            }
            for cle in dict.fromkeys([*maintenant, *avant])
        ]

    @cached_property
    def jeton(self) -> uuid.UUID:
        """L'identifiant de la décision à noter : deux envois n'en font qu'une."""
        return uuid.uuid4()

    @cached_property
    def decisions(self) -> list[Decision]:
        lignes = self.seance.decisions.filter(point=self.point)
        return list(lignes.select_related("organisme").order_by("ordre", "pk"))

    @cached_property
    def organismes(self) -> list[str]:
        """Qui l'on peut charger d'une décision, les partenaires de l'action d'abord."""
        return proposer(self.seance, self.point.action, self.agent)

    @cached_property
    def fonctions(self) -> list[str]:
        """Les qualités des membres attendus."""
        noms = self.seance.convocations.order_by("ordre").values_list("libelle", flat=True)
        return list(dict.fromkeys(noms))

    # Le brouillon

    @property
    def cle(self) -> str:
        return f"seance:{self.seance.public_id}:{self.point.pk}"

    @cached_property
    def reprise(self) -> Any:
        """Ce que l'agent tapait sur ce point quand la page a été coupée ; rien sinon."""
        return brouillons.proposes(self.agent, self.cle).first()

    @cached_property
    def saisie(self) -> dict[str, str]:
        """Ce que montre le formulaire : le brouillon, sinon ce qui est enregistré."""
        depart = {"note": self.point.note, "cible": cle_de(self.point)}
        if self.reprise is None:
            return depart
        return depart | _deballer(self.reprise.contenu)

    @cached_property
    def source(self) -> Source:
        """La page continue le brouillon qu'elle reprend : deux textes ne se disputent pas."""
        if self.reprise is None:
            return Source(uuid.uuid4(), 1)
        return Source(self.reprise.page, self.reprise.ordre + 1)

    def envoi(self, source: Source) -> brouillons.Envoi:
        return brouillons.Envoi(self.agent, self.cle, source.page, source.ordre)

    def garder(self, donnees: QueryDict) -> bool:
        """Garde ce qui se tape ; lève `BrouillonTropGrand`."""
        exiger(self.seance, self.agent)
        contenu = json.dumps({nom: donnees.get(nom, "") for nom in SAISIS})
        envoi = self.envoi(lire_source(donnees))
        return brouillons.garder(envoi, version=self.seance.version, contenu=contenu)

    # Les gestes

    def formulaire(self, donnees: QueryDict | None = None) -> DecisionForm:
        if donnees is None:
            return DecisionForm(self.cibles, initial=self.saisie)
        return DecisionForm(self.cibles, donnees)

    @transaction.atomic
    def enregistrer(self, donnees: QueryDict, formulaire: DecisionForm | None) -> bool:
        """Écrit la note et, s'il y en a une, la décision ; faux si la note a été réunie à une
        autre, écrite au même moment. Le brouillon est soldé."""
        exiger(self.seance, self.agent)
        intacte = self._noter(donnees.get("note", ""), donnees.get("note_lue", ""))
        if formulaire is not None:
            self._decider(formulaire, lire_uuid(donnees.get("jeton", "")))
        envoi = self.envoi(lire_source(donnees))
        brouillons.solder(envoi, version=self.seance.version)
        return intacte

    def aller(self, point: Point | None) -> None:
        """Le point courant est celui-là : une page rouverte y revient. L'autre est traité."""
        exiger(self.seance, self.agent)
        Point.objects.filter(pk=self.point.pk, traite_le=None).update(traite_le=timezone.now())
        if point is not None:
            Point.objects.filter(pk=point.pk).update(vu_le=timezone.now())

    def retirer(self, pk: int) -> bool:
        """Retire une décision notée par erreur ; close, elle ne se retire plus."""
        exiger(self.seance, self.agent)
        siennes = self.seance.decisions.filter(pk=pk, statut=StatutDecision.PRISE)
        return bool(siennes.delete()[0])

    def _noter(self, note: str, lue: str) -> bool:
        note = _propre(note)[:NOTE_MAX]
        siens = Point.objects.filter(pk=self.point.pk)
        actuelle = siens.select_for_update().values_list("note", flat=True).get()
        if note == actuelle:
            return True
        if _propre(lue) == actuelle:
            siens.update(note=note)
            return True
        # Quelqu'un d'autre a noté entre-temps : les deux textes restent.
        siens.update(note=f"{actuelle}\n\n{note}".strip())
        return False

    def _decider(self, formulaire: DecisionForm, jeton: uuid.UUID) -> None:
        """Envoyée deux fois (double appui), une décision n'est notée qu'une fois."""
        if Decision.objects.filter(public_id=jeton).exists():
            return
        Seance.objects.select_for_update().get(pk=self.seance.pk)  # l'ordre est sans trou
        rang = self.seance.decisions.aggregate(m=Max("ordre"))["m"] or 0
        decision: Decision = formulaire.save(commit=False)
        decision.public_id = jeton
        decision.seance, decision.point = self.seance, self.point
        decision.ordre, decision.prise_par = rang + 1, self.agent
        decision.save(force_insert=True)


def exiger(seance: Seance, agent: Utilisateur) -> None:
    """Lève `PermissionDenied` sans le droit, `TransitionImpossible` hors séance."""
    if not peut(agent, Acte.MODIFIER, seance.contrat):
        raise PermissionDenied("Tenir la séance : votre rôle ne le permet pas.")
    if seance.statut != StatutSeance.OUVERTE:
        raise TransitionImpossible(f"La séance est « {seance.get_statut_display()} ».")


def a_une_decision(donnees: QueryDict) -> bool:
    return bool(donnees.get("texte", "").strip())


def lire_source(donnees: QueryDict) -> Source:
    texte = donnees.get("ordre", "")
    ordre = int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= 15 else 1
    return Source(lire_uuid(donnees.get("page", "")), ordre)


def lire_uuid(texte: str) -> uuid.UUID:
    """L'identifiant posté ; un neuf s'il est illisible."""
    try:
        return uuid.UUID(texte)
    except ValueError:
        return uuid.uuid4()


def _deballer(contenu: str) -> dict[str, str]:
    lu = json.loads(contenu)
    lu.setdefault("fonction", lu.get("responsable", ""))  # tapé avant que « qui » soit en deux
    return {nom: str(lu.get(nom, "")) for nom in SAISIS}


def _propre(texte: str) -> str:
    return texte.replace("\0", "").replace("\r\n", "\n").strip()
