"""Le contenu d'une cellule : ce qui se lit, s'écrit, se compare et se garde dans l'historique.

Les références sont des clés publiques, si bien qu'un contenu gardé se relit tel quel.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.core.exceptions import ValidationError

from perr.enums import StatutDeclinaison
from perr.models import Declinaison

LONGUEUR_MAX = 20_000  # la plus longue cellule imprimée connue a 2 500 signes


@dataclass(frozen=True, slots=True)
class Renvoi:
    """Vers une action (identifiant public), un axe (clé), ou un texte seul."""

    texte: str
    action: str | None = None
    axe: str | None = None
    deduit: bool = False


@dataclass(frozen=True, slots=True)
class Regard:
    """Précision pour un quartier d'usage (clé)."""

    quartier: str
    texte: str = ""


@dataclass(frozen=True, slots=True)
class Contenu:
    """Tout ce que dit une cellule remplie ; `dataclasses.replace` en change une partie."""

    statut: str = StatutDeclinaison.TEXTE
    texte: str = ""
    modalites: str = ""
    motif: str = ""
    groupe: str = ""
    a_verifier: str = ""
    renvois: tuple[Renvoi, ...] = ()
    regards: tuple[Regard, ...] = ()

    def en_json(self) -> dict[str, Any]:
        return asdict(self) | {"statut": str(self.statut)}

    @classmethod
    def depuis_json(cls, donnees: dict[str, Any]) -> Self:
        lignes = {
            "renvois": tuple(Renvoi(**r) for r in donnees["renvois"]),
            "regards": tuple(Regard(**r) for r in donnees["regards"]),
        }
        return cls(**{**donnees, **lignes})

    def fautes(self) -> dict[str, str]:
        """Phrase française par champ fautif ; vide si la cellule peut s'écrire."""
        fautes = {}
        try:
            Declinaison(**{c: getattr(self, c) for c in CHAMPS}).clean_fields(
                exclude=["action", "colonne", "public_id"]
            )
        except ValidationError as erreur:
            fautes = {champ: messages[0] for champ, messages in erreur.message_dict.items()}
        for champ in CHAMPS:
            valeur = getattr(self, champ)
            if illisible(valeur):
                fautes[champ] = "Enlevez un caractère qui ne peut être enregistré."
            elif len(valeur) > LONGUEUR_MAX:
                fautes[champ] = f"Raccourcissez ce texte : {LONGUEUR_MAX} signes au plus."
        if self.statut in StatutDeclinaison.avec_texte() and not self.texte:
            fautes.setdefault("texte", "Écrivez un texte : une cellule renseignée en a un.")
        if self.statut == StatutDeclinaison.SANS_OBJET and not self.motif:
            fautes.setdefault("motif", "Dites pourquoi la cellule est sans objet.")
        if any(not r.texte or len(r.texte) > 300 or illisible(r.texte) for r in self.renvois):
            fautes["renvois"] = "Un renvoi a un texte, de 300 signes au plus."
        if any(r.action and r.axe for r in self.renvois):
            fautes["renvois"] = "Un renvoi vise une action ou un axe, pas les deux."
        if any(illisible(r.texte) or len(r.texte) > LONGUEUR_MAX for r in self.regards):
            fautes["regards"] = f"Un regard a {LONGUEUR_MAX} signes au plus."
        return fautes


def illisible(texte: str) -> bool:
    """Caractère nul, ou moitié de caractère (JSON mal formé) : aucune base ne les garde."""
    return "\x00" in texte or any("\ud800" <= c <= "\udfff" for c in texte)


CHAMPS = ("statut", "texte", "modalites", "motif", "groupe", "a_verifier")


def contenu_de(declinaison: Declinaison) -> Contenu:
    """Contenu enregistré ; renvois, cibles, regards et quartiers sont déjà chargés.

    `perr.lecture.avec_contenu` les charge en un nombre constant de requêtes.
    """
    return Contenu(
        **{champ: getattr(declinaison, champ) for champ in CHAMPS},
        renvois=tuple(
            Renvoi(
                texte=r.texte,
                action=str(r.action.public_id) if r.action else None,
                axe=r.axe.cle if r.axe else None,
                deduit=r.deduit,
            )
            for r in declinaison.renvois.all()
        ),
        regards=tuple(Regard(r.quartier.cle, r.texte) for r in declinaison.regards.all()),
    )
