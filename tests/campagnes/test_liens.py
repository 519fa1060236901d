"""Le lien personnel : il ouvre ses actions, et rien d'autre ; tout autre lien n'ouvre rien."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campagnes import conduite, liens
from campagnes.models import Campagne, Destinataire, Reponse
from courrier.models import Courriel
from tests.campagnes.factories import jeton, ouverte, preparee

pytestmark = pytest.mark.django_db
SAISIE = {"statut": "en_cours", "avancement": "35", "phrase": "Le chantier a commencé."}


def lien(valeur, rang=None):
    return (
        reverse("campagnes:repondre-action", args=[valeur, rang])
        if rang
        else reverse("campagnes:repondre", args=[valeur])
    )


def forge(campagne):
    return jeton(campagne)[:-2] + "xx"


def expire(campagne):
    hier = timezone.localdate() - datetime.timedelta(days=1)
    Campagne.objects.filter(pk=campagne.pk).update(fin=hier)
    return jeton(campagne)


def revoque(campagne):
    conduite.revoquer(campagne.destinataires.order_by("pk")[0], par=campagne.cree_par)
    return jeton(campagne)


def remplace(campagne):
    ancien = jeton(campagne)
    conduite.redonner_le_lien(
        campagne.destinataires.select_related("campagne__contrat").order_by("pk")[0],
        par=campagne.cree_par,
    )
    return ancien


def arrete(campagne):
    conduite.arreter(campagne, par=campagne.cree_par)
    return jeton(campagne)


def jamais_envoye(campagne):
    return "a" * 43


MAUVAIS = [forge, expire, revoque, remplace, arrete, jamais_envoye]


@pytest.mark.parametrize("cause", MAUVAIS, ids=lambda c: c.__name__)
def test_un_mauvais_lien_n_ouvre_rien_et_ne_dit_pas_pourquoi(client, cause):
    """Même statut, même page à l'octet près, en lecture comme en envoi ; rien n'est écrit."""
    modele = Client().get(lien("inconnu"))
    modele_envoi = Client().post(lien("inconnu", 1), SAISIE)
    mauvais = cause(ouverte())
    for adresse in (lien(mauvais), lien(mauvais, 1), lien(mauvais, 99)):
        reponse = client.get(adresse)
        assert (reponse.status_code, reponse.content) == (404, modele.content)
        envoi = client.post(adresse, SAISIE)
        assert (envoi.status_code, envoi.content) == (404, modele_envoi.content)
        assert reponse.headers["Cache-Control"] == "private, no-cache"
    assert not Reponse.objects.exists()
    assert not Destinataire.objects.exclude(ouvert_le=None).exists()


def test_l_action_d_un_autre_destinataire_n_existe_pas(client):
    campagne = ouverte(nb_actions=3)
    sien = campagne.destinataires.order_by("pk")[0]
    sien.demandes.filter(rang=2).delete()
    reponse = client.post(lien(liens.jeton_de(sien), 2), SAISIE)
    assert reponse.status_code == 404
    assert not Reponse.objects.exists()


def test_ce_qui_se_tape_pendant_que_le_lien_expire_est_rendu(client):
    valeur = expire(ouverte())
    page = client.post(lien(valeur, 1), SAISIE).content.decode()
    assert "Le chantier a commencé." in page
    assert "Avancement : 35" in page
    assert "rien n’est perdu" in page


def test_le_lien_n_ouvre_ni_session_ni_biscuit_ni_autre_page(client):
    campagne = ouverte()
    valeur = jeton(campagne)
    for adresse in (lien(valeur), lien(valeur, 1)):
        reponse = client.get(adresse)
        assert reponse.status_code == 200
        assert not reponse.cookies
    client.post(lien(valeur, 1), SAISIE)
    assert not client.cookies
    assert client.get(campagne.get_absolute_url()).status_code == 302


def test_la_page_ne_donne_ni_adresse_ni_lien_de_partage(client):
    campagne = ouverte()
    page = client.get(lien(jeton(campagne))).content.decode()
    assert not any(d.email in page for d in campagne.destinataires.all())
    assert "canonical" not in page
    assert "og:url" not in page


def test_lire_le_lien_n_est_pas_l_ouvrir(client):
    """Un antivirus lit les liens des courriels : seul un bouton dit « a ouvert »."""
    campagne = ouverte()
    valeur = jeton(campagne)
    client.get(lien(valeur))
    client.get(lien(valeur, 1))
    assert not campagne.destinataires.exclude(ouvert_le=None).exists()
    assert client.post(lien(valeur)).url == lien(valeur, 1)
    assert campagne.destinataires.exclude(ouvert_le=None).count() == 1


def test_la_base_n_a_que_l_empreinte_du_jeton():
    campagne = ouverte(nb_organismes=1)
    [destinataire] = campagne.destinataires.all()
    valeur = liens.jeton_de(destinataire)
    assert destinataire.empreinte == liens.empreinte(valeur) != valeur
    assert len(valeur) == 43
    [courriel] = Courriel.objects.all()
    assert valeur in courriel.texte
    assert valeur not in courriel.contenu


def test_une_cle_d_installation_remplacee_laisse_les_liens_valables(settings):
    campagne = ouverte(nb_organismes=1)
    [destinataire] = campagne.destinataires.all()
    ancien = liens.jeton_de(destinataire)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "neuve" * 10
    assert liens.jeton_de(destinataire) == ancien
    settings.SECRET_KEY_FALLBACKS = []
    assert liens.jeton_de(destinataire) != ancien
    with pytest.raises(liens.LienInvalide):
        liens.ouvrir(ancien)


def test_deux_destinataires_n_ont_jamais_le_meme_jeton():
    campagne = ouverte(nb_organismes=12)
    jetons = {liens.jeton_de(d) for d in campagne.destinataires.all()}
    assert len(jetons) == 12


def test_un_lien_redonne_part_par_courriel_et_n_ouvre_que_lui(client):
    campagne = ouverte(nb_organismes=1)
    ancien = remplace(campagne)
    neuf = jeton(campagne)
    assert neuf != ancien
    assert client.get(lien(neuf)).status_code == 200
    assert neuf in Courriel.objects.order_by("-pk")[0].texte


def test_une_campagne_en_preparation_n_a_aucun_lien():
    assert not preparee().destinataires.exists()
