"""La campagne de signature, ses signataires, les pièces reçues et les passages."""

from signatures.models.campagne import CampagneSignature, Passage, Signataire
from signatures.models.piece import PieceSignee

__all__ = ["CampagneSignature", "Passage", "PieceSignee", "Signataire"]
