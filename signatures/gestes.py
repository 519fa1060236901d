"""Ce qu'un écran demande : lire un formulaire de constat, faire le geste, dire ce qui est fait."""

from typing import cast

from django.http import QueryDict

from comptes.models import Utilisateur
from contrats.atelier.enregistrement import lire_version
from contrats.transitions import DonneeManquante
from signatures import pades, pieces, transitions
from signatures.enums import TransitionSignataire
from signatures.forms import ConstatForm
from signatures.models import Signataire

SIGNATURES = {TransitionSignataire.SIGNER_PAPIER, TransitionSignataire.SIGNER_AILLEURS}


def constater(signataire: Signataire, form: ConstatForm, *, par: Utilisateur) -> str:
    """Fait ce que le formulaire valide demande ; rend la phrase à afficher.

    Lève `PermissionDenied`, `TransitionImpossible`, `DonneeManquante` ou `PieceRefusee`.
    """
    version = lire_version(cast(QueryDict, form.data))
    if form.transition not in SIGNATURES:
        motif = form.cleaned_data.get("motif", "")
        transitions.constater(signataire, form.transition, version=version, par=par, motif=motif)
        return f"{signataire} : {signataire.get_etat_display().lower()}."
    transitions.exiger(par, signataire.campagne)
    recue = _lire(signataire, form)
    le = form.cleaned_data.get("le") or recue.signee_le
    if le is None:
        raise DonneeManquante(
            "piece", "Cette signature ne dit pas sa date : demandez-en une datée."
        )
    transitions.signer(signataire, recue, version=version, le=le, par=par)
    return f"Signature de « {signataire} » reçue, gardée telle quelle."


def _lire(signataire: Signataire, form: ConstatForm) -> pieces.Recue:
    envoye = form.cleaned_data["piece"]
    octets = pieces.lire_envoi(envoye)
    if form.transition == TransitionSignataire.SIGNER_PAPIER:
        return pieces.scan(envoye.name, octets)
    return pades.recevoir(envoye.name, octets, signataire.campagne.document)
