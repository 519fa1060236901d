"""Preuve par l'écran : des processus modifient une même fiche, aucun enregistrement ne se perd.

    python -m bench.concurrence [--processus 8] [--enregistrements 1000] [--kills 100]

Un vrai serveur (gunicorn) sur une base jetable : un fichier SQLite, ou une base PostgreSQL créée à
côté de celle de DATABASE_URL puis supprimée. Chaque processus lit la page, remplit le formulaire
HTML et l'envoie ; sur 409, il relit et recommence. `lost` compte les enregistrements acceptés que
l'historique n'a pas ; `half`, les traces d'un enregistrement à moitié écrit après des `kill -9`.
"""

import argparse
import contextlib
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.client import Client

RACINE = Path(__file__).resolve().parent.parent
MOT_DE_PASSE = "preuve-de-concurrence"
CHAMP = "s-contexte-texte"
MODELE = "BASE_MODELE"  # variable d'environnement : l'adresse d'une base migrée, à copier
ATTENTE = 60  # secondes laissées au serveur pour démarrer
MUET_MAX = 300  # échanges sans réponse, de suite, avant d'abandonner


@contextlib.contextmanager
def base_jetable(dossier: Path) -> Iterator[str]:
    """Adresse d'une base, supprimée à la fin ; le même moteur que DATABASE_URL.

    Vide, ou copie de la base migrée que nomme l'environnement (`tests/base_modele.py`).
    """
    voulue, modele = os.environ.get("DATABASE_URL", ""), os.environ.get(MODELE, "")
    if not voulue.startswith("postgres"):
        if modele.startswith("sqlite"):
            shutil.copyfile(modele.removeprefix("sqlite:///"), dossier / "preuve.sqlite3")
        yield f"sqlite:///{dossier / 'preuve.sqlite3'}"
        return
    import psycopg2

    nom = f"preuve_{uuid.uuid4().hex[:12]}"
    connexion = psycopg2.connect(voulue)
    connexion.autocommit = True
    with connexion.cursor() as curseur:
        copie = f' TEMPLATE "{modele.rpartition("/")[2]}"' if modele.startswith("postgres") else ""
        curseur.execute(f'CREATE DATABASE "{nom}"{copie}')
    try:
        yield f"{voulue.rpartition('/')[0]}/{nom}"
    finally:
        from django.db import connections

        connections.close_all()
        with connexion.cursor() as curseur:
            curseur.execute(f'DROP DATABASE "{nom}" WITH (FORCE)')
        connexion.close()


def migrer() -> None:
    """Migre la base réglée, sauf copie d'une base qui l'est déjà."""
    from django.core.management import call_command

    if MODELE not in os.environ:
        call_command("migrate", verbosity=0)


def preparer(nb_agents: int) -> Any:
    """Migre la base et y met une fiche de deux sections et ses agents ; rend la fiche."""
    import django

    django.setup()
    from comptes.models import Utilisateur
    from contrats.contenu.ecriture import enregistrer
    from contrats.contenu.forme import ContenuFiche, action_vide, section_vide
    from contrats.models import Contrat, Fiche, ModeleFiche

    migrer()
    modele = ModeleFiche.objects.create(cle="preuve", nom="Preuve", type_contrat="reciprocite")
    modele.sections.create(cle="contexte", ordre=1, libelle="Contexte", nature="texte")
    modele.sections.create(
        cle="court", ordre=2, libelle="Actions", nature="actions", horizon="court"
    )
    contrat = Contrat.objects.create(
        slug="preuve", type="reciprocite", intitule="Preuve", intitule_court="Preuve"
    )
    fiche = Fiche.objects.create(
        contrat=contrat, modele=modele, cle="preuve", ordre=1, titre="Preuve", version=0
    )
    contexte, court = section_vide("contexte", "Contexte"), section_vide("court", "Actions")
    court["actions"] = [{**action_vide(), "intitule": f"Action {rang}"} for rang in (1, 2)]
    contenu = ContenuFiche(
        titre="Preuve", numero="", numero_deduit=False, note_titre="", axe=None,
        sections=[contexte, court],
    )  # fmt: skip
    enregistrer(fiche, contenu, version=0, par=None)
    for rang in range(nb_agents):
        agent = Utilisateur.objects.create_user(f"agent{rang}@exemple.invalid", MOT_DE_PASSE)
        agent.habilitations.create(contrat=contrat, role="redaction")
    return fiche


@contextlib.contextmanager
def serveur(dossier: Path, ouvriers: int) -> Iterator[tuple[int, subprocess.Popen]]:
    """Gunicorn sur un port libre : (port, processus maître) ; arrêté à la fin."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    journal = (dossier / "gunicorn.log").open("w")
    commande = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    # Préchargé : un ouvrier tué est remplacé aussitôt, les `kill` tombent pendant le travail.
    commande += ["--workers", str(ouvriers), "--preload", "--timeout", "120"]
    commande += ["--no-control-socket"]
    maitre = subprocess.Popen(commande, cwd=RACINE, stdout=journal, stderr=journal)  # noqa: S603 : notre commande
    try:
        limite = time.monotonic() + ATTENTE
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            if time.monotonic() > limite or maitre.poll() is not None:
                sys.exit(f"Gunicorn ne démarre pas : {(dossier / 'gunicorn.log').read_text()}")
            time.sleep(0.1)
        yield port, maitre
    finally:
        maitre.terminate()
        maitre.wait(timeout=120)
        journal.close()


def agent(port: int, chemin: str, rang: int, nombre: int, arret: Any, file: Any) -> None:
    """Un agent : enregistre `nombre` textes, ou jusqu'à l'arrêt ; rend ceux qui sont acceptés."""
    client, acceptes, conflits, autres, muet = Client(port), [], 0, 0, 0
    alea = random.Random(rang)
    while not client.est_connecte:
        with contextlib.suppress(OSError):  # l'ouvrier a pu être tué à cet instant
            client.connecter(f"agent{rang}@exemple.invalid", MOT_DE_PASSE)
    while len(acceptes) < nombre and not arret.is_set():
        texte = f"agent-{rang}-{len(acceptes)}-{uuid.uuid4().hex[:8]}"
        try:
            statut = client.modifier(chemin, CHAMP, texte)
        except OSError:  # serveur tué pendant l'échange : le sort de ce texte est inconnu
            autres, muet = autres + 1, muet + 1
            if muet > MUET_MAX:
                raise RuntimeError("Le serveur ne répond plus.") from None
            time.sleep(0.1)
            continue
        muet = 0
        if statut == 302:
            acceptes.append(texte)
        elif statut == 409:
            conflits += 1
            time.sleep(alea.uniform(0, 0.5))  # comme deux personnes qui ne se pressent pas
        else:
            autres += 1
    file.put((acceptes, conflits, autres))


def recueillir(file: Any, membres: list[Any], arret: Any = None) -> list[Any]:
    """Ce que rend chaque processus ; si l'un s'arrête sur une erreur, les autres avec lui."""
    resultats: list[Any] = []
    while len(resultats) < len(membres):
        try:
            resultats.append(file.get(timeout=5))
        except queue.Empty:
            if any(membre.exitcode for membre in membres):
                if arret is not None:
                    arret.set()
                for membre in membres:
                    membre.terminate()
                sys.exit("Un agent s'est arrêté sur une erreur : voyez ci-dessus.")
    for membre in membres:
        membre.join()
    return resultats


class Equipe:
    """Les agents, chacun dans son processus."""

    def __init__(self, port: int, fiche: Any, processus: int, nombre: int) -> None:
        contexte = get_context("spawn")
        self.file, self.arret = contexte.Queue(), contexte.Event()
        chemin = f"/atelier/fiches/{fiche.public_id}/"
        self.membres = [
            contexte.Process(target=agent, args=(port, chemin, r, nombre, self.arret, self.file))
            for r in range(processus)
        ]
        for membre in self.membres:
            membre.start()

    def finir(self) -> tuple[list[str], int, int]:
        """Attend la fin : textes acceptés, nombre de 409, nombre d'autres réponses."""
        resultats = recueillir(self.file, self.membres, self.arret)
        acceptes = [texte for textes, _, _ in resultats for texte in textes]
        return acceptes, sum(r[1] for r in resultats), sum(r[2] for r in resultats)


def historique(fiche: Any) -> tuple[list[int], set[str]]:
    """Numéros et textes des versions gardées, la première exceptée."""
    versions = list(fiche.versions.filter(numero__gt=1).order_by("numero"))
    textes = {v.instantane["sections"][0]["texte"] for v in versions}
    return [v.numero for v in versions], textes


def traces_partielles(fiche: Any, numeros: list[int]) -> int:
    """Versions manquantes, et fiche différente de sa dernière version."""
    from contrats.contenu.lecture import lire

    fiche.refresh_from_db()
    trous = len(set(range(2, fiche.version + 1)) ^ set(numeros))
    derniere = fiche.versions.order_by("-numero").first()
    return trous + (derniere.numero != fiche.version) + (derniere.instantane != lire(fiche))


def prouver_concurrence(fiche: Any, port: int, processus: int, nombre: int) -> bool:
    debut = time.monotonic()
    acceptes, conflits, autres = Equipe(port, fiche, processus, nombre // processus).finir()
    duree = time.monotonic() - debut
    numeros, textes = historique(fiche)
    perdus = len(set(acceptes) - textes) + traces_partielles(fiche, numeros)
    print(f"lost={perdus} accepted={len(acceptes)} versions={len(numeros)}")
    print(f"  conflits={conflits} autres={autres} durée={duree:.0f} s")
    return perdus == 0 and autres == 0 and len(acceptes) == len(numeros) == nombre


def prouver_kill(
    fiche: Any, port: int, maitre: subprocess.Popen, processus: int, kills: int
) -> bool:
    """Tue des ouvriers du serveur pendant que les agents enregistrent."""
    avant = len(historique(fiche)[0])
    equipe, faits, alea = Equipe(port, fiche, processus, sys.maxsize), 0, random.Random(7)
    while len(historique(fiche)[0]) == avant:  # les agents sont connectés et enregistrent
        time.sleep(0.2)
    while faits < kills:
        time.sleep(alea.uniform(0.1, 0.8))
        if maitre.poll() is not None:
            equipe.arret.set()
            sys.exit("Le serveur s'est arrêté de lui-même : preuve abandonnée.")
        enfants = Path(f"/proc/{maitre.pid}/task/{maitre.pid}/children").read_text().split()
        if enfants:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(alea.choice(enfants)), signal.SIGKILL)
                faits += 1
    equipe.arret.set()
    acceptes, conflits, inconnus = equipe.finir()
    numeros, textes = historique(fiche)
    partielles, perdus = traces_partielles(fiche, numeros), len(set(acceptes) - textes)
    print(f"kills={faits} half={partielles} lost_ack={perdus}")
    print(f"  acceptés={len(acceptes)} conflits={conflits} sans réponse={inconnus}", end=" ")
    print(f"versions={len(numeros) - avant}")
    return partielles == 0 and perdus == 0


def main() -> None:
    """Lance les deux preuves ; code de retour 1 si l'une échoue."""
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("--processus", type=int, default=8)
    lecteur.add_argument("--enregistrements", type=int, default=1000)
    lecteur.add_argument("--kills", type=int, default=100)
    options = lecteur.parse_args()
    # Interrompue, la preuve efface aussi ce qu'elle a créé.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Preuve interrompue."))
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        os.environ |= {
            "DATABASE_URL": base,
            # Réglages des tests : fichiers statiques servis sans collecte préalable.
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DONNEES": nom,
        }
        fiche = preparer(options.processus)
        from django.db import connections

        print(f"moteur : {connections['default'].vendor}, {options.processus} processus")
        with serveur(Path(nom), ouvriers=2) as (port, maitre):
            reussi = prouver_concurrence(fiche, port, options.processus, options.enregistrements)
            if options.kills:
                reussi &= prouver_kill(fiche, port, maitre, options.processus, options.kills)
    sys.exit(0 if reussi else 1)


if __name__ == "__main__":
    main()
