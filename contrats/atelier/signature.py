"""Ce que l'écran dit, à qui conduit le contrat, de la signature à constater."""

from dataclasses import dataclass

from comptes.enums import Preuve
from comptes.models import Utilisateur
from contrats.enums import StatutContrat
from contrats.models import Contrat
from contrats.permissions import Acte, peut, qui_peut
from contrats.transitions import mis_en_signature_par


@dataclass(frozen=True)
class SignatureAConstater:
    """`a_un_autre` : le lecteur l'a lancée, et `autres` peuvent la constater ; `preuve` : par quoi
    le lecteur vient de montrer que c'était lui."""

    a_un_autre: bool
    autres: list[str]
    preuve: Preuve | None


def signature_a_constater(
    contrat: Contrat, lecteur: Utilisateur, preuve: Preuve | None
) -> SignatureAConstater | None:
    """Rien si le contrat n'est pas en signature, ou si le lecteur ne le conduit pas."""
    if contrat.statut != StatutContrat.EN_SIGNATURE or not peut(lecteur, Acte.CONDUIRE, contrat):
        return None
    a_un_autre = mis_en_signature_par(contrat) == lecteur.pk
    autres = qui_peut(Acte.CONDUIRE, contrat) if a_un_autre else []
    return SignatureAConstater(a_un_autre, [str(u) for u in autres if u != lecteur], preuve)
