"""i-Parapheur v5 (Libriciel), par son API REST « standard ».

Protocole lu dans le client public de Libriciel (`iparapheur-v5-api-php` : `FolderApi.md`,
`WorkflowApi.md`, modèles `State` et `FolderRepresentation`, `ApiClientFactory.php`) :
jeton OAuth2 par mot de passe ; `POST …/tenant/{t}/desk/{d}/folder?autoStart=true` en plusieurs
parties (`folder` : PREMIS 3, `documents`) ; `GET …/desk/{d}/{état}` par pages ; `…/folder/{f}/zip`
et `…/premis`. Non éprouvé contre un vrai i-Parapheur : voir `docs/signatures.md`.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import defusedxml.ElementTree as lecteur_xml
import requests

from signatures.parapheurs.interface import Dossier, EtatDossier, ParapheurInjoignable, Releve

JETON = "/auth/realms/api/protocol/openid-connect/token"
PREMIS = "{http://www.loc.gov/premis/v3}"
PAR_PAGE = 100
PAGES_MAX = 50
OUVERTS = ("DRAFT", "PENDING", "LATE", "DELEGATED", "RETRIEVABLE")


@dataclass(frozen=True)
class Reglages:
    """Où et comment joindre l'i-Parapheur."""

    adresse: str
    client: str
    identifiant: str
    passe: str
    entite: str
    bureau: str
    type: str
    sous_type: str
    delai: int = 20


class IParapheur:
    """Un bureau d'une entité d'un i-Parapheur v5."""

    def __init__(self, reglages: dict[str, Any]) -> None:
        self.r = Reglages(**reglages)

    @property
    def bureau(self) -> str:
        return f"/api/standard/v1/tenant/{self.r.entite}/desk/{self.r.bureau}"

    def envoyer(self, dossier: Dossier) -> str:
        """Crée et démarre le dossier ; s'il y est déjà (envoi interrompu), rend le sien."""
        entetes = self._jeton()
        nom = self._nom(dossier)
        if connu := self._trouver(entetes, nom):
            return connu
        parties = [
            ("folder", ("premis.xml", self._premis(dossier, nom), "application/xml")),
            ("documents", (dossier.nom, dossier.octets, "application/pdf")),
        ]
        cree = self._appeler(
            "POST",
            f"{self.bureau}/folder",
            headers=entetes,
            params={"autoStart": "true"},
            files=parties,
        )
        identifiant = self._json(cree).get("id")
        if not identifiant:
            raise ParapheurInjoignable("L'i-Parapheur n'a pas rendu d'identifiant de dossier.")
        return str(identifiant)

    def relever(self, identifiant: str) -> Releve:
        entetes = self._jeton()
        if self._contient(entetes, "FINISHED", identifiant):
            return Releve(EtatDossier.SIGNE, self._document(entetes, identifiant))
        if self._contient(entetes, "REJECTED", identifiant):
            return Releve(EtatDossier.REFUSE, motif=self._motif(entetes, identifiant))
        for etat in OUVERTS:
            if self._contient(entetes, etat, identifiant):
                return Releve(EtatDossier.EN_COURS)
        return Releve(EtatDossier.INCONNU)

    @staticmethod
    def _nom(dossier: Dossier) -> str:
        """L'intitulé et la référence : de quoi reconnaître un dossier dont l'identifiant s'est
        perdu."""
        return f"{dossier.intitule[:80]} [{dossier.reference}]"

    def _premis(self, dossier: Dossier, nom: str) -> bytes:
        def propriete(genre: str, valeur: str) -> str:
            return (
                "<significantProperties>"
                f"<significantPropertiesType>i_Parapheur_reserved_{genre}"
                "</significantPropertiesType>"
                f"<significantPropertiesValue>{escape(valeur)}</significantPropertiesValue>"
                "</significantProperties>"
            )

        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<premis xmlns="http://www.loc.gov/premis/v3" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0" '
            'xsi:schemaLocation="http://www.loc.gov/premis/v3 '
            'http://www.loc.gov/standards/premis/v3/premis.xsd">'
            '<object xsi:type="intellectualEntity">'
            f"{propriete('type', self.r.type)}{propriete('subtype', self.r.sous_type)}"
            f"<originalName>{escape(nom)}</originalName></object>"
            f'<object xsi:type="file">{propriete("mainDocument", "true")}'
            f"<originalName>{escape(dossier.nom)}</originalName></object></premis>"
        ).encode()

    def _jeton(self) -> dict[str, str]:
        formulaire = {
            "grant_type": "password",
            "client_id": self.r.client,
            "username": self.r.identifiant,
            "password": self.r.passe,
        }
        jeton = self._json(self._appeler("POST", JETON, data=formulaire)).get("access_token")
        if not jeton:
            raise ParapheurInjoignable("L'i-Parapheur n'a pas donné de jeton.")
        return {"Authorization": f"Bearer {jeton}", "Accept": "application/json"}

    def _trouver(self, entetes: dict[str, str], nom: str) -> str:
        for etat in (*OUVERTS, "FINISHED", "REJECTED"):
            for dossier in self._dossiers(entetes, etat):
                if dossier.get("name") == nom:
                    return str(dossier["id"])
        return ""

    def _contient(self, entetes: dict[str, str], etat: str, identifiant: str) -> bool:
        return any(str(d.get("id")) == identifiant for d in self._dossiers(entetes, etat))

    def _dossiers(self, entetes: dict[str, str], etat: str) -> list[dict[str, Any]]:
        """Tous les dossiers du bureau dans cet état, page après page."""
        trouves: list[dict[str, Any]] = []
        for page in range(PAGES_MAX):
            reponse = self._appeler(
                "GET",
                f"{self.bureau}/{etat}",
                headers=entetes,
                params={"page": page, "size": PAR_PAGE},
            )
            contenu = self._json(reponse).get("content", [])
            trouves += contenu
            if len(contenu) < PAR_PAGE:
                break
        return trouves

    def _document(self, entetes: dict[str, str], identifiant: str) -> bytes:
        """Le PDF principal de l'archive, à l'octet près : celui que son PREMIS désigne."""
        archive = self._appeler("GET", f"{self.bureau}/folder/{identifiant}/zip", headers=entetes)
        try:
            with zipfile.ZipFile(io.BytesIO(archive.content)) as zip_:
                nom = self._principal(self._lire_premis(entetes, identifiant))
                candidats = [i for i in zip_.infolist() if i.filename.rpartition("/")[2] == nom]
                if len(candidats) != 1:
                    raise ParapheurInjoignable(f"« {nom} » n'est pas dans l'archive rendue.")
                return zip_.read(candidats[0])
        except zipfile.BadZipFile as erreur:
            raise ParapheurInjoignable("L'archive rendue est illisible.") from erreur

    def _lire_premis(self, entetes: dict[str, str], identifiant: str) -> Any:
        lu = self._appeler(
            "GET",
            f"{self.bureau}/folder/{identifiant}/premis",
            headers={**entetes, "Accept": "application/xml"},
        )
        try:
            return lecteur_xml.fromstring(lu.content)
        except lecteur_xml.ParseError as erreur:
            raise ParapheurInjoignable("Le résumé PREMIS rendu est illisible.") from erreur

    @staticmethod
    def _principal(premis: Any) -> str:
        for objet in premis.iter(f"{PREMIS}object"):
            for propriete in objet.iter(f"{PREMIS}significantProperties"):
                genre = propriete.findtext(f"{PREMIS}significantPropertiesType")
                valeur = propriete.findtext(f"{PREMIS}significantPropertiesValue") or ""
                if genre == "i_Parapheur_reserved_mainDocument" and valeur.lower() == "true":
                    return objet.findtext(f"{PREMIS}originalName") or ""
        return ""

    def _motif(self, entetes: dict[str, str], identifiant: str) -> str:
        """La note de l'événement de rejet."""
        premis = self._lire_premis(entetes, identifiant)
        for evenement in premis.iter(f"{PREMIS}event"):
            if (evenement.findtext(f"{PREMIS}eventType") or "").upper() == "REJECT":
                note = next(evenement.iter(f"{PREMIS}eventOutcomeDetailNote"), None)
                if note is not None and note.text:
                    return str(note.text).strip()
        return "Refusé dans le parapheur, sans motif."

    def _appeler(self, methode: str, chemin: str, **quoi: Any) -> requests.Response:
        try:
            reponse = requests.request(
                methode,
                self.r.adresse.rstrip("/") + chemin,
                timeout=self.r.delai,
                allow_redirects=False,
                **quoi,
            )
        except requests.RequestException as erreur:
            raise ParapheurInjoignable(
                f"L'i-Parapheur ne répond pas ({type(erreur).__name__})."
            ) from erreur
        if not 200 <= reponse.status_code < 300:
            raise ParapheurInjoignable(f"L'i-Parapheur répond {reponse.status_code}.")
        return reponse

    @staticmethod
    def _json(reponse: requests.Response) -> dict[str, Any]:
        try:
            lu = reponse.json()
        except ValueError as erreur:
            raise ParapheurInjoignable("Réponse illisible de l'i-Parapheur.") from erreur
        if not isinstance(lu, dict):
            raise ParapheurInjoignable("Réponse inattendue de l'i-Parapheur.")
        return lu
