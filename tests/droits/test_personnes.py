"""Personnes d'un contrat : inviter, accepter une fois, changer, terminer, expliquer."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comptes.models import Utilisateur
from contrats import invitations
from contrats.enums import StatutFiche
from contrats.explication import expliquer
from contrats.models import Contrat, Fiche, Habilitation, Invitation
from courrier.chiffrement import dechiffrer
from courrier.models import Courriel
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory, FicheFactory, InvitationFactory

pytestmark = pytest.mark.django_db
COMPTE = {"prenom": "Nora", "nom": "Aït", "mot_de_passe": "champ-de-colza-2026"}


@pytest.fixture
def contrat(db):
    return ContratFactory()


@pytest.fixture
def charge(contrat):
    return UtilisateurFactory(habilitations=[(contrat, "pilotage")])


def page(contrat, nom="personnes", *args):
    return reverse(f"contrats:contrat-{nom}", args=[contrat.slug, *args])


def inviter(client, contrat, charge, email="nora@exemple.invalid", **champs):
    """Envoie l'invitation et rend le lien que porte le courriel."""
    client.force_login(charge)
    envoi = {"email": email, "role": "redaction", "aux_enfants": "on", **champs}
    assert client.post(page(contrat, "inviter"), envoi).status_code == 302
    courriel = Courriel.objects.filter(destinataire=email).latest("pk")
    return re.search(r"/invitations/[^\s/]+/", dechiffrer(courriel.contenu)).group()


def test_une_personne_sans_compte_cree_le_sien_et_accepte(client, contrat, charge):
    lien = inviter(client, contrat, charge, fin="31/12/2099")
    visiteuse = Client()
    assert visiteuse.get(lien).status_code == 200
    assert visiteuse.post(lien, {**COMPTE, "mot_de_passe": "court"}).status_code == 400
    assert not Utilisateur.objects.filter(email="nora@exemple.invalid").exists()
    assert visiteuse.post(lien, COMPTE).status_code == 302
    nora = Utilisateur.objects.get(email="nora@exemple.invalid")
    [role] = nora.habilitations.all()
    assert (role.role, role.aux_enfants, role.fin) == (
        "redaction",
        True,
        datetime.date(2099, 12, 31),
    )
    assert contrat in Contrat.objects.habilites(nora)
    assert Client().get(lien).status_code == 404  # une seule fois


def test_le_jeton_n_est_pas_en_base(client, contrat, charge):
    jeton = inviter(client, contrat, charge).split("/")[2]
    [invitation] = Invitation.objects.all()
    assert jeton not in str(invitation.__dict__)
    assert invitation.empreinte == invitations.empreinte(jeton)


def test_une_personne_qui_a_un_compte_se_connecte_pour_accepter(client, contrat, charge):
    nora = UtilisateurFactory(email="Nora@exemple.invalid")
    lien = inviter(client, contrat, charge)
    assert "Un compte existe" in Client().get(lien).content.decode()
    assert Client().post(lien, COMPTE).status_code == 403
    client.force_login(UtilisateurFactory())
    assert client.post(lien).status_code == 403
    client.force_login(nora)
    assert client.post(lien).status_code == 302
    assert nora.habilitations.get().contrat == contrat


@pytest.mark.parametrize("etat", ["forge", "expire", "revoque", "accepte", "remplace"])
def test_un_lien_forge_expire_revoque_ou_deja_pris_n_ouvre_rien(client, contrat, charge, etat):
    lien = inviter(client, contrat, charge)
    hier = timezone.now() - datetime.timedelta(days=1)
    [invitation] = Invitation.objects.all()
    if etat == "forge":
        lien = lien[:-2] + "x/"
    elif etat == "expire":
        Invitation.objects.update(expire_le=hier)
    elif etat == "revoque":
        assert client.post(page(contrat, "revoquer", invitation.pk)).status_code == 302
        assert client.post(page(contrat, "revoquer", invitation.pk)).status_code == 409
    elif etat == "accepte":
        Client().post(lien, COMPTE)
    else:
        inviter(client, contrat, charge)
    avant = Habilitation.objects.count()
    for qui in (Client(), client):
        assert qui.get(lien).status_code == 404
        assert qui.post(lien, COMPTE).status_code == 404
    assert Habilitation.objects.count() == avant


def test_deux_acceptations_n_en_font_qu_une(contrat):
    nora = UtilisateurFactory(email="nora@exemple.invalid")
    invitation = InvitationFactory(contrat=contrat, email="nora@exemple.invalid")
    invitations.accepter(invitation, nora)
    with pytest.raises(invitations.InvitationFermee):
        invitations.accepter(invitation, nora)


def test_changer_puis_terminer_un_role_vaut_a_la_requete_suivante(client, contrat, charge):
    autre = UtilisateurFactory(habilitations=[(contrat, "redaction")])
    [role] = autre.habilitations.all()
    sienne = Client()
    sienne.force_login(autre)
    adresse = reverse("contrats:contrat-cycle", args=[contrat.slug])
    assert sienne.get(adresse).status_code == 200
    client.force_login(charge)
    envoi = {"role": "lecture", "fin": "32/13/2026"}
    assert client.post(page(contrat, "habilitation", role.pk), envoi).status_code == 400
    envoi["fin"] = ""
    assert client.post(page(contrat, "habilitation", role.pk), envoi).status_code == 302
    role.refresh_from_db()
    assert (role.role, role.aux_enfants) == ("lecture", False)
    client.post(page(contrat, "habilitation", role.pk), {"terminer": "1"})
    assert sienne.get(adresse).status_code == 404


@pytest.mark.parametrize(
    "envoi",
    [{"email": "pas un courriel"}, {"email": ""}, {"role": "roi"}, {"fin": "01/01/2020"}],
)
def test_une_invitation_mal_remplie_se_corrige(client, contrat, charge, envoi):
    client.force_login(charge)
    complet = {"email": "nora@exemple.invalid", "role": "lecture", **envoi}
    reponse = client.post(page(contrat, "inviter"), complet)
    assert reponse.status_code == 400
    assert "Erreur" in reponse.content.decode()
    assert not Courriel.objects.exists()


def test_le_role_d_un_autre_contrat_ne_se_change_pas_d_ici(client, contrat, charge):
    ailleurs = UtilisateurFactory(habilitations=[(ContratFactory(), "lecture")])
    etranger = ailleurs.habilitations.get()
    invitation = InvitationFactory()
    client.force_login(charge)
    envoi = {"role": "pilotage"}
    assert client.post(page(contrat, "habilitation", etranger.pk), envoi).status_code == 404
    assert client.post(page(contrat, "revoquer", invitation.pk)).status_code == 404
    etranger.refresh_from_db()
    assert etranger.role == "lecture"


@pytest.mark.parametrize("nb", [1, 5])
def test_les_personnes_ont_un_nombre_de_requetes_constant(
    client, contrat, charge, django_assert_num_queries, nb
):
    for _ in range(nb):
        UtilisateurFactory(habilitations=[(contrat, "lecture")])
        InvitationFactory(contrat=contrat, invitee_par=charge)
    client.force_login(charge)
    with django_assert_num_queries(7):
        assert client.get(page(contrat)).status_code == 200


# Pourquoi ?


@pytest.mark.parametrize("objet", ["contrat", "fiche"])
@pytest.mark.parametrize("cas", ["rien", "direct", "herite", "echu", "restreint", "inactif"])
def test_l_explication_dit_ce_que_fait_visibles_par(objet, cas):
    parent = ContratFactory()
    contrat = ContratFactory(parent=parent, lien="annexe")
    fiche = FicheFactory(contrat=contrat, statut=StatutFiche.BROUILLON)
    quoi = contrat if objet == "contrat" else fiche
    qui = UtilisateurFactory(is_active=cas != "inactif")
    hier = timezone.localdate() - datetime.timedelta(days=1)
    if cas in ("direct", "inactif", "echu"):
        qui.habilitations.create(
            contrat=contrat, role="lecture", fin=hier if cas == "echu" else None
        )
    if cas in ("herite", "restreint"):
        qui.habilitations.create(contrat=parent, role="lecture", aux_enfants=cas == "herite")
    modele = Contrat if objet == "contrat" else Fiche
    explication = expliquer(qui, quoi)
    assert explication.voit == modele.objects.visibles_par(qui).filter(pk=quoi.pk).exists()
    assert explication.voit == (cas in ("direct", "herite"))
    assert any(c.vrai for c in explication.constats) == explication.voit
    assert len(explication.habilitations) == (0 if cas == "rien" else 1)


def test_la_page_pourquoi_repond_a_l_administration(client, administrateur):
    fiche, qui = FicheFactory(), UtilisateurFactory()
    client.force_login(administrateur)
    adresse = reverse("contrats:pourquoi")
    assert client.get(adresse).status_code == 200
    demande = {"personne": qui.email, "objet": f"https://exemple.fr{fiche.get_absolute_url()}"}
    html = client.get(adresse, demande).content.decode()
    assert "ne voit pas" in html
    for faux in ({"personne": "x"}, {"objet": "/introuvable/"}, {"objet": "/contrats/rien/"}):
        assert client.get(adresse, {**demande, **faux}).status_code == 400
