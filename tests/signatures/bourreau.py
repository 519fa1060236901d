r"""Tue une campagne de signature à chaque ordre SQL de chaque acte : `kill -9`, puis on regarde.

    DONNEES=dossier DJANGO_SETTINGS_MODULE=config.settings.test \
        python -m tests.signatures.bourreau [PAS]

Base SQLite en fichier. Après chaque mort : ni moitié d'acte (l'état est celui d'avant ou celui
d'après, entier), ni signature perdue (journal et pièces concordent), et l'acte se refait. Un ordre
sur PAS est essayé ; 1 les essaie tous. Imprime un JSON par acte.
"""

import json
import os
import shutil
import signal
import sys
from collections import Counter
from pathlib import Path

import django
from django.conf import settings

DOSSIER = Path(os.environ["DONNEES"])
COURANT, PRISTIN = DOSSIER / "courant", DOSSIER / "pristin"
os.environ["DONNEES"] = str(COURANT)


class SansMigrations(dict):
    def __contains__(self, application):
        return True

    def __getitem__(self, application):
        return None


def preparer():
    """Une campagne de quatre signataires, en préparation ; les tâches attendent."""
    COURANT.mkdir(parents=True)
    settings.MIGRATION_MODULES = SansMigrations()
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    settings.DATABASES["default"]["NAME"] = str(COURANT / "base.sqlite3")
    settings.STORAGES["documents"] = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(COURANT / "documents")},
    }
    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    from tests.signatures.factories import campagne_prete

    campagne_prete(nb=4)


def actes():
    """Chaque acte, dans l'ordre d'une campagne qui a de tout."""
    from django.utils import timezone

    from signatures import assemblage, preparation, transitions
    from signatures.enums import GenrePiece, TransitionSignataire
    from signatures.models import CampagneSignature
    from signatures.pieces import Recue
    from tests.signatures.factories import scan

    def campagne():
        lignes = CampagneSignature.objects.select_related("document__contrat", "preparee_par")
        return lignes.get()

    def constater(rang, transition, motif=""):
        def faire():
            c = campagne()
            s = c.signataires.get(rang=rang)
            transitions.constater(s, transition, version=s.version, par=c.preparee_par, motif=motif)

        return faire

    def signer(rang, recue):
        def faire():
            c = campagne()
            s = c.signataires.get(rang=rang)
            jour = timezone.localdate()
            transitions.signer(s, recue, version=s.version, le=jour, par=c.preparee_par)

        return faire

    def lancer():
        c = campagne()
        transitions.lancer(c, par=c.preparee_par)

    def assembler():
        c = campagne()
        assemblage.produire = lambda campagne: b"%PDF-1.7 bordereau"
        assemblage.assembler(c, par=c.preparee_par)

    def relecture():
        c = campagne()
        preparation.renvoyer_en_relecture(c, par=c.preparee_par, motif="L'article 4 change.")

    def pades(rang):
        return Recue(
            GenrePiece.PADES,
            "s.pdf",
            "application/pdf",
            f"%PDF-{rang}".encode(),
            ["Signé."],
            [f"s{rang}"],
        )

    t = TransitionSignataire
    return {
        "lancer": lancer,
        "signer sur papier": signer(1, scan(1)),
        "signer électroniquement": signer(2, pades(2)),
        "refuser": constater(3, t.REFUSER, "Délibération ajournée."),
        "renvoyer après un refus": constater(3, t.RENVOYER),
        "annuler une signature": constater(1, t.ANNULER, "Mauvaise page."),
        "renvoyer après annulation": constater(1, t.RENVOYER),
        "signer de nouveau": signer(1, scan(11)),
        "accepter après refus": signer(3, scan(3)),
        "dernière signature": signer(4, pades(4)),
        "assembler": assembler,
        "renvoyer en relecture": relecture,
    }


def etat():
    """Tout ce que la campagne a écrit, sans les heures."""
    from contrats.models import Contrat
    from courrier.models import Courriel
    from documents.models import Inscription
    from notifications.models import Notification
    from signatures.models import CampagneSignature, Passage, PieceSignee, Signataire

    return json.dumps(
        [
            list(CampagneSignature.objects.values_list("etat", "motif", "assemblage")),
            list(Contrat.objects.values_list("statut", "version")),
            list(Signataire.objects.order_by("rang").values_list("etat", "motif", "version")),
            sorted(PieceSignee.objects.values_list("empreinte", flat=True)),
            Passage.objects.count(),
            sorted(Courriel.objects.values_list("cle", flat=True)),
            sorted(Counter(Inscription.objects.values_list("acte", flat=True)).items()),
            Notification.objects.count(),
        ]
    )


class Couperet:
    """Se tue avant l'ordre SQL de ce rang ; sans rang, compte."""

    def __init__(self, rang=None):
        self.rang, self.vus = rang, 0

    def __call__(self, execute, sql, params, many, context):
        if self.vus == self.rang:
            os.kill(os.getpid(), signal.SIGKILL)
        self.vus += 1
        return execute(sql, params, many, context)


def dans_un_enfant(faire):
    """Le résultat de `faire` dans un processus à part, ou rien s'il a été tué."""
    from django.db import connections

    connections.close_all()
    lire, ecrire = os.pipe()
    if not (enfant := os.fork()):
        os.close(lire)
        resultat = faire()
        connections.close_all()
        os.write(ecrire, json.dumps(resultat).encode())
        os._exit(0)
    os.close(ecrire)
    with os.fdopen(lire, "rb") as tuyau:
        rendu = tuyau.read()
    _, statut = os.waitpid(enfant, 0)
    tue = os.WIFSIGNALED(statut) and os.WTERMSIG(statut) == signal.SIGKILL
    if not tue and statut:
        raise SystemExit(f"l'enfant a échoué : {statut}")
    return None if tue else json.loads(rendu)


def tenter(faire, rang=None):
    def corps():
        from django.db import connection

        couperet = Couperet(rang)
        with connection.execute_wrapper(couperet):
            faire()
        return [couperet.vus, etat()]

    return dans_un_enfant(corps)


def constat():
    """L'état, ce qui ne concorde pas, et l'intégrité du fichier."""

    def corps():
        from django.db import connection

        from documents.figes import journal
        from signatures import controle

        with connection.cursor() as curseur:
            curseur.execute("PRAGMA integrity_check")
            integre = curseur.fetchone()[0]
        return [etat(), [*controle.ruptures(), *journal._chaine()], integre]

    return dans_un_enfant(corps)


def copier(de, vers):
    shutil.rmtree(vers, ignore_errors=True)
    shutil.copytree(de, vers)


def eprouver(nom, faire, pas):
    """Tue l'acte à un ordre sur `pas`, le refait, et dit ce qui n'a pas tenu."""
    avant, _, _ = constat()
    copier(COURANT, PRISTIN)
    nombre, apres = tenter(faire)
    copier(COURANT, DOSSIER / "fait")
    fautes, morts = [], 0
    for rang in range(0, nombre, pas):
        copier(PRISTIN, COURANT)
        if tenter(faire, rang) is not None:
            fautes.append(f"{rang} : n'est pas mort")
        morts += 1
        vu, ruptures, integre = constat()
        if vu not in (avant, apres) or ruptures or integre != "ok":
            fautes.append(f"{rang} : {ruptures or integre or vu}")
        if vu == avant and tenter(faire)[1] != apres:
            fautes.append(f"{rang} : refait, l'acte n'aboutit pas au même état")
    copier(DOSSIER / "fait", COURANT)
    return {"acte": nom, "ordres": nombre, "morts": morts, "fautes": fautes}


if __name__ == "__main__":
    preparer()
    pas = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for nom, faire in actes().items():
        print(json.dumps(eprouver(nom, faire, pas), ensure_ascii=False), flush=True)  # noqa: T201
