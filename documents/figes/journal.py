"""Le journal des actes : chaque ligne porte l'empreinte de la précédente.

Une ancre, signée et gardée hors de la base, dit chaque jour où le journal en était : un journal
coupé ou remis d'une vieille sauvegarde ne s'y retrouve plus.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from documents.enums import ActeInscrit
from documents.models import DocumentFige, Inscription

ORIGINE = "0" * 64
# Ce que d'autres paquets tiennent contre le journal ; ils s'y ajoutent au démarrage.
EXAMENS: list[Callable[[], Iterator[str]]] = []


def canonique(donnees: dict[str, Any]) -> str:
    """Le même texte pour les mêmes données : clés triées, sans espace, UTF-8."""
    return json.dumps(donnees, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def empreinte(precedente: str, contenu: str) -> str:
    return hashlib.sha256(f"{precedente}\n{contenu}".encode()).hexdigest()


@transaction.atomic
def inscrire(acte: ActeInscrit, *, par: int | None, **faits: Any) -> Inscription:
    """Ajoute une ligne à la suite, dans la transaction de l'acte : elle vaut si l'acte vaut.

    `par` est la clé du compte, jamais un nom ni un courriel. Deux actes simultanés attendent l'un
    l'autre : la dernière ligne est verrouillée.
    """
    derniere = Inscription.objects.select_for_update().order_by("-rang").first()
    rang, precedente = (derniere.rang + 1, derniere.empreinte) if derniere else (1, ORIGINE)
    instant = timezone.now().isoformat(timespec="microseconds")
    contenu = canonique({"rang": rang, "acte": acte.value, "le": instant, "par": par, **faits})
    return Inscription.objects.create(
        rang=rang,
        acte=acte,
        contenu=contenu,
        precedente=precedente,
        empreinte=empreinte(precedente, contenu),
    )


def ruptures() -> Iterator[str]:
    """Ce qui ne tient pas, une phrase par rupture ; rien si le journal est intact.

    La chaîne d'abord, puis chaque document figé ou publié contre sa ligne, ce que d'autres
    paquets y ont inscrit, puis les ancres.
    """
    from documents.figes import ancres

    yield from _chaine()
    yield from _documents()
    for examen in EXAMENS:
        yield from examen()
    yield from ancres.ruptures()


def _chaine() -> Iterator[str]:
    attendu, precedente = 1, ORIGINE
    for ligne in Inscription.objects.order_by("rang").iterator():
        if ligne.rang != attendu:
            yield f"Ligne {attendu} : absente, la suivante a le rang {ligne.rang}."
        elif ligne.precedente != precedente:
            yield f"Ligne {ligne.rang} : ne suit pas la ligne {ligne.rang - 1} (ordre ou fourche)."
        if empreinte(ligne.precedente, ligne.contenu) != ligne.empreinte:
            yield f"Ligne {ligne.rang} : son contenu a été changé."
        elif (dit := _dit(ligne)) != (ligne.rang, ligne.acte):
            yield f"Ligne {ligne.rang} : son contenu dit « {dit[1]} » de rang {dit[0]}."
        attendu, precedente = ligne.rang + 1, ligne.empreinte


def _dit(ligne: Inscription) -> tuple[int, str]:
    contenu = json.loads(ligne.contenu)
    return contenu["rang"], contenu["acte"]


def _documents() -> Iterator[str]:
    """Chaque document a sa ligne, à la même empreinte ; chaque ligne a son document, ses octets."""
    from documents.figes.stockage import OctetsAlteres, octets_de

    inscrits = dict(_faits(ActeInscrit.FIGER))
    publies = dict(_faits(ActeInscrit.PUBLIER))
    for document in DocumentFige.objects.select_related("contrat", "publication").order_by("pk"):
        ligne = inscrits.pop(str(document.public_id), None)
        if ligne is None:
            yield f"« {document} » ({document.code}) : figé sans être inscrit au journal."
        elif faits_de(document) != {cle: ligne.get(cle) for cle in faits_de(document)}:
            yield f"« {document} » ({document.code}) : n'est pas ce que le journal a inscrit."
        publie = publies.pop(str(document.public_id), None) is not None
        if publie != hasattr(document, "publication"):
            yield f"« {document} » ({document.code}) : sa publication n'est pas celle du journal."
        try:
            octets_de(document)
        except OctetsAlteres as erreur:
            yield str(erreur)
    for identifiant in [*inscrits, *publies]:
        yield f"Document {identifiant} : inscrit au journal, absent de la base."


def _faits(acte: ActeInscrit) -> Iterator[tuple[str, dict[str, Any]]]:
    lignes = Inscription.objects.filter(acte=acte).order_by("rang")
    for contenu in lignes.values_list("contenu", flat=True):
        faits = json.loads(contenu)
        yield faits["document"], faits


def faits_de(document: DocumentFige) -> dict[str, Any]:
    """Ce que le journal garde d'un document, et que la base ne peut plus dire autrement."""
    return {
        "document": str(document.public_id),
        "code": document.code,
        "contrat": document.contrat.slug,
        "nature": document.nature,
        "cle": document.cle,
        "titre": document.titre,
        "version": document.version,
        "valeur": document.valeur,
        "empreinte": document.empreinte,
        "taille": document.taille,
        "nb_pages": document.nb_pages,
        "fige_le": document.fige_le.isoformat(timespec="microseconds"),
        "fige_par": document.fige_par_id,
    }
