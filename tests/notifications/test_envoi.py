"""Les courriels : composés à l'envoi avec les droits de ce moment, une seule fois chacun."""

import datetime
import email
import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from contrats.models import Habilitation
from contrats.transitions import renvoyer_fiche, soumettre_fiche
from courrier.envoi import _message
from courrier.models import Courriel
from notifications import envoi
from notifications.enums import Cadence
from notifications.models import Notification
from notifications.registre import EVENEMENTS
from tests.contrats.factories import FicheFactory
from tests.notifications.conftest import membre
from tests.notifications.factories import NotificationFactory, PreferenceFactory

pytestmark = pytest.mark.django_db
LUNDI = datetime.date(2026, 11, 23)


def courriels():
    return list(Courriel.objects.order_by("pk"))


@pytest.fixture
def par_resume(relectrice):
    """`par_resume(cadence)` : la relectrice reçoit les demandes de relecture à cette cadence."""
    return lambda cadence: PreferenceFactory(utilisateur=relectrice, cadence=cadence)


def test_un_courriel_immediat_part_avec_l_acte(
    brouillon, autrice, relectrice, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        soumettre_fiche(brouillon, version=brouillon.version, par=autrice)
    [courriel] = courriels()
    assert courriel.destinataire == relectrice.email
    assert courriel.sujet == f"À relire : {brouillon.titre}"
    assert brouillon.contrat.intitule_court in courriel.texte
    assert "de « Brouillon » à « En relecture »" in courriel.texte
    assert "Notification.objects" not in courriel.texte
    assert Notification.objects.get().envoyee_le is not None


def test_une_seule_lettre_par_personne_pour_plusieurs_faits(autrice, relectrice, brouillon):
    autre = FicheFactory(contrat=brouillon.contrat)
    for fiche in (brouillon, autre):
        soumettre_fiche(fiche, version=fiche.version, par=autrice)
    envoi.envoyer(Cadence.IMMEDIAT)
    [courriel] = courriels()
    assert courriel.sujet == "2 notifications"
    assert brouillon.titre in courriel.texte
    assert autre.titre in courriel.texte


@pytest.mark.parametrize("cadence", Cadence)
def test_chaque_cadence_n_envoie_que_ce_qui_est_a_elle(soumise, relectrice, par_resume, cadence):
    par_resume(cadence)
    for autre in Cadence.par_courriel():
        nombre = envoi.envoyer(autre)
        assert nombre == (1 if autre == cadence else 0)


def test_relance_le_meme_jour_un_resume_ne_part_qu_une_fois(
    soumise, autrice, relectrice, par_resume
):
    """Ce qui arrive après le résumé du jour attend celui du lendemain."""
    par_resume(Cadence.QUOTIDIEN)
    assert envoi.envoyer(Cadence.QUOTIDIEN, le=LUNDI) == 1
    autre = FicheFactory(contrat=soumise.contrat)
    soumettre_fiche(autre, version=autre.version, par=autrice)
    assert envoi.envoyer(Cadence.QUOTIDIEN, le=LUNDI) == 0
    assert envoi.envoyer(Cadence.QUOTIDIEN, le=LUNDI + datetime.timedelta(days=1)) == 1
    premier, second = courriels()
    assert soumise.titre in premier.texte
    assert soumise.titre not in second.texte
    assert autre.titre in second.texte


def test_un_resume_de_la_semaine_ne_part_qu_une_fois_par_semaine(
    soumise, autrice, relectrice, par_resume
):
    par_resume(Cadence.HEBDOMADAIRE)
    assert envoi.envoyer(Cadence.HEBDOMADAIRE, le=LUNDI) == 1
    autre = FicheFactory(contrat=soumise.contrat)
    soumettre_fiche(autre, version=autre.version, par=autrice)
    for jours in range(1, 7):
        assert envoi.envoyer(Cadence.HEBDOMADAIRE, le=LUNDI + datetime.timedelta(jours)) == 0
    assert envoi.envoyer(Cadence.HEBDOMADAIRE, le=LUNDI + datetime.timedelta(days=7)) == 1


RETRAITS = {
    "le rôle retiré": lambda h: h.delete(),
    "le rôle échu": lambda h: Habilitation.objects.filter(pk=h.pk).update(fin="2026-01-01"),
    "le compte fermé": lambda h: type(h.utilisateur).objects.update(is_active=False),
    "la fiche supprimée": lambda h: h.contrat.fiches.all().delete(),
}


@pytest.mark.parametrize("publie", [True, False], ids=["contrat_publie", "contrat_non_publie"])
@pytest.mark.parametrize("retrait", RETRAITS)
def test_entre_le_depot_et_l_envoi_ce_qui_ne_se_lit_plus_ne_part_plus(
    soumise, relectrice, par_resume, retrait, publie
):
    """Le contrat public n'y change rien : ce que dit l'atelier n'est pas public."""
    par_resume(Cadence.QUOTIDIEN)
    if publie:
        type(soumise.contrat).objects.update(publie_le=timezone.now(), version=1)
    RETRAITS[retrait](relectrice.habilitations.get())
    assert envoi.envoyer(Cadence.QUOTIDIEN) == 0
    assert courriels() == []


def test_le_texte_est_celui_du_moment_de_l_envoi(soumise, relectrice, par_resume):
    par_resume(Cadence.QUOTIDIEN)
    correcteur = membre(soumise, "pilotage")
    renvoyer_fiche(soumise, version=soumise.version, par=correcteur, motif="Datez le calendrier")
    type(soumise).objects.update(titre="Le nouveau titre", version=soumise.version)
    envoi.envoyer(Cadence.QUOTIDIEN)
    [courriel] = courriels()
    assert "À relire : Le nouveau titre" in courriel.texte
    assert "depuis, « À corriger »" in courriel.texte


def test_l_adresse_est_celle_du_moment_de_l_envoi(soumise, relectrice, par_resume):
    par_resume(Cadence.QUOTIDIEN)
    type(relectrice).objects.filter(pk=relectrice.pk).update(email="nouvelle@exemple.invalid")
    envoi.envoyer(Cadence.QUOTIDIEN)
    assert [c.destinataire for c in courriels()] == ["nouvelle@exemple.invalid"]


def test_une_adresse_mal_formee_ne_prive_pas_les_autres(soumise, relectrice, caplog):
    autre = NotificationFactory(
        passage=soumise.transitions.get(), destinataire=membre(soumise, "pilotage")
    )
    type(relectrice).objects.filter(pk=relectrice.pk).update(email="sans arobase")
    assert envoi.envoyer(Cadence.IMMEDIAT) == 1
    assert [c.destinataire for c in courriels()] == [autre.destinataire.email]
    assert "n'a pas d'adresse valable" in caplog.text
    assert Notification.objects.get(destinataire=relectrice).envoyee_le is None


def test_ce_qui_est_lu_a_l_ecran_ou_trop_vieux_ne_part_pas(soumise, relectrice):
    Notification.objects.update(lue_le=timezone.now())
    assert envoi.envoyer(Cadence.IMMEDIAT) == 0
    Notification.objects.update(lue_le=None, cree_le=timezone.now() - datetime.timedelta(days=15))
    assert envoi.envoyer(Cadence.IMMEDIAT) == 0


def test_un_long_resume_se_borne_et_renvoie_a_l_ecran(
    soumise, autrice, relectrice, par_resume, monkeypatch
):
    monkeypatch.setattr(envoi, "LIGNES_MAX", 1)
    par_resume(Cadence.QUOTIDIEN)
    autre = FicheFactory(contrat=soumise.contrat)
    soumettre_fiche(autre, version=autre.version, par=autrice)
    envoi.envoyer(Cadence.QUOTIDIEN)
    [courriel] = courriels()
    assert courriel.sujet == "Votre journée : 2 notifications"
    assert "Et 1 autre, à l'écran." in courriel.texte
    assert not Notification.objects.filter(envoyee_le=None).exists()


def test_la_messagerie_peut_desabonner_en_un_clic(soumise, relectrice, client):
    """Les deux en-têtes de la RFC 8058, l'adresse entière : ni pliée, ni codée."""
    envoi.envoyer(Cadence.IMMEDIAT)
    brut = _message(courriels()[0]).message().as_bytes()
    en_tete = re.search(rb"^List-Unsubscribe: <(https?://\S+)>\r?$", brut, re.MULTILINE)
    assert en_tete
    assert len(en_tete[0]) > 78
    assert email.message_from_bytes(brut)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    chemin = "/" + en_tete[1].decode().split("/", 3)[3]
    reponse = client.post(chemin, {"List-Unsubscribe": "One-Click"})
    assert reponse.status_code == 200
    [preference] = relectrice.preferences.all()
    assert (preference.evenement, preference.cadence) == ("relecture", Cadence.ECRAN)


def test_la_commande_envoie_tout_ce_qui_attend_et_se_relance(soumise, relectrice, capsys):
    for _ in range(2):
        call_command("envoyer_resumes")
    assert len(courriels()) == 1
    assert capsys.readouterr().out.count("Courriel, tout de suite : 0 courriel(s).") == 1


@pytest.mark.parametrize("nb", [1, 5])
def test_composer_un_courriel_fait_le_meme_nombre_de_requetes_pour_1_et_5_faits(
    soumise, autrice, relectrice, par_resume, django_assert_num_queries, nb
):
    par_resume(Cadence.QUOTIDIEN)
    for _ in range(nb - 1):
        fiche = FicheFactory(contrat=soumise.contrat)
        soumettre_fiche(fiche, version=fiche.version, par=autrice)
    with django_assert_num_queries(17):
        envoi.envoyer(Cadence.QUOTIDIEN)


def test_chaque_evenement_se_dit_en_francais_et_se_lit():
    for evenement in EVENEMENTS.values():
        assert evenement.libelle[0].isupper()
        assert not evenement.quand.endswith(".")
        assert len(evenement.cle) <= 40
