"""Le brouillon d'une fiche : la saisie entière, telle qu'elle est tapée."""

import json
import uuid
from dataclasses import dataclass, replace

from django.http import QueryDict

from comptes.models import Utilisateur
from contrats.models import Fiche
from edition import brouillons
from edition.brouillons import Envoi
from edition.models import Brouillon

ORDRE_MAX = 2**53  # au-delà, JavaScript ne compte plus juste
# Ce que la page redit d'elle-même, et les choix d'une réunion, ne sont pas du texte.
HORS_BROUILLON = {
    "csrfmiddlewaretoken",
    "geste",
    "version",
    "page",
    "ordre",
    "reprise",
    "agent",
    "reunir",
    "depart",
    "conteste",
    "script",
    "fin",
}


def cle(fiche: Fiche) -> str:
    """Nom de la fiche pour les brouillons et la présence."""
    return f"fiche:{fiche.public_id}"


@dataclass(frozen=True)
class Source:
    """Ce que la page dit d'elle-même ; `reprise` : le brouillon dont sa saisie descend."""

    envoi: Envoi
    reprise: tuple[uuid.UUID, int] | None = None
    script: bool = False  # il compte les envois : un rang plus petit est un retardataire

    @property
    def page(self) -> uuid.UUID:
        return self.envoi.page

    @property
    def ordre(self) -> int:
        return self.envoi.ordre

    def suivante(self) -> "Source":
        """La même page, au prochain envoi."""
        return Source(replace(self.envoi, ordre=self.ordre + 1), script=self.script)


def source(fiche: Fiche, agent: Utilisateur, donnees: QueryDict) -> Source:
    """D'où vient cette saisie ; une page sans identifiant en reçoit un."""
    page = _uuid(donnees.get("page", "")) or uuid.uuid4()
    ordre = max(1, _nombre(donnees.get("ordre", "")))
    repris, _, rang = donnees.get("reprise", "").partition(":")
    origine = _uuid(repris)
    return Source(
        Envoi(agent, cle(fiche), page, ordre),
        (origine, _nombre(rang)) if origine else None,
        script="script" in donnees,
    )


def garder(source: Source, donnees: QueryDict, *, version: int) -> Source:
    """Garde la saisie ; une page sans script revenue en arrière en ouvre une autre.

    Rend la source sous laquelle le texte est gardé. Lève `brouillons.BrouillonTropGrand`.
    """
    contenu = empaqueter(donnees)
    if not brouillons.garder(source.envoi, version=version, contenu=contenu) and not source.script:
        source = replace(source, envoi=replace(source.envoi, page=uuid.uuid4()))
        brouillons.garder(source.envoi, version=version, contenu=contenu)
    quitter_la_reprise(source)
    return source


def quitter_la_reprise(source: Source) -> None:
    """Le brouillon repris n'attend plus, s'il n'a pas changé depuis : celui-ci en descend."""
    if source.reprise:
        page, ordre = source.reprise
        brouillons.jeter(source.envoi.par, source.envoi.cle, page, ordre=ordre)


def empaqueter(donnees: QueryDict) -> str:
    """La saisie en JSON : couples (nom, valeur), dans l'ordre."""
    couples = [
        (nom, valeur)
        for nom, valeurs in donnees.lists()
        if nom not in HORS_BROUILLON and not nom.startswith(("choix:", "seule:"))
        for valeur in valeurs
    ]
    json_lisible = json.dumps(couples, ensure_ascii=False, separators=(",", ":"))
    return json_lisible.encode("utf-8", "replace").decode()


def deballer(brouillon: Brouillon) -> QueryDict:
    """Les données du formulaire, fondées sur la version dont le brouillon descend."""
    donnees = QueryDict(mutable=True)
    for nom, valeur in json.loads(brouillon.contenu):
        donnees.appendlist(nom, valeur)
    donnees["version"] = str(brouillon.version)
    donnees["reprise"] = f"{brouillon.page}:{brouillon.ordre}"
    return donnees


def _uuid(texte: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(texte)
    except ValueError:
        return None


def _nombre(texte: str) -> int:
    """Entier positif ; 0 s'il est illisible ou démesuré."""
    nombre = int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= 16 else 0
    return nombre if nombre <= ORDRE_MAX else 0
