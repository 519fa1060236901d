"""Demander un fichier long : une fois, en tâche de fond, et resservi tant que rien ne change."""

import datetime
import hashlib
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from contrats.enums import RoleHabilitation
from documents import rendu
from documents.enums import ActeInscrit, EtatPreparation, GenrePreparation
from documents.etagere import contenus, preparations
from documents.etagere.preparations import demander, faire_toutes
from documents.models import DocumentFige, Inscription, Preparation
from notifications.models import Notification
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory, FicheFactory
from tests.documents.factories import PreparationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("depot")]
RECUEIL, FIGER = GenrePreparation.RECUEIL, GenrePreparation.FIGER


@pytest.fixture
def en_attente(monkeypatch):
    """Aucun ouvrier ne tourne : ce qui est demandé attend."""

    class Muette:
        def enqueue(self):
            """La tâche est gardée, personne ne la fait."""

    monkeypatch.setattr(preparations, "faire_les_preparations", Muette())


def test_le_meme_contenu_demande_deux_fois_n_est_fait_qu_une(contrat, anonyme, sans_mise_en_page):
    premiere = demander(contrat, RECUEIL, par=anonyme)
    assert premiere.etat == EtatPreparation.PRETE
    assert demander(contrat, RECUEIL, par=anonyme) == premiere
    assert len(sans_mise_en_page) == 1


def test_un_contenu_change_est_refait(contrat, anonyme, sans_mise_en_page):
    premiere = demander(contrat, RECUEIL, par=anonyme)
    fiche = contrat.fiches.order_by("ordre")[0]
    type(fiche).objects.filter(pk=fiche.pk).update(titre="Autre titre", version=2)
    seconde = demander(type(contrat).objects.get(pk=contrat.pk), RECUEIL, par=anonyme)
    assert seconde != premiere
    assert seconde.empreinte != premiere.empreinte


def test_figer_deux_fois_le_meme_texte_rend_le_meme_document(contrat, chargee, sans_mise_en_page):
    premier = demander(contrat, FIGER, "contrat", par=chargee).document
    assert demander(contrat, FIGER, "contrat", par=chargee).document == premier
    assert DocumentFige.objects.count() == 1


@pytest.mark.parametrize("genre", sorted(contenus.RESERVES))
@pytest.mark.parametrize("role", set(RoleHabilitation) - {RoleHabilitation.PILOTAGE})
def test_figer_et_archiver_sont_a_qui_conduit_le_contrat(contrat, genre, role):
    agent = UtilisateurFactory(habilitations=[(contrat, role)])
    with pytest.raises(PermissionDenied):
        demander(contrat, genre, "contrat", par=agent)
    assert not Preparation.objects.exists()


def test_ce_que_lit_un_role_reste_aux_personnes_du_contrat(
    client, contrat, chargee, anonyme, sans_mise_en_page
):
    brouillon = FicheFactory(contrat=contrat, statut="brouillon", titre="Encore secrète")
    publique = demander(contrat, RECUEIL, par=anonyme)
    restreinte = demander(contrat, RECUEIL, par=chargee)
    assert (publique.restreinte, restreinte.restreinte) == (False, True)
    assert publique.empreinte != restreinte.empreinte, brouillon
    adresses = [
        reverse(f"documents:preparation-{quoi}", args=[restreinte.public_id])
        for quoi in ("detail", "fichier")
    ]
    assert [client.get(a).status_code for a in adresses] == [404, 404]
    assert client.post(adresses[1]).status_code == 404
    fichier = reverse("documents:preparation-fichier", args=[publique.public_id])
    assert hashlib.sha256(client.get(fichier).getvalue()).hexdigest() == publique.empreinte


def test_un_fichier_restreint_se_demande_et_s_inscrit_au_journal(
    client, contrat, chargee, sans_mise_en_page
):
    preparation = demander(contrat, RECUEIL, par=chargee)
    adresse = reverse("documents:preparation-fichier", args=[preparation.public_id])
    client.force_login(chargee)
    assert client.get(adresse).url == preparation.get_absolute_url(), "une lecture n'écrit rien"
    assert hashlib.sha256(client.post(adresse).getvalue()).hexdigest() == preparation.empreinte
    ligne = Inscription.objects.get(acte=ActeInscrit.TELECHARGER)
    assert json.loads(ligne.contenu)["par"] == chargee.pk


def test_la_page_d_attente_se_recharge_puis_donne_le_fichier(
    client, contrat, en_attente, sans_mise_en_page
):
    demande = reverse("documents:preparation-demander", args=[contrat.slug, "recueil"])
    page = client.post(demande, follow=True)
    assert "en attente" in page.content.decode()
    assert page["Refresh"]
    preparation = Preparation.objects.get()
    Preparation.objects.update(etat=EtatPreparation.EN_COURS, page=12)
    assert "page 12" in client.get(preparation.get_absolute_url()).content.decode()
    Preparation.objects.update(etat=EtatPreparation.DEMANDEE)
    assert faire_toutes() == 1
    page = client.get(preparation.get_absolute_url())
    assert "Télécharger" in page.content.decode()
    assert "Refresh" not in page


def test_la_page_d_attente_prevoit_les_pages_de_la_fois_precedente(contrat):
    PreparationFactory(contrat=contrat, genre=RECUEIL, nb_pages=180)
    assert PreparationFactory(contrat=contrat, genre=RECUEIL).pages_prevues == 180


def test_qui_a_demande_est_prevenu_quand_c_est_pret(contrat, chargee, sans_mise_en_page):
    preparation = demander(contrat, RECUEIL, par=chargee)
    notification = Notification.objects.get(destinataire=chargee)
    assert (notification.genre, notification.objet) == ("preparation", preparation.pk)
    demander(contrat, RECUEIL, par=chargee)
    assert Notification.objects.count() == 1


def test_ce_qu_un_ouvrier_tue_a_laisse_est_repris(contrat, anonyme, en_attente, sans_mise_en_page):
    preparation = demander(contrat, RECUEIL, par=anonyme)
    tot = Preparation.objects.filter(pk=preparation.pk)
    tot.update(etat=EtatPreparation.EN_COURS, commencee_le=timezone.now())
    assert faire_toutes() == 0, "un autre ouvrier y travaille"
    tot.update(commencee_le=timezone.now() - preparations.ABANDON - datetime.timedelta(seconds=1))
    call_command("faire_les_preparations")
    assert tot.get().etat == EtatPreparation.PRETE


def test_un_rendu_impossible_se_dit_et_se_recommence(client, contrat, monkeypatch):
    def impossible(contexte):
        raise rendu.RenduImpossible("Une image manque.")

    monkeypatch.setattr(rendu, "rendre", impossible)
    demande = reverse("documents:preparation-demander", args=[contrat.slug, "recueil"])
    assert "Une image manque." in client.post(demande, follow=True).content.decode()
    monkeypatch.setattr(rendu, "rendre", lambda contexte: b"%PDF-")
    monkeypatch.setattr(rendu, "nb_pages", lambda octets: 1)
    client.post(demande)
    assert Preparation.objects.get().etat == EtatPreparation.PRETE


def test_une_panne_imprevue_ne_laisse_pas_attendre(contrat, anonyme, monkeypatch, caplog):
    monkeypatch.setattr(rendu, "rendre", lambda contexte: 1 / 0)
    preparation = demander(contrat, RECUEIL, par=anonyme)
    assert preparation.etat == EtatPreparation.ECHOUEE
    assert "division" not in preparation.motif
    assert "ZeroDivisionError" in caplog.text


def test_il_n_y_a_rien_a_preparer_d_un_contrat_vide(client):
    contrat = ContratFactory(publie=True)
    for genre in ("recueil", "lot", "partenaire"):
        demande = reverse("documents:preparation-demander", args=[contrat.slug, genre])
        for objet in ("inconnu", "\0", "é" * 1100):
            assert client.post(demande, {"objet": objet}).status_code == 302
    assert not Preparation.objects.exists()


def test_un_objet_de_trop_ne_fait_pas_refaire_le_recueil(client, contrat, sans_mise_en_page):
    demande = reverse("documents:preparation-demander", args=[contrat.slug, "recueil"])
    for objet in ("", "inconnu", "\0", "é" * 1100):
        assert client.post(demande, {"objet": objet}).status_code == 302
    assert Preparation.objects.count() == 1


def test_l_avancement_dit_les_pages_que_le_moteur_met_en_page():
    vues = []
    with rendu.pages(vues.append):
        rendu.imprimer("<p>un</p><p style='break-before:page'>deux</p>", b"0" * 32)
    assert vues == [1, 2]
