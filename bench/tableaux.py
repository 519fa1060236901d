"""Preuve : chaque chiffre est celui du SQL, et le passé se relit tel qu'il fut enregistré.

    python -m bench.tableaux [--tirages 1000] [--histoires 200] [--depart 0]

Sur une base jetable (SQLite en fichier, ou PostgreSQL si DATABASE_URL le dit). Chaque tirage sème
deux contrats et leurs indicateurs, compare au SQL tous les chiffres des cinq tableaux (contrat,
programme, territoire, organisme, instance) et de chaque indicateur, puis s'annule. Chaque
histoire écrit pendant des mois par les portes de tout le monde, enregistre le tableau de chaque
jour, et le relit à la fin. La suite en joue quelques-uns (`tests/tableaux/test_chiffres.py`).
"""

import argparse
import datetime
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.concurrence import base_jetable, migrer


def dire_ou_l_on_en_est(faits: int, sur: int, fautes: int) -> None:
    """Sur l'erreur standard : coupée, une longue preuve dit encore jusqu'où elle a tenu."""
    if faits % 20 == 0:
        print(f"{faits}/{sur} fautes={fautes}", file=sys.stderr, flush=True)


def comparer(tirages: int, depart: int) -> int:
    """Différences entre les tableaux, les indicateurs et le SQL, sur tous les tirages."""
    from django.db import transaction

    from tests.tableaux.tirage import tirer

    fautes, compares = [], 0
    for graine in range(depart, depart + tirages):
        with transaction.atomic():
            tirage = tirer(graine)
            compares += tirage.compares
            fautes += tirage.fautes
            transaction.set_rollback(True)
        dire_ou_l_on_en_est(graine - depart + 1, tirages, len(fautes))
    for faute in fautes[:20]:
        print(faute)
    print(
        f"tirages={tirages} depart={depart} chiffres={compares} mismatch={len(fautes)}", flush=True
    )
    return len(fautes)


def raconter(histoires: int, depart: int) -> int:
    """Tableaux relus au passé qui diffèrent de celui enregistré ce jour-là."""
    from django.db import transaction
    from django.utils import timezone

    from tests.comptes.factories import UtilisateurFactory
    from tests.tableaux.histoires import Horloge, photographie
    from tests.tableaux.monde import JOUR, contrat_au_hasard, geste

    faux, relus = 0, 0
    for graine in range(depart, depart + histoires):
        hasard = random.Random(graine)
        with transaction.atomic(), Horloge() as horloge:
            agent = UtilisateurFactory(administrateur=True)
            contrat = contrat_au_hasard(hasard, horloge.jour)
            contrat.garder_version(par=None)
            enregistres: dict[datetime.date, Any] = {}
            for _ in range(8):
                for _ in range(hasard.randint(0, 4)):
                    geste(hasard, contrat, agent)
                enregistres[timezone.localdate()] = photographie(contrat, agent)
                horloge.avancer(hasard.randint(1, 40) * JOUR)
            for jour, attendu in enregistres.items():
                relus += 1
                faux += photographie(contrat, agent, jour) != attendu
            transaction.set_rollback(True)
        dire_ou_l_on_en_est(graine - depart + 1, histoires, faux)
    print(f"histoires={histoires} depart={depart} relus={relus} different={faux}")
    return faux


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tirages", type=int, default=1000)
    options.add_argument("--histoires", type=int, default=200)
    options.add_argument("--depart", type=int, default=0, help="première graine")
    demande = options.parse_args()
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        os.environ |= {
            "DATABASE_URL": base,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DONNEES": nom,
        }
        import django

        django.setup()
        migrer()
        fautes = comparer(demande.tirages, demande.depart)
        fautes += raconter(demande.histoires, demande.depart)
        sys.exit(1 if fautes else 0)


if __name__ == "__main__":
    main()
