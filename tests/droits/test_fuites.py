"""Des jeux de rôles au hasard, sur trois territoires : aucune ligne étrangère ne sort.

Deux mille par `python -m bench.preuves` ; ici, une part des mêmes.
"""

import datetime
import random
import sys

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contrats.atelier.commentaires import commentaires_lisibles
from contrats.enums import RoleHabilitation, StatutFiche
from contrats.models import Action, Contrat, Fiche, Habilitation
from contrats.permissions import roles
from contrats.presentation.comptes import avec_comptes
from documents import rendu
from gouvernance.enums import TypeInstance
from gouvernance.models import Instance
from perr.models import Declinaison
from portail.sitemaps import PLANS
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    CommentaireFactory,
    ContratFactory,
    FicheFactory,
)
from tests.perr.factories import DeclinaisonFactory
from tests.tailles import taille

pytestmark = [pytest.mark.django_db, pytest.mark.lent]

GRAINE, LOTS, JEUX, JEUX_HTTP = 20261126, 4, taille(40, 500), taille(3, 8)
NOMS = ["Garonne", "Gascogne", "Quercy"]


def territoire(nom, publie):
    """Un contrat et son annexe : une fiche publiée, un brouillon, leurs actions, et le reste."""
    parent = ContratFactory(intitule_court=f"{nom}zzparent", publie=publie)
    annexe = ContratFactory(
        intitule_court=f"{nom}zzannexe", parent=parent, lien="annexe", publie=False
    )
    for contrat in (parent, annexe):
        for statut in (StatutFiche.PUBLIEE, StatutFiche.BROUILLON):
            titre = f"{nom}zz{contrat.intitule_court[-6:]}{statut}"
            fiche = FicheFactory(contrat=contrat, titre=titre, statut=statut)
            ActionFactory(fiche=fiche, intitule=f"Action {titre}")
            CommentaireFactory(fiche=fiche)
        DeclinaisonFactory(colonne__annexe__contrat=contrat)
        contrat.instances.create(cle="copil", ordre=1, nom=nom, type=TypeInstance.PILOTAGE)
    return parent, annexe


@pytest.fixture
def monde(db):
    return [territoire(nom, publie=rang == 0) for rang, nom in enumerate(NOMS)]


def tirer(alea, contrats):
    """Habilitations au hasard : rôle, étendue, dernier jour passé, présent, futur ou aucun."""
    aujourd_hui = timezone.localdate()
    fins = [None, None, -1, 0, 30]
    return [
        {
            "contrat": contrat,
            "role": alea.choice(RoleHabilitation.values),
            "aux_enfants": alea.random() < 0.6,
            "fin": None if jours is None else aujourd_hui + datetime.timedelta(days=jours),
        }
        for contrat in alea.sample(contrats, alea.randint(0, 3))
        for jours in [alea.choice(fins)]
    ]


def attendus(jeu, contrats):
    """Les contrats où ce jeu donne un rôle, calculés sans rien du code jugé."""
    vivants = [h for h in jeu if h["fin"] is None or h["fin"] >= timezone.localdate()]
    directs = {h["contrat"].pk for h in vivants}
    etendus = {h["contrat"].pk for h in vivants if h["aux_enfants"]}
    return {c.pk for c in contrats if c.pk in directs or c.parent_id in etendus}


def doter(compte, jeu):
    """Les rôles de ce jeu, et rien d'autre ; ce qu'une requête HTTP retiendrait est oublié."""
    compte.habilitations.all().delete()
    Habilitation.objects.bulk_create(Habilitation(utilisateur=compte, **h) for h in jeu)
    compte.__dict__.pop("_roles", None)


def lignes():
    """Par modèle : (identifiant, contrat, la fiche dont il dépend pour être publié)."""
    return {
        Contrat: [(o.pk, o.pk, None) for o in Contrat.objects.all()],
        Fiche: [(o.pk, o.contrat_id, o.pk) for o in Fiche.objects.all()],
        Action: [(o.pk, o.contrat_id, o.fiche_id) for o in Action.objects.all()],
        Declinaison: [
            (o.pk, o.action.contrat_id, None) for o in Declinaison.objects.select_related("action")
        ],
        Instance: [(o.pk, o.contrat_id, None) for o in Instance.objects.all()],
    }


def ecarts(compte, toutes, permis, publics, brouillons):
    """Lignes vues sans raison, et lignes dues qui manquent."""
    trouves = []
    for modele, objets in toutes.items():
        vues = set(modele.objects.visibles_par(compte).values_list("pk", flat=True))
        dues = {
            pk
            for pk, contrat, fiche in objets
            if contrat in permis or (contrat in publics and fiche not in brouillons)
        }
        trouves += [(modele.__name__, pk) for pk in vues ^ dues]
    return trouves


@pytest.mark.parametrize("graine", range(GRAINE, GRAINE + LOTS))
def test_aucun_jeu_de_roles_ne_montre_une_ligne_etrangere(monde, graine):
    alea, contrats = random.Random(graine), [c for couple in monde for c in couple]
    compte, comptes, toutes = UtilisateurFactory(), set(), lignes()
    publics = {c.pk for c in contrats if c.est_publie}
    non_publiees = Fiche.objects.exclude(statut=StatutFiche.PUBLIEE)
    brouillons = set(non_publiees.values_list("pk", flat=True))
    trouves = []
    for rang in range(JEUX):
        jeu = tirer(alea, contrats)
        permis = attendus(jeu, contrats)
        doter(compte, jeu)
        trouves += ecarts(compte, toutes, permis, publics, brouillons)
        assert set(roles(compte)) == permis
        assert {c.pk for c in Contrat.objects.habilites(compte)} == permis
        lus = commentaires_lisibles(compte).values_list("fiche__contrat", flat=True)
        assert set(lus) <= permis
        for contrat in (
            () if rang % 20 else avec_comptes(Contrat.objects.visibles_par(compte), compte)
        ):
            comptes.add((contrat.pk in permis, contrat.nb_fiches, contrat.nb_actions))
    sys.stdout.write(f"\njeux de rôles : {JEUX}, graine {graine}, leaks={len(trouves)}\n")
    assert trouves == []
    # Comptes d'un contrat à soi : tout ; d'un contrat seulement publié : ce qui l'est.
    assert comptes <= {(True, 2, 3), (False, 1, 2)}


@pytest.fixture
def sans_pdf(monkeypatch):
    """Ce qu'un PDF dirait, sans le composer : son texte est celui de son contexte."""
    monkeypatch.setattr(rendu, "rendre_une_fois", lambda contexte, _: b"%PDF-1.7")


LISTES = [
    "portail:accueil",
    "portail:recherche",
    "contrats:contrat-list",
    "contrats:fiche-list",
    "contrats:action-list",
    "contrats:mes-fiches",
    "contrats:mes-contrats",
    "api:contrat-list",
    "api:fiche-list",
    "api:action-list",
    "api:declinaison-list",
]


def test_ni_page_ni_recherche_ni_export_ni_pdf_ne_nomme_un_contrat_etranger(monde, sans_pdf):
    alea, contrats = random.Random(GRAINE), [c for couple in monde for c in couple]
    compte = UtilisateurFactory()
    for _ in range(JEUX_HTTP):
        jeu = tirer(alea, contrats)
        vus = attendus(jeu, contrats) | {c.pk for c in contrats if c.est_publie}
        doter(compte, jeu)
        client = Client()
        client.force_login(compte)
        corps = []
        for nom in LISTES:
            corps.append(client.get(reverse(nom), {"q": "zz"} if "recherche" in nom else {}))
        for ressource in ("contrat", "fiche", "action"):
            corps.append(client.get(reverse(f"api:{ressource}-list"), {"format": "csv"}))
        texte = "".join(b"".join(r).decode() for r in corps)
        for contrat in contrats:
            statut = client.get(contrat.get_absolute_url()).status_code
            assert statut == (200 if contrat.pk in vus else 404)
            pdf = client.get(reverse("documents:contrat-pdf", args=[contrat.slug]))
            assert pdf.status_code == statut
            if contrat.pk not in vus:
                assert contrat.intitule_court not in texte
                assert contrat.slug not in texte
                fiche = contrat.fiches.first()
                for nom in ("fiche-historique", "fiche-cycle", "fiche-modifier"):
                    url = reverse(f"contrats:{nom}", args=[fiche.public_id])
                    assert client.get(url).status_code == 404


def test_le_plan_pour_les_moteurs_ne_liste_que_ce_qui_est_public(monde):
    adresses = {p.location(o) for p in PLANS.values() for o in p.items()}
    for contrat in (c for couple in monde for c in couple):
        assert (contrat.get_absolute_url() in adresses) == contrat.est_publie
    assert not Fiche.objects.visibles_par(AnonymousUser()).exclude(statut="publiee").exists()
