"""Le fichier servi est bien celui que produisent les sources, licences comprises."""

import gzip
import hashlib
import json
import re

from django.conf import settings

SOURCES = settings.BASE_DIR / "static_src" / "editeur"
SERVI = settings.BASE_DIR / "static" / "vendor"


def test_l_editeur_servi_est_construit_depuis_les_sources():
    somme = hashlib.sha256()
    fichiers = [f for f in SOURCES.iterdir() if f.suffix in {".js", ".mjs", ".json"}]
    for fichier in sorted(fichiers, key=lambda f: f.name):
        somme.update(f"{fichier.name}\n".encode() + fichier.read_bytes())
    entete = (SERVI / "editeur.js").read_text("utf-8").split("\n", 1)[0]
    assert f"sha256:{somme.hexdigest()}" in entete, "lancer scripts/construire-editeur"


def test_l_editeur_tient_en_90_ko_compresse():
    assert len(gzip.compress((SERVI / "editeur.js").read_bytes(), 9)) <= 90 * 1024


def test_chaque_paquet_de_l_editeur_a_sa_licence_et_sa_version():
    licences = (SERVI / "editeur.LICENCES.txt").read_text("utf-8")
    paquets = json.loads((SOURCES / "package.json").read_text("utf-8"))["dependencies"]
    assert [p for p, v in paquets.items() if f"{p} {v} (MIT)" not in licences] == []


def test_le_verrou_ne_nomme_aucun_registre():
    verrou = (SOURCES / "package-lock.json").read_text("utf-8")
    assert '"integrity"' in verrou
    assert not re.search(r'"resolved"|https?://[^"]*registry', verrou)
