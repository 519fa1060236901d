"""Agir au nom de quelqu'un : réservé, journalisé, montré, sans prise sur les accès."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from comptes import assistance
from comptes.models import Assistance
from contrats.enums import RoleHabilitation, StatutContrat, TransitionContrat
from contrats.models import Contrat
from tests.comptes.factories import UtilisateurFactory, vient_de_se_connecter

pytestmark = pytest.mark.django_db
OUVRIR = reverse("comptes:assistance-ouvrir")
FERMER = reverse("comptes:assistance-fermer")
ATELIER = reverse("contrats:mes-fiches")


@pytest.fixture
def aidee(fiche):
    return UtilisateurFactory(
        prenom="Awa", nom="Diop", habilitations=[(fiche.contrat, RoleHabilitation.PILOTAGE)]
    )


@pytest.fixture
def aide(client, administrateur, aidee):
    """Session de l'administration, qui agit au nom d'Awa Diop."""
    client.force_login(administrateur)
    reponse = client.post(OUVRIR, {"courriel": aidee.email, "motif": "Fiche introuvable"})
    assert reponse.url == ATELIER
    return client


def test_l_assistance_montre_ce_que_voit_la_personne_et_le_dit_partout(aide, administrateur, fiche):
    for adresse in (ATELIER, reverse("portail:accueil"), fiche.get_absolute_url()):
        page = aide.get(adresse)
        assert page.context["request"].user.nom_complet == "Awa Diop"
        assert f"Assistance : {administrateur} agit au nom de Awa Diop" in page.text
        assert FERMER in page.text
    journal = Assistance.objects.get()
    assert (journal.agent, journal.motif, journal.fin_le) == (
        administrateur,
        "Fiche introuvable",
        None,
    )


def test_chaque_ecriture_est_au_journal_et_la_fin_aussi(aide, administrateur, fiche):
    adresse = reverse("contrats:fiche-commenter", args=[fiche.public_id])
    aide.post(adresse, {"texte": "Relu ensemble."})
    aide.post(FERMER)
    journal = Assistance.objects.get()
    gestes = list(journal.gestes.values_list("methode", "chemin"))
    assert gestes == [("POST", adresse), ("POST", FERMER)]
    assert journal.fin_le is not None
    page = aide.get(ATELIER)
    assert page.context["request"].user == administrateur
    assert "Assistance :" not in page.text


@pytest.mark.parametrize(
    "nom",
    [
        "account_change_password",
        "comptes:session-list",
        "comptes:assistance-ouvrir",
        "mfa_activate_totp",
        "mfa_index",
        "mfa_view_recovery_codes",
    ],
)
def test_les_acces_de_la_personne_restent_hors_d_atteinte(aide, nom):
    assert aide.get(reverse(nom)).status_code == 403


def test_l_administration_n_est_pas_ouverte_par_l_assistance(aide):
    assert aide.get(reverse("admin:index")).status_code == 302


def test_se_deconnecter_ferme_l_assistance(aide):
    aide.post(reverse("comptes:deconnexion"))
    assert Assistance.objects.get().fin_le is not None


def test_une_assistance_oubliee_se_ferme_d_elle_meme(aide, administrateur):
    Assistance.objects.update(debut_le=timezone.now() - timedelta(hours=1, seconds=1))
    assert aide.get(ATELIER).context["request"].user == administrateur


@pytest.mark.parametrize("perte", [{"is_superuser": False}, {"is_active": False}])
def test_l_agent_qui_perd_son_droit_le_perd_aussitot(aide, administrateur, aidee, perte):
    for champ, valeur in perte.items():
        setattr(administrateur, champ, valeur)
    administrateur.save()
    page = aide.get(reverse("portail:accueil"))
    assert page.context["request"].user != aidee


@pytest.mark.parametrize("cas", ["administration", "inactive", "inconnue", "soi"])
def test_on_n_aide_qu_une_personne_active_hors_administration(client, administrateur, cas):
    personnes = {
        "administration": UtilisateurFactory(is_staff=True).email,
        "inactive": UtilisateurFactory(is_active=False).email,
        "inconnue": "personne@exemple.invalid",
        "soi": administrateur.email,
    }
    client.force_login(administrateur)
    reponse = client.post(OUVRIR, {"courriel": personnes[cas], "motif": "Essai"})
    assert "Aucun compte actif, hors administration" in reponse.text
    assert not Assistance.objects.exists()


def test_sans_motif_rien_ne_s_ouvre(client, administrateur, aidee):
    client.force_login(administrateur)
    assert client.post(OUVRIR, {"courriel": aidee.email, "motif": ""}).status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        Assistance.objects.create(agent=administrateur, au_nom_de=aidee, motif="")


def test_reserve_a_l_administration_de_l_instance(client, aidee, redactrice):
    for compte in (redactrice, UtilisateurFactory(is_staff=True)):
        client.force_login(compte)
        saisie = {"courriel": aidee.email, "motif": "Essai"}
        assert client.post(OUVRIR, saisie).status_code == 403


def test_aucune_signature_ne_se_constate_sous_assistance(aide, aidee, fiche):
    """Ni bouton, ni envoi forgé, ni reprise ; sans assistance, signer passe."""
    contrat = fiche.contrat
    Contrat.objects.filter(pk=contrat.pk).update(statut=StatutContrat.EN_SIGNATURE)
    page = reverse("contrats:contrat-cycle", args=[contrat.slug])
    for transition in TransitionContrat.de_signature():
        adresse = reverse("contrats:contrat-franchir", args=[contrat.slug, transition.value])
        assert adresse not in aide.get(page).text
        saisie = {"version": contrat.version, "motif": "Essai"}
        assert aide.post(adresse, saisie).status_code in (403, 404), transition
    contrat.refresh_from_db()
    assert contrat.statut == StatutContrat.EN_SIGNATURE
    aide.post(FERMER)
    vient_de_se_connecter(aide, aidee)
    signer = reverse("contrats:contrat-franchir", args=[contrat.slug, "signer"])
    assert signer in aide.get(page).text
    assert aide.post(signer, {"version": contrat.version}).status_code == 302


def test_rien_ne_se_signe_ni_ne_se_notifie_sous_assistance(aide, aidee):
    """Qui signe appelle `refuser` ; qui notifie lit `Utilisateur.assistance`."""
    utilisateur = aide.get(ATELIER).context["request"].user
    assert utilisateur.assistance == Assistance.objects.get()
    with pytest.raises(PermissionDenied):
        assistance.refuser(utilisateur)
    assert aidee.assistance is None
    assistance.refuser(aidee)
