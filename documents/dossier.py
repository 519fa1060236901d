"""Le dossier de comité et le rapport annuel en PDF : le plan de `tableaux.dossier`, imprimé."""

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from contrats.models import Contrat
from documents.donnees import Fichier
from documents.imprime import Imprime
from documents.lecture import completer
from tableaux.blocs import Dossier
from tableaux.dossier import dossier, tableau_du_document
from tableaux.enums import GenreRapport
from tableaux.perimetre import Lecteur, du_contrat
from tableaux.tableau import Tableau
from tableaux.tables import TABLES

TITRES = {"chiffres": "Chiffres", "carte": "Carte", "avancement": "Avancement"}


@dataclass(frozen=True)
class DocumentDossier(Imprime):
    """Vingt pages au plus : au-delà de quarante lignes, une liste renvoie au classeur."""

    gabarit = "pdf/dossier.html"
    feuilles = ("pdf/document.css", "pdf/dossier.css")

    contrat: Contrat
    dossier: Dossier
    tableau: Tableau
    modifie_le: datetime.datetime
    site: str = ""
    code: str = ""

    @property
    def titre(self) -> str:
        return self.dossier.titre

    @property
    def mention_de_version(self) -> str:
        return f"À la date du {self.tableau.au:%d/%m/%Y}"

    @property
    def est_de_demonstration(self) -> bool:
        return self.tableau.demonstration

    @property
    def bandeau(self) -> list[str]:
        mentions = ["Document de travail"]
        if self.est_de_demonstration:
            mentions.append("Exemplaire de démonstration")
        return mentions

    @property
    def adresse(self) -> str:
        return self.site + self.tableau.perimetre.tableau

    @property
    def nom_de_fichier(self) -> str:
        return f"{self.contrat.slug}-{self.dossier.genre}-{self.tableau.au:%Y-%m-%d}.pdf"

    @property
    def identifiant(self) -> bytes:
        cle = f"{self.contrat.slug}/{self.dossier.genre}/{self.tableau.au}"
        return hashlib.sha256(cle.encode()).hexdigest()[:32].encode()


def contexte_dossier(
    contrat: Contrat,
    genre: GenreRapport,
    au: datetime.date | None,
    depuis: datetime.date | None,
    *,
    par: Lecteur,
    site: str,
    code: str = "",
) -> dict[str, Any]:
    """Ce que lit le gabarit : le tableau à la date dite, et ses tables en pièces jointes."""
    completer(contrat, entier=False)
    t = tableau_du_document(du_contrat(contrat), par, genre, au, depuis)
    dates = [c.maj_le for c in t.chiffres.values() if c.maj_le]
    modifie_le = max([contrat.modifie_le, *dates]).replace(microsecond=0)
    document = DocumentDossier(contrat, dossier(t, genre), t, modifie_le, site.rstrip("/"), code)
    fichiers = [
        Fichier(f"{nom}.csv", f"{titre} (CSV, UTF-8, virgule)", TABLES[nom](t).en_csv())
        for nom, titre in TITRES.items()
    ]
    return {"document": document, "contrat": contrat, "d": document.dossier, "fichiers": fichiers}
