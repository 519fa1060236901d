"""Les états d'un signataire, en données : d'où l'on part, où l'on arrive."""

from signatures.enums import EtatSignataire, TransitionSignataire

_E, _T = EtatSignataire, TransitionSignataire
TRANSITIONS: dict[TransitionSignataire, tuple[frozenset[EtatSignataire], EtatSignataire]] = {
    _T.ENVOYER: (frozenset({_E.A_ENVOYER}), _E.ENVOYE),
    _T.RECEVOIR: (frozenset({_E.ENVOYE}), _E.RECU),
    _T.SIGNER_PAPIER: (frozenset(_E.attendus()), _E.SIGNE_PAPIER),
    _T.SIGNER_AILLEURS: (frozenset(_E.attendus()), _E.SIGNE_AILLEURS),
    _T.REFUSER: (frozenset(_E.attendus()), _E.REFUSE),
    _T.ANNULER: (frozenset({_E.A_ENVOYER, *_E.attendus(), *_E.signes(), _E.REFUSE}), _E.ANNULE),
    _T.RENVOYER: (frozenset({_E.REFUSE, _E.ANNULE}), _E.ENVOYE),
}


def possibles(etat: str) -> list[TransitionSignataire]:
    """Ce qui peut arriver à un signataire dans cet état."""
    return [t for t, (departs, _) in TRANSITIONS.items() if etat in departs]
