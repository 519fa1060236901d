"""Le sceau du serveur : posé avec l'heure d'un horodateur, ou pas du tout."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from signatures import sceau, valideur
from signatures.sceau import SceauImpossible, est_regle
from tests.signatures.autorite import Autorite, dans_un_fil
from tests.signatures.factories import pdf

OCTETS = pdf()


def sceller(octets):
    return dans_un_fil(sceau.sceller, octets)


@pytest.fixture(scope="module")
def autorite():
    return Autorite()


@pytest.fixture
def horodateur(autorite):
    """Un horodateur RFC 3161 sur la boucle locale ; `panne` : il répond 503."""

    class Poste(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_POST(self):
            demande = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            reponse = serveur.timbre.request_tsa_response(demande).dump()
            self.send_response(503 if serveur.panne else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reponse)))
            self.end_headers()
            self.wfile.write(reponse)

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Poste)
    serveur.timbre, serveur.panne = autorite.horodateur(), False
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    yield serveur
    serveur.shutdown()
    serveur.server_close()


@pytest.fixture
def regle(settings, tmp_path, autorite, horodateur):
    certificat, cle = autorite.delivrer("Réciproque d'essai")
    chiffre = pkcs12.serialize_key_and_certificates(
        b"sceau", cle, certificat, [autorite.certificat], BestAvailableEncryption(b"essai")
    )
    (tmp_path / "sceau.p12").write_bytes(chiffre)
    settings.SCEAU = settings.SCEAU | {
        "pkcs12": str(tmp_path / "sceau.p12"),
        "passe": "essai",
        "horodateur": f"http://127.0.0.1:{horodateur.server_port}/",
        "delai": 60,
    }
    return settings


def test_sans_reglage_rien_ne_se_scelle():
    assert not est_regle()
    with pytest.raises(SceauImpossible, match="Aucun sceau"):
        sceller(OCTETS)


def test_le_sceau_est_une_signature_pades_horodatee_qui_ne_touche_pas_au_document(
    regle, tmp_path, autorite
):
    scelle = sceller(OCTETS)
    assert scelle.startswith(OCTETS)
    racine = autorite.poser(tmp_path / "racines") + "/racine.pem"
    [pose] = dans_un_fil(valideur.examiner, OCTETS, scelle, [racine])["signatures"]
    assert pose["signataire"] == "Réciproque d'essai"
    assert pose["horodateur"] == "Horodateur d'essai"
    assert pose["horodatee_le"]
    assert all(pose[c] for c in ("intacte", "reconnue", "couvre", "inchangee"))


def test_sans_horodatage_pas_de_sceau(regle, horodateur):
    horodateur.panne = True
    with pytest.raises(SceauImpossible, match="sans horodatage, pas de sceau"):
        sceller(OCTETS)
    regle.SCEAU = regle.SCEAU | {"horodateur": ""}
    with pytest.raises(SceauImpossible, match="sans horodatage, pas de sceau"):
        sceller(OCTETS)


def test_un_mot_de_passe_faux_se_dit(regle):
    regle.SCEAU = regle.SCEAU | {"passe": "faux"}
    with pytest.raises(SceauImpossible, match="mot de passe"):
        sceller(OCTETS)
