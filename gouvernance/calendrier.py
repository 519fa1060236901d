"""Le calendrier des séances et des sessions : à l'écran et en iCal, les mêmes événements."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from icalendar import Calendar, Event

from comptes.models import Utilisateur
from contrats.models import Contrat
from courrier.depot import adresse_absolue
from gouvernance.enums import StatutSeance, StatutSession
from gouvernance.models import Seance, Session

PASSE = datetime.timedelta(days=730)  # un calendrier ne remonte pas plus loin


@dataclass(frozen=True)
class Evenement:
    """Une date : séance ou session, telle que la voit qui la lit."""

    uid: str
    titre: str
    detail: str
    le: datetime.date
    heure: datetime.time | None
    fin: datetime.time | None
    lieu: str
    adresse: str
    annule: bool
    demonstration: bool
    sequence: int
    modifie_le: datetime.datetime

    @property
    def est_passe(self) -> bool:
        return self.le < timezone.localdate()


def evenements(
    lecteur: Utilisateur | AnonymousUser, contrat: Contrat | None = None
) -> list[Evenement]:
    """Ce que le lecteur voit, par date croissante ; deux requêtes. Une séance en préparation n'a
    pas encore de date annoncée, même pour qui la prépare."""
    seances = Seance.objects.visibles_par(lecteur).exclude(statut=StatutSeance.PREPAREE)
    sessions = Session.objects.visibles_par(lecteur).exclude(statut=StatutSession.BROUILLON)
    if contrat is not None:
        seances = seances.filter(instance__contrat=contrat)
        sessions = sessions.filter(contrat=contrat)
    trouves = [_de_la_seance(s) for s in seances.select_related("instance__contrat")]
    trouves += [_de_la_session(s) for s in sessions.select_related("contrat")]
    return sorted(trouves, key=lambda e: (e.le, e.heure or datetime.time(), e.uid))


def ical(liste: Iterable[Evenement], nom: str) -> bytes:
    """Le flux iCal de ces événements ; les mêmes octets pour les mêmes données."""
    calendrier = Calendar()
    calendrier.add("prodid", "-//Réciproque//Calendrier//FR")
    calendrier.add("version", "2.0")
    calendrier.add("x-wr-calname", nom)
    limite = timezone.localdate() - PASSE
    for evenement in liste:
        if evenement.le >= limite:
            calendrier.add_component(_composant(evenement))
    return bytes(calendrier.to_ical())


def _composant(evenement: Evenement) -> Event:
    composant = Event()
    composant.add("uid", evenement.uid)
    composant.add("sequence", evenement.sequence)
    composant.add("dtstamp", evenement.modifie_le.astimezone(datetime.UTC))
    composant.add("summary", evenement.titre)
    composant.add("description", evenement.detail)
    composant.add("url", evenement.adresse)
    composant.add("status", "CANCELLED" if evenement.annule else "CONFIRMED")
    if evenement.lieu:
        composant.add("location", evenement.lieu)
    if evenement.heure is None:
        composant.add("dtstart", evenement.le)
        return composant
    composant.add("dtstart", _instant(evenement.le, evenement.heure))
    if evenement.fin:
        composant.add("dtend", _instant(evenement.le, evenement.fin))
    return composant


def _instant(jour: datetime.date, heure: datetime.time) -> datetime.datetime:
    local = timezone.make_aware(datetime.datetime.combine(jour, heure))
    return local.astimezone(datetime.UTC)


def _detail(morceaux: Iterable[str], demonstration: bool) -> str:
    dits = [m for m in morceaux if m]
    return ". ".join([*dits, "Donnée de démonstration"] if demonstration else dits)


def _de_la_seance(seance: Seance) -> Evenement:
    contrat = seance.contrat
    nom = seance.instance.nom
    return Evenement(
        uid=f"seance-{seance.public_id}@reciproque",
        titre=f"{nom[:1].upper()}{nom[1:]}",
        detail=_detail([contrat.intitule_court, seance.objet], seance.demonstration),
        le=seance.le,
        heure=seance.heure,
        fin=seance.fin,
        lieu=seance.lieu,
        adresse=adresse_absolue(seance.get_absolute_url()),
        annule=seance.statut == StatutSeance.ANNULEE,
        demonstration=seance.demonstration,
        sequence=seance.version,
        modifie_le=seance.modifie_le,
    )


def _de_la_session(session: Session) -> Evenement:
    return Evenement(
        uid=f"session-{session.slug}@reciproque",
        titre=session.intitule,
        detail=_detail([session.nature, session.organisateur], session.demonstration),
        le=session.le,
        heure=session.debut,
        fin=session.fin,
        lieu=session.lieu,
        adresse=adresse_absolue(session.get_absolute_url()),
        annule=session.statut == StatutSession.ANNULEE,
        demonstration=session.demonstration,
        sequence=session.version,
        modifie_le=session.modifie_le,
    )
