"""Les écrans de l'agent : préparer, conduire, relire ; leurs refus, leurs budgets."""

import datetime

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from campagnes import conduite, reponses
from campagnes.enums import EtatCampagne, EtatReponse
from campagnes.models import Campagne, Contact, Reponse
from contrats.enums import StatutAction
from contrats.models import Action
from courrier import envoi
from courrier.models import DELAI_DE_REMISE, Courriel
from edition.ecriture import mettre_a_jour
from tests.campagnes.factories import ReponseFactory, jeton, ouverte, preparee
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, ContratFactory

pytestmark = pytest.mark.django_db
FIN = (timezone.localdate() + datetime.timedelta(days=20)).isoformat()


def adresse(nom, campagne):
    return reverse(f"campagnes:campagne-{nom}", args=[campagne.public_id])


@pytest.fixture
def campagne():
    return ouverte(nb_actions=3, nb_organismes=2)


@pytest.fixture
def agent(client, campagne):
    client.force_login(campagne.cree_par)
    return client


# Préparer


def test_la_campagne_garde_la_liste_filtree_du_contrat_et_elle_seule(client):
    modele = preparee(nb_actions=2)
    contrat = modele.contrat
    ActionFactory(fiche=None, contrat=contrat, horizon="", statut=StatutAction.EN_COURS)
    ActionFactory(fiche=None, horizon="", statut=StatutAction.EN_COURS)
    client.force_login(modele.cree_par)
    creer = reverse("campagnes:contrat-campagne", args=[contrat.slug])
    saisie = {"intitule": "Trimestre", "destination": "tous", "fin": FIN, "relances": FIN}
    reponse = client.post(f"{creer}?statut=en_cours", saisie)
    neuve = Campagne.objects.exclude(pk=modele.pk).get()
    assert reponse.url == adresse("destinataires", neuve)
    assert [a.statut for a in neuve.actions.all()] == [StatutAction.EN_COURS]
    assert neuve.relances.count() == 1


@pytest.mark.parametrize(
    "faute",
    [
        {"intitule": ""},
        {"fin": ""},
        {"fin": "2020-01-01"},
        {"fin": "9999-12-31"},
        {"relances": "demain"},
        {"relances": "01/01/2020"},
        {"destination": "tout le monde"},
    ],
)
def test_une_demande_fautive_n_ouvre_rien_et_rend_la_saisie(client, faute):
    modele = preparee()
    client.force_login(modele.cree_par)
    creer = reverse("campagnes:contrat-campagne", args=[modele.contrat.slug])
    saisie = {"intitule": "T", "destination": "tous", "fin": FIN, "message": "Mon mot."} | faute
    page = client.post(creer, saisie)
    assert page.status_code == 400
    assert "Mon mot." in page.content.decode()
    assert Campagne.objects.count() == 1


def test_les_adresses_se_completent_se_vident_et_s_ecartent(client):
    campagne = preparee(nb_organismes=3)
    client.force_login(campagne.cree_par)
    a, b, c = (contact.organisme_id for contact in Contact.objects.order_by("pk"))
    saisie = {
        f"o{a}-ecrire": "on",
        f"o{a}-email": "Neuve@exemple.invalid",
        f"o{b}-ecrire": "on",
        f"o{b}-email": "",
        f"o{c}-email": "gardee@exemple.invalid",
    }
    page = client.post(adresse("destinataires", campagne), saisie | {f"o{a}-email": "pas une"})
    assert page.status_code == 400
    assert "pas une" in page.content.decode()
    assert client.post(adresse("destinataires", campagne), saisie).status_code == 302
    assert sorted(Contact.objects.values_list("email", flat=True)) == [
        "gardee@exemple.invalid",
        "neuve@exemple.invalid",
    ]
    assert [o.pk for o in campagne.ecartes.all()] == [c]


def test_une_campagne_ouverte_ne_se_prepare_plus(agent, campagne):
    assert agent.get(adresse("apercu", campagne)).url == campagne.get_absolute_url()
    assert agent.post(adresse("apercu", campagne)).status_code == 409
    assert agent.post(adresse("destinataires", campagne)).status_code == 409


def test_les_adresses_ne_sortent_ni_par_les_pages_ni_par_l_api(client, campagne):
    emails = list(Contact.objects.values_list("email", flat=True))
    action = campagne.actions.first()
    organisme = Contact.objects.first().organisme
    pages = [
        action.get_absolute_url(),
        organisme.get_absolute_url(),
        campagne.contrat.get_absolute_url(),
        *(f"/api/v1/{nom}/?format=json" for nom in ("actions", "organismes", "contrats")),
        reverse("campagnes:repondre", args=[jeton(campagne)]),
    ]
    for page in pages:
        reponse = client.get(page)
        assert reponse.status_code == 200
        texte = reponse.getvalue().decode()
        assert not [e for e in emails if e in texte], page


# Conduire


def test_la_liste_vivante_dit_qui_a_repondu_ouvert_ou_pas(agent, campagne):
    premier, second = campagne.destinataires.order_by("email")
    page = agent.get(campagne.get_absolute_url())
    assert dict(page.context["comptes"])["n'ont pas ouvert"] == 2
    reponses.noter_l_ouverture(premier)
    for demande in second.demandes.all():
        ReponseFactory(demande=demande)
    page = agent.get(campagne.get_absolute_url())
    assert [n for _, n in page.context["comptes"]] == [1, 1, 0]


@pytest.mark.parametrize(
    "geste",
    [
        {"geste": ""},
        {"geste": "relance", "le": "hier"},
        {"geste": "relance", "le": "2020-01-01"},
        {"geste": "prolonger", "le": "9999-12-31"},
        {"geste": "retirer", "relance": "99"},
    ],
)
def test_un_geste_impossible_est_un_409_en_une_phrase(agent, campagne, geste):
    page = agent.post(adresse("conduire", campagne), geste)
    assert page.status_code == 409
    assert "Rien n’a été fait" in page.content.decode()


def test_les_gestes_de_conduite(agent, campagne):
    url = adresse("conduire", campagne)
    destinataire = campagne.destinataires.first()
    for saisie in (
        {"geste": "relance", "le": FIN},
        {"geste": "relancer"},
        {"geste": "prolonger", "le": FIN},
        {"geste": "revoquer", "destinataire": destinataire.pk},
        {"geste": "redonner", "destinataire": destinataire.pk},
        {"geste": "arreter"},
    ):
        assert agent.post(url, saisie).status_code == 302, saisie
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.ARRETEE
    assert campagne.relances.count() == 2
    assert agent.post(url, {"geste": "arreter"}).status_code == 409


def test_un_destinataire_d_une_autre_campagne_n_existe_pas(agent, campagne):
    autre = ouverte().destinataires.first()
    saisie = {"geste": "revoquer", "destinataire": autre.pk}
    assert agent.post(adresse("conduire", campagne), saisie).status_code == 404
    autre.refresh_from_db()
    assert autre.revoque_le is None


# Relire


def test_en_lot_une_reponse_d_une_autre_campagne_n_est_pas_acceptee(agent, campagne):
    etrangere = ReponseFactory(demande=ouverte().destinataires.first().demandes.first())
    saisie = {"reponse": [etrangere.pk, "x", "9" * 30], f"version-{etrangere.pk}": "1"}
    assert agent.post(adresse("accepter", campagne), saisie).status_code == 302
    etrangere.refresh_from_db()
    assert etrangere.etat == EtatReponse.RECUE


def test_tout_accepter_ne_vaut_que_pour_ce_que_la_page_montrait(agent, campagne):
    demandes = list(campagne.destinataires.first().demandes.all())
    vues = [ReponseFactory(demande=d) for d in demandes[:2]]
    arrivee = ReponseFactory(demande=demandes[2])
    saisie = {"toutes": "1", "montree": [r.pk for r in vues]}
    saisie |= {f"version-{r.pk}": "1" for r in vues}
    agent.post(adresse("accepter", campagne), saisie)
    assert list(Reponse.objects.a_relire()) == [arrivee]


def test_l_ecran_de_relecture_accepte_corrige_et_passe_a_la_suivante(agent, campagne):
    demandes = list(campagne.destinataires.first().demandes.all())
    une, deux = (ReponseFactory(demande=d) for d in demandes[:2])
    saisie = {"version": "1", "statut": "en_cours", "avancement": "25", "geste": "accepter"}
    assert agent.post(une.get_absolute_url(), saisie).url == deux.get_absolute_url()
    assert Action.objects.get(pk=demandes[0].action_id).avancement == 25
    assert agent.get(une.get_absolute_url()).status_code == 200
    assert agent.post(une.get_absolute_url(), saisie | {"version": "2"}).status_code == 409


def test_une_action_changee_entre_temps_est_un_409_qui_rend_la_saisie(agent, campagne):
    reponse = ReponseFactory(demande=campagne.destinataires.first().demandes.first())
    mettre_a_jour(reponse.demande.action, version=1, avancement=5)
    saisie = {"version": "1", "statut": "en_cours", "phrase": "Ma correction."}
    page = agent.post(reponse.get_absolute_url(), saisie)
    assert page.status_code == 409
    assert "Ma correction." in page.content.decode()


def test_l_action_montre_ses_reponses_a_qui_la_modifie_et_a_lui_seul(agent, client, campagne):
    reponse = ReponseFactory(
        demande=campagne.destinataires.first().demandes.first(), phrase="Phrase privée."
    )
    url = reponse.demande.action.get_absolute_url()
    assert "Phrase privée." in agent.get(url).content.decode()
    client.logout()
    assert "Phrase privée." not in client.get(url).content.decode()
    client.force_login(UtilisateurFactory(habilitations=[(campagne.contrat, "lecture")]))
    assert "Phrase privée." not in client.get(url).content.decode()


# Envoi interrompu


def test_l_ouvrier_tue_a_mi_chemin_ne_double_personne_et_la_page_dit_l_incertain(
    agent, settings, monkeypatch
):
    settings.DEMONSTRATION = False
    campagne = ouverte(nb_organismes=5, contrat=ContratFactory(publie=True))
    Courriel.objects.exclude(destinataire__in=campagne.destinataires.values("email")).delete()
    vrai, remis = EmailBackend.send_messages, []

    def mourir(self, messages):
        if len(remis) == 2:
            remis.append("tué")
            raise KeyboardInterrupt
        remis.append(messages[0].to[0])
        return vrai(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", mourir)
    with pytest.raises(KeyboardInterrupt):
        envoi.envoyer()
    envoi.envoyer()
    recus = [m.to[0] for m in mail.outbox]
    assert len(recus) == len(set(recus)) == 4

    [interrompu] = Courriel.objects.filter(etat="en_cours")
    avant = timezone.now() - DELAI_DE_REMISE - datetime.timedelta(minutes=1)
    Courriel.objects.filter(pk=interrompu.pk).update(reclame_le=avant)
    envoi.envoyer()
    agent.force_login(campagne.cree_par)
    assert "Courriel : incertain" in agent.get(campagne.get_absolute_url()).content.decode()
    interrompu.refresh_from_db()
    assert envoi.relancer(interrompu)
    envoi.envoyer()
    recus = sorted(m.to[0] for m in mail.outbox)
    assert recus == sorted(campagne.destinataires.values_list("email", flat=True))


# Budgets

BUDGETS = {
    "liste": 7,
    "préparer": 6,
    "destinataires": 9,
    "aperçu": 16,
    "campagne": 14,
    "réponse": 7,
    "lien": 3,
    "écran": 6,
    "action": 16,
}


@pytest.mark.parametrize("nb", [1, 5])
@pytest.mark.parametrize("page", BUDGETS)
def test_une_page_fait_le_meme_nombre_de_requetes_pour_1_et_5(
    client, django_assert_num_queries, page, nb
):
    brouillon = preparee(nb_actions=nb, nb_organismes=nb)
    campagne = ouverte(nb_actions=nb, nb_organismes=nb, contrat=brouillon.contrat)
    for demande in campagne.destinataires.first().demandes.all():
        reponse = ReponseFactory(demande=demande)
        reponse.pieces.create(nom="a.jpg", type="image/jpeg", taille=1, contenu=b"a")
    conduite.prevoir_relance(campagne, campagne.fin, par=campagne.cree_par)
    valeur = jeton(campagne)
    adresses = {
        "liste": reverse("campagnes:campagne-list"),
        "préparer": reverse("campagnes:contrat-campagne", args=[campagne.contrat.slug]),
        "destinataires": adresse("destinataires", brouillon),
        "aperçu": adresse("apercu", brouillon),
        "campagne": campagne.get_absolute_url(),
        "réponse": reponse.get_absolute_url(),
        "lien": reverse("campagnes:repondre", args=[valeur]),
        "écran": reverse("campagnes:repondre-action", args=[valeur, 1]),
        "action": reponse.demande.action.get_absolute_url(),
    }
    if page not in ("lien", "écran"):
        client.force_login(UtilisateurFactory(habilitations=[(campagne.contrat, "pilotage")]))
    with django_assert_num_queries(BUDGETS[page]):
        assert client.get(adresses[page]).status_code == 200
