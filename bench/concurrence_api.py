"""Preuve par l'API : des programmes modifient un même objet, aucune modification ne se perd.

    python -m bench.concurrence_api [--processus 8] [--ecritures 1000]

Un vrai serveur et une base jetable, comme `bench.concurrence`. Chaque programme, sous son jeton,
part de ce qu'il a lu et lui ajoute le sien : un jour à l'échéance d'une action, un mot au texte
d'une cellule. Sur 412, il recommence de l'objet que la réponse lui rend. `lost` compte les
écritures acceptées que l'état final, ou l'historique, n'a pas.
"""

import argparse
import datetime
import json
import os
import random
import signal
import sys
import tempfile
import time
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.client import DELAI
from bench.concurrence import base_jetable, migrer, recueillir, serveur

DEPART = datetime.date(2026, 1, 1)


def preparer(processus: int) -> tuple[Any, Any, list[str]]:
    """Une action, une cellule, et un jeton par programme."""
    import django

    django.setup()

    from comptes.models import Utilisateur
    from contrats import jetons
    from contrats.models import Action, Contrat, Fiche, ModeleFiche
    from perr.models import AnnexeTerritoriale, Colonne, Declinaison

    migrer()
    modele = ModeleFiche.objects.create(cle="preuve", nom="Preuve", type_contrat="perr")
    contrat = Contrat.objects.create(
        slug="preuve", type="perr", intitule="Preuve", intitule_court="Preuve"
    )
    fiche = Fiche.objects.create(contrat=contrat, modele=modele, cle="f", ordre=1, titre="Preuve")
    suivie = Action.objects.create(
        contrat=contrat, fiche=fiche, ordre=1, intitule="Suivie", echeance=DEPART
    )
    ligne = Action.objects.create(contrat=contrat, ordre=2, numero="1", intitule="Ligne")
    annexe = AnnexeTerritoriale.objects.create(
        contrat=contrat, cle="a", nom="A", ordre_sommaire=1, ordre_imprime=1
    )
    colonne = Colonne.objects.create(annexe=annexe, cle="c", abrege="C", rang=1, libelle="C")
    cellule = Declinaison.objects.create(
        action=ligne, colonne=colonne, statut="texte", texte="Début"
    )
    textes = []
    for rang in range(processus):
        agent = Utilisateur.objects.create_user(f"agent{rang}@exemple.invalid")
        agent.habilitations.create(contrat=contrat, role="redaction")
        textes.append(jetons.creer(agent, contrat, nom="Preuve", ecriture=True)[1])
    return suivie, cellule, textes


def demander(
    port: int, methode: str, chemin: str, entetes: dict[str, str], corps: Any = None
) -> tuple[int, str, dict[str, Any]]:
    """(statut, étiquette, objet) d'un appel de l'API."""
    lien = HTTPConnection("127.0.0.1", port, timeout=DELAI)
    try:
        envoi = None if corps is None else json.dumps(corps)
        lien.request(methode, chemin, envoi, {"Content-Type": "application/json", **entetes})
        reponse = lien.getresponse()
        return reponse.status, reponse.headers.get("ETag", ""), json.loads(reponse.read())
    finally:
        lien.close()


def un_jour_de_plus(lu: dict[str, Any], mot: str) -> dict[str, Any]:
    jour = datetime.date.fromisoformat(lu["echeance"]) + datetime.timedelta(days=1)
    return {"echeance": jour.isoformat()}


def un_mot_de_plus(lu: dict[str, Any], mot: str) -> dict[str, Any]:
    return {"texte": f"{lu['texte']} {mot}"}


MODIFIER = {"actions": un_jour_de_plus, "declinaisons": un_mot_de_plus}


def programme(
    port: int, ressource: str, cle: str, rang: int, jeton: str, nombre: int, file: Any
) -> None:
    """Un programme : `nombre` modifications acceptées ; rend ses mots, les 412 et le reste."""
    chemin, qui = f"/api/v1/{ressource}/{cle}/", {"Authorization": f"Bearer {jeton}"}
    alea, acceptes, perimes, autres = random.Random(rang), [], 0, []
    _, etiquette, lu = demander(port, "GET", chemin, qui)
    while len(acceptes) < nombre and len(autres) < nombre:
        mot = f"{rang}.{len(acceptes)}"
        entetes = {**qui, "If-Match": etiquette}
        statut, neuve, recu = demander(port, "PATCH", chemin, entetes, MODIFIER[ressource](lu, mot))
        if statut == 200:
            acceptes.append(mot)
            etiquette, lu = neuve, recu
        elif statut == 412:
            perimes += 1
            etiquette, lu = neuve, recu["current"]
            time.sleep(alea.uniform(0, 0.2))
        else:
            autres.append((statut, recu))
    file.put((acceptes, perimes, autres))


def jouer(port: int, ressource: str, objet: Any, jetons: list[str], nombre: int) -> list[str]:
    """Les mots acceptés de tous les programmes ; s'arrête sur toute réponse imprévue."""
    contexte = get_context("spawn")
    file = contexte.Queue()
    debut = time.monotonic()
    membres = [
        contexte.Process(
            target=programme,
            args=(port, ressource, str(objet.public_id), r, jeton, nombre // len(jetons), file),
        )
        for r, jeton in enumerate(jetons)
    ]
    for membre in membres:
        membre.start()
    rendus = recueillir(file, membres)
    autres = [a for _, _, refus in rendus for a in refus]
    print(f"  {ressource} : 412={sum(r[1] for r in rendus)} autres={len(autres)}", end=" ")
    print(f"durée={time.monotonic() - debut:.0f} s")
    if autres:
        sys.exit(f"Réponse imprévue : {autres[0]}")
    return [mot for mots, _, _ in rendus for mot in mots]


def prouver_actions(action: Any, acceptes: list[str]) -> int:
    """Chaque écriture acceptée a avancé l'échéance d'un jour, et gardé une version de la fiche."""
    action.refresh_from_db()
    versions = action.fiche.versions.count()
    perdus = len(acceptes) - (action.echeance - DEPART).days
    print(f"actions lost={perdus} accepted={len(acceptes)} versions={versions}")
    return abs(perdus) + abs(versions - len(acceptes)) + abs(action.version - 1 - len(acceptes))


def prouver_cellules(cellule: Any, acceptes: list[str]) -> int:
    """Le texte final a tous les mots acceptés, une fois ; l'historique, autant de versions."""
    from perr.models import VersionDeclinaison

    cellule.refresh_from_db()
    mots, versions = cellule.texte.split()[1:], VersionDeclinaison.objects.count()
    perdus = len(set(acceptes) - set(mots))
    print(f"declinaisons lost={perdus} accepted={len(acceptes)} versions={versions}")
    return perdus + abs(len(mots) - len(acceptes)) + abs(versions - len(acceptes))


def main() -> None:
    """Prouve pour une action puis pour une cellule ; code de retour 1 si quelque chose se perd."""
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("--processus", type=int, default=8)
    lecteur.add_argument("--ecritures", type=int, default=1000)
    options = lecteur.parse_args()
    # Interrompue, la preuve efface aussi ce qu'elle a créé.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Preuve interrompue."))
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        os.environ |= {
            "DATABASE_URL": base,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DONNEES": nom,
        }
        action, cellule, jetons = preparer(options.processus)
        from django.db import connections

        print(f"moteur : {connections['default'].vendor}, {options.processus} programmes")
        with serveur(Path(nom), ouvriers=2) as (port, _):
            fautes = prouver_actions(
                action, jouer(port, "actions", action, jetons, options.ecritures)
            )
            fautes += prouver_cellules(
                cellule, jouer(port, "declinaisons", cellule, jetons, options.ecritures)
            )
    sys.exit(1 if fautes else 0)


if __name__ == "__main__":
    main()
