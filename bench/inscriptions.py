"""Preuve : à deux cents à la fois pour vingt places, vingt ont une place et les autres attendent.

    python -m bench.inscriptions [--personnes 200] [--places 20]

Un vrai serveur et une base jetable, comme `bench.concurrence`. Chacun ouvre le formulaire, puis
tous l'envoient au même instant. Ensuite la même place est rendue par huit appuis simultanés sur
le même lien : une seule personne doit être promue, la première de la liste.
"""

import argparse
import os
import re
import sys
import tempfile
import threading
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.client import DELAI
from bench.concurrence import base_jetable, migrer, serveur

CHEMIN = "/sessions/preuve/inscription/"
JETON = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
APPUIS = 8


def preparer(places: int) -> Any:
    import django

    django.setup()
    import datetime

    from gouvernance.models import Session

    migrer()
    jour = datetime.date.today() + datetime.timedelta(days=60)  # noqa: DTZ011 : l'horloge locale
    return Session.objects.create(
        slug="preuve",
        intitule="Preuve",
        le=jour,
        cloture_le=jour - datetime.timedelta(days=5),
        debut=datetime.time(9),
        fin=datetime.time(17),
        lieu="Ici",
        capacite=places,
        statut="publiee",
    )


def demander(
    port: int, methode: str, chemin: str, corps: str = "", biscuit: str = "", lieu: str = "10.1.0.1"
) -> Any:
    lien = HTTPConnection("127.0.0.1", port, timeout=DELAI)
    try:
        entetes = {"Cookie": biscuit, "Content-Type": "application/x-www-form-urlencoded"}
        entetes["X-Forwarded-For"] = lieu
        lien.request(methode, chemin, corps, entetes)
        reponse = lien.getresponse()
        return reponse.status, reponse.headers, reponse.read().decode()
    finally:
        lien.close()


def personne(port: int, rang: int, depart: threading.Barrier, statuts: list[Any]) -> None:
    """Ouvre le formulaire, attend les autres, l'envoie."""
    try:
        lieu = f"10.0.{rang // 250}.{rang % 250}"  # la limite de débit vaut : chacun chez soi
        _, entetes, page = demander(port, "GET", CHEMIN)
        biscuit = entetes["Set-Cookie"].partition(";")[0]
        champs = {"prenom": "P", "nom": f"N{rang}", "email": f"p{rang}@exemple.invalid"}
        corps = urlencode({**champs, "csrfmiddlewaretoken": JETON.search(page)[1]})  # type: ignore[index]
        depart.wait(timeout=DELAI)
        statuts[rang], _, _ = demander(port, "POST", CHEMIN, corps, biscuit, lieu)
    except (OSError, threading.BrokenBarrierError) as erreur:
        statuts[rang] = repr(erreur)


def ensemble(cible: Any, arguments: list[tuple[Any, ...]]) -> None:
    fils = [threading.Thread(target=cible, args=a) for a in arguments]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()


def verifier(session: Any, personnes: int, places: int) -> list[str]:
    """Les écarts à ce qui est promis ; vide si tout est tenu."""
    rangs = {etat: [] for etat in ("inscrite", "en_attente", "annulee")}
    for rang, etat in session.inscriptions.order_by("rang").values_list("rang", "etat"):
        rangs[etat].append(rang)
    ecarts = []
    if rangs["inscrite"] != list(range(1, places + 1)):
        ecarts.append(f"inscrites : {rangs['inscrite']}")
    if rangs["en_attente"] != list(range(places + 1, personnes + 1)):
        ecarts.append(f"en attente : {len(rangs['en_attente'])}")
    return ecarts


def annuler(session: Any, port: int, places: int) -> list[str]:
    """Huit appuis simultanés sur le même lien ne rendent qu'une place."""
    from gouvernance.liens import jeton_de

    premiere = session.inscriptions.get(rang=1)
    chemin = f"/inscriptions/{jeton_de(premiere)}/"
    ensemble(demander, [(port, "POST", chemin)] * APPUIS)
    promues = list(session.inscriptions.exclude(promue_le=None).values_list("rang", flat=True))
    inscrites = session.inscriptions.filter(etat="inscrite").count()
    if promues != [places + 1] or inscrites != places:
        return [f"promues : {promues}, inscrites : {inscrites}"]
    return []


def main() -> int:
    lire = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lire.add_argument("--personnes", type=int, default=200)
    lire.add_argument("--places", type=int, default=20)
    options = lire.parse_args()
    with tempfile.TemporaryDirectory() as temporaire:
        dossier = Path(temporaire)
        with base_jetable(dossier) as adresse:
            os.environ |= {
                "DATABASE_URL": adresse,
                "DJANGO_SETTINGS_MODULE": "config.settings.dev",
                "DEMONSTRATION": "1",
                "MANDATAIRES": "1",
            }
            session = preparer(options.places)
            with serveur(dossier, ouvriers=4) as (port, _):
                return jouer(session, port, options.personnes, options.places)


def jouer(session: Any, port: int, personnes: int, places: int) -> int:
    statuts: list[Any] = [None] * personnes
    depart = threading.Barrier(personnes)
    ensemble(personne, [(port, rang, depart, statuts) for rang in range(personnes)])
    recues = sum(statut == 302 for statut in statuts)
    ecarts = verifier(session, personnes, places)
    inscrites = session.inscriptions.filter(etat="inscrite").count()
    promotion = annuler(session, port, places)
    print(
        f"personnes={personnes} recues={recues} inscrites={inscrites} "
        f"ecarts={len(ecarts)} promues={session.inscriptions.exclude(promue_le=None).count()}"
    )
    for ecart in [*ecarts, *promotion, *{str(s) for s in statuts if s != 302}]:
        print(ecart, file=sys.stderr)
    return int(bool(ecarts or promotion or recues != personnes))


if __name__ == "__main__":
    sys.exit(main())
