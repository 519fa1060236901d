"""Le parapheur par fichiers : un dossier où l'on dépose, un dossier où l'on revient.

À l'envoi, `<référence>.pdf` et `<référence>.json`. Au retour, `<référence>.pdf` signé, ou
`<référence>.refus.txt` qui dit pourquoi. Pour tout outil qui surveille un dossier, ou une personne.
"""

import json
import os
from pathlib import Path

from signatures.parapheurs.interface import Dossier, EtatDossier, ParapheurInjoignable, Releve


class ParapheurParFichiers:
    """Deux dossiers ; un fichier y apparaît entier ou pas du tout."""

    def __init__(self, envoi: str, retour: str) -> None:
        self.envoi, self.retour = Path(envoi), Path(retour)

    def envoyer(self, dossier: Dossier) -> str:
        fiche = {"intitule": dossier.intitule, "nom": dossier.nom}
        try:
            self.envoi.mkdir(parents=True, exist_ok=True)
            self._ecrire(f"{dossier.reference}.pdf", dossier.octets)
            decrite = json.dumps(fiche, ensure_ascii=False, indent=1).encode()
            self._ecrire(f"{dossier.reference}.json", decrite)
        except OSError as erreur:
            raise ParapheurInjoignable(f"Le dossier d'envoi ne s'écrit pas : {erreur}") from erreur
        return dossier.reference

    def relever(self, identifiant: str) -> Releve:
        signe = self.retour / f"{identifiant}.pdf"
        refus = self.retour / f"{identifiant}.refus.txt"
        try:
            if signe.exists():
                return Releve(EtatDossier.SIGNE, signe.read_bytes())
            if refus.exists():
                motif = refus.read_text(encoding="utf-8", errors="replace").strip()
                return Releve(EtatDossier.REFUSE, motif=motif)
            depose = (self.envoi / f"{identifiant}.pdf").exists()
        except OSError as erreur:
            raise ParapheurInjoignable(f"Le dossier de retour ne se lit pas : {erreur}") from erreur
        return Releve(EtatDossier.EN_COURS if depose else EtatDossier.INCONNU)

    def _ecrire(self, nom: str, octets: bytes) -> None:
        provisoire = self.envoi / f".{nom}.provisoire"
        with provisoire.open("wb") as fichier:
            fichier.write(octets)
            fichier.flush()
            os.fsync(fichier.fileno())
        provisoire.replace(self.envoi / nom)
