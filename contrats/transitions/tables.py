"""Les cycles de vie, en données : d'où l'on part, où l'on arrive, qui peut.

`docs/cycle-de-vie.md` les présente ; `socle` les applique.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from contrats.enums import (
    StatutAction,
    StatutContrat,
    StatutFiche,
    TransitionAction,
    TransitionContrat,
    TransitionFiche,
)
from contrats.permissions import Acte


@dataclass(frozen=True)
class Regle:
    """Une transition : statuts de départ, statut d'arrivée, acte qu'elle demande."""

    departs: frozenset[TextChoices]
    arrivee: TextChoices
    acte: Acte


def _regle(departs: list[TextChoices], arrivee: TextChoices, acte: Acte) -> Regle:
    return Regle(frozenset(departs), arrivee, acte)


_C, _TC = StatutContrat, TransitionContrat
_AVANT_SIGNATURE: list[TextChoices] = [
    _C.EN_PREPARATION,
    _C.EN_RELECTURE,
    _C.ADOPTE,
    _C.EN_SIGNATURE,
]
TRANSITIONS_CONTRAT: dict[TextChoices, Regle] = {
    _TC.SOUMETTRE: _regle([_C.EN_PREPARATION], _C.EN_RELECTURE, Acte.MODIFIER),
    _TC.RENVOYER: _regle([_C.EN_RELECTURE, _C.ADOPTE], _C.EN_PREPARATION, Acte.RELIRE),
    _TC.ADOPTER: _regle([_C.EN_RELECTURE], _C.ADOPTE, Acte.CONDUIRE),
    _TC.METTRE_EN_SIGNATURE: _regle([_C.ADOPTE], _C.EN_SIGNATURE, Acte.CONDUIRE),
    _TC.REFUSER: _regle([_C.EN_SIGNATURE], _C.EN_PREPARATION, Acte.CONDUIRE),
    _TC.SIGNER: _regle([_C.EN_SIGNATURE], _C.SIGNE, Acte.CONDUIRE),
    _TC.PROROGER: _regle([_C.SIGNE, _C.PROROGE, _C.ECHU], _C.PROROGE, Acte.CONDUIRE),
    _TC.ECHOIR: _regle([_C.SIGNE, _C.PROROGE], _C.ECHU, Acte.CONDUIRE),
    _TC.ARCHIVER: _regle([_C.ECHU], _C.ARCHIVE, Acte.CONDUIRE),
    # Signé avant l'outil : son original est joint (`contrats.reprise`).
    _TC.REPRENDRE: _regle([_C.EN_PREPARATION], _C.SIGNE, Acte.OUVRIR),
    _TC.ABANDONNER: _regle(_AVANT_SIGNATURE, _C.ARCHIVE, Acte.CONDUIRE),
}

_F, _TF = StatutFiche, TransitionFiche
TRANSITIONS_FICHE: dict[TextChoices, Regle] = {
    _TF.SOUMETTRE: _regle([_F.BROUILLON, _F.A_CORRIGER], _F.EN_RELECTURE, Acte.MODIFIER),
    _TF.REPRENDRE: _regle([_F.EN_RELECTURE, _F.VALIDEE], _F.BROUILLON, Acte.MODIFIER),
    _TF.RENVOYER: _regle([_F.EN_RELECTURE, _F.VALIDEE, _F.PUBLIEE], _F.A_CORRIGER, Acte.RELIRE),
    _TF.VALIDER: _regle([_F.EN_RELECTURE], _F.VALIDEE, Acte.RELIRE),
    # Sans relecture aussi : qui conduit seul un petit contrat publie ce qu'il écrit.
    _TF.PUBLIER: _regle([_F.BROUILLON, _F.VALIDEE], _F.PUBLIEE, Acte.PUBLIER),
    _TF.DEPUBLIER: _regle([_F.PUBLIEE], _F.BROUILLON, Acte.PUBLIER),
    _TF.ARCHIVER: _regle(
        [_F.BROUILLON, _F.A_CORRIGER, _F.VALIDEE, _F.PUBLIEE], _F.ARCHIVEE, Acte.PUBLIER
    ),
    _TF.DESARCHIVER: _regle([_F.ARCHIVEE], _F.BROUILLON, Acte.PUBLIER),
}

_A, _TA = StatutAction, TransitionAction
_VIVANTES: list[TextChoices] = [_A.A_LANCER, _A.EN_COURS, _A.REPORTEE]
TRANSITIONS_ACTION: dict[TextChoices, Regle] = {
    _TA.LANCER: _regle([_A.A_LANCER, _A.REPORTEE], _A.EN_COURS, Acte.SUIVRE),
    _TA.TERMINER: _regle(_VIVANTES, _A.REALISEE, Acte.SUIVRE),
    _TA.REPORTER: _regle(_VIVANTES, _A.REPORTEE, Acte.SUIVRE),
    _TA.SUSPENDRE: _regle(_VIVANTES, _A.SUSPENDUE, Acte.SUIVRE),
    _TA.ABANDONNER: _regle([*_VIVANTES, _A.SUSPENDUE], _A.ABANDONNEE, Acte.MODIFIER),
    _TA.REGROUPER: _regle([*_VIVANTES, _A.SUSPENDUE], _A.REGROUPEE, Acte.MODIFIER),
    _TA.REPRENDRE: _regle([_A.SUSPENDUE, _A.REALISEE], _A.EN_COURS, Acte.SUIVRE),
    # Se tromper de statut se répare : tout revient à lancer.
    _TA.REMETTRE: _regle([s for s in _A if s != _A.A_LANCER], _A.A_LANCER, Acte.MODIFIER),
}

TABLES: dict[type[TextChoices], dict[TextChoices, Regle]] = {
    TransitionContrat: TRANSITIONS_CONTRAT,
    TransitionFiche: TRANSITIONS_FICHE,
    TransitionAction: TRANSITIONS_ACTION,
}


def regle(transition: TextChoices) -> Regle:
    return TABLES[type(transition)][transition]


def exige_motif(transition: TextChoices) -> bool:
    """Un refus, un report, un abandon dit pourquoi."""
    return transition in type(transition).motivees()  # type: ignore[attr-defined]


def departs(transition: TextChoices) -> frozenset[TextChoices]:
    """Statuts d'où cette transition est possible."""
    return regle(transition).departs
