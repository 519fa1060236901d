"""Instances, séances et décisions, délibérations et avis, sessions."""

from gouvernance.models.decision import Decision
from gouvernance.models.deliberation import Avis, Deliberation
from gouvernance.models.instance import Instance, Participation
from gouvernance.models.seance import Convocation, Point, Seance
from gouvernance.models.session import Inscription, Intervention, PointDeProgramme, Session

__all__ = [
    "Avis",
    "Convocation",
    "Decision",
    "Deliberation",
    "Inscription",
    "Instance",
    "Intervention",
    "Participation",
    "Point",
    "PointDeProgramme",
    "Seance",
    "Session",
]
