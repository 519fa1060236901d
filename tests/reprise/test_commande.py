"""`manage.py reprendre --simulation` sur les cinq documents d'origine : rien ne s'écrit."""

import json

import pytest
from django.core.management import call_command

from contrats.models import Contrat
from gouvernance.models import Session
from partenaires.models import Organisme
from reprise.models import DocumentRepris
from tests.reprise.outils import source

NOMBRES = {
    "000": {"articles": 4, "engagements": 9, "fiches": 10, "actions_pilotes": 10,
            "actions_court": 33, "actions_moyen_long": 24, "mentions": 130,
            "listes_de_partenaires": 12, "signataires": 2, "temoins": 1, "instances": 3},
    "001": {"fiches": 1, "actions": 0, "non_places": 0},
    "002": {"fiches": 3, "actions": 16, "axes": 6, "instances": 2, "non_places": 0},
    "003": {"articles": 0, "fiches": 0, "non_places": 0},
    "004": {"fiches": 0, "non_places": 0},
}  # fmt: skip


@pytest.mark.usefixtures("modeles")
@pytest.mark.parametrize("numero", NOMBRES)
def test_la_simulation_dit_tout_et_n_ecrit_rien(numero, tmp_path, capsys):
    fichier, rapport = tmp_path / f"{numero}.txt", tmp_path / "rapport.json"
    fichier.write_bytes(source(numero))
    call_command("reprendre", fichier, "--simulation", "--rapport", rapport)
    assert capsys.readouterr().out == ""
    dit = json.loads(rapport.read_text(encoding="utf-8"))
    nombres = {c: dit["nombres"][c] for c in NOMBRES[numero]}
    assert nombres == NOMBRES[numero]
    for modele in (DocumentRepris, Contrat, Session, Organisme):
        assert not modele.objects.exists()
    if numero == "003":
        assert (dit["deliberation"]["numero"], len(dit["deliberation"]["articles"])) == (
            "DEL-21-0497", 2,
        )  # fmt: skip
    if numero == "004":
        session = dit["session"]
        assert (session["le"], session["points_du_programme"], session["intervenants"]) == (
            "2016-12-06", 6, 9,
        )  # fmt: skip
        assert session["manque"] == []
    genres = {a["genre"] for a in dit["anomalies"]}
    attendus = {"000": "renvoi", "001": "place", "002": "annonce", "004": "donnee_personnelle"}
    assert attendus.get(numero, "") in genres | {""}
