"""Comptes de démonstration : publics, donc refusés hors du mode démonstration."""

from typing import NamedTuple

from comptes.authentification import DOMAINE_DE_DEMONSTRATION
from comptes.models import Utilisateur

MOT_DE_PASSE = "demonstration-reciproque"


class CompteDeDemonstration(NamedTuple):
    """Ce qu'il faut pour se connecter, et ce que le compte permet."""

    email: str
    role: str


def comptes_de_demonstration() -> list[CompteDeDemonstration]:
    """Comptes de démonstration et leurs rôles, dans l'ordre de leur création."""
    comptes = Utilisateur.objects.actifs().filter(email__endswith=DOMAINE_DE_DEMONSTRATION)
    return [
        CompteDeDemonstration(
            compte.email,
            "Administration"
            if compte.is_superuser
            else ", ".join(sorted({h.get_role_display() for h in compte.habilitations.all()})),
        )
        for compte in comptes.prefetch_related("habilitations").order_by("pk")
    ]
