"""Lit tous les formulaires d'une page et les remplit au hasard, graine fixée : pour les fuzz."""

import random
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

GRAINE = 20170710
URLENCODE = "application/x-www-form-urlencoded"
HOSTILES = [
    "",
    " ",
    "\0",
    "9" * 400,
    "-1",
    "1e999",
    "NaN",
    "é" * 1100,
    "31/02/2026",
    "0001-01-01",
    "99999-12-31",
    "a:b:c:d",
    "💥",
    "on",
    "../../etc/passwd",
    "//exemple.invalid/",
    "<script>alert(1)</script>",
    "'; DROP TABLE fiche; --",
    "\ud7ff\uffff",
    "00000000-0000-4000-8000-000000000000",
    "999999999999999999999",
]


@dataclass
class Formulaire:
    """Un formulaire tel qu'il est dans la page : où il s'envoie, ses champs, ses boutons."""

    action: str
    methode: str
    champs: list[tuple[str, str]] = field(default_factory=list)
    boutons: list[tuple[str, str]] = field(default_factory=list)

    def rempli(self, hasard):
        """Un champ sur deux prend une valeur hostile ; parfois un champ manque ou se répète."""
        envoi = []
        for nom, valeur in self.champs:
            sort = hasard.random()
            if sort < 0.05:
                continue
            envoi.append((nom, hasard.choice(HOSTILES) if sort < 0.5 else valeur))
            if sort > 0.97:
                envoi.append((nom, hasard.choice(HOSTILES)))
        return [*envoi, *([hasard.choice(self.boutons)] if self.boutons else [])]


class _Lecteur(HTMLParser):
    def __init__(self):
        super().__init__()
        self.formulaires = []
        self._choix = ""

    def handle_starttag(self, balise, attributs):
        a = {nom: valeur or "" for nom, valeur in attributs}
        if balise == "form":
            self.formulaires.append(Formulaire(a.get("action", ""), a.get("method", "get").lower()))
        if not self.formulaires:
            return
        ici, nom = self.formulaires[-1], a.get("name", "")
        if nom and balise in ("input", "textarea") and a.get("type") not in ("submit", "file"):
            ici.champs.append((nom, a.get("value", "")))
        elif nom and (balise == "button" or a.get("type") == "submit"):
            ici.boutons.append((nom, a.get("value", "")))
        elif balise == "select":
            self._choix = nom
            ici.champs.append((nom, ""))
        elif balise == "option" and "selected" in a and self._choix:
            ici.champs.append((self._choix, a.get("value", "")))


def formulaires(html):
    """Tous les formulaires de la page, dans l'ordre."""
    lecteur = _Lecteur()
    lecteur.feed(html)
    return lecteur.formulaires


def malmener(client, url, *, fois, graine=GRAINE):
    """Envoie `fois` fois chaque formulaire de la page, mal rempli ; rend `(adresse, statut)`.

    Le client relève toute exception d'une vue : aucune n'est cachée par une page 500.
    """
    hasard, statuts = random.Random(graine), []
    page = client.get(url)
    if page.streaming or "text/html" not in page.get("Content-Type", ""):
        return statuts
    for formulaire in formulaires(page.content.decode()):
        cible = urlsplit(urljoin(url, formulaire.action or url))
        for _ in range(fois):
            corps = urlencode(formulaire.rempli(hasard))
            if formulaire.methode == "post":
                adresse = f"{cible.path}?{cible.query}"
                reponse = client.post(adresse, corps, content_type=URLENCODE)
            else:
                reponse = client.get(f"{cible.path}?{corps}")
            statuts.append((cible.path, reponse.status_code))
    return statuts


def pannes(client, url, *, fois):
    """Les envois auxquels le serveur a répondu par une erreur à lui."""
    return [(u, s) for u, s in malmener(client, url, fois=fois) if s >= 500]
