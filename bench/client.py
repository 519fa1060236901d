"""Un agent sans navigateur : se connecte, lit une page, remplit son formulaire et l'envoie."""

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from bench.formulaire import avec, lire_formulaire

DELAI = 120  # secondes


class Client:
    """Session HTTP sur la machine : témoins gardés, aucune redirection suivie."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.temoins: dict[str, str] = {}
        self.est_connecte = False

    def demander(
        self, methode: str, chemin: str, champs: list[tuple[str, str]] | None = None
    ) -> tuple[int, str]:
        """(statut, corps) ; `champs` part comme un formulaire. Lève `OSError` si le lien casse."""
        entetes = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.temoins.items())}
        corps = None
        if champs is not None:
            corps = urlencode(champs)
            entetes["Content-Type"] = "application/x-www-form-urlencoded"
        lien = HTTPConnection("127.0.0.1", self.port, timeout=DELAI)
        try:
            lien.request(methode, chemin, corps, entetes)
            reponse = lien.getresponse()
            for entete in reponse.headers.get_all("Set-Cookie") or ():
                nom, _, valeur = entete.partition(";")[0].partition("=")
                self.temoins[nom] = valeur
            return reponse.status, reponse.read().decode()
        except HTTPException as erreur:
            raise ConnectionError(str(erreur)) from erreur
        finally:
            lien.close()

    def connecter(self, courriel: str, mot_de_passe: str) -> None:
        """Par le formulaire de connexion."""
        _, page = self.demander("GET", "/connexion/")
        champs = avec(lire_formulaire(page), login=courriel, password=mot_de_passe)
        statut, _ = self.demander("POST", "/connexion/", champs)
        if statut != 302:
            raise RuntimeError(f"Connexion refusée à {courriel} : {statut}")
        self.est_connecte = True

    def modifier(self, chemin: str, champ: str, texte: str) -> int:
        """Lit la page de la fiche, y écrit `texte`, l'envoie ; rend le statut de la réponse."""
        statut, page = self.demander("GET", chemin)
        if statut != 200:
            return statut
        champs = [*avec(lire_formulaire(page, "fiche"), **{champ: texte}), ("geste", "enregistrer")]
        return self.demander("POST", chemin, champs)[0]
