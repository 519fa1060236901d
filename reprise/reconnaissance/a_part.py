"""Assembler ce qui n'est pas un contrat : la délibération qui l'approuve, la session d'échange."""

import re
from typing import Any

from reprise.reconnaissance.formes import (
    Compris,
    DeliberationComprise,
    Passage,
    Place,
    SessionComprise,
)
from reprise.reconnaissance.lignes import intervenant
from reprise.reconnaissance.listes import date_exacte
from reprise.reconnaissance.vocabulaire import Vocabulaire, plier

PLACES = re.compile(r"\b(\d{1,4})\s+(?:participants?|places?|personnes?)\b")


def _pratique(session: SessionComprise, texte: str) -> None:
    """Date, places, clôture des inscriptions."""
    plie, jour = plier(texte), date_exacte(texte)
    if places := PLACES.search(plie):
        session.places = int(places[1])
    if jour and ("inscription" in plie or "avant le" in plie):
        session.cloture = jour.isoformat()
    elif jour and not session.date:
        session.date = jour.isoformat()


AVIS = re.compile(
    r"^vu l'avis\s+(?P<avis>\w+)\s+de la (?P<commission>commission .{2,150}?)"
    r"\s+du\s+(?:\w+\s+)?(?=\d)"
)


def _avis(deliberation: DeliberationComprise, texte: str) -> None:
    """« Vu l'avis favorable de la Commission … du 10 juin 2021 »."""
    if trouve := AVIS.search(plier(texte)):
        deliberation.avis = texte[trouve.start("avis") : trouve.end("avis")]
        deliberation.commission = texte[trouve.start("commission") : trouve.end("commission")]
        jour = date_exacte(texte)
        deliberation.avis_le = jour.isoformat() if jour else ""


class ActesEtSessions:
    """Part de l'assemblage : délibérations et sessions."""

    compris: Compris
    vocabulaire: Vocabulaire
    ouvert: Any

    def _ajouter(self, passages: list[Passage], place: Place) -> None:
        raise NotImplementedError

    def _numero_et_titre(self, place: Place, role: str) -> tuple[str, str]:
        raise NotImplementedError

    def _delib(self) -> DeliberationComprise:
        if self.compris.deliberation is None:
            self.compris.deliberation = DeliberationComprise()
        return self.compris.deliberation

    def _deliberation(self, place: Place) -> None:
        d, trouve = self._delib(), self.vocabulaire.repere(place.element.nu, "deliberation")
        d.element, self.ouvert.deliberation = place.element.id, "objet"
        if trouve:
            m = trouve[0]
            d.numero = place.element.nu[m.start("numero") : m.end("numero")]
            d.point, d.projet = m["point"] or "", bool(m["projet"])

    def _objet(self, place: Place) -> None:
        self._delib().objet = f"{self._delib().objet} {place.element.nu}".strip()

    def _expose(self, place: Place) -> None:
        self.ouvert.deliberation = "expose"

    def _decision(self, place: Place) -> None:
        self.ouvert.deliberation = "decision"

    def _visa(self, place: Place) -> None:
        self.ouvert.deliberation = "decision"
        d, texte = self._delib(), place.element.nu
        if self.vocabulaire.repere(texte, "organe"):
            d.organe = texte.rstrip(" ,")
        elif not plier(texte).startswith(("decide", "delibere", "arrete")):
            d.visas.append(texte)
            _avis(d, texte)

    def _dispositif(self, place: Place) -> None:
        numero, titre = self._numero_et_titre(place, "article")
        self.ouvert.deliberation = "dispositif"
        self._delib().articles.append(Passage(titre, place.element.id, numero))

    def _texte_a_part(self, place: Place) -> None:
        if self.ouvert.deliberation == "dispositif":
            article = self._delib().articles[-1]
            article.texte = f"{article.texte}\n\n{place.element.bloc.texte}".strip()
        elif self.ouvert.deliberation:
            self._ajouter(self._delib().expose, place)
        else:
            self._point(place)

    def _rubrique(self, place: Place) -> None:
        if self.compris.session is None:
            self.compris.session = SessionComprise()
        self.ouvert.rubrique = place.cible
        self.compris.session.rubriques.setdefault(place.cible, [])

    def _point(self, place: Place) -> None:
        session = self.compris.session
        if session is None:
            return
        bloc = place.element.bloc
        session.rubriques.setdefault(self.ouvert.rubrique, []).append(
            Passage(place.element.nu, place.element.id)
        )
        if self.ouvert.rubrique == "pratique":
            _pratique(session, place.element.nu)
        if bloc.nature != "puce":
            return
        if self.ouvert.rubrique == "profils":
            session.profils.append(place.element.nu)
        elif self.ouvert.rubrique == "programme":
            if bloc.niveau == 0:
                session.programme.append(Passage(place.element.nu, place.element.id))
            if lu := intervenant(bloc.texte, bloc.niveau):
                session.intervenants.append({**lu, "point": str(len(session.programme))})
