"""Constater une signature : deux personnes, et la preuve de celle qui constate.

Qui met un contrat en signature n'en constate pas la signature, et qui la constate vient de montrer
que c'était bien elle : un poste resté ouvert, ou une seule personne, ne signe rien.
"""

from django.core.exceptions import PermissionDenied

from comptes.models import Utilisateur
from contrats.enums import TransitionContrat
from contrats.models import Contrat


class AutrePersonneAttendue(PermissionDenied):
    """Qui a mis le contrat en signature n'en constate pas la signature : 403."""


class PreuveManquante(PermissionDenied):
    """Rien de récent ne montre que c'est bien cette personne : 403 ; l'écran le lui demande."""


def mis_en_signature_par(contrat: Contrat) -> int | None:
    """Qui a mis ce contrat en signature, la dernière fois ; personne si c'est un chargement."""
    passages = contrat.transitions.filter(transition=TransitionContrat.METTRE_EN_SIGNATURE)
    return passages.order_by("-le", "-pk").values_list("par", flat=True).first()


def est_a_un_autre(contrat: Contrat, utilisateur: Utilisateur) -> bool:
    """Cette personne a lancé la signature : une autre la constate."""
    return mis_en_signature_par(contrat) == utilisateur.pk


def verifier_la_personne(contrat: Contrat, utilisateur: Utilisateur) -> None:
    """Lève `AutrePersonneAttendue`."""
    if est_a_un_autre(contrat, utilisateur):
        raise AutrePersonneAttendue(
            "Vous avez mis ce contrat en signature : une autre personne constate la signature."
        )


def verifier_la_preuve(preuve: str) -> None:
    """Lève `PreuveManquante`."""
    if not preuve:
        raise PreuveManquante(
            "Pour constater la signature, confirmez d'abord que c'est vous. Vous reviendrez au "
            "contrat, où il restera à la constater."
        )
