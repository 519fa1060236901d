"""Preuve : des changements groupés et des enregistrements de fiche simultanés ne se perdent pas.

    python -m bench.masse [--processus 4] [--actes 200]

La moitié des processus écrit le texte de la fiche par son formulaire ; l'autre change l'échéance de
toutes ses actions d'un coup, par l'aperçu puis l'envoi. Chaque acte accepté doit être dans
l'historique, entier, et n'avoir rien défait de la version d'avant. Base jetable : SQLite, ou
PostgreSQL selon DATABASE_URL.
"""

import argparse
import datetime
import os
import sys
import tempfile
import time
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.concurrence import base_jetable, preparer, recueillir, traces_partielles
from bench.formulaire import avec, lire_formulaire

URLENCODE = "application/x-www-form-urlencoded"
JOUR = datetime.date(2027, 1, 1)


def connecte(rang: int) -> Any:
    """Client de l'agent `rang`, dans ce processus."""
    import django

    django.setup()
    from django.test import Client

    from comptes.models import Utilisateur

    client = Client(SERVER_NAME="localhost")  # les réglages n'admettent pas « testserver »
    client.force_login(Utilisateur.objects.get(email=f"agent{rang}@exemple.invalid"))
    return client


def refus_attendu(reponse: Any) -> bool:
    """Vrai pour un conflit, faux pour un accord ; toute autre réponse arrête la preuve."""
    if reponse.status_code not in (302, 409):
        raise RuntimeError(f"{reponse.status_code} : {reponse.content.decode()[:2000]}")
    return reponse.status_code == 409


def ecrire_la_fiche(rang: int, nombre: int, chemin: str, file: Any) -> None:
    """Enregistre `nombre` textes par la page de la fiche ; rend ceux qui sont acceptés."""
    from urllib.parse import urlencode

    acceptes: list[Any] = []
    client, refus = connecte(rang), 0
    while len(acceptes) < nombre:
        texte = f"agent {rang} texte {len(acceptes)}"
        champs = lire_formulaire(client.get(chemin).content.decode(), "fiche")
        champs = [*avec(champs, **{"s-contexte-texte": texte}), ("geste", "enregistrer")]
        reponse = client.post(chemin, urlencode(champs), content_type=URLENCODE)
        if reponse.status_code == 302:
            acceptes.append(texte)
        refus += refus_attendu(reponse)
    file.put(("textes", acceptes, refus))


def changer_d_un_coup(rang: int, nombre: int, chemin: str, file: Any) -> None:
    """Change `nombre` fois l'échéance de toutes les actions ; rend les lots acceptés."""
    from django.urls import reverse

    acceptes: list[Any] = []
    client, refus = connecte(rang), 0
    changer = reverse("contrats:actions-changer")
    while len(acceptes) < nombre:
        le = (JOUR + datetime.timedelta(days=1000 * rang + len(acceptes))).strftime("%d/%m/%Y")
        champs = {"quoi": "echeance", "echeance-echeance": le}
        apercu = client.get(changer, champs).content.decode()
        reponse = client.post(changer, dict(lire_formulaire(apercu, "changement")))
        if reponse.status_code == 302:
            acceptes.append((reponse.url.split("/")[-2], le))
        refus += refus_attendu(reponse)
    file.put(("lots", acceptes, refus))


def textes_et_echeances(version: Any) -> tuple[str, list[str]]:
    contexte, court = version.instantane["sections"]
    return contexte["texte"], [a["echeance"] for a in court["actions"]]


def pertes(fiche: Any, textes: set[str], lots: dict[str, str]) -> int:
    """Actes acceptés que l'historique n'a pas, ou qui ont défait ce qui les précédait."""
    versions = list(fiche.versions.select_related("lot").order_by("numero"))
    perdus, vus = 0, set()
    for avant, apres in pairwise(versions):
        (texte, jours), (texte_avant, jours_avant) = map(textes_et_echeances, (apres, avant))
        if apres.lot:
            le = datetime.datetime.strptime(lots[str(apres.lot.public_id)], "%d/%m/%Y")  # noqa: DTZ007
            perdus += set(jours) != {le.date().isoformat()} or texte != texte_avant
            vus.add(str(apres.lot.public_id))
        else:
            perdus += jours != jours_avant
            vus.add(texte)
    perdus += len((textes | set(lots)) - vus)
    return perdus + traces_partielles(fiche, [v.numero for v in versions if v.numero > 1])


def main() -> None:
    """Lance les agents ; code de retour 1 si un acte s'est perdu."""
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("--processus", type=int, default=4)
    lecteur.add_argument("--actes", type=int, default=200)
    options = lecteur.parse_args()
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        os.environ |= {
            "DATABASE_URL": base,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DONNEES": nom,
        }
        fiche = preparer(options.processus)
        from django.db import connections

        print(f"moteur : {connections['default'].vendor}, {options.processus} processus")
        connections.close_all()
        contexte, debut = get_context("spawn"), time.monotonic()
        file, chemin = contexte.Queue(), f"/atelier/fiches/{fiche.public_id}/"
        taches = [ecrire_la_fiche, changer_d_un_coup]
        par_agent = options.actes // options.processus
        membres = [
            contexte.Process(target=taches[rang % 2], args=(rang, par_agent, chemin, file))
            for rang in range(options.processus)
        ]
        for membre in membres:
            membre.start()
        rendus = recueillir(file, membres)
        textes = {t for genre, actes, _ in rendus if genre == "textes" for t in actes}
        lots = dict(lot for genre, actes, _ in rendus if genre == "lots" for lot in actes)
        perdus = pertes(fiche, textes, lots)
        refus = sum(r for _, _, r in rendus)
        print(f"lost={perdus} forms={len(textes)} lots={len(lots)} conflicts={refus}")
        print(f"  durée={time.monotonic() - debut:.0f} s")
        reussi = perdus == 0 and len(textes) + len(lots) == par_agent * options.processus
    sys.exit(0 if reussi else 1)


if __name__ == "__main__":
    main()
