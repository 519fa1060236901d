"""Ouvrir une campagne : un courriel par adresse, exactement, quoi qu'il arrive."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from campagnes import conduite, courriels, taches
from campagnes.conduite import CampagneImpossible
from campagnes.enums import Destination, EtatCampagne
from campagnes.models import Contact, Destinataire
from campagnes.plan import envois, muettes
from contrats.enums import RoleHabilitation
from courrier.enums import EtatCourriel
from courrier.models import Courriel
from tests.campagnes.factories import ouverte, preparee
from tests.comptes.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db


def destinataires():
    return sorted(Courriel.objects.values_list("destinataire", flat=True))


def test_chaque_adresse_recoit_un_courriel_quel_que_soit_le_nombre_de_ses_actions():
    campagne = preparee(nb_actions=5, nb_organismes=3)
    assert conduite.envoyer(campagne, par=campagne.cree_par) == 3
    attendus = sorted(c.email for c in Contact.objects.all())
    assert destinataires() == attendus
    assert [d.demandes.count() for d in campagne.destinataires.all()] == [5, 5, 5]


def test_deux_organismes_de_la_meme_adresse_font_un_courriel_et_un_ecran_par_action():
    campagne = preparee(nb_actions=3, nb_organismes=2)
    Contact.objects.update(email="Une.Seule@exemple.invalid")
    [envoi] = envois(campagne)
    assert (len(envoi.organismes), len(envoi.actions)) == (2, 3)
    conduite.envoyer(campagne, par=campagne.cree_par)
    assert destinataires() == ["une.seule@exemple.invalid"]


def test_un_organisme_sans_adresse_ou_ecarte_ne_recoit_rien():
    campagne = preparee(nb_organismes=3)
    premier, second, _ = Contact.objects.order_by("pk")
    campagne.ecartes.add(premier.organisme)
    second.delete()
    assert len(envois(campagne)) == 1


def test_aux_seuls_pilotes_les_partenaires_ne_sont_pas_interroges():
    campagne = preparee(nb_organismes=3, destination=Destination.PILOTES)
    assert len(envois(campagne)) == 1
    Contact.objects.all().delete()
    assert len(muettes(campagne)) == 3


def test_le_courriel_se_lit_en_texte_et_porte_le_lien_la_date_et_les_actions(settings):
    campagne = ouverte(nb_actions=14, nb_organismes=1, message="Merci de répondre avant le COPIL.")
    [courriel] = Courriel.objects.all()
    assert courriel.html == ""
    assert courriel.sujet == "Point du trimestre : 14 actions à renseigner"
    assert f"{settings.ADRESSE_DU_SITE}/repondre/" in courriel.texte
    assert "Merci de répondre avant le COPIL." in courriel.texte
    assert "- et 2 autres" in courriel.texte
    assert "\n\n\n" not in courriel.texte
    assert courriel.entetes == {"Reply-To": campagne.cree_par.email}


def test_l_apercu_est_le_courriel_au_lien_pres():
    campagne = preparee(nb_organismes=1)
    [envoi] = envois(campagne)
    prevu = courriels.apercu(campagne, envoi)
    conduite.envoyer(campagne, par=campagne.cree_par)
    [parti] = Courriel.objects.all()
    lien = next(ligne for ligne in parti.texte.splitlines() if "/repondre/" in ligne)
    prefixe = lien.split("/repondre/")[0]
    assert prevu.sujet == parti.sujet
    assert (
        prevu.texte.strip()
        == parti.texte.replace(lien, f"{prefixe}{courriels.LIEN_D_APERCU}").strip()
    )


def test_un_envoi_tue_a_mi_chemin_n_ouvre_rien_et_se_refait_sans_doublon(monkeypatch):
    campagne = preparee(nb_organismes=5)
    vrai, faits = courriels.inviter, []

    def mourir(*args):
        vrai(*args)
        faits.append(args)
        if len(faits) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(courriels, "inviter", mourir)
    with pytest.raises(KeyboardInterrupt):
        conduite.envoyer(campagne, par=campagne.cree_par)
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.EN_PREPARATION
    assert not Courriel.objects.exists()
    assert not Destinataire.objects.exists()

    monkeypatch.setattr(courriels, "inviter", vrai)
    conduite.envoyer(campagne, par=campagne.cree_par)
    assert len(destinataires()) == len(set(destinataires())) == 5


def test_envoyee_deux_fois_elle_n_ecrit_qu_une_fois():
    campagne = ouverte(nb_organismes=3)
    with pytest.raises(CampagneImpossible):
        conduite.envoyer(campagne, par=campagne.cree_par)
    assert len(destinataires()) == 3


def test_la_boite_de_demonstration_les_recoit(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ouverte(nb_organismes=3)
    assert set(Courriel.objects.values_list("etat", flat=True)) == {EtatCourriel.ENVOYE}


@pytest.mark.parametrize("role", RoleHabilitation)
def test_seul_qui_conduit_le_contrat_envoie(role):
    campagne = preparee()
    agent = UtilisateurFactory(habilitations=[(campagne.contrat, role)])
    if role == RoleHabilitation.PILOTAGE:
        assert conduite.envoyer(campagne, par=agent)
    else:
        with pytest.raises(PermissionDenied):
            conduite.envoyer(campagne, par=agent)


def test_sans_adresse_ou_apres_la_fin_rien_ne_s_ouvre():
    campagne = preparee(nb_organismes=0)
    with pytest.raises(CampagneImpossible):
        conduite.envoyer(campagne, par=campagne.cree_par)
    passee = preparee(fin=timezone.localdate() - datetime.timedelta(days=1))
    with pytest.raises(CampagneImpossible):
        conduite.envoyer(passee, par=passee.cree_par)
    assert not Courriel.objects.exists()


# Relances


def test_une_relance_ne_va_qu_a_qui_n_a_pas_tout_repondu_et_une_seule_fois():
    campagne = ouverte(nb_actions=2, nb_organismes=2)
    fini = campagne.destinataires.order_by("pk").first()
    for demande in fini.demandes.all():
        demande.reponses.create(statut="en_cours", version=1)
    Courriel.objects.all().delete()
    conduite.prevoir_relance(campagne, timezone.localdate(), par=campagne.cree_par)
    assert [taches.faire_les_relances.call() for _ in range(2)] == [1, 0]
    autre = campagne.destinataires.exclude(pk=fini.pk).get()
    assert destinataires() == [autre.email]
    assert "2 actions attendent votre réponse" in Courriel.objects.get().sujet


def test_une_relance_tuee_a_mi_chemin_reste_a_faire_et_ne_double_pas(monkeypatch):
    campagne = ouverte(nb_organismes=4)
    Courriel.objects.all().delete()
    conduite.prevoir_relance(campagne, timezone.localdate(), par=campagne.cree_par)
    vrai, faits = courriels.relancer, []

    def mourir(*args):
        vrai(*args)
        faits.append(args)
        if len(faits) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(courriels, "relancer", mourir)
    with pytest.raises(KeyboardInterrupt):
        taches.faire_les_relances.call()
    assert not Courriel.objects.exists()
    monkeypatch.setattr(courriels, "relancer", vrai)
    assert taches.faire_les_relances.call() == 4
    assert len(set(destinataires())) == len(destinataires()) == 4


def test_une_relance_a_venir_attend_son_jour_et_s_arrete_avec_la_campagne():
    campagne = ouverte()
    Courriel.objects.all().delete()
    demain = timezone.localdate() + datetime.timedelta(days=1)
    relance = conduite.prevoir_relance(campagne, demain, par=campagne.cree_par)
    assert taches.faire_les_relances.call() == 0
    conduite.arreter(campagne, par=campagne.cree_par)
    campagne.relances.filter(pk=relance.pk).update(le=timezone.localdate())
    assert taches.faire_les_relances.call() == 0
    assert not Courriel.objects.exists()
