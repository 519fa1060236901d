"""Ce que fait chaque bouton de la page de reprise : une décision de plus, ou l'écriture."""

from collections.abc import Mapping
from typing import Any

from comptes.models import Utilisateur
from contrats.enums import TypeContrat
from contrats.models import Contrat
from contrats.reprise import territoires_de_reprise
from gouvernance.models import Session
from reprise import sessions
from reprise.ecriture import RepriseImpossible
from reprise.ecriture.session import CHAMPS
from reprise.models import DocumentRepris
from reprise.reconnaissance.formes import Compris, Place, Role

RAISON_MAX = 300
TEXTE_MAX = 20_000


class Gestes:
    """Un formulaire reçu, appliqué au document ; chaque geste rend la phrase à dire."""

    def __init__(
        self, document: DocumentRepris, saisie: Mapping[str, str], *, version: int, par: Utilisateur
    ) -> None:
        self.document, self.saisie, self.version, self.par = document, saisie, version, par
        self.element = saisie.get("element", "")

    def faire(self, geste: str) -> str:
        """Applique le geste ; un nom inconnu ne fait rien, et le dit."""
        gestes = {
            "placer": self.placer, "ignorer": self.ignorer, "scinder": self.scinder,
            "reunir": self.reunir, "corriger": self.corriger, "defaire": self.defaire,
            "rapprocher": self.rapprocher, "regler": self.regler, "retenir": self.retenir,
            "decrire": self.decrire, "annuler": self.annuler,
            "accepter_tout": self.accepter_tout, "abandonner": self.abandonner,
        }  # fmt: skip
        nom, _, valeur = geste.partition("=")
        if nom not in gestes:
            raise RepriseImpossible("Ce bouton n'existe plus : rechargez la page.")
        return gestes[nom](valeur)

    def _decider(self, changements: dict[str, Any]) -> None:
        sessions.decider(self.document, changements, version=self.version, par=self.par)

    def _place(self) -> Place:
        compris = sessions.compris_de(self.document)
        place = next((p for p in compris.places if p.element.id == self.element), None)
        if place is None:
            raise RepriseImpossible("Ce passage n'existe plus : rechargez la page.")
        return place

    def placer(self, valeur: str) -> str:
        code = valeur or self.saisie.get("place", "")
        role = code.partition(":")[0]
        if role not in Role or role == Role.NON_PLACE:
            raise RepriseImpossible("Choisissez une place dans la liste.")
        self._place()
        self._decider({"places": {self.element: code}, "raisons": {self.element: None}})
        return "Passage placé."

    def ignorer(self, _: str) -> str:
        raison = self.saisie.get("raison", "").strip()[:RAISON_MAX]
        if not raison:
            raise RepriseImpossible("Dites pourquoi ce passage est ignoré.")
        self._place()
        self._decider({"places": {self.element: "ignore"}, "raisons": {self.element: raison}})
        return "Passage ignoré ; la raison est gardée."

    def scinder(self, _: str) -> str:
        """Une ligne vide dans la saisie coupe le passage à cet endroit."""
        place = self._place()
        if "." in self.element or len(place.element.bruts) != 1:
            raise RepriseImpossible("Ce passage est déjà scindé ou réuni : défaites-le d'abord.")
        morceaux = [m.strip() for m in self.saisie.get("texte", "").replace("\r", "").split("\n\n")]
        coupes, depuis = [], 0
        original = place.element.bloc.texte
        for morceau in [m for m in morceaux if m][1:]:
            endroit = original.find(morceau[:40], depuis)
            if endroit <= 0:
                raise RepriseImpossible("Pour scinder, ajoutez seulement des lignes vides.")
            coupes.append(endroit)
            depuis = endroit
        if not coupes:
            raise RepriseImpossible("Mettez une ligne vide là où couper.")
        self._decider({"scinder": {self.element: coupes}})
        return f"Passage scindé en {len(coupes) + 1}."

    def reunir(self, _: str) -> str:
        self._place()
        self._decider({"reunir": [self.element]})
        return "Passage réuni à celui d'avant."

    def corriger(self, _: str) -> str:
        texte = self.saisie.get("texte", "").replace("\r", "").strip()[:TEXTE_MAX]
        if not texte:
            raise RepriseImpossible("Un texte corrigé n'est pas vide : ignorez plutôt le passage.")
        self._place()
        self._decider({"textes": {self.element: texte}})
        return "Texte corrigé."

    def defaire(self, _: str) -> str:
        """Oublie ce qui a été décidé pour ce passage."""
        familles = ("places", "raisons", "textes", "scinder")
        self._decider({famille: {self.element: None} for famille in familles})
        return "Décisions oubliées pour ce passage."

    def rapprocher(self, _: str) -> str:
        choix = {n[2:]: str(v) for n, v in self.saisie.items() if n.startswith("o-") and v}
        self._decider({"organismes": choix})
        return "Partenaires enregistrés."

    def regler(self, _: str) -> str:
        """Le type et le nom court."""
        regles: dict[str, Any] = {}
        if self.saisie.get("type") in TypeContrat.values:
            regles["type"] = self.saisie["type"]
        if court := self.saisie.get("intitule_court", "").strip():
            regles["intitule_court"] = court[:120]
        self._decider(regles)
        return "Réglages enregistrés."

    def retenir(self, _: str) -> str:
        """Les dates et les sommes cochées s'écriront ; les autres restent du texte."""
        montres = [n[5:] for n in self.saisie if n.startswith("fait-")]
        self._decider({"faits": {c: "oui" if f"f-{c}" in self.saisie else "non" for c in montres}})
        return "Dates et sommes enregistrées."

    def decrire(self, _: str) -> str:
        """Ce que l'agent corrige ou complète d'une session."""
        dits = {c: self.saisie.get(f"s-{c}", "").strip()[:RAISON_MAX] for c in CHAMPS}
        self._decider({"session": dits})
        return "Session enregistrée."

    def annuler(self, _: str) -> str:
        sessions.annuler(self.document, version=self.version, par=self.par)
        return "Dernière décision annulée."

    def accepter_tout(self, _: str) -> str:
        """Chaque doute prend la place proposée ; ce qui n'est pas placé reste à placer."""
        compris: Compris = sessions.compris_de(self.document)
        choix = {p.element.id: p.choix.code for p in compris.doutes if p.role != Role.NON_PLACE}
        self._decider({"places": choix})
        return f"{len(choix)} propositions acceptées."

    def abandonner(self, _: str) -> str:
        sessions.abandonner(self.document, version=self.version, par=self.par)
        return "Reprise abandonnée : rien n'est écrit."

    def ecrire(self) -> Contrat | Session:
        territoires = {t.cle: t for t in territoires_de_reprise(self.par)}
        territoire = territoires.get(self.saisie.get("territoire", ""))
        cible = self.saisie.get("contrat", "")
        contrat = Contrat.objects.habilites(self.par).filter(slug=cible).first() if cible else None
        return sessions.ecrire_document(
            self.document,
            version=self.version,
            par=self.par,
            territoire=territoire,
            contrat=contrat,
        )
