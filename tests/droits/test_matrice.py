"""La matrice des droits, entière : adresse × visiteur × méthode × (son contrat, un autre)."""

import copy
import sys
from contextlib import nullcontext
from itertools import product
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import NoReverseMatch, reverse

from comptes.authentification import ConnexionParCourriel
from comptes.sessions import SessionStore
from documents import rendu
from tests.droits.declaration import (
    DECLARATION,
    HORS_ADMINISTRATION,
    METHODES,
    PERSONNE,
    Qui,
)
from tests.droits.monde import adresse, monde, routes, visiteurs
from tests.tailles import PLEINES

pytestmark = [pytest.mark.django_db, pytest.mark.lent, pytest.mark.une_fois]

PARTS = 8  # la matrice se partage entre les processus de la suite
# Ceux pour qui les pages se composent : de l'un à l'autre, elles offrent d'autres gestes.
LECTEURS = (Qui.ANONYME, Qui.LECTURE, Qui.PILOTAGE, Qui.ADMINISTRATION)
# Une vue répond à HEAD comme à GET, OPTIONS ne lit rien, PUT, DELETE et presque toujours PATCH ne
# servent personne : trois visiteurs le vérifient ici, tous par `bench.preuves`. L'administration
# demande qui l'on est avant de regarder la méthode : de même.
TEMOINS = tuple(Qui) if PLEINES else (Qui.ANONYME, Qui.PILOTAGE, Qui.ADMINISTRATION)
DE_CHACUN = ("GET", "POST")
METHODES_ADMIN = METHODES if PLEINES else ("GET", "POST")
REFUS = (401, 403, 404, 405)
# Elles ne montrent rien de l'administration ; le mot de passe se change sur la page du compte.
OUVERTES = ("admin:login", "admin:jsi18n", "admin:logout", "admin:password_change")


@pytest.fixture
def sessions(monkeypatch, soi):
    """Le biscuit de session de chaque visiteur ; un PDF se demande, mais ne se compose pas."""
    monkeypatch.setattr(rendu, "rendre_une_fois", lambda *a: b"%PDF-1.7")
    cles = {}
    for qui, compte in visiteurs(soi).items():
        client = Client()
        if compte is not None:
            client.force_login(compte)
            cles[qui] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return cles


@pytest.fixture
def soi(db):
    return monde("soi")


@pytest.fixture
def autre(db):
    return monde("autre")


class Guichet:
    """Demande au site comme un navigateur ; tout effet sur la base est défait pour la suite.

    Le client de Django relirait les intergiciels à chaque visiteur et copierait le contexte de
    chaque gabarit : ici une seule chaîne sert tout le monde. La base ne changeant jamais, chaque
    session et son compte ne se lisent qu'une fois. Une erreur du site fait tomber le test.
    """

    def __init__(self) -> None:
        self.fabrique, self.site = RequestFactory(), ClientHandler(enforce_csrf_checks=False)

    def demander(self, session, methode, url, *, composer=False):
        """`composer` : les gabarits aussi ; sinon la réponse de la vue, sans son corps."""
        biscuit = f"{settings.SESSION_COOKIE_NAME}={session}" if session else ""
        environ = self.fabrique.generic(methode, url, headers={"Cookie": biscuit}).environ
        muet = patch.object(Template, "render", lambda *a, **k: "")
        with nullcontext() if composer else muet, transaction.atomic():
            reponse = self.site(environ)
            transaction.set_rollback(True)
        return reponse


@pytest.fixture
def guichet(settings, monkeypatch, caplog):
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    caplog.set_level("ERROR", "django.request")  # un refus attendu n'est pas une nouvelle
    lire_session, lire_compte = SessionStore._get_session_from_db, ConnexionParCourriel.get_user
    sessions, comptes = {}, {}

    def session(magasin):
        if magasin.session_key not in sessions:
            sessions[magasin.session_key] = lire_session(magasin)
        magasin._ligne = sessions[magasin.session_key]
        return magasin._ligne

    def compte(entree, pk):
        if pk not in comptes:
            comptes[pk] = lire_compte(entree, pk)
        return copy.deepcopy(comptes[pk])

    monkeypatch.setattr(SessionStore, "_get_session_from_db", session)
    monkeypatch.setattr(ConnexionParCourriel, "get_user", compte)
    return Guichet()


def sert(reponse):
    """L'adresse a répondu à la demande ; mené à la connexion, ou refusé : non."""
    vers = reponse.headers.get("Location", "")
    connexion = (reverse("comptes:connexion"), reverse("admin:login"))
    if reponse.status_code == 302 and vers.startswith(tuple(f"{c}?next=" for c in connexion)):
        return False
    return reponse.status_code not in REFUS


def test_chaque_adresse_est_declaree_et_chaque_declaration_est_une_adresse():
    noms = {nom for nom, _ in routes() if not nom.startswith("admin:")}
    assert noms - set(DECLARATION) == set(), "adresses à déclarer"
    assert set(DECLARATION) - noms == set(), "déclarations sans adresse"


@pytest.mark.parametrize("part", range(PARTS))
def test_la_matrice_des_droits_est_celle_declaree(soi, autre, sessions, guichet, part):
    ecarts, inattendus, total = [], [], 0
    # Une adresse sur PARTS, et non une tranche : les pages lentes d'un même paquet se partagent.
    adresses = [(n, p) for n, p in routes() if not n.startswith("admin:")][part::PARTS]
    for nom, parametres in adresses:
        # Une adresse sans objet est la même dans les deux mondes : demandée une fois, jugée deux.
        statuts = {}
        for lieu, a_soi in ((soi, True), (autre, False)):
            url = adresse(nom, parametres, lieu)
            for methode, qui in demandes(DECLARATION[nom]):
                demande = (sessions.get(qui), methode, url)
                if demande not in statuts:
                    composer = a_soi and methode == "GET" and qui in LECTEURS
                    reponse = guichet.demander(*demande, composer=composer)
                    statuts[demande] = reponse.status_code, sert(reponse)
                statut, sert_ici = statuts[demande]
                total += 1
                acces = DECLARATION[nom]
                du = qui in acces.servis(methode, a_soi=a_soi)
                if sert_ici != du and not (acces.au_plus and du):
                    case = (nom, methode, qui.value, a_soi, statut)
                    ecarts.append(case)
                    if not du:
                        inattendus.append(case)
    sys.stdout.write(
        f"\nurls × (role, method) × contracts : {len(adresses)} urls, {total} requests, "
        f"unexpected_2xx={len(inattendus)}, undeclared=0\n"
    )
    assert total == 2 * sum(len(demandes(DECLARATION[nom])) for nom, _ in adresses)
    assert total >= 2 * len(adresses) * len(DE_CHACUN) * len(Qui)
    assert not ecarts, _par_adresse(ecarts)


def demandes(acces):
    """Ce qui se demande à une adresse : chaque méthode, et pour qui."""
    entieres = (*DE_CHACUN, "PATCH") if acces.corriger else DE_CHACUN
    return [(m, q) for m, q in product(METHODES, Qui) if m in entieres or q in TEMOINS]


def _par_adresse(ecarts):
    """Les écarts en peu de lignes : adresse, méthode, contrat, statut, visiteurs."""
    groupes = {}
    for nom, methode, qui, a_soi, statut in ecarts:
        lieu = "son contrat" if a_soi else "un autre"
        groupes.setdefault((nom, methode, lieu, statut), []).append(qui)
    return "\n".join(f"{' '.join(map(str, k))} : {', '.join(q)}" for k, q in groupes.items())


def test_personne_d_autre_n_entre_dans_l_administration(sessions, guichet):
    ecarts, total = [], 0
    for nom, parametres in routes():
        if not nom.startswith("admin:"):
            continue
        try:
            url = reverse(nom, kwargs=dict.fromkeys(parametres, 1))
        except NoReverseMatch:
            continue  # l'adresse attrape-tout de l'administration
        for methode in METHODES_ADMIN:
            for qui in HORS_ADMINISTRATION:
                reponse = guichet.demander(sessions.get(qui), methode, url)
                total += 1
                if sert(reponse) and nom not in OUVERTES:
                    ecarts.append((nom, methode, qui.value, reponse.status_code))
    sys.stdout.write(f"\nadministration : {total} demandes, unexpected_2xx={len(ecarts)}\n")
    assert ecarts == []


def test_put_et_delete_ne_servent_personne():
    """Hors des pages du compte, qui redirigent avant de regarder la méthode."""
    for acces in DECLARATION.values():
        for methode in ("PUT", "DELETE"):
            assert acces.au_plus or acces.servis(methode, a_soi=True) == PERSONNE
