"""Ce que contient chaque genre de préparation : sa source, et comment il se fait."""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.validators import slug_re

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from documents import rendu
from documents.enums import GenrePreparation
from documents.etagere import archive, lot
from documents.etagere.partenaire import contexte_partenaire, organismes_cites
from documents.figes import depot
from documents.figes.stockage import OctetsAlteres
from documents.figes.sujets import Sujet, SujetInconnu
from documents.figes.sujets import contexte as contexte_du_sujet
from documents.models import DocumentFige, Preparation

Lecteur = Utilisateur | AnonymousUser
Avancer = Callable[[int], None]


class RienAPreparer(ValueError):
    """Il n'y a rien à mettre dans ce fichier ; la phrase dit pourquoi."""


class Produit(NamedTuple):
    """Le fichier fait ; `document` s'il est de ceux qui se figent."""

    nom: str
    octets: bytes
    nb_pages: int = 0
    document: DocumentFige | None = None


# Celles dont la phrase est pour la personne qui a demandé.
ATTENDUES = (RienAPreparer, SujetInconnu, rendu.RenduImpossible, OctetsAlteres, PermissionDenied)
RESERVES = {GenrePreparation.FIGER, GenrePreparation.ARCHIVE}


def lecteur(par: Lecteur, restreinte: bool) -> Lecteur:
    """Ce qui n'est pas restreint se prépare avec les yeux de tout le monde."""
    return par if restreinte else AnonymousUser()


def source(contrat: Contrat, genre: GenrePreparation, objet: str, *, par: Lecteur) -> str:
    """Empreinte de tout ce qui détermine le fichier : la même tant que rien n'a changé.

    Lève `PermissionDenied` sans le droit, `RienAPreparer` ou `SujetInconnu` s'il n'y a rien.
    """
    if genre in RESERVES and not peut(par, Acte.FIGER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'en figer un document.")
    if genre in (GenrePreparation.LOT, GenrePreparation.ARCHIVE):
        documents = lot.documents(contrat, par)
        if not documents:
            raise RienAPreparer("Aucun document de ce contrat n'est encore figé et publié.")
        dit = [genre.value, *(d.empreinte for d in documents)]
        if genre == GenrePreparation.ARCHIVE:
            dit.append(archive.etat(contrat))
        return hashlib.sha256("\n".join(dit).encode()).hexdigest()
    return rendu.empreinte(_contexte(contrat, genre, objet, par))


def produire(preparation: Preparation, avancer: Avancer) -> Produit:
    """Fait le fichier. Lève une des `ATTENDUES`."""
    contrat, genre = preparation.contrat, GenrePreparation(preparation.genre)
    par = lecteur(preparation.demandee_par, preparation.restreinte)
    with rendu.pages(avancer):
        if genre == GenrePreparation.FIGER:
            sujet = Sujet.lire(preparation.objet)
            document = depot.figer(contrat, par=par, sujet=sujet, site=settings.ADRESSE_DU_SITE)
            return Produit("", b"", document.nb_pages, document)
        if genre == GenrePreparation.LOT:
            return Produit(*lot.faire(contrat, lot.documents(contrat, par)))
        if genre == GenrePreparation.ARCHIVE:
            return Produit(*archive.faire(contrat, lot.documents(contrat, par)))
        contexte = _contexte(contrat, genre, preparation.objet, par)
        octets = rendu.rendre(contexte)
        return Produit(contexte["document"].nom_de_fichier, octets, rendu.nb_pages(octets))


def _contexte(contrat: Contrat, genre: GenrePreparation, objet: str, par: Lecteur) -> Any:
    site = settings.ADRESSE_DU_SITE
    if genre == GenrePreparation.FIGER:
        return contexte_du_sujet(contrat, Sujet.lire(objet), par=par, site=site)
    if genre == GenrePreparation.RECUEIL:
        contexte = rendu.contexte(contrat, par=par, site=site)
    else:
        organisme = None
        if slug_re.match(objet):  # toute autre clé n'est celle de personne
            organisme = organismes_cites(contrat, par).filter(cle=objet).first()
        if organisme is None:
            raise RienAPreparer("Ce contrat ne cite pas cet organisme.")
        contexte = contexte_partenaire(contrat, organisme, par=par, site=site)
    if not contexte["pieces"]:
        raise RienAPreparer("Ce contrat n'a rien à imprimer ici.")
    return contexte
