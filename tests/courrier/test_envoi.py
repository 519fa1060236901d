"""La boîte d'envoi : déposer avec l'acte, envoyer au plus une fois, dire ce qui n'est pas parti."""

import smtplib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from courrier import envoi
from courrier.chiffrement import Illisible, chiffrer, dechiffrer
from courrier.depot import adresse_absolue, deposer
from courrier.enums import EtatCourriel
from courrier.models import DELAI_DE_REMISE, Courriel
from tests.courrier.factories import CourrielFactory

pytestmark = pytest.mark.django_db
ESSAI = {"destinataire": "a@exemple.invalid", "sujet": "Sujet", "texte": "Bonjour."}


def etat(courriel):
    courriel.refresh_from_db()
    return courriel.etat


# Déposer


def test_la_meme_cle_ne_depose_qu_un_courriel(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as taches:
        premier = deposer(cle="x-1", **ESSAI)
        assert deposer(cle="x-1", **{**ESSAI, "texte": "Autre."}) == premier
    assert len(taches) == 1
    assert (etat(premier), premier.texte) == (EtatCourriel.ENVOYE, "Bonjour.")


def test_un_acte_annule_n_ecrit_a_personne(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as taches, transaction.atomic():
        deposer(cle="x-1", **ESSAI)
        transaction.set_rollback(True)
    assert not taches
    assert not Courriel.objects.exists()


def test_un_sujet_ne_peut_pas_ajouter_d_en_tete():
    courriel = deposer(cle="x-1", **{**ESSAI, "sujet": "Bonjour\nBcc: tous@exemple.invalid"})
    assert courriel.sujet == "Bonjour Bcc: tous@exemple.invalid"


def test_une_adresse_mal_formee_est_refusee():
    with pytest.raises(ValidationError):
        deposer(cle="x-1", **{**ESSAI, "destinataire": "a@b\nc"})


def test_l_adresse_d_un_lien_est_reglee_par_l_installation(settings):
    settings.ADRESSE_DU_SITE = "https://contrats.exemple.fr/"
    assert adresse_absolue("/connexion/") == "https://contrats.exemple.fr/connexion/"


# Chiffrer


def test_la_base_ne_garde_pas_le_texte_en_clair():
    deposer(cle="x-1", **{**ESSAI, "texte": "https://exemple.fr/lien/jeton-secret/"})
    with connection.cursor() as curseur:
        curseur.execute("SELECT * FROM courrier_courriel")
        assert "jeton-secret" not in str(curseur.fetchall())


def test_une_cle_remplacee_reste_lisible_tant_qu_elle_est_gardee(settings):
    secret = chiffrer("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "nouvelle"
    assert dechiffrer(secret) == "secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Illisible):
        dechiffrer(secret)


# Envoyer


def test_en_demonstration_rien_ne_quitte_la_machine(mailoutbox, monkeypatch):
    courriel = CourrielFactory()
    monkeypatch.setattr(smtplib, "SMTP", None)
    assert envoi.envoyer().envoyes == 1
    assert etat(courriel) == EtatCourriel.ENVOYE
    assert mailoutbox == []


def test_un_courriel_part_une_fois_avec_son_texte_son_html_et_ses_en_tetes(hors_demonstration):
    deposer(cle="x-1", **ESSAI, html="<p>Bonjour.</p>", entetes={"List-Unsubscribe": "<https://x>"})
    assert envoi.envoyer().envoyes == 1
    assert envoi.envoyer().envoyes == 0
    [message] = hors_demonstration.messages
    assert (message["To"], message["Subject"]) == ("a@exemple.invalid", "Sujet")
    assert message["List-Unsubscribe"] == "<https://x>"
    assert message.get_body(["plain"]).get_content().strip() == "Bonjour."
    assert message.get_body(["html"]).get_content().strip() == "<p>Bonjour.</p>"


def test_un_courriel_reclame_par_un_autre_processus_n_est_pas_repris(hors_demonstration):
    courriel = CourrielFactory(etat=EtatCourriel.EN_COURS, reclame_le=timezone.now())
    assert envoi.envoyer() == envoi.Bilan()
    assert etat(courriel) == EtatCourriel.EN_COURS


def test_un_envoi_interrompu_devient_incertain_et_ne_repart_pas_tout_seul(hors_demonstration):
    hier = timezone.now() - DELAI_DE_REMISE - timedelta(seconds=1)
    courriel = CourrielFactory(etat=EtatCourriel.EN_COURS, reclame_le=hier)
    assert envoi.envoyer().incertains == 1
    assert (etat(courriel), hors_demonstration.messages) == (EtatCourriel.INCERTAIN, [])
    assert envoi.relancer(courriel)
    assert not envoi.relancer(courriel)
    assert envoi.envoyer().envoyes == 1


def test_un_serveur_injoignable_laisse_tout_en_attente(hors_demonstration, settings):
    courriel = CourrielFactory()
    hors_demonstration.server_close()
    assert envoi.envoyer().prochain_essai == envoi.ESSAIS[0]
    assert (etat(courriel), courriel.tentatives) == (EtatCourriel.A_ENVOYER, 0)


def test_un_serveur_qui_coupe_sans_repondre_laisse_un_incertain(hors_demonstration):
    premier, second = CourrielFactory.create_batch(2)
    hors_demonstration.muet = True
    assert envoi.envoyer().incertains == 2
    assert {etat(premier), etat(second)} == {EtatCourriel.INCERTAIN}
    assert max(hors_demonstration.recus.values()) == 1


def test_un_refus_definitif_est_un_echec_et_n_arrete_pas_les_autres(hors_demonstration):
    refuse, accepte = CourrielFactory.create_batch(2)
    hors_demonstration.refus = {refuse.destinataire: "550 adresse inconnue"}
    bilan = envoi.envoyer()
    assert (bilan.envoyes, bilan.echecs) == (1, 1)
    assert (etat(refuse), etat(accepte)) == (EtatCourriel.ECHEC, EtatCourriel.ENVOYE)
    assert "adresse inconnue" in refuse.erreur


def test_un_refus_passager_se_retente_puis_devient_un_echec(hors_demonstration):
    courriel = CourrielFactory()
    hors_demonstration.refus = {courriel.destinataire: "451 plus tard"}
    for delai in envoi.ESSAIS:
        assert envoi.envoyer().prochain_essai == delai
        assert etat(courriel) == EtatCourriel.A_ENVOYER
        assert envoi.envoyer() == envoi.Bilan()  # pas avant l'heure
        Courriel.objects.update(pas_avant=timezone.now())
    assert envoi.envoyer().echecs == 1
    assert etat(courriel) == EtatCourriel.ECHEC


def test_un_contenu_illisible_est_un_echec_dit_en_francais(hors_demonstration, settings):
    courriel = CourrielFactory()
    settings.SECRET_KEY = "perdue"
    assert envoi.envoyer().echecs == 1
    assert etat(courriel) == EtatCourriel.ECHEC
    assert "clé de chiffrement" in courriel.erreur
