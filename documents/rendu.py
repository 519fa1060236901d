"""Du contrat au PDF : `contexte` lit, `html` écrit la page, `rendre` en fait des octets.

Le PDF est produit au format PDF/A-3a, balisé, avec les actions jointes en JSON et en CSV. Le même
contenu donne les mêmes octets : dates, identifiants et ordre viennent des données.
"""

import contextlib
import hashlib
import io
import logging
import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import pikepdf
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.template.loader import render_to_string

from comptes.models import Utilisateur
from contrats.models import Contrat
from documents import donnees
from documents.document import Document
from documents.finition import finir
from documents.imprime import Jointe
from documents.lecture import completer, fiches_visibles, lire_actions_sans_fiche, lire_fiches
from documents.plan import plan

# Un texte qui tient dans la ligne à son espace finale près est coupé après son premier mot quand un
# élément le suit (Pango 1.50) : l'espace passe dans l'élément.
AVANT_ELEMENT = re.compile(r" (<(?:strong|em|b)>)")
AVANT_PONCTUATION = re.compile(r"(?<=\S) (?=[»:;?!%€])")
MISE_EN_PAGE = re.compile(r"Step 5 - Creating layout - Page (\d+)")
DUREE_EN_CACHE = 3600  # secondes


class RenduImpossible(Exception):
    """Le PDF n'a pas pu être produit ; la phrase dit pourquoi."""


def contexte(
    contrat: Contrat,
    *,
    par: Utilisateur | AnonymousUser,
    cles: Collection[str] | None = None,
    entier: bool = False,
    site: str = "",
    code: str = "",
) -> dict[str, Any]:
    """Ce que lisent les gabarits, en un nombre de requêtes qui ne dépend pas des fiches.

    `entier` imprime le contrat ; sinon un extrait, fait des fiches de `cles` (toutes sans `cles`).
    `site` est l'adresse publique de la plateforme, pour les liens vers ses pages ; `code`, le code
    de vérification d'un document que l'on fige.
    """
    completer(contrat, entier=entier)
    document = Document(
        contrat,
        lire_fiches(contrat, par, cles),
        entier,
        lire_actions_sans_fiche(contrat, par) if entier else [],
        fiches_visibles(contrat, par),
        site.rstrip("/"),
        code,
    )
    return {
        "document": document,
        "contrat": contrat,
        "pieces": plan(document),
        "fichiers": donnees.fichiers(document.actions, par=par, site=document.site),
    }


def html(contexte: dict[str, Any]) -> str:
    """La page à imprimer, avec les espaces insécables de la ponctuation française."""
    return typographier(render_to_string(contexte["document"].gabarit, contexte))


def typographier(page: str) -> str:
    """Les espaces insécables de la ponctuation française."""
    page = AVANT_ELEMENT.sub(r"\1 ", page)
    return AVANT_PONCTUATION.sub("\u00a0", page).replace("« ", "«\u00a0")


def rendre(contexte: dict[str, Any]) -> bytes:
    """Les octets du PDF. Lève `RenduImpossible` si une ressource manque ou est interdite."""
    document = contexte["document"]
    # Par nom : l'arbre des noms d'un PDF est trié, le moteur d'impression ne le trie pas.
    fichiers = sorted(contexte["fichiers"], key=lambda piece: piece.nom)
    jointes = [Jointe(f.nom, f.contenu, f.description, document.modifie_le) for f in fichiers]
    return imprimer(html(contexte), document.identifiant, jointes)


def imprimer(page: str, identifiant: bytes, jointes: Sequence[Jointe] = ()) -> bytes:
    """Les octets du PDF de cette page. Lève `RenduImpossible`."""
    from documents import moteur

    try:
        brut = moteur.ecrire(page, identifiant, jointes)
    except moteur.FatalURLFetchingError as erreur:
        # BaseException : sans conversion, elle traverserait le serveur entier.
        raise RenduImpossible(f"Une ressource du document ne peut être lue : {erreur}") from erreur
    return finir(brut, page)


@contextlib.contextmanager
def pages(avancer: Callable[[int], None]) -> Iterator[None]:
    """Appelle `avancer` à chaque page que ce fil met en page."""
    moteur, suivi = logging.getLogger("weasyprint.progress"), _Suivi(avancer)
    avant = moteur.level
    moteur.addHandler(suivi)
    moteur.setLevel(logging.INFO)
    try:
        yield
    finally:
        moteur.setLevel(avant)
        moteur.removeHandler(suivi)


class _Suivi(logging.Handler):
    """Lit la page dans ce que dit le moteur : « Step 5 - Creating layout - Page 12 »."""

    def __init__(self, avancer: Callable[[int], None]) -> None:
        super().__init__(logging.INFO)
        self.avancer, self.fil = avancer, threading.get_ident()

    def emit(self, dit: logging.LogRecord) -> None:
        page = MISE_EN_PAGE.fullmatch(dit.getMessage())
        if page and threading.get_ident() == self.fil:
            self.avancer(int(page[1]))


def nb_pages(octets: bytes) -> int:
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        return len(pdf.pages)


def rendre_une_fois(contexte: dict[str, Any], empreinte: str) -> bytes:
    """`rendre`, gardé en cache : deux lecteurs du même contenu n'attendent qu'une fois."""
    octets = cache.get(f"pdf-{empreinte}")
    if octets is None:
        octets = rendre(contexte)
        cache.set(f"pdf-{empreinte}", octets, DUREE_EN_CACHE)
    return octets


def empreinte(contexte: dict[str, Any]) -> str:
    """Empreinte de tout ce qui détermine les octets, sans les produire (ETag)."""
    from documents import moteur

    resume = hashlib.sha256(f"{moteur.VERSION}\n{html(contexte)}".encode())
    for piece in contexte["fichiers"]:
        resume.update(piece.contenu)
    for feuille in contexte["document"].feuilles:
        resume.update(moteur.RessourcesLocales().fetch(moteur.RACINE + feuille).read())
    return resume.hexdigest()
