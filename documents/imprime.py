"""Ce que tout document à imprimer dit de lui : sa valeur, ses auteurs, ses métadonnées."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse
from django.utils.timezone import localtime

from contrats.enums import TypeContrat
from contrats.models import Contrat
from texte.dates import en_lettres


@dataclass(frozen=True)
class Jointe:
    """Un fichier à joindre au PDF ; `lien` dit ce qu'il lui est (PDF/A-3 : Data, Source…)."""

    nom: str
    octets: bytes
    description: str
    le: datetime.datetime | None
    lien: str = "Data"


class Imprime:
    """Socle d'un document : la sous-classe dit ce qu'il contient, il en dit la valeur.

    `gabarit` est la page à imprimer, `feuilles` les styles qu'elle appelle : ils font partie de
    ce qui détermine les octets.
    """

    gabarit: ClassVar[str]
    feuilles: ClassVar[tuple[str, ...]]

    contrat: Contrat
    site: str
    code: str = ""
    """Code de vérification d'un document figé ; vide pour une impression ordinaire."""
    modifie_le: datetime.datetime
    """Dernière modification de ce qui est imprimé, à la seconde."""

    @property
    def titre(self) -> str:
        raise NotImplementedError

    @property
    def surtitre(self) -> str:
        """Ce qu'est un extrait, en tête de sa première page."""
        return "Extrait"

    @property
    def version(self) -> int | None:
        """Version de ce qui est imprimé, s'il n'y en a qu'une."""
        return None

    @property
    def mention_de_version(self) -> str:
        """« Version 3 du 12 mars 2026 »."""
        date = en_lettres(localtime(self.modifie_le))
        return f"Version {self.version} du {date}" if self.version else f"État au {date}"

    @property
    def est_signe(self) -> bool:
        """Le texte entier d'un contrat signé ; un extrait ne l'est jamais."""
        return False

    @property
    def est_de_demonstration(self) -> bool:
        """Un suivi inventé y figure."""
        raise NotImplementedError

    @property
    def bandeau(self) -> list[str]:
        """Ce que chaque page rappelle de la valeur du document ; vide pour un texte signé réel."""
        mentions = []
        if not self.est_signe:
            mentions.append(self.mention_sans_signature)
        if self.est_de_demonstration:
            mentions.append("Exemplaire de démonstration")
        return mentions

    @property
    def mention_sans_signature(self) -> str:
        """Ce que dit chaque page d'un document qui n'est pas un texte signé."""
        return "Document de travail, non signé"

    @property
    def auteurs(self) -> str:
        """Les parties, sous leur nom imprimé ; une seule entrée, comme le veut PDF/A."""
        return ", ".join(p.libelle or p.organisme.nom for p in self.contrat.parties.all())

    @property
    def sujet(self) -> str:
        """Description des métadonnées."""
        nature = TypeContrat(self.contrat.type).label
        etat = "texte signé" if self.est_signe else self.mention_sans_signature.lower()
        return f"{nature}, {etat}. {self.mention_de_version}."

    @property
    def mots_cles(self) -> list[str]:
        """Type de contrat, territoires, nature du document."""
        territoires = [t.nom for t in self.contrat.territoires.all()]
        mots = [TypeContrat(self.contrat.type).label, *territoires, "coopération territoriale"]
        return [*mots, self.code] if self.code else mots

    @property
    def adresse_de_verification(self) -> str:
        """La page qui dit si ce document vaut encore."""
        return self.site + reverse("documents:verification-code", args=[self.code])
