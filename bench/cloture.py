"""Preuve : tuée à n'importe quel instant, une séance ne perd rien et ne fait rien à moitié.

    python -m bench.cloture [--kills 40] [--pas 1]

Une base jetable, comme `bench.concurrence`. D'abord, requête par requête : un processus enfant
(`fork`) note une décision, puis un autre clôt la séance, et se tue (`kill -9`) juste avant sa
n-ième requête, pour chaque n, puis juste avant et juste après la validation. Rien ne doit avoir
bougé, ou tout être fait ; la même demande, relancée, finit. Puis par l'écran : des ouvriers de
gunicorn sont tués pendant qu'un agent tape, note et clôt ; ce qui lui a été dit gardé doit y être,
une fois.
"""

import argparse
import datetime
import os
import random
import signal
import sys
import tempfile
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.client import Client
from bench.concurrence import MOT_DE_PASSE, base_jetable, migrer, serveur
from bench.formulaire import avec, lire_formulaire

AGENT = "agent0@exemple.invalid"
TAPE = "Suspendre l'îlot 2, dans l'attente du permis"
PERMIS = 400  # essais avant d'abandonner un échange


def preparer() -> None:
    """Migre la base et y met trois agents."""
    import django

    django.setup()

    from comptes.models import Utilisateur

    migrer()
    for rang in range(3):
        Utilisateur.objects.create_user(f"agent{rang}@exemple.invalid", MOT_DE_PASSE)


def seance_d_un_contrat(slug: str) -> Any:
    """Une séance ouverte, trois actions, deux décisions qui en changent l'état."""
    from comptes.models import Utilisateur
    from contrats.models import Contrat, Fiche, ModeleFiche
    from contrats.versions import versionner

    modele = ModeleFiche.objects.create(cle=slug, nom=slug, type_contrat="reciprocite")
    contrat = Contrat.objects.create(
        slug=slug, type="reciprocite", intitule=slug, intitule_court=slug
    )
    fiche = Fiche.objects.create(contrat=contrat, modele=modele, cle="f", ordre=1, titre="Fiche")
    versionner(fiche, par=None)
    for agent in Utilisateur.objects.all():
        agent.habilitations.create(contrat=contrat, role="pilotage")
    actions = [
        contrat.actions.create(
            fiche=fiche, ordre=n, horizon="court", intitule=f"Îlot {n}", statut="en_cours"
        )
        for n in (1, 2, 3)
    ]
    return ouvrir_une_seance(contrat, actions)


def ouvrir_une_seance(contrat: Any, actions: list[Any]) -> Any:
    from django.utils import timezone

    instance, _ = contrat.instances.get_or_create(
        cle="copil", defaults={"ordre": 1, "nom": "comité de pilotage", "type": "pilotage"}
    )
    seance = instance.seances.create(
        le=timezone.localdate(), statut="ouverte", ouverte_le=timezone.now()
    )
    for rang, action in enumerate(actions, 1):
        seance.points.create(ordre=rang, genre="retard", intitule=action.intitule, action=action)
    plus_tard = timezone.localdate() + datetime.timedelta(days=90)
    effets = [("reporter", actions[0]), ("suspendre", actions[1])]
    for rang, (effet, action) in enumerate(effets, 1):
        seance.decisions.create(
            ordre=rang, texte=f"{effet} {action}", effet=effet, action=action, avant_le=plus_tard
        )
    return seance


# Requête par requête


def photo() -> str:
    """Toute la base, pour dire si quelque chose a bougé."""
    from django.apps import apps

    tables = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
    return repr([sorted(map(repr, m._base_manager.values_list())) for m in tables])


class Faucheuse:
    """Tue le processus juste avant sa n-ième requête."""

    def __init__(self, rang: int) -> None:
        self.rang = rang

    def __call__(self, executer: Any, *reste: Any) -> Any:
        if self.rang == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.rang -= 1
        return executer(*reste)


def tuer_au_commit(*, avant: bool) -> None:
    """Le prochain COMMIT de ce processus le tue, avant ou après s'être fait."""
    from django.db import connection

    valider = connection._commit

    def commit() -> None:
        if not avant:
            valider()
        os.kill(os.getpid(), signal.SIGKILL)

    connection._commit = commit  # type: ignore[method-assign]


def dans_un_enfant(acte: Callable[[], None]) -> int:
    """Joue l'acte dans un vrai processus ; rend son code de sortie (-9 : tué)."""
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        acte()
    except BaseException:  # noqa: BLE001 : l'enfant dit son erreur, et ne remonte jamais ici
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def a_chaque_instant(
    acte: Callable[[], None], est_fait: Callable[[], bool], pas: int
) -> tuple[int, int]:
    """(fois où l'acte a été tué, fois où il avait fait quelque chose sans tout faire)."""
    from django.db import connection

    def tue(rang: int, *, avant_de_valider: bool = False) -> bool:
        """L'acte, tué avant sa requête de ce rang, ou à la validation ; vrai s'il a tout fait."""

        def mourir() -> None:
            connection.ensure_connection()
            tuer_au_commit(avant=avant_de_valider)
            with connection.execute_wrapper(Faucheuse(rang)):
                acte()

        if dans_un_enfant(mourir) != -signal.SIGKILL:
            sys.exit("L'enfant n'est pas mort comme prévu : voyez ci-dessus.")
        return est_fait()

    avant = photo()
    moitie = tue(sys.maxsize, avant_de_valider=True) + (photo() != avant)
    kills, rang = 1, 0
    while not tue(rang):
        moitie += photo() != avant
        kills, rang = kills + 1, rang + pas
    return kills + 1, moitie


def prouver_par_requete(seance: Any, pas: int) -> bool:
    from django.http import QueryDict

    from comptes.models import Utilisateur
    from contrats.transitions import TransitionImpossible
    from gouvernance import transitions
    from gouvernance.models import Seance
    from gouvernance.tenue import Tenue

    jeton, page = uuid.uuid4(), uuid.uuid4()
    saisie = QueryDict(mutable=True)
    saisie.update({"texte": TAPE, "note": "Le préfet demande un calendrier.", "note_lue": ""})
    saisie.update({"jeton": str(jeton), "page": str(page), "ordre": "2"})

    def tenue() -> Any:
        agent = Utilisateur.objects.get(email=AGENT)
        lue = Seance.objects.select_related("instance__contrat").get(pk=seance.pk)
        return Tenue(lue, agent)

    def noter() -> None:
        la = tenue()
        formulaire = la.formulaire(saisie)
        if formulaire.is_valid():
            la.enregistrer(saisie, formulaire)

    def notee() -> bool:
        return seance.decisions.filter(public_id=jeton).exists() and tenue().reprise is None

    tapee = saisie.copy()
    tapee["ordre"] = "1"
    perdus = int(not tenue().garder(tapee))

    def rien_de_perdu() -> bool:
        """Notée, ou encore proposée telle que tapée."""
        nonlocal perdus
        fait = notee()
        perdus += not (fait or tenue().saisie.get("texte") == TAPE)
        return fait

    instants, moitie = a_chaque_instant(noter, rien_de_perdu, pas)
    print(f"noter : kills={instants} half={moitie} lost={perdus}")

    def clore() -> None:
        la = tenue()
        appliquer = {d.pk: d.action.version for d in transitions.decisions_applicables(la.seance)}
        transitions.clore(la.seance, version=la.seance.version, par=la.agent, appliquer=appliquer)

    def close() -> bool:
        return not defauts(seance, 3)

    kills, a_moitie = a_chaque_instant(clore, close, pas)
    apres, encore = photo(), 0
    with suppress(TransitionImpossible):
        clore()
        encore = 1
    encore += photo() != apres
    print(f"clore : kills={kills} half={a_moitie} twice={encore}")
    return not (moitie or perdus or a_moitie or encore)


def defauts(seance: Any, decisions: int) -> list[str]:
    """Ce qui manque à une clôture entière ; vide si tout est fait, une fois."""
    from contrats.models import Action, Transition
    from notifications.models import Notification

    seance.refresh_from_db()
    suivies = seance.decisions.filter(statut="a_faire")
    actions = Action.objects.filter(contrat=seance.contrat)
    etats = sorted(actions.values_list("statut", flat=True))
    vus = {
        "statut": (seance.statut, "close"),
        "état figé": (bool(seance.etat_fige) and seance.etat_fige["total"], len(etats)),
        "versions": (seance.versions.count(), 2),
        "suivies": (suivies.count(), decisions),
        "appliquées": (suivies.exclude(appliquee_le=None).count(), 2),
        "états": (etats, ["en_cours", "reportee", "suspendue"]),
        "passages": (Transition.objects.filter(action__in=actions).count(), 2),
        "prévenus": (Notification.objects.filter(evenement="decision").count(), 2 * decisions),
    }
    return [f"{nom} : {vu}, attendu {voulu}" for nom, (vu, voulu) in vus.items() if vu != voulu]


# Par l'écran


class Agent:
    """Un agent devant l'écran de séance, dont le serveur meurt sans cesse ; il réessaie."""

    def __init__(self, port: int, seance: Any) -> None:
        self.client = Client(port)
        self.chemin = f"/seances/{seance.public_id}"
        self.sans_reponse = 0
        while not self.client.est_connecte:
            with suppress(OSError):
                self.client.connecter(AGENT, MOT_DE_PASSE)

    def demander(self, methode: str, chemin: str, champs: Any = None) -> tuple[int, str]:
        """La même demande jusqu'à une réponse : c'est ce que fait quelqu'un qui appuie encore."""
        for _ in range(PERMIS):
            with suppress(OSError):
                return self.client.demander(methode, f"{self.chemin}{chemin}", champs)
            self.sans_reponse += 1
            time.sleep(0.05)
        sys.exit("Le serveur ne répond plus.")

    def decider(self, texte: str) -> int:
        """Tape, quitte la page sans envoyer, la rouvre, note ; rend 1 si le texte s'était perdu."""
        _, page = self.demander("GET", "/tenir/")
        champs = avec(lire_formulaire(page, "saisie"), texte=texte, ordre="1000")
        garde, _ = self.demander("POST", "/brouillon/", champs)
        _, page = self.demander("GET", "/tenir/")
        repris = lire_formulaire(page, "saisie")
        perdu = garde == 200 and ("texte", texte) not in repris
        statut, _ = self.demander("POST", "/tenir/", [*repris, ("geste", "noter")])
        return perdu + (statut != 302)

    def clore(self) -> int:
        """Jusqu'à ce que la séance soit close ; rend le nombre d'envois."""
        for envois in range(PERMIS):
            statut, page = self.demander("GET", "/clore/")
            if statut == 302:  # elle ne se clôt plus : elle l'est
                return envois
            self.demander("POST", "/clore/", lire_formulaire(page))
        sys.exit("La séance ne se clôt pas.")


def faucher(maitre: Any, fini: threading.Event, morts: list[int], kills: int) -> None:
    """Tue des ouvriers au hasard jusqu'à la fin du travail."""
    alea = random.Random(7)
    while not fini.is_set() and len(morts) < kills:
        time.sleep(alea.uniform(0.02, 0.3))
        enfants = Path(f"/proc/{maitre.pid}/task/{maitre.pid}/children").read_text().split()
        if enfants:
            with suppress(ProcessLookupError):
                os.kill(int(alea.choice(enfants)), signal.SIGKILL)
                morts.append(1)


def prouver_par_ecran(seance: Any, port: int, maitre: Any, kills: int) -> bool:
    """Un agent tape, note et clôt pendant que l'on tue ; tout y est, une fois."""
    agent, fini, morts, textes, perdus = Agent(port, seance), threading.Event(), [], [], 0
    fil = threading.Thread(target=faucher, args=(maitre, fini, morts, kills))
    fil.start()
    while len(morts) < kills * 3 // 4:
        textes.append(f"Décision {len(textes)}, {uuid.uuid4().hex[:8]}")
        perdus += agent.decider(textes[-1])
    envois = agent.clore()
    fini.set()
    fil.join()
    notees = sorted(seance.decisions.exclude(effet__gt="").values_list("texte", flat=True))
    perdus += len(set(textes) - set(notees))
    doubles = len(notees) - len(set(notees))
    manques = [m for m in defauts(seance, len(textes) + 2) if not m.startswith("prévenus")]
    print(
        f"ecran : kills={len(morts)} decisions={len(textes)} lost={perdus} twice={doubles} "
        f"half={len(manques)} (sans réponse {agent.sans_reponse}, envois de clôture {envois})"
    )
    for manque in manques:
        print(manque, file=sys.stderr)
    return not (perdus or doubles or manques)


def main() -> None:
    """Lance les preuves ; code de retour 1 si l'une échoue."""
    lecteur = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    lecteur.add_argument("--kills", type=int, default=40, help="0 : requête par requête seulement")
    lecteur.add_argument("--pas", type=int, default=1, help="10 : une requête sur dix")
    options = lecteur.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Preuve interrompue."))
    with tempfile.TemporaryDirectory() as nom, base_jetable(Path(nom)) as base:
        os.environ |= {
            "DATABASE_URL": base,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DONNEES": nom,
        }
        preparer()
        from django.db import connections

        print(f"moteur : {connections['default'].vendor}")
        reussi = prouver_par_requete(seance_d_un_contrat("requetes"), options.pas)
        if options.kills:
            seance = seance_d_un_contrat("ecran")
            with serveur(Path(nom), ouvriers=2) as (port, maitre):
                reussi &= prouver_par_ecran(seance, port, maitre, options.kills)
    sys.exit(0 if reussi else 1)


if __name__ == "__main__":
    main()
