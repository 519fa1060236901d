"""Ce que la gouvernance notifie : une décision vous revient, son terme approche ou est passé."""

import datetime
from collections.abc import Iterable
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, qui_peut
from gouvernance.enums import StatutDecision
from gouvernance.models import Decision
from notifications.depot import notifier
from notifications.registre import Avis, Evenement, Genre, declarer

DECISION, TERME = "decision", "decision-terme"
AVANCE = datetime.timedelta(days=14)
RETARD_MAX = datetime.timedelta(days=30)


def prevenir_des_decisions(decisions: Iterable[Decision], *, par: Utilisateur) -> None:
    """À la clôture, dans sa transaction."""
    for decision in decisions:
        notifier(DECISION, decision, par=par)


def relever_les_termes(jour: datetime.date) -> None:
    """Rappelle une fois la décision dont le terme approche, une fois celle dont il est passé."""
    periode = (jour - RETARD_MAX, jour + AVANCE)
    lignes = Decision.objects.a_faire().filter(avant_le__range=periode)
    for decision in lignes.select_related("seance__instance__contrat").order_by("pk"):
        moment = "passe" if decision.avant_le and decision.avant_le < jour else "proche"
        fait = f"{TERME}-{decision.pk}-{decision.avant_le}-{moment}"
        notifier(TERME, decision, par=None, fait=fait)


def concernes(decision: Decision) -> list[Utilisateur]:
    """Qui conduit le contrat, et qui y a un rôle pour l'organisme responsable."""
    contrat = decision.seance.contrat
    conduisent = qui_peut(Acte.CONDUIRE, contrat)
    if decision.organisme_id is None:
        return conduisent
    membres = qui_peut(Acte.LIRE_ATELIER, contrat)
    siens = [u for u in membres if u.organisme_id == decision.organisme_id]
    return list({u.pk: u for u in [*conduisent, *siens]}.values())


def _lisibles(utilisateur: Utilisateur) -> QuerySet[Decision]:
    contrats = Contrat.objects.habilites(utilisateur).values("pk")
    lignes = Decision.objects.filter(seance__instance__contrat__in=contrats)
    return lignes.select_related("seance__instance__contrat", "organisme")


def _a_tenir(utilisateur: Utilisateur) -> QuerySet[Decision]:
    """Faite ou abandonnée, une décision n'a plus de terme."""
    return _lisibles(utilisateur).filter(statut=StatutDecision.A_FAIRE)


def _dire(decision: Decision) -> Avis:
    morceaux = [str(decision.seance)]
    if decision.qui_interne:
        morceaux.append(decision.qui_interne)
    if decision.avant_le:
        depasse = decision.avant_le < timezone.localdate()
        morceaux.append(
            f"{'terme passé le' if depasse else 'avant le'} {decision.avant_le:%d/%m/%Y}"
        )
    return Avis(decision.texte, " ; ".join(morceaux) + ".", decision.get_absolute_url())


def declarer_les_evenements() -> None:
    """Au démarrage (`apps.py`)."""
    commun = partial(Evenement, destinataires=concernes, dire=_dire)
    declarer(
        Genre(DECISION, _lisibles),
        commun(
            cle=DECISION,
            libelle="Décision",
            quand="Une séance a pris une décision qui vous revient, ou que vous conduisez",
            genre=DECISION,
        ),
    )
    declarer(
        Genre(TERME, _a_tenir),
        commun(
            cle=TERME,
            libelle="Terme d'une décision",
            quand="Une décision qui vous revient arrive à son terme, ou l'a passé",
            genre=TERME,
        ),
        releve=relever_les_termes,
    )
