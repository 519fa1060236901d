"""Ce que contiennent les fichiers de l'étagère : lot, paquet d'archive, partenaire, flux."""

import io
import json
import subprocess
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from lxml import etree

from documents import rendu
from documents.controle import controler
from documents.enums import GenrePreparation, Nature
from documents.etagere import archive, lot
from documents.etagere.partenaire import contexte_partenaire, organismes_cites
from documents.etagere.preparations import demander
from documents.figes import stockage
from tests.contrats.factories import PartenariatFactory
from tests.documents.factories import DocumentFigeFactory
from tests.partenaires.factories import OrganismeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depot")]


@pytest.fixture
def publies(contrat):
    """Deux versions du contrat et une fiche, publiées ; un document d'un autre contrat."""
    DocumentFigeFactory()
    return [
        DocumentFigeFactory(contrat=contrat, version=1),
        DocumentFigeFactory(contrat=contrat, version=2),
        DocumentFigeFactory(contrat=contrat, nature=Nature.FICHE, cle="une-fiche"),
    ]


def octets(preparation):
    return stockage.lire(preparation.chemin)


def test_le_lot_a_ce_qui_n_est_pas_remplace_et_sha256sum_le_verifie(
    contrat, publies, anonyme, tmp_path
):
    preparation = demander(contrat, GenrePreparation.LOT, par=anonyme)
    with zipfile.ZipFile(io.BytesIO(octets(preparation))) as paquet:
        paquet.extractall(tmp_path / "lot")
        noms = set(paquet.namelist())
    assert noms == {lot.EMPREINTES, publies[1].nom_de_fichier, publies[2].nom_de_fichier}
    verifie = subprocess.run(  # noqa: S603 : nos empreintes
        ["sha256sum", "--strict", "-c", lot.EMPREINTES],  # noqa: S607 : outil du système
        cwd=tmp_path / "lot",
        capture_output=True,
        check=True,
    )
    assert verifie.stdout.count(b": OK") == 2
    (tmp_path / "lot" / publies[1].nom_de_fichier).write_bytes(b"autre")
    verifie = subprocess.run(verifie.args, cwd=tmp_path / "lot", capture_output=True)  # noqa: S603
    assert verifie.returncode == 1


def test_le_meme_lot_donne_les_memes_octets(contrat, publies, anonyme):
    documents = lot.documents(contrat, anonyme)
    assert lot.faire(contrat, documents) == lot.faire(contrat, documents)


@pytest.fixture
def paquet(contrat, publies, chargee):
    return octets(demander(contrat, GenrePreparation.ARCHIVE, par=chargee))


def test_le_paquet_d_archive_decrit_chaque_fichier(contrat, paquet, publies):
    assert list(archive.fautes(paquet)) == []
    with zipfile.ZipFile(io.BytesIO(paquet)) as ouvert:
        bordereau = etree.fromstring(ouvert.read(archive.BORDEREAU))
        donnees = json.loads(ouvert.read("donnees/contrat.json"))
        decrits = {e.text for e in bordereau.iter(f"{{{archive.SEDA}}}Uri")}
        reste = set(ouvert.namelist()) - {archive.BORDEREAU, archive.SCEAU, lot.EMPREINTES}
    assert decrits == reste
    assert donnees["contrat"]["intitule"] == contrat.intitule
    assert len(donnees["fiches"]) == contrat.fiches.count()


def refait(paquet, **changes):
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(paquet)) as lu, zipfile.ZipFile(sortie, "w") as ecrit:
        fichiers = {nom: lu.read(nom) for nom in lu.namelist()} | changes
        for nom, contenu in fichiers.items():
            if contenu is not None:
                ecrit.writestr(nom, contenu)
    return sortie.getvalue()


@pytest.mark.parametrize(
    ("changes", "raison"),
    [
        ({"donnees/contrat.json": b"{}"}, "changé après le sceau"),
        ({"donnees/contrat.json": None}, "absent du paquet"),
        ({"ajout.txt": b"x"}, "ajouté après le sceau"),
        ({archive.SCEAU: None}, "Le sceau manque"),
        ({archive.SCEAU: b"[]"}, "Le sceau manque"),
        ({archive.SCEAU: b'{"corps": "{}", "signature": "00"}'}, "n'est pas le nôtre"),
    ],
)
def test_un_paquet_change_apres_le_sceau_est_vu(paquet, tmp_path, changes, raison):
    faux = refait(paquet, **changes)
    assert any(raison in faute for faute in archive.fautes(faux))
    fichier = tmp_path / "paquet.zip"
    fichier.write_bytes(faux)
    with pytest.raises(CommandError, match="pas intact"):
        call_command("verifier_archive", str(fichier))


def test_ce_qui_n_est_pas_un_paquet_est_refuse(tmp_path):
    assert list(archive.fautes(b"%PDF-1.7"))


def test_le_document_d_un_partenaire_a_ses_fiches_ses_actions_et_ses_engagements(contrat, anonyme):
    caf = OrganismeFactory(nom="Caisse d'allocations")
    fiche, autre = contrat.fiches.order_by("ordre")[:2]
    PartenariatFactory(action=fiche.actions.first(), organisme=caf)
    assert caf in organismes_cites(contrat, anonyme)
    contexte = contexte_partenaire(contrat, caf, par=anonyme, site="https://exemple.invalid")
    assert [lue.fiche for lue in contexte["document"].fiches] == [fiche]
    assert autre.titre not in rendu.html(contexte)
    partie = contrat.parties.first().organisme
    siens = contexte_partenaire(contrat, partie, par=anonyme, site="")["document"].engagements
    assert siens
    assert controler(rendu.rendre(contexte)) == []


def test_un_brouillon_ne_fait_pas_citer_un_organisme(contrat, anonyme):
    caf = OrganismeFactory()
    fiche = contrat.fiches.order_by("ordre")[0]
    PartenariatFactory(action=fiche.actions.first(), organisme=caf)
    type(fiche).objects.filter(pk=fiche.pk).update(statut="brouillon")
    assert caf not in organismes_cites(contrat, anonyme)


def test_le_flux_a_les_publications_et_elles_seules(client, contrat, publies, chargee):
    espace = {"a": "http://www.w3.org/2005/Atom"}
    for adresse, nombre in (
        (reverse("documents:flux-du-contrat", args=[contrat.slug]), 3),
        (reverse("documents:flux"), 4),
    ):
        reponse = client.get(adresse)
        assert reponse["Content-Type"].startswith("application/atom+xml")
        entrees = etree.fromstring(reponse.content).findall("a:entry", espace)
        assert len(entrees) == nombre
        liens = [e.find("a:link", espace).get("href") for e in entrees]
        assert any(publies[1].get_absolute_url() in lien for lien in liens)
