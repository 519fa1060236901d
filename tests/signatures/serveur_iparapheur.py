"""Un i-Parapheur d'essai, sur la boucle locale : il parle le protocole documenté, et rien de plus.

Jeton, création en plusieurs parties, listes par état et par pages, PREMIS, ZIP.
"""

import email
import email.policy
import io
import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

JETON = "jeton-d-essai"
NS = "{http://www.loc.gov/premis/v3}"
BUREAU = "/api/standard/v1/tenant/entite/desk/bureau"


class Serveur(ThreadingHTTPServer):
    """`dossiers` : par identifiant ; `panne` : le statut rendu à tout appel ; `appels` : reçus."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Poste)
        self.dossiers, self.appels, self.panne = {}, [], 0
        self.couper_apres_creation = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def reglages(self):
        return {
            "adresse": f"http://127.0.0.1:{self.server_port}",
            "client": "client",
            "identifiant": "agent",
            "passe": "secret",
            "entite": "entite",
            "bureau": "bureau",
            "type": "Contrats",
            "sous_type": "Signature",
            "delai": 30,
        }


class Poste(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        corps = self.rfile.read(int(self.headers["Content-Length"]))
        adresse = urlsplit(self.path)
        self.server.appels.append(f"POST {adresse.path}")
        if self.server.panne:
            return self.rendre(self.server.panne)
        if adresse.path == "/auth/realms/api/protocol/openid-connect/token":
            dit = {c: v[0] for c, v in parse_qs(corps.decode()).items()}
            attendu = {
                "grant_type": "password",
                "client_id": "client",
                "username": "agent",
                "password": "secret",
            }
            return self.json(200 if dit == attendu else 401, {"access_token": JETON})
        if adresse.path == f"{BUREAU}/folder" and self.autorise():
            return self.creer(corps, parse_qs(adresse.query))
        return self.rendre(404)

    def creer(self, corps, question):
        entete = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        lu = email.message_from_bytes(entete + corps, policy=email.policy.HTTP)
        parties = [(p.get_param("name", header="content-disposition"), p) for p in lu.iter_parts()]
        [premis] = [p.get_content() for n, p in parties if n == "folder"]
        [document] = [p for n, p in parties if n == "documents"]
        premis = premis if isinstance(premis, bytes) else premis.encode()
        arbre = ElementTree.fromstring(premis)  # noqa: S314 - écrit par nous
        dossier, fichier = arbre.findall(f"{NS}object")
        valeurs = [v.text for v in dossier.iter(f"{NS}significantPropertiesValue")]
        nom = fichier.findtext(f"{NS}originalName")
        if valeurs != ["Contrats", "Signature"] or document.get_filename() != nom:
            return self.rendre(400)
        identifiant = f"dossier-{len(self.server.dossiers) + 1}"
        self.server.dossiers[identifiant] = {
            "name": dossier.findtext(f"{NS}originalName"),
            "etat": "PENDING" if question.get("autoStart") == ["true"] else "DRAFT",
            "fichier": nom,
            "octets": document.get_content(),
            "motif": "",
        }
        if self.server.couper_apres_creation:
            self.close_connection = True
            return None
        return self.json(201, {"id": identifiant, "name": nom})

    def do_GET(self):
        adresse = urlsplit(self.path)
        self.server.appels.append(f"GET {adresse.path}")
        if self.server.panne:
            return self.rendre(self.server.panne)
        if not self.autorise() or not adresse.path.startswith(BUREAU):
            return self.rendre(404)
        reste = adresse.path.removeprefix(f"{BUREAU}/").split("/")
        if len(reste) == 1:
            return self.lister(reste[0], parse_qs(adresse.query))
        dossier = self.server.dossiers.get(reste[1])
        if dossier is None:
            return self.rendre(404)
        if reste[2] == "premis":
            return self.rendre(200, premis(dossier), "application/xml")
        return self.rendre(200, archive(dossier), "application/octet-stream")

    def lister(self, etat, question):
        page, taille = int(question["page"][0]), int(question["size"][0])
        siens = [
            {"id": i, "name": d["name"]}
            for i, d in self.server.dossiers.items()
            if d["etat"] == etat
        ]
        return self.json(200, {"content": siens[page * taille : (page + 1) * taille]})

    def autorise(self):
        return self.headers.get("Authorization") == f"Bearer {JETON}"

    def json(self, statut, donnees):
        return self.rendre(statut, json.dumps(donnees).encode(), "application/json")

    def rendre(self, statut, corps=b"", genre="text/plain"):
        self.send_response(statut)
        self.send_header("Content-Type", genre)
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        self.wfile.write(corps)


def premis(dossier):
    evenement = ""
    if dossier["motif"]:
        evenement = (
            "<event><eventType>REJECT</eventType><eventOutcomeInformation><eventOutcomeDetail>"
            f"<eventOutcomeDetailNote>{dossier['motif']}</eventOutcomeDetailNote>"
            "</eventOutcomeDetail></eventOutcomeInformation></event>"
        )
    return (
        '<premis xmlns="http://www.loc.gov/premis/v3"><object><significantProperties>'
        "<significantPropertiesType>i_Parapheur_reserved_mainDocument</significantPropertiesType>"
        "<significantPropertiesValue>true</significantPropertiesValue></significantProperties>"
        f"<originalName>{dossier['fichier']}</originalName></object>{evenement}</premis>"
    ).encode()


def archive(dossier):
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as zip_:
        zip_.writestr(f"Documents principaux/{dossier['fichier']}", dossier["octets"])
        zip_.writestr("bordereau.pdf", b"%PDF-")
    return sortie.getvalue()
