"""Fournisseur OpenID Connect de la boucle locale, à la manière de ProConnect : `userinfo` signé.

Il vérifie ce que doit vérifier un fournisseur (client, secret, PKCE, adresse de retour, code à
usage unique) ; `identite` et `altere` règlent qui se présente et ce qui est faux.
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "reciproque", "secret-du-client"
CLE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
AUTRE_CLE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class _Requete(BaseHTTPRequestHandler):
    def do_GET(self):
        adresse = urlsplit(self.path)
        parametres = {c: v[0] for c, v in parse_qs(adresse.query).items()}
        getattr(self, adresse.path.strip("/").replace("/", "_"))(parametres)

    def do_POST(self):
        corps = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.token({c: v[0] for c, v in parse_qs(corps).items()})

    def authorize(self, demande):
        """La personne s'est identifiée : retour au site avec un code."""
        assert demande["client_id"] == CLIENT
        assert demande["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.server.codes[code] = demande
        retour = {"code": code, "state": demande["state"]} | self.server.retour
        self.repondre(302, entetes={"Location": f"{demande['redirect_uri']}?{urlencode(retour)}"})

    def token(self, demande):
        connue = self.server.codes.pop(demande["code"], None)
        empreinte = hashlib.sha256(demande["code_verifier"].encode()).digest()
        defi = base64.urlsafe_b64encode(empreinte).rstrip(b"=").decode()
        if (
            connue is None
            or (demande["client_id"], demande["client_secret"]) != (CLIENT, SECRET)
            or demande["redirect_uri"] != connue["redirect_uri"]
            or defi != connue["code_challenge"]
        ):
            self.repondre(400, {"error": "invalid_grant"})
            return
        faits = {"nonce": connue["nonce"], "sub": self.server.identite["sub"]}
        jeton = self.server.signer(faits | self.server.altere.get("id_token", {}))
        self.repondre(200, {"access_token": "acces", "id_token": jeton, "token_type": "Bearer"})

    def userinfo(self, demande):
        assert self.headers["Authorization"] == "Bearer acces"
        faits = self.server.identite | self.server.altere.get("userinfo", {})
        self.repondre(200, self.server.signer(faits), type="application/jwt")

    def jwks(self, demande):
        publique = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(CLE.public_key()))
        self.repondre(200, {"keys": [publique | {"kid": "1", "alg": "RS256", "use": "sig"}]})

    def session_end(self, demande):
        self.server.sorties.append(demande)
        self.repondre(200, "Au revoir", type="text/html; charset=utf-8")

    def repondre(self, statut, corps="", type="application/json", entetes=None):
        self.send_response(statut)
        for nom, valeur in {"Content-Type": type, **(entetes or {})}.items():
            self.send_header(nom, valeur)
        self.end_headers()
        self.wfile.write((corps if isinstance(corps, str) else json.dumps(corps)).encode())

    def log_message(self, *args):
        """Rien dans la sortie des tests."""


class ServeurOidc(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Requete)
        self.codes, self.sorties = {}, []
        self.identite, self.altere, self.retour, self.cle = {}, {}, {}, CLE

    @property
    def emetteur(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def signer(self, faits):
        instant = int(time.time())
        socle = {"iss": self.emetteur, "aud": CLIENT, "iat": instant, "exp": instant + 60}
        return jwt.encode(socle | faits, self.cle, algorithm="RS256", headers={"kid": "1"})
