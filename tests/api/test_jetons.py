"""Un jeton d'API : une portée, une durée, jamais plus que son utilisateur."""

import datetime
import re

import pytest
from django.core import serializers as serialiseurs
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comptes.models import Assistance
from contrats import jetons
from contrats.enums import RoleHabilitation
from contrats.models import Habilitation, Jeton
from contrats.permissions import PAR_JETON, Acte, peut
from tests.api.test_reponses import est_probleme
from tests.comptes.factories import UtilisateurFactory, vient_de_se_connecter
from tests.contrats.factories import ActionFactory, ContratFactory, FicheFactory
from tests.navigateur import violations_axe

pytestmark = pytest.mark.django_db
PAGE = reverse("contrats:jeton-list")


@pytest.fixture
def action(db):
    """Action d'un contrat que rien ne publie."""
    return ActionFactory()


@pytest.fixture
def agente(action):
    autre = ContratFactory()
    habilitations = [(c, RoleHabilitation.PILOTAGE) for c in (action.contrat, autre)]
    return UtilisateurFactory(habilitations=habilitations)


def lire(action, texte):
    return Client().get(
        f"/api/v1/actions/{action.public_id}/", headers={"authorization": f"Bearer {texte}"}
    )


def test_un_jeton_lit_ce_que_lit_son_agent_dans_son_contrat_seul(agente, action):
    brouillon = ActionFactory(contrat=agente.habilitations.last().contrat, fiche=None)
    publique = ActionFactory(fiche=FicheFactory(publiee=True))
    _, texte = jetons.creer(agente, action.contrat, nom="Essai")
    assert re.fullmatch(r"rcp_[0-9a-f]{12}\.[\w-]{43}", texte)
    assert lire(action, texte).status_code == 200
    assert lire(publique, texte).status_code == 200
    assert lire(brouillon, texte).status_code == 404
    assert Client().get(f"/api/v1/actions/{action.public_id}/").status_code == 404


def test_le_jeton_d_une_administratrice_ne_sort_pas_de_son_contrat(administrateur, action):
    _, texte = jetons.creer(administrateur, action.contrat, nom="Essai")
    assert lire(action, texte).status_code == 200
    assert lire(ActionFactory(), texte).status_code == 404


def test_la_base_ne_contient_aucun_jeton_utilisable(agente, action, settings):
    jeton, texte = jetons.creer(agente, action.contrat, nom="Essai")
    copie = serialiseurs.serialize("json", Jeton.objects.all())
    assert texte.partition(".")[2] not in copie
    assert lire(action, f"rcp_{jeton.cle}.{jeton.empreinte[:43]}").status_code == 401
    # Une clé d'installation remplacée vaut encore tant qu'elle est gardée, puis plus.
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "neuve" * 12
    assert lire(action, texte).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert lire(action, texte).status_code == 401


def test_par_defaut_un_jeton_lit_pendant_90_jours(agente, action):
    jeton, _ = jetons.creer(agente, action.contrat, nom="Essai")
    assert not jeton.ecriture
    assert (jeton.expire_le - jeton.cree_le).days in (89, 90)


def _desactiver(agente, jeton):
    type(agente).objects.update(is_active=False)


def _expirer(agente, jeton):
    passe = timezone.now() - datetime.timedelta(days=2)
    Jeton.objects.update(cree_le=passe, expire_le=passe + datetime.timedelta(days=1))


@pytest.mark.parametrize(
    "eteindre", [_desactiver, _expirer, lambda agente, jeton: jetons.revoquer(jeton)]
)
def test_un_jeton_s_eteint_a_la_requete_suivante(agente, action, eteindre):
    jeton, texte = jetons.creer(agente, action.contrat, nom="Essai")
    assert lire(action, texte).status_code == 200
    eteindre(agente, jeton)
    refus = lire(action, texte)
    est_probleme(refus, 401, "jeton-exige")
    assert refus["WWW-Authenticate"] == 'Bearer realm="api"'


def test_une_habilitation_retiree_se_sent_a_la_requete_suivante(agente, action):
    _, texte = jetons.creer(agente, action.contrat, nom="Essai")
    Habilitation.objects.all().delete()
    assert lire(action, texte).status_code == 404


@pytest.mark.parametrize(
    "texte", ["", "rcp_", "rcp_000000000000." + "a" * 43, "nbt_1.2", "é", "rcp_x.y z", "\x00"]
)
def test_un_jeton_inconnu_ou_mal_forme_est_refuse_meme_pour_lire(client, texte):
    reponse = client.get("/api/v1/actions/", headers={"authorization": f"Bearer {texte}"})
    est_probleme(reponse, 401, "jeton-exige")


def test_un_autre_genre_d_authentification_est_ignore(client):
    entetes = {"authorization": "Basic YWJjOmRlZg=="}
    assert client.get("/api/v1/actions/", headers=entetes).status_code == 200


@pytest.mark.parametrize("acte", list(Acte))
@pytest.mark.parametrize("ecriture", [False, True])
def test_un_jeton_ne_peut_que_lire_suivre_et_modifier(agente, action, acte, ecriture):
    _, texte = jetons.creer(agente, action.contrat, nom="Essai", ecriture=ecriture)
    porteur = jetons.ouvrir(texte)
    permis = acte == Acte.LIRE_ATELIER or (ecriture and acte in PAR_JETON)
    assert peut(agente, acte, action.contrat)
    assert peut(porteur, acte, action.contrat) is permis
    assert not peut(porteur, acte, agente.habilitations.last().contrat)


def test_l_usage_se_note_et_ne_coute_qu_une_requete(agente, action, django_assert_num_queries):
    jeton, texte = jetons.creer(agente, action.contrat, nom="Essai")
    lire(action, texte)
    jeton.refresh_from_db()
    assert jeton.utilise_le is not None
    with django_assert_num_queries(1):
        jetons.ouvrir(texte)


# La page


def test_le_texte_d_un_jeton_ne_se_montre_qu_une_fois(client, agente, action):
    vient_de_se_connecter(client, agente)
    envoi = {"nom": "Région", "contrat": action.contrat.pk, "ecriture": "oui", "jours": 90}
    creation = client.post(PAGE, envoi)
    assert creation.status_code == 201
    assert "no-store" in creation["Cache-Control"]
    [texte] = re.findall(r"rcp_[0-9a-f]{12}\.[\w-]{43}", creation.content.decode())
    assert lire(action, texte).status_code == 200
    jeton = Jeton.objects.get()
    assert jeton.ecriture
    client.post(PAGE, envoi | {"ecriture": ""})
    assert not Jeton.objects.exclude(pk=jeton.pk).get().ecriture
    page = client.get(PAGE).content.decode()
    assert texte not in page
    assert jeton.debut in page
    client.post(reverse("contrats:jeton-revoquer"), {"jeton": jeton.cle})
    assert lire(action, texte).status_code == 401


def test_creer_un_jeton_demande_une_connexion_recente(client, agente, action):
    client.force_login(agente)
    envoi = {"nom": "Région", "contrat": action.contrat.pk, "jours": 90}
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, envoi).status_code == 302
    assert not Jeton.objects.exists()


@pytest.mark.parametrize(
    "faute", [{"nom": ""}, {"contrat": "ailleurs"}, {"jours": "10000"}, {"ecriture": "tout"}]
)
def test_un_jeton_mal_demande_est_refuse_sans_perdre_la_saisie(client, agente, action, faute):
    vient_de_se_connecter(client, agente)
    ailleurs = ContratFactory(publie=True)
    envoi = {"nom": "Région", "contrat": action.contrat.pk, "jours": 90} | faute
    if faute.get("contrat"):
        envoi["contrat"] = ailleurs.pk
    reponse = client.post(PAGE, envoi)
    assert reponse.status_code == 400
    assert "Le jeton n’est pas créé" in reponse.content.decode()
    assert not Jeton.objects.exists()


def test_on_ne_revoque_pas_le_jeton_d_un_autre(client, agente, action):
    jeton, texte = jetons.creer(agente, action.contrat, nom="Essai")
    vient_de_se_connecter(client, UtilisateurFactory())
    assert client.post(reverse("contrats:jeton-revoquer"), {"jeton": jeton.cle}).status_code == 404
    assert lire(action, texte).status_code == 200


def test_l_assistance_ne_touche_pas_aux_jetons(client, agente, administrateur):
    client.force_login(administrateur)
    session = client.session
    session["assistance"] = Assistance.objects.create(
        agent=administrateur, au_nom_de=agente, motif="Aider"
    ).pk
    session.save()
    assert client.get(PAGE).status_code == 403


def test_les_jetons_se_creent_et_se_revoquent_au_clavier_sans_faute(page, live_server, agente):
    client = Client()
    vient_de_se_connecter(client, agente)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page.goto(PAGE)
    page.get_by_label("À quoi sert-il ?").fill("Région")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="« Région » est créé").wait_for()
    assert page.get_by_label("Copiez-le maintenant").input_value().startswith("rcp_")
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        assert violations_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    page.get_by_role("button", name="Révoquer le jeton Région").press("Enter")
    page.get_by_text("Ce jeton n’ouvre plus rien.").wait_for()
