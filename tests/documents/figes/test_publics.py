"""Ce qui est public se ressert comme un fichier statique, et cesse de l'être à temps."""

import os

import pytest
from django.urls import reverse
from django.utils import timezone

from contrats.models import Contrat
from documents import publics
from documents.figes import stockage
from tests.documents.factories import DocumentFigeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    """Figé et publié, déjà servi une fois."""
    return DocumentFigeFactory(octets=b"%PDF-1.7\n" + bytes(range(256)) * 8)


@pytest.fixture
def adresse(client, document):
    adresse = reverse("documents:fige-pdf", args=[document.public_id])
    assert client.get(adresse).getvalue() == stockage.octets_de(document)
    return adresse


def test_ce_qui_vient_d_etre_servi_se_ressert_sans_lire_la_base(
    client, document, adresse, django_assert_num_queries
):
    with django_assert_num_queries(0):
        reponse = client.get(adresse)
        assert reponse.getvalue() == stockage.octets_de(document)
        vu = client.get(adresse, headers={"if-none-match": f'"{document.empreinte}"'})
        assert vu.status_code == 304
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["Content-Disposition"] == f'inline; filename="{document.nom_de_fichier}"'
    assert "default-src" in reponse["Content-Security-Policy"]
    assert reponse["X-Request-ID"]


def test_la_premiere_reponse_et_les_suivantes_ont_les_memes_en_tetes(client, document, adresse):
    suivante = client.get(adresse)
    publics.retenus.clear()
    premiere = client.get(adresse)
    du_moment = {"X-Request-ID", "Content-Security-Policy", "Vary"}
    entetes = [{n: v for n, v in r.items() if n not in du_moment} for r in (premiere, suivante)]
    assert entetes[0] == entetes[1]
    assert premiere.getvalue() == suivante.getvalue()


def test_une_part_du_document_se_demande(client, document, adresse):
    part = client.get(adresse, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.getvalue()) == (206, stockage.octets_de(document)[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{document.taille}"


def test_passe_dix_secondes_le_droit_se_redemande(client, document, adresse, monkeypatch):
    Contrat.objects.filter(pk=document.contrat_id).update(publie_le=None)
    instant = publics.time.monotonic() + publics.CONFIANCE
    monkeypatch.setattr(publics.time, "monotonic", lambda: instant)
    assert client.get(adresse).status_code == 404
    Contrat.objects.filter(pk=document.contrat_id).update(publie_le=timezone.now())
    assert client.get(adresse).getvalue() == stockage.octets_de(document)


@pytest.mark.parametrize("date_rendue", [False, True])
def test_des_octets_changes_apres_coup_ne_se_resservent_pas(client, document, adresse, date_rendue):
    """Même de la même taille, et sous leur ancienne date."""
    chemin = stockage.depot().path(document.chemin)
    avant = os.stat(chemin)
    octets = bytearray(stockage.octets_de(document))
    octets[40] ^= 1
    os.chmod(chemin, 0o600)
    with open(chemin, "r+b") as fichier:
        fichier.write(octets)
    if date_rendue:
        os.utime(chemin, ns=(avant.st_atime_ns, avant.st_mtime_ns))
    assert client.get(adresse).status_code == 503


def test_un_fichier_disparu_se_dit(client, document, adresse):
    os.unlink(stockage.depot().path(document.chemin))
    assert client.get(adresse).status_code == 503


def test_ce_qui_est_restreint_ne_se_retient_pas(client, chargee, fige):
    client.force_login(chargee)
    adresse = reverse("documents:fige-pdf", args=[fige.public_id])
    reponse = client.post(adresse)
    assert reponse.getvalue() == stockage.octets_de(fige)
    assert reponse["Content-Disposition"] == f'attachment; filename="{fige.nom_de_fichier}"'
    assert (reponse["Content-Type"], reponse["Content-Length"]) == (
        "application/pdf",
        str(fige.taille),
    )
    assert publics.retenus == {}
    client.logout()
    assert client.get(adresse).status_code == 404


def test_la_memoire_est_bornee(client, adresse, monkeypatch):
    monkeypatch.setattr(publics, "RETENUS_MAX", 1)
    autre = DocumentFigeFactory(octets=b"%PDF-1.7\nautre")
    client.get(reverse("documents:fige-pdf", args=[autre.public_id])).close()
    assert len(publics.retenus) == 1
