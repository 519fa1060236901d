"""Le dépôt sur S3, contre un serveur d'essai de la machine : mêmes règles que sur le disque."""

import hashlib
import logging

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from moto.server import ThreadedMotoServer

from documents.figes import ancres, journal, stockage
from tests.documents.factories import DocumentFigeFactory

pytestmark = pytest.mark.django_db
SEAU = "documents"
CHEMIN = "ab/essai.pdf"


@pytest.fixture(scope="module")
def service():
    """L'adresse d'un service S3 en mémoire."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    serveur = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    serveur.start()
    hote, port = serveur.get_host_and_port()
    yield f"http://{hote}:{port}"
    serveur.stop()


@pytest.fixture
def seau(service, settings):
    """Un seau vide, et le dépôt réglé sur lui."""
    acces = {
        "endpoint_url": service,
        "region_name": "us-east-1",
        "access_key": "essai",
        "secret_key": "essai",
    }
    ressource = boto3.resource(
        "s3",
        endpoint_url=service,
        region_name="us-east-1",
        aws_access_key_id="essai",
        aws_secret_access_key="essai",
    )
    seau = ressource.create_bucket(Bucket=SEAU)
    settings.STORAGES = settings.STORAGES | {
        "documents": {
            "BACKEND": "documents.figes.s3.DepotS3",
            "OPTIONS": {"bucket_name": SEAU, "file_overwrite": False, **acces},
        }
    }
    yield seau
    seau.objects.all().delete()
    seau.delete()


def test_des_octets_gardes_se_relisent_et_ne_se_remplacent_pas(seau):
    stockage.garder(b"un", CHEMIN)
    stockage.garder(b"un", CHEMIN)
    assert stockage.lire(CHEMIN) == b"un"
    with pytest.raises(stockage.OctetsAlteres, match="autres octets"):
        stockage.garder(b"deux", CHEMIN)
    assert [o.key for o in seau.objects.all()] == [CHEMIN]


def test_le_service_refuse_lui_meme_d_ecraser(seau, monkeypatch):
    """Deux processus n'ont rien vu à cette place : le second est refusé, ses octets comparés."""
    stockage.garder(b"un", CHEMIN)
    monkeypatch.setattr(stockage.depot(), "exists", lambda nom: False)
    with pytest.raises(FileExistsError):
        stockage.depot().save(CHEMIN, ContentFile(b"deux"))
    stockage.garder(b"un", CHEMIN)
    with pytest.raises(stockage.OctetsAlteres):
        stockage.garder(b"deux", CHEMIN)
    assert stockage.lire(CHEMIN) == b"un"


def test_des_octets_absents_se_disent(seau):
    with pytest.raises(stockage.OctetsAlteres, match="n'a plus les octets"):
        stockage.lire("ab/absent.pdf")


def test_un_document_se_sert_et_ses_octets_changes_ne_se_servent_pas(client, seau):
    document = DocumentFigeFactory()
    adresse = f"/documents/sha256/{document.empreinte}.pdf"
    reponse = client.get(adresse)
    servi = reponse.getvalue()
    assert hashlib.sha256(servi).hexdigest() == document.empreinte
    assert reponse["Content-Disposition"] == f'inline; filename="{document.nom_de_fichier}"'
    deja = client.get(adresse, headers={"if-none-match": reponse["ETag"]})
    assert (deja.status_code, deja["ETag"]) == (304, reponse["ETag"])
    seau.Object(document.chemin).put(Body=servi[:-1] + b"x")
    assert client.get(adresse).status_code == 503


def test_les_ancres_se_gardent_et_se_verifient_sur_s3(seau):
    assert list(journal.ruptures()) == []
    premiere = ancres.ancrer_le_jour()
    assert ancres.ancrer_le_jour() == premiere
    assert list(journal.ruptures()) == []
    call_command("verifier_journal")
