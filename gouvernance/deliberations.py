"""Écrire une délibération : son projet se modifie, un acte se complète, l'un devient l'autre par
`transitions`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from contrats.transitions import DonneeManquante
from edition.ecriture import mettre_a_jour
from gouvernance.enums import StatutDeliberation
from gouvernance.forms_deliberation import ActeForm, DeliberationForm
from gouvernance.models import Deliberation


def formulaire_de(deliberation: Deliberation, donnees: Any = None) -> Any:
    """Un projet s'écrit en entier ; d'un acte, seulement ce qui suit l'adoption."""
    projet = deliberation.statut == StatutDeliberation.PROJET
    return (DeliberationForm if projet else ActeForm)(donnees, instance=deliberation)


@transaction.atomic
def creer(contrat: Contrat, formulaire: DeliberationForm, *, par: Utilisateur) -> Deliberation:
    """Un projet. Lève `DonneeManquante` si son numéro est pris."""
    _exiger(contrat, par)
    deliberation: Deliberation = formulaire.save(commit=False)
    deliberation.contrat = contrat
    reserver_le_numero(deliberation, deliberation.numero)
    deliberation.save(force_insert=True)
    return deliberation


@transaction.atomic
def modifier(
    deliberation: Deliberation, formulaire: Any, *, version: int, par: Utilisateur
) -> None:
    """Écrit à la version lue. Lève `VersionPerimee`, ou `DonneeManquante` si le numéro est pris."""
    _exiger(deliberation.contrat, par)
    champs = {nom: formulaire.cleaned_data[nom] for nom in formulaire.Meta.fields}
    if "numero" in champs:
        reserver_le_numero(deliberation, champs["numero"])
    mettre_a_jour(deliberation, version=version, **champs)


def reserver_le_numero(deliberation: Deliberation, numero: str) -> None:
    """Le contrat se verrouille : de deux délibérations au même numéro, la seconde le saura.

    S'appelle dans la transaction qui écrit ; lève `DonneeManquante`.
    """
    Contrat.objects.select_for_update(of=("self",)).get(pk=deliberation.contrat_id)
    autres = Deliberation.objects.filter(contrat=deliberation.contrat_id, numero=numero)
    if autres.exclude(pk=deliberation.pk).exists():
        raise DonneeManquante("numero", "Une autre délibération de ce contrat a ce numéro.")


def _exiger(contrat: Contrat, par: Utilisateur) -> None:
    if not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Écrire une délibération : votre rôle ne le permet pas.")
