"""Ce que l'API promet à tous ses lecteurs : périmètre, erreurs, empreintes, partage."""

import logging

import pytest
from rest_framework import exceptions

from api.problemes import traiter
from contrats.api.views import ActionViewSet
from contrats.enums import RoleHabilitation
from contrats.models import Action
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, ContratFactory, FicheFactory

pytestmark = pytest.mark.django_db

ACTIONS = "/api/v1/actions/"
LISTES = [f"/api/v1/{r}/" for r in ("contrats", "fiches", "actions", "organismes", "territoires")]


def est_probleme(reponse, statut, ancre):
    corps = reponse.json()
    assert reponse.status_code == statut
    assert reponse["Content-Type"] == "application/problem+json"
    assert corps["status"] == statut
    assert corps["type"] == f"/api/v1/documentation/#{ancre}"
    assert corps["title"]
    assert corps["detail"]
    return corps


def test_le_public_ne_lit_que_ce_qui_est_publie(client_api):
    publiee = ActionFactory(fiche=FicheFactory(publiee=True))
    brouillon = ActionFactory(fiche=FicheFactory(contrat=publiee.contrat))
    lues = client_api.get(ACTIONS).json()["results"]
    assert [a["id"] for a in lues] == [str(publiee.public_id)]
    assert client_api.get(f"{ACTIONS}{publiee.public_id}/").json() == lues[0]
    est_probleme(client_api.get(f"{ACTIONS}{brouillon.public_id}/"), 404, "introuvable")
    est_probleme(client_api.get(f"/api/v1/fiches/{brouillon.fiche.public_id}/"), 404, "introuvable")


def test_un_compte_lit_aussi_les_brouillons_de_ses_contrats(client_api):
    brouillon = ActionFactory()
    ailleurs = ActionFactory()
    agent = UtilisateurFactory(habilitations=[(brouillon.contrat, RoleHabilitation.LECTURE)])
    client_api.force_login(agent)
    lues = client_api.get(ACTIONS).json()["results"]
    assert [a["id"] for a in lues] == [str(brouillon.public_id)]
    assert client_api.get(f"/api/v1/contrats/{brouillon.contrat.slug}/").status_code == 200
    assert client_api.get(f"/api/v1/contrats/{ailleurs.contrat.slug}/").status_code == 404


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("connecte", [False, True])
def test_aucune_ecriture(client_api, methode, connecte):
    if connecte:
        client_api.handler.enforce_csrf_checks = True
        client_api.force_login(UtilisateurFactory(administrateur=True))
    for adresse in (ACTIONS, "/api/v1/contrats/un-contrat/"):
        reponse = client_api.generic(methode.upper(), adresse)
        est_probleme(reponse, 405, "methode-non-admise")
        assert reponse["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("adresse", LISTES)
def test_un_parametre_inconnu_est_refuse(client_api, adresse):
    corps = est_probleme(client_api.get(f"{adresse}?inconnu=1"), 400, "requete-invalide")
    [erreur] = corps["errors"]
    assert erreur["parameter"] == "inconnu"
    assert "limit" in erreur["message"]
    assert corps["instance"] == adresse


def test_un_parametre_de_liste_est_refuse_sur_un_objet(client_api):
    contrat = ContratFactory(publie=True)
    adresse = f"/api/v1/contrats/{contrat.slug}/"
    assert client_api.get(f"{adresse}?format=json").status_code == 200
    for parametre in ("limit=1", "format=csv"):
        est_probleme(client_api.get(f"{adresse}?{parametre}"), 400, "requete-invalide")


@pytest.mark.parametrize(
    ("parametre", "fautif"),
    [
        ("statut=fini", "statut"),
        ("limit=0", "limit"),
        ("limit=beaucoup", "limit"),
        ("limit=-1", "limit"),
        ("cursor=inconnu", "cursor"),
        ("cursor=é", "cursor"),
        ("count=peut-etre", "count"),
        ("format=xml", "format"),
        ("format=csv&limit=10", "limit"),
        ("echeance_avant=2026-13-45", "echeance_avant"),
        ("contrat=absent", "contrat"),
    ],
)
def test_une_valeur_invalide_est_dite_en_francais(client_api, parametre, fautif):
    corps = est_probleme(client_api.get(f"{ACTIONS}?{parametre}"), 400, "requete-invalide")
    assert [e["parameter"] for e in corps["errors"]] == [fautif]
    assert corps["errors"][0]["message"].endswith(".")


def test_un_format_impossible_par_accept_est_un_406(client_api):
    reponse = client_api.get(ACTIONS, headers={"accept": "image/png"})
    est_probleme(reponse, 406, "format-indisponible")


@pytest.mark.parametrize(
    "adresse", ["/api/", "/api/v2/actions/", "/api/v1/inconnu/", "/api/v1/actions/42/"]
)
def test_une_adresse_inconnue_du_cadre_est_un_probleme(client, adresse):
    assert est_probleme(client.get(adresse), 404, "introuvable")["instance"] == adresse


def test_un_hote_refuse_est_un_probleme(client):
    reponse = client.get("/api/v1/actions/", headers={"host": "ailleurs.invalid"})
    est_probleme(reponse, 400, "requete-invalide")


def test_hors_de_l_api_les_erreurs_restent_des_pages(client):
    assert client.get("/nulle-part/")["Content-Type"].startswith("text/html")


def test_une_panne_est_un_probleme_journalise(client_api, monkeypatch, caplog):
    def panne(self):
        raise ZeroDivisionError

    monkeypatch.setattr(ActionViewSet, "get_queryset", panne)
    with caplog.at_level(logging.ERROR, logger="django.request"):
        corps = est_probleme(client_api.get(ACTIONS), 500, "erreur-interne")
    assert "ZeroDivision" not in str(corps)
    assert any(ligne.exc_info for ligne in caplog.records)


def test_trop_de_requetes_dit_quand_revenir(rf):
    reponse = traiter(exceptions.Throttled(wait=30), {"request": rf.get("/api/v1/actions/")})
    assert reponse.status_code == 429
    assert reponse["Retry-After"] == "31"


def test_l_empreinte_suit_le_contenu_et_epargne_un_transfert(client_api):
    action = ActionFactory(fiche=FicheFactory(publiee=True))
    adresse = f"{ACTIONS}{action.public_id}/"
    empreinte = client_api.get(adresse)["ETag"]
    assert empreinte.startswith('"')
    for envoyee in (empreinte, f"W/{empreinte}", f'"autre", {empreinte}', "*"):
        reponse = client_api.get(adresse, headers={"if-none-match": envoyee})
        assert (reponse.status_code, reponse.content) == (304, b"")
        assert reponse["ETag"] == empreinte
        assert {"Accept", "Cookie"} <= set(reponse["Vary"].split(", "))
    Action.objects.update(intitule="Autre")
    relue = client_api.get(adresse, headers={"if-none-match": empreinte})
    assert relue.status_code == 200
    assert relue["ETag"] != empreinte


def test_le_cache_et_le_partage_different_pour_un_compte(client_api):
    ActionFactory(fiche=FicheFactory(publiee=True))
    publique = client_api.get(ACTIONS)
    assert publique["Cache-Control"] == "public, max-age=60"
    assert publique["Access-Control-Allow-Origin"] == "*"
    assert not publique.cookies
    client_api.force_login(UtilisateurFactory())
    privee = client_api.get(ACTIONS)
    assert privee["Cache-Control"] == "private, no-cache"
    assert "Access-Control-Allow-Origin" not in privee
    for reponse in (publique, privee):
        assert {"Accept", "Cookie"} <= set(reponse["Vary"].split(", "))
        assert reponse["Link"] == '</api/v1/schema/>; rel="service-desc"'


def test_une_requete_preliminaire_admet_if_none_match(client_api):
    reponse = client_api.options(ACTIONS)
    assert reponse.status_code == 204
    assert "If-None-Match" in reponse["Access-Control-Allow-Headers"]
    assert reponse["Access-Control-Allow-Origin"] == "*"


def test_head_repond_comme_get(client_api):
    ActionFactory(fiche=FicheFactory(publiee=True))
    assert client_api.head(ACTIONS)["ETag"] == client_api.get(ACTIONS)["ETag"]


def test_la_racine_liste_les_ressources(client_api):
    assert list(client_api.get("/api/v1/").json()) == [
        "contrats",
        "fiches",
        "actions",
        "declinaisons",
        "indicateurs",
        "mesures",
        "instances",
        "seances",
        "decisions",
        "deliberations",
        "organismes",
        "territoires",
    ]
