"""Le texte en vigueur à une date, et le comparatif de deux textes, en PDF."""

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from avenants.forms import BornesDuComparatif
from avenants.lecture import TexteEnVigueur
from avenants.presentation import Borne, comparatif, page_du_texte
from comptes.models import Utilisateur
from contrats.models import Contrat
from documents.imprime import Imprime
from documents.lecture import completer
from texte.dates import en_lettres


@dataclass(frozen=True)
class DocumentTexte(Imprime):
    """Le texte consolidé : il aide à lire, les actes signés font foi."""

    gabarit = "pdf/texte.html"
    feuilles = ("pdf/document.css", "pdf/texte.css")

    contrat: Contrat
    texte: TexteEnVigueur
    modifie_le: datetime.datetime
    site: str = ""

    @property
    def jour(self) -> str:
        return en_lettres(self.texte.le)

    @property
    def titre(self) -> str:
        return f"Texte en vigueur au {self.jour} ({self.contrat.intitule_court})"

    @property
    def mention_de_version(self) -> str:
        return f"Texte au {self.jour}"

    @property
    def est_de_demonstration(self) -> bool:
        return self.texte.demonstration

    @property
    def bandeau(self) -> list[str]:
        mention = "Texte consolidé" if self.texte.signe else "Projet, non signé"
        return [mention, *(["Démonstration"] if self.est_de_demonstration else [])]

    @property
    def sujet(self) -> str:
        return f"Texte consolidé : {self.contrat.intitule}, au {self.jour}."

    @property
    def adresse(self) -> str:
        page = reverse("avenants:texte", args=[self.contrat.slug])
        return f"{self.site}{page}?au={self.texte.le.isoformat()}"

    @property
    def nom_de_fichier(self) -> str:
        return f"{self.contrat.slug}-texte-{self.texte.le.isoformat()}.pdf"

    @property
    def identifiant(self) -> bytes:
        return _identifiant(self.contrat, f"texte/{self.texte.le.isoformat()}")


@dataclass(frozen=True)
class DocumentComparatif(Imprime):
    """Ce qui change d'un texte à l'autre, mots ajoutés, supprimés et déplacés."""

    gabarit = "pdf/comparatif.html"
    feuilles = ("pdf/document.css", "pdf/texte.css")

    contrat: Contrat
    de: Borne
    a: Borne
    modifie_le: datetime.datetime
    site: str = ""

    @property
    def titre(self) -> str:
        return f"Comparatif : {self.de.nom}, {self.a.nom} ({self.contrat.intitule_court})"

    @property
    def mention_de_version(self) -> str:
        return f"{self.de.nom}, {self.a.nom}".capitalize()

    @property
    def est_de_demonstration(self) -> bool:
        return self.de.demonstration or self.a.demonstration

    @property
    def bandeau(self) -> list[str]:
        return ["Comparatif", *(["Démonstration"] if self.est_de_demonstration else [])]

    @property
    def sujet(self) -> str:
        return f"Comparatif : {self.contrat.intitule}, {self.de.nom}, {self.a.nom}."

    @property
    def adresse(self) -> str:
        page = reverse("avenants:comparatif", args=[self.contrat.slug])
        return f"{self.site}{page}?de={self.de.valeur}&a={self.a.valeur}"

    @property
    def nom_de_fichier(self) -> str:
        return f"{self.contrat.slug}-comparatif-{self.de.valeur}-{self.a.valeur}.pdf"

    @property
    def identifiant(self) -> bytes:
        return _identifiant(self.contrat, f"comparatif/{self.de.valeur}/{self.a.valeur}")


def _identifiant(contrat: Contrat, quoi: str) -> bytes:
    return hashlib.sha256(f"{contrat.slug}/{quoi}".encode()).hexdigest()[:32].encode()


def contexte_texte(
    contrat: Contrat, le: datetime.date, *, par: Utilisateur | AnonymousUser, site: str
) -> dict[str, Any]:
    """Ce que lit le gabarit du texte en vigueur."""
    completer(contrat, entier=False)
    page = page_du_texte(contrat, le, par=par)
    modifie_le = contrat.modifie_le.replace(microsecond=0)
    document = DocumentTexte(contrat, page["texte"], modifie_le, site.rstrip("/"))
    return {**page, "document": document, "contrat": contrat, "fichiers": []}


def contexte_comparatif(
    contrat: Contrat,
    bornes: BornesDuComparatif,
    *,
    par: Utilisateur | AnonymousUser,
    site: str,
) -> dict[str, Any]:
    """Ce que lit le gabarit du comparatif."""
    completer(contrat, entier=False)
    page = comparatif(contrat, bornes, par=par)
    modifie_le = contrat.modifie_le.replace(microsecond=0)
    document = DocumentComparatif(contrat, page["de"], page["a"], modifie_le, site.rstrip("/"))
    return {**page, "document": document, "contrat": contrat, "fichiers": []}
