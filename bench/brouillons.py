"""Preuve des brouillons : gardés en désordre, par plusieurs pages à la fois, sans rien perdre.

    python -m bench.brouillons [--pages 8] [--envois 1000]

Un vrai serveur, une base jetable (`bench.concurrence`). Chaque processus est une page ouverte
sur la même fiche (deux pages par personne) ; elle tape un mot à la fois et envoie son brouillon par
trois fils qui se doublent ; une page sur quatre enregistre de temps en temps, en même temps. `lost`
compte les mots envoyés que ni la fiche, ni l'historique, ni les brouillons n'ont ; `overwritten`,
les pages dont un envoi plus ancien a remplacé le dernier.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.client import Client
from bench.concurrence import CHAMP, MOT_DE_PASSE, base_jetable, preparer, recueillir, serveur
from bench.ecriture import traces
from bench.formulaire import avec, lire_formulaire

FILS = 3  # envois d'une même page en route en même temps
PAS = 25  # une page qui enregistre le fait tous les tant d'envois


def page(port: int, chemin: str, rang: int, nombre: int, file: Any) -> None:
    """Une page : tape `nombre` mots, envoie chaque fois tout ce qu'elle porte."""
    client, alea = Client(port), random.Random(rang)
    client.connecter(f"agent{rang // 2}@exemple.invalid", MOT_DE_PASSE)
    champs = lire_formulaire(client.demander("GET", chemin)[1], "fiche")
    identifiant, mots = dict(champs)["page"], []

    def envoyer(suite: str, attente: float, corps: list[tuple[str, str]]) -> tuple[int, str]:
        time.sleep(attente)  # le réseau : un envoi en double un autre
        return client.demander("POST", chemin + suite, corps)

    with ThreadPoolExecutor(FILS) as fils:
        envois = []
        for ordre in range(1, nombre + 1):
            mots.append(f"p{rang}m{ordre}x")
            corps = avec(champs, **{CHAMP: " ".join(mots), "ordre": str(ordre)})
            suite, geste = "brouillon/", ("script", "1")
            if rang % 4 == 0 and ordre % PAS == 0:
                suite, geste = "", ("geste", "enregistrer")
            corps = [*corps, ("script", "1")] if suite == "" else corps
            envois.append(
                (suite, fils.submit(envoyer, suite, alea.uniform(0, 0.1), [*corps, geste]))
            )
            time.sleep(alea.uniform(0, 0.05))
        reponses = [(suite, *envoi.result()) for suite, envoi in envois]
    file.put((rang, identifiant, mots, reponses))


def bilan(fiche: Any, rendus: list[Any]) -> int:
    """Imprime les nombres de la preuve ; rend celui des fautes."""
    from edition.models import Brouillon

    reste = traces(fiche)
    perdus, ecrases, tardifs, gardes, enregistres, autres = 0, 0, 0, 0, 0, []
    for rang, identifiant, mots, reponses in rendus:
        perdus += sum(mot not in reste for mot in mots)
        brouillon = Brouillon.objects.get(page=identifiant)
        ecrases += brouillon.ordre != len(mots)
        if rang % 4:
            ecrases += " ".join(mots).replace(" ", "+") not in brouillon.contenu.replace(" ", "+")
        for suite, statut, corps in reponses:
            if suite == "" and statut in (302, 409):
                enregistres += statut == 302
            elif suite and statut == 200:
                gardes += '"garde": true' in corps
                tardifs += '"garde": false' in corps
            else:
                autres.append((suite, statut, corps[:300]))
    print(f"lost={perdus} overwritten={ecrases} kept={gardes} late={tardifs}", end=" ")
    print(f"saves={enregistres} others={len(autres)}")
    for autre in autres[:3]:
        print(f"  {autre}")
    return perdus + ecrases + len(autres)


def main() -> None:
    """Code de retour 1 si un mot s'est perdu."""
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("--pages", type=int, default=8)
    lecteur.add_argument("--envois", type=int, default=1000)
    options = lecteur.parse_args()
    # Interrompue, la preuve efface aussi ce qu'elle a créé.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Preuve interrompue."))
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        os.environ |= {
            "DATABASE_URL": base,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DONNEES": nom,
        }
        fiche = preparer((options.pages + 1) // 2)
        from django.db import connections

        print(f"moteur : {connections['default'].vendor}, {options.pages} pages")
        connections.close_all()
        contexte, debut = get_context("spawn"), time.monotonic()
        file, chemin = contexte.Queue(), f"/atelier/fiches/{fiche.public_id}/"
        par_page = options.envois // options.pages
        with serveur(Path(nom), ouvriers=2) as (port, _):
            membres = [
                contexte.Process(target=page, args=(port, chemin, rang, par_page, file))
                for rang in range(options.pages)
            ]
            for membre in membres:
                membre.start()
            rendus = recueillir(file, membres)
        fautes = bilan(fiche, rendus)
        print(f"  envois={par_page * options.pages} durée={time.monotonic() - debut:.0f} s")
    sys.exit(1 if fautes else 0)


if __name__ == "__main__":
    main()
