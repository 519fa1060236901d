"""Chromium pour les tests : la page, sa console surveillée, axe-core et les captures.

Un test qui demande `page` est marqué `navigateur` tout seul. Il échoue si la page enfreint la
politique de sécurité du contenu, lève une erreur JavaScript ou appelle un autre hôte. Chromium
sans fenêtres, s'il est là : le même moteur, sans l'habillage que personne ne regarde.
"""

import os
import shutil
import threading
from collections import Counter
from pathlib import Path

import axe_playwright_python
import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import expect, sync_playwright

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.navigateur)


@pytest.fixture(scope="session")
def chromium():
    """Un Chromium par processus de test. Absent, la suite échoue : rien n'est sauté."""
    noms = ("chromium-headless-shell", "chromium", "chromium-browser")
    chemin = next(filter(None, map(shutil.which, noms)), None)
    if chemin is None:
        pytest.fail("Chromium manque : lancez « scripts/paquets-systeme navigateur ».")
    # Playwright tient une boucle asynchrone dans ce fil : Django refuserait alors la base.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chemin, args=OPTIONS)
        yield navigateur
        navigateur.close()


@pytest.fixture(scope="session")
def live_server(django_db_setup, live_server):
    """Le serveur de test, démarré après la base : ses fils partagent la connexion en mémoire."""
    return live_server


@pytest.fixture(scope="session")
def requetes_en_cours():
    """Requêtes que le serveur de test traite ; une page fermée n'arrête pas les siennes."""
    en_cours, verrou = Counter(), threading.Condition()

    def compter(de):
        def recevoir(**_):
            if threading.current_thread() is not threading.main_thread():
                with verrou:
                    en_cours["serveur"] += de
                    verrou.notify_all()

        return recevoir

    debut, fin = compter(1), compter(-1)
    request_started.connect(debut)
    request_finished.connect(fin)

    def attendre():
        """Vider la base pendant qu'une requête la lit la bloquerait (PostgreSQL)."""
        with verrou:
            # Borné : une réponse que le navigateur a coupée ne dit pas toujours sa fin.
            verrou.wait_for(lambda: en_cours["serveur"] <= 0, timeout=5)
            en_cours.clear()

    yield attendre
    request_started.disconnect(debut)
    request_finished.disconnect(fin)


@pytest.fixture
def page(chromium, live_server, requetes_en_cours):
    """Onglet de 1280 px sur le serveur de test ; adresses relatives à sa racine."""
    contexte = chromium.new_context(
        base_url=live_server.url, locale="fr-FR", viewport={"width": 1280, "height": 900}
    )
    onglet, fautes = contexte.new_page(), []
    onglet.on("pageerror", lambda erreur: fautes.append(f"JavaScript : {erreur}"))
    onglet.on("console", lambda m: fautes.append(m.text) if "Content Security" in m.text else None)
    onglet.on(
        "request",
        lambda r: (
            fautes.append(f"autre hôte : {r.url}")
            if r.url.startswith("http") and not r.url.startswith(live_server.url)
            else None
        ),
    )
    yield onglet
    contexte.close()
    requetes_en_cours()
    assert not fautes, fautes


@pytest.fixture
def connecter(page, client, live_server):
    """`connecter(utilisateur)` ouvre sa session dans l'onglet, sans passer par le formulaire."""

    def ouvrir(utilisateur):
        client.force_login(utilisateur)
        biscuits = client.cookies.items()
        page.context.add_cookies(
            [{"name": nom, "value": b.value, "url": live_server.url} for nom, b in biscuits]
        )

    return ouvrir


def atteindre(page, cible):
    """Avance par Tab jusqu'à `cible` ; échoue si le clavier seul n'y mène pas."""
    page.wait_for_load_state()
    for _ in range(300):
        if cible.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{cible} ne s'atteint pas au clavier.")


def violations_axe(page, regles=REGLES):
    """Violations relevées par axe-core sur la page ouverte : `[(règle, [éléments])]`."""
    page.wait_for_load_state()
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": regles, "resultTypes": ["violations"]}
    resultat = page.evaluate("options => axe.run(document, options)", options)
    return [(v["id"], [n["target"] for n in v["nodes"]]) for v in resultat["violations"]]
