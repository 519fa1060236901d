"""`envoyer_resumes` tuée, relancée, ou lancée deux fois : un courriel par personne."""

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings

from bench.concurrence import MODELE
from tests.base_modele import modele_sqlite

pytestmark = pytest.mark.lent
NOMBRE = 12
BASE = "reciproque.sqlite3"
CLE = secrets.token_urlsafe(64)
PREPARATION = f"""
import django; django.setup()
from bench.concurrence import migrer
migrer()
from contrats.enums import TypeContrat
from contrats.models import Contrat, Fiche, ModeleFiche
from contrats.transitions import soumettre_fiche
from comptes.models import Utilisateur
modele = ModeleFiche.objects.create(cle="m", nom="M", type_contrat=TypeContrat.RECIPROCITE)
contrat = Contrat.objects.create(
    slug="c", type=TypeContrat.RECIPROCITE, intitule="C", intitule_court="C", modele_fiche=modele
)
fiche = Fiche.objects.create(contrat=contrat, modele=modele, cle="f", ordre=1, titre="F")
comptes = [Utilisateur.objects.create_user(f"p{{r}}@exemple.invalid") for r in range({NOMBRE} + 1)]
for compte in comptes:
    compte.habilitations.create(contrat=contrat, role="pilotage")
soumettre_fiche(fiche, version=1, par=comptes[-1])
"""
# La commande, tuée au dépôt du septième courriel : juste avant, ou juste après son écriture.
TUER = """
import os, signal, django; django.setup()
from notifications import envoi
deposer, rang = envoi.deposer, iter(range(100))
def deposer_puis_mourir(**champs):
    if next(rang) < 6:
        return deposer(**champs)
    if {ecrire}:
        deposer(**champs)
    os.kill(os.getpid(), signal.SIGKILL)
envoi.deposer = deposer_puis_mourir
envoi.envoyer_resumes()
"""
COMMANDE = ("manage.py", "envoyer_resumes")


def lancer(dossier, *arguments, **reglages):
    return subprocess.Popen(  # noqa: S603 - arguments écrits ici
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={
            **{c: os.environ[c] for c in ("PATH", "HOME") if c in os.environ},
            "DJANGO_SETTINGS_MODULE": "config.settings.prod",
            "SECRET_KEY": CLE,
            "ALLOWED_HOSTS": "contrats.exemple.fr",
            "DONNEES": str(dossier),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": "1",
            **reglages,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def douze_a_prevenir(tmp_path_factory):
    """Base où douze personnes attendent un courriel immédiat, que nulle tâche n'a envoyé."""
    dossier, reglages = tmp_path_factory.mktemp("notifications"), {}
    if modele := modele_sqlite():
        shutil.copyfile(modele, dossier / BASE)
        reglages = {MODELE: os.environ[MODELE]}
    assert lancer(dossier, "-c", PREPARATION, **reglages).wait() == 0
    return dossier / BASE


@pytest.fixture
def dossier(douze_a_prevenir, tmp_path):
    shutil.copy(douze_a_prevenir, tmp_path)
    return tmp_path


def lire(dossier, requete):
    with sqlite3.connect(dossier / BASE) as base:
        lignes = base.execute(requete).fetchall()
    base.close()
    return [ligne[0] for ligne in lignes]


def destinataires(dossier):
    return Counter(lire(dossier, "SELECT destinataire FROM courrier_courriel"))


def restantes(dossier):
    requete = "SELECT count(*) FROM notifications_notification WHERE envoyee_le IS NULL"
    return lire(dossier, requete)[0]


CHACUN = {f"p{r}@exemple.invalid": 1 for r in range(NOMBRE)}


@pytest.mark.parametrize("ecrire", [False, True], ids=["avant d'écrire", "avant de valider"])
def test_tuee_puis_relancee_chacun_recoit_un_courriel(dossier, ecrire):
    assert lancer(dossier, "-c", TUER.format(ecrire=ecrire)).wait() == -9
    assert sum(destinataires(dossier).values()) == 6
    assert restantes(dossier) == NOMBRE - 6
    assert lancer(dossier, *COMMANDE).wait() == 0
    assert destinataires(dossier) == CHACUN
    assert restantes(dossier) == 0


def test_lancee_deux_fois_ensemble_chacun_recoit_un_courriel(dossier):
    commandes = [lancer(dossier, *COMMANDE) for _ in range(2)]
    assert [c.wait() for c in commandes] == [0, 0]
    assert destinataires(dossier) == CHACUN
    assert restantes(dossier) == 0
