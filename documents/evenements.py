"""Ce que les documents notifient : le fichier que vous avez demandé est prêt."""

from django.db.models import QuerySet

from comptes.models import Utilisateur
from documents.enums import EtatPreparation
from documents.models import Preparation
from notifications.depot import notifier
from notifications.enums import Cadence
from notifications.registre import Avis, Evenement, Genre, declarer

PRETE = "preparation"


def prevenir(preparation: Preparation) -> None:
    """Celui qui l'a demandée ; sans compte, la page d'attente le dit."""
    notifier(PRETE, preparation, par=None)


def _destinataires(preparation: Preparation) -> list[Utilisateur]:
    return [preparation.demandee_par] if preparation.demandee_par else []


def _lisibles(utilisateur: Utilisateur) -> QuerySet[Preparation]:
    visibles = Preparation.objects.visibles_par(utilisateur)
    return visibles.filter(etat=EtatPreparation.PRETE).select_related("contrat", "document")


def _dire(preparation: Preparation) -> Avis:
    detail = f"{preparation.contrat.intitule_court} : prêt à télécharger."
    return Avis(str(preparation), detail, preparation.get_absolute_url())


def declarer_les_evenements() -> None:
    """Au démarrage (`apps.py`)."""
    declarer(
        Genre(PRETE, _lisibles),
        Evenement(
            cle=PRETE,
            libelle="Fichier prêt",
            quand="Un document, un recueil ou une archive que vous avez demandé est prêt",
            genre=PRETE,
            destinataires=_destinataires,
            dire=_dire,
            defaut=Cadence.IMMEDIAT,
        ),
    )
