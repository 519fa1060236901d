"""Chaque réponse porte un numéro, que le journal répète."""

import json
import logging

import pytest
from django.test import Client

from config.journal import FormateurJson
from edition import requete


@pytest.mark.parametrize("adresse", ["/plan-du-site/", "/introuvable/", "/api/v1/introuvable/"])
def test_toute_reponse_porte_un_numero_de_requete(client, db, adresse):
    numeros = {client.get(adresse)[requete.EN_TETE] for _ in range(2)}
    assert len(numeros) == 2
    assert all(requete.ADMIS.fullmatch(numero) for numero in numeros)


@pytest.mark.parametrize(
    ("recu", "garde"), [("mandataire-0001", True), ("<script>", False), ("court", False)]
)
def test_le_numero_du_mandataire_est_garde_s_il_est_bien_forme(client, db, recu, garde):
    reponse = client.get("/plan-du-site/", headers={"X-Request-ID": recu})
    assert (reponse[requete.EN_TETE] == recu) == garde


def test_le_journal_repete_le_numero_de_la_requete():
    ligne = logging.makeLogRecord({"msg": "une panne"})
    assert "requete" not in json.loads(FormateurJson().format(ligne))
    jeton = requete.numero.set("abc123def456")
    try:
        assert json.loads(FormateurJson().format(ligne))["requete"] == "abc123def456"
    finally:
        requete.numero.reset(jeton)


def test_une_panne_porte_aussi_un_numero(db, monkeypatch):
    monkeypatch.setattr(requete.secrets, "token_hex", lambda _: "abc123def456")
    monkeypatch.setattr("portail.views.communes.PlanDuSiteView.get", lambda *_, **__: 1 / 0)
    reponse = Client(raise_request_exception=False).get("/plan-du-site/")
    assert (reponse.status_code, reponse[requete.EN_TETE]) == (500, "abc123def456")
