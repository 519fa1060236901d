"""Versions : l'état entier d'une fiche ou d'un contrat, gardé à chaque enregistrement."""

from comptes.models import Utilisateur
from contrats.contenu.instantane import lire_contrat
from contrats.contenu.lecture import lire
from contrats.models import Contrat, Fiche, Version
from edition.models import Lot


def versionner(
    objet: Fiche | Contrat, *, par: Utilisateur | None, motif: str = "", lot: Lot | None = None
) -> Version:
    """Garde l'état enregistré de l'objet sous son numéro de version actuel.

    S'appelle dans la transaction qui vient d'écrire l'objet par `edition.ecriture`.
    """
    if isinstance(objet, Fiche):
        cible = {"fiche": objet, "instantane": lire(objet)}
    else:
        cible = {"contrat": objet, "instantane": lire_contrat(objet)}
    return Version.objects.create(**cible, numero=objet.version, auteur=par, motif=motif, lot=lot)
