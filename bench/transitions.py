"""Preuve : de plusieurs transitions simultanées d'un même objet, exactement une gagne.

    python -m bench.transitions [--objet fiche|action|contrat] [--processus 4] [--essais 50]

Des processus, chacun sa connexion, sur une base jetable (SQLite en fichier, ou PostgreSQL si
DATABASE_URL le dit), pour chaque genre d'objet, ou celui qu'on demande. À chaque essai tous lisent
le même objet, s'attendent, puis lui font franchir l'une ou l'autre de deux transitions. `wins`
compte les essais qui n'ont qu'un gagnant, un passage au journal et une version.
"""

import argparse
import os
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.concurrence import base_jetable, preparer, recueillir

OBJETS = ("fiche", "action", "contrat")
DEPARTS = {"fiche": "en_relecture", "action": "a_lancer", "contrat": "en_relecture"}


def lire(genre: str) -> Any:
    """L'objet disputé, tel qu'il est en base."""
    from contrats.models import Action, Contrat, Fiche

    if genre == "contrat":
        return Contrat.objects.get()
    if genre == "fiche":
        return Fiche.objects.select_related("contrat", "axe").get()
    return Action.objects.select_related("contrat").order_by("pk").first()


def franchir(objet: Any, rang: int, par: Any) -> None:
    """Un processus sur deux tente l'une des deux transitions que l'état permet."""
    from contrats import transitions
    from contrats.enums import TransitionAction, TransitionContrat
    from contrats.models import Action, Fiche

    envoi: dict[str, Any] = {"version": objet.version, "par": par}
    if isinstance(objet, Fiche):
        if rang % 2:
            transitions.valider_fiche(objet, **envoi)
        else:
            transitions.renvoyer_fiche(objet, motif="Vu", **envoi)
    elif isinstance(objet, Action):
        vers = TransitionAction.LANCER if rang % 2 else TransitionAction.ABANDONNER
        transitions.suivre_action(objet, vers, motif="Vu", **envoi)
    else:
        vers = TransitionContrat.ADOPTER if rang % 2 else TransitionContrat.RENVOYER
        transitions.conduire_contrat(objet, vers, motif="Vu", **envoi)


def remettre(genre: str, objet: Any) -> None:
    """L'état de départ, pour l'essai suivant, à une version que personne n'a lue."""
    champs = {} if genre == "contrat" else {"motif_statut": ""}
    lignes = type(objet).objects.filter(pk=objet.pk)
    lignes.update(statut=DEPARTS[genre], version=objet.version + 9, **champs)


def processus(genres: list[str], rang: int, essais: int, barriere: Any, file: Any) -> None:
    """Tente une transition à chaque essai, en même temps que les autres ; rend ses issues."""
    import django

    django.setup()
    from django.core.exceptions import PermissionDenied

    from comptes.models import Utilisateur
    from contrats import transitions
    from edition.ecriture import VersionPerimee

    pilote = Utilisateur.objects.get(email="pilote@exemple.invalid")
    issues = []
    for genre in [genre for genre in genres for _ in range(essais)]:
        objet = lire(genre)
        barriere.wait()
        try:
            franchir(objet, rang, pilote)
            issues.append("gagne")
        except (VersionPerimee, transitions.TransitionImpossible):
            issues.append("perd")
        except PermissionDenied:
            issues.append("refus")
        barriere.wait()
        if rang == 0:
            remettre(genre, objet)
        barriere.wait()
    file.put(issues)


def comptes(genre: str) -> tuple[int, int]:
    """Passages au journal de l'objet, et versions gardées ; une action se garde avec sa fiche."""
    objet = lire(genre)
    suivi = objet.fiche if genre == "action" else objet
    return objet.transitions.count(), suivi.versions.count()


def mesurer(genres: list[str], nb: int, essais: int) -> bool:
    """Lance les processus et imprime le bilan ; vrai si chaque essai n'a qu'un gagnant."""
    from django.db import connections

    for genre in genres:
        remettre(genre, lire(genre))
    avant = {genre: comptes(genre) for genre in genres}
    connections.close_all()
    contexte = get_context("spawn")
    barriere, file = contexte.Barrier(nb, timeout=120), contexte.Queue()
    fils = [
        contexte.Process(target=processus, args=(genres, rang, essais, barriere, file))
        for rang in range(nb)
    ]
    for fil in fils:
        fil.start()
    issues = list(zip(*recueillir(file, fils), strict=True))
    reussi, voulu = True, sorted(["gagne", *["perd"] * (nb - 1)])
    for rang, genre in enumerate(genres):
        siennes = issues[rang * essais : (rang + 1) * essais]
        uniques = sum(sorted(essai) == voulu for essai in siennes)
        passages, versions = (n - m for n, m in zip(comptes(genre), avant[genre], strict=True))
        if {"fiche", "action"} <= set(genres) and genre != "contrat":
            versions -= essais  # la fiche et son action ont le même historique
        print(f"{genre} : essais={essais} processus={nb}", end=" ")
        print(f"wins={uniques} journal={passages} versions={versions}")
        reussi &= uniques == passages == versions == essais
    return reussi


def _pilote(contrat: Any) -> None:
    from comptes.models import Utilisateur

    pilote = Utilisateur.objects.create_user("pilote@exemple.invalid")
    pilote.habilitations.create(contrat=contrat, role="pilotage")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--objet", choices=OBJETS)
    options.add_argument("--processus", type=int, default=4)
    options.add_argument("--essais", type=int, default=50)
    demande = options.parse_args()
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        os.environ |= {
            "DATABASE_URL": base,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DONNEES": nom,
        }
        _pilote(preparer(0).contrat)
        from django.db import connections

        print(f"moteur : {connections['default'].vendor}")
        genres = [demande.objet] if demande.objet else list(OBJETS)
        reussi = mesurer(genres, demande.processus, demande.essais)
    sys.exit(0 if reussi else 1)


if __name__ == "__main__":
    main()
