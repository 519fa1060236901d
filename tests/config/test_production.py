"""La production refuse de démarrer mal réglée, et dit quoi faire."""

import json
import logging
import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings

from config.journal import FormateurJson
from config.production import fautes

CLE = secrets.token_urlsafe(64)
BONS = {"SECRET_KEY": CLE, "ALLOWED_HOSTS": "contrats.exemple.fr"}


def manage(*arguments, **reglages):
    """`manage.py` dans un processus neuf, sous les réglages de production."""
    base = {c: os.environ[c] for c in ("PATH", "HOME") if c in os.environ}
    return subprocess.run(  # noqa: S603 - arguments écrits ici
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**base, "DJANGO_SETTINGS_MODULE": "config.settings.prod", **reglages},
        capture_output=True,
        text=True,
        check=False,
    )


def test_bien_reglee_elle_passe_les_controles_de_deploiement_sans_avertissement(tmp_path):
    resultat = manage("check", "--deploy", "--fail-level", "WARNING", DONNEES=str(tmp_path), **BONS)
    assert resultat.returncode == 0, resultat.stderr
    assert resultat.stdout == "System check identified no issues (0 silenced).\n"


EN_TETES = """
import json
from django.conf import settings
from django.test import Client, override_settings
simples = {**settings.STORAGES, "staticfiles": {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
hote = {"SERVER_NAME": settings.ALLOWED_HOSTS[0]}
with override_settings(STORAGES=simples):
    page = Client().get("/connexion/", secure=True, **hote)
    renvoi = Client().get("/connexion/", **hote)
print(json.dumps({
    "en_tetes": dict(page.headers),
    "csrf": dict(page.cookies["__Host-csrf"]),
    "renvoi": [renvoi.status_code, renvoi["Location"]],
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
        settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
        settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH],
}))
"""


def test_la_page_de_connexion_porte_en_tetes_et_biscuits_durcis(tmp_path):
    """A5-A6 de la spécification : HTTPS pour deux ans, biscuits `__Host-`, rien en ligne."""
    resultat = manage("shell", "-v", "0", "-c", EN_TETES, DONNEES=str(tmp_path), **BONS)
    assert resultat.returncode == 0, resultat.stderr
    lu = json.loads(resultat.stdout.splitlines()[-1])
    hsts = lu["en_tetes"]["Strict-Transport-Security"]
    assert hsts == "max-age=63072000; includeSubDomains; preload"
    assert "default-src 'none'" in lu["en_tetes"]["Content-Security-Policy"]
    assert lu["en_tetes"]["Cross-Origin-Opener-Policy"] == "same-origin"
    assert lu["renvoi"] == [301, "https://contrats.exemple.fr/connexion/"]
    csrf = lu["csrf"]
    assert (csrf["secure"], csrf["httponly"], csrf["samesite"]) == (True, True, "Lax")
    assert (csrf["domain"], csrf["path"]) == ("", "/")  # ce qu'exige `__Host-`
    assert lu["session"] == ["__Host-session", True, True, "Lax", None, "/"]


def test_mal_reglee_elle_ne_demarre_pas_et_dit_tout_ce_qui_manque():
    resultat = manage("check", DEMONSTRATION="1", DEBUG="true")
    assert resultat.returncode != 0
    for mot in ("SECRET_KEY", "ALLOWED_HOSTS", "DEMONSTRATION", "DEBUG"):
        assert mot in resultat.stderr
    assert "Traceback" not in resultat.stderr


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY est absente"),
        ({"SECRET_KEY": "x" * 49}, "trop faible"),
        ({"SECRET_KEY": "x" * 80}, "trop faible"),
        (
            {"SECRET_KEY": "cle-de-demonstration-sans-valeur-jamais-admise-en-production"},
            "clé de démonstration",
        ),
        ({"SECRET_KEY": f"django-insecure-{CLE}"}, "clé de démonstration"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS est vide"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS est vide"),
        ({"ALLOWED_HOSTS": "exemple.fr,*"}, "n'importe quel nom"),
        ({"DEMONSTRATION": "True"}, "DEMONSTRATION est active"),
        ({"DEBUG": "1"}, "DEBUG est actif"),
    ],
)
def test_chaque_reglage_faible_a_sa_phrase(change, phrase):
    [constat] = fautes(BONS | change)
    assert phrase in constat


def test_de_bons_reglages_ne_font_aucune_phrase():
    assert fautes(BONS | {"DEBUG": "false", "DEMONSTRATION": "0"}) == []


def test_la_cle_de_demonstration_du_depot_est_refusee():
    from config.settings import dev, test

    for reglages in (dev, test):
        assert any("démonstration" in f for f in fautes(BONS | {"SECRET_KEY": reglages.SECRET_KEY}))


def test_le_journal_est_une_ligne_json_sans_secret():
    try:
        raise ValueError("refus\nligne forgée")
    except ValueError:
        erreur = sys.exc_info()
    evenement = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "Erreur : %s", ("/a\n{}",), erreur
    )
    evenement.request = {"mot_de_passe": "secret-tres-secret"}
    ligne = FormateurJson().format(evenement)
    assert "\n" not in ligne
    assert "secret-tres-secret" not in ligne
    contenu = json.loads(ligne)
    assert (contenu["niveau"], contenu["message"]) == ("ERROR", "Erreur : /a\n{}")
    assert "ValueError" in contenu["erreur"]
