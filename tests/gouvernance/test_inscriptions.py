"""Inscriptions à une session : les places comptées, la liste d'attente, le lien, l'effacement."""

import datetime
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from contrats.enums import RoleHabilitation
from contrats.transitions import TransitionImpossible
from courrier.models import Courriel
from gouvernance import inscriptions, liens
from gouvernance.enums import EtatInscription, StatutSession
from gouvernance.models import Inscription, Session
from gouvernance.taches import tenir_les_sessions
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory
from tests.gouvernance.factories import InscriptionFactory, SessionFactory

pytestmark = pytest.mark.django_db
INSCRITE, ATTENTE = EtatInscription.INSCRITE, EtatInscription.EN_ATTENTE


def demande(rang, **champs):
    return {"prenom": "Inès", "nom": f"N{rang}", "email": f"p{rang}@exemple.invalid", **champs}


def inscrire(session, nombre):
    return [inscriptions.inscrire(session, **demande(rang)) for rang in range(nombre)]


def test_les_places_puis_la_liste_d_attente_dans_l_ordre():
    session = SessionFactory(capacite=2)
    etats = [(i.rang, i.etat) for i in inscrire(session, 4)]
    assert etats == [(1, INSCRITE), (2, INSCRITE), (3, ATTENTE), (4, ATTENTE)]
    sujets = list(Courriel.objects.order_by("pk").values_list("sujet", flat=True))
    assert [s.partition(" :")[0] for s in sujets] == ["Votre place"] * 2 + ["Liste d'attente"] * 2


def test_une_annulation_promeut_la_premiere_personne_et_elle_seule():
    session = SessionFactory(capacite=1)
    premiere, seconde, troisieme = inscrire(session, 3)
    assert inscriptions.annuler(premiere) == seconde
    assert inscriptions.annuler(premiere) is None
    assert inscriptions.annuler(troisieme) is None  # elle n'avait pas de place à rendre
    assert [i.rang for i in session.inscriptions.inscrites()] == [2]
    assert Courriel.objects.filter(sujet__startswith="Une place s'est libérée").count() == 1


def test_apres_la_session_une_place_rendue_ne_promeut_personne():
    session = SessionFactory(capacite=1)
    premiere, _ = inscrire(session, 2)
    hier = timezone.localdate() - datetime.timedelta(days=1)
    Session.objects.filter(pk=session.pk).update(
        le=hier, cloture_le=hier - datetime.timedelta(days=5), version=9
    )
    assert inscriptions.annuler(premiere) is None


def test_une_adresse_deja_inscrite_recoit_son_lien_sans_que_la_page_le_dise(client):
    session = SessionFactory()
    url = reverse("gouvernance:session-inscrire", args=[session.slug])
    pages = [client.post(url, demande(1, nom=nom), follow=True) for nom in ("A", "B")]
    # Ni le jeton CSRF, ni rien d'autre ne distingue les deux pages.
    assert pages[0].content == pages[1].content
    assert Inscription.objects.count() == 1
    assert Courriel.objects.count() == 2


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [({"statut": StatutSession.ANNULEE}, 409), ({"cloture_le": timezone.localdate()}, 409)],
)
def test_close_une_session_ne_recoit_plus_personne(client, champs, attendu):
    session = SessionFactory(**champs)
    url = reverse("gouvernance:session-inscrire", args=[session.slug])
    assert client.post(url, demande(1)).status_code == attendu
    assert not Inscription.objects.exists()


def test_la_condition_d_adhesion_se_coche_et_le_profil_se_choisit(client):
    session = SessionFactory(condition="Cotisation annuelle", profils=["Élu·e"])
    url = reverse("gouvernance:session-inscrire", args=[session.slug])
    refus = client.post(url, demande(1, profil="Autre"))
    assert refus.status_code == 400
    page = refus.content.decode()
    assert "Cette session demande de remplir la condition." in page
    assert "Choisissez un profil de la liste." in page
    assert "N1" in page
    client.post(url, demande(1, profil="Élu·e", adhesion="on"))
    assert Inscription.objects.get().adhesion


def test_le_lien_montre_et_annule_et_un_faux_lien_n_ouvre_rien(client):
    session = SessionFactory(capacite=1)
    premiere, seconde = inscrire(session, 2)
    url = reverse("gouvernance:inscription", args=[liens.jeton_de(premiere)])
    assert "Votre place est gardée." in client.get(url).content.decode()
    assert premiere.empreinte not in url
    client.post(url)
    premiere.refresh_from_db()
    seconde.refresh_from_db()
    assert (premiere.etat, seconde.etat) == (EtatInscription.ANNULEE, INSCRITE)
    faux = reverse("gouvernance:inscription", args=["faux"])
    assert client.get(faux).status_code == client.post(faux).status_code == 404


def test_aucune_donnee_d_un_inscrit_n_est_publique(client):
    inscription = InscriptionFactory(nom="Introuvable", email="secrete@exemple.invalid")
    session = inscription.session
    pages = [session.get_absolute_url(), "/sessions/", "/calendrier/", "/calendrier.ics"]
    for page in pages:
        contenu = client.get(page).content.decode()
        assert "Introuvable" not in contenu
        assert "secrete@" not in contenu
    assert client.get(f"{session.get_absolute_url()}inscrits/").status_code == 302


def test_l_organisateur_voit_ses_inscrits_annule_et_previent(client):
    contrat = ContratFactory(publie=True)
    agent = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    session = SessionFactory(contrat=contrat, capacite=1)
    inscrire(session, 2)
    client.force_login(agent)
    url = reverse("gouvernance:session-inscrits", args=[session.slug])
    assert "p1@exemple.invalid" in client.get(url).content.decode()
    client.post(url, {"inscription": session.inscriptions.first().pk})
    assert [i.rang for i in session.inscriptions.inscrites()] == [2]
    assert client.post(url, {"geste": "annuler-la-session", "version": "1"}).status_code == 302
    assert Courriel.objects.filter(sujet__startswith="Annulée").count() == 1
    assert client.post(url, {"geste": "annuler-la-session", "version": "2"}).status_code == 409


def test_sans_contrat_seule_l_administration_organise():
    session = SessionFactory()
    with pytest.raises(PermissionDenied):
        inscriptions.annuler_la_session(session, version=1, par=UtilisateurFactory())
    administration = UtilisateurFactory(administrateur=True)
    inscriptions.annuler_la_session(session, version=1, par=administration)
    with pytest.raises(TransitionImpossible):
        inscriptions.annuler_la_session(session, version=2, par=administration)


def test_le_rappel_part_une_fois_et_les_donnees_s_effacent_au_delai():
    aujourd_hui = timezone.localdate()
    commun = {"cloture_le": aujourd_hui - datetime.timedelta(days=120)}
    proche = SessionFactory(le=aujourd_hui + datetime.timedelta(days=2), **commun)
    ancienne = SessionFactory(le=aujourd_hui - datetime.timedelta(days=90), **commun)
    recente = SessionFactory(le=aujourd_hui - datetime.timedelta(days=89), **commun)
    for session in (proche, ancienne, recente):
        InscriptionFactory(session=session, profil="Élu·e")
        InscriptionFactory(session=session, etat=ATTENTE)
    for _ in range(2):
        tenir_les_sessions.call()
    assert Courriel.objects.count() == 1
    assert recente.inscriptions.count() == 2
    ancienne.refresh_from_db()
    assert ancienne.inscriptions.count() == 0
    assert ancienne.bilan == {"etats": {"inscrite": 1, "en_attente": 1}, "profils": {"Élu·e": 1}}


def test_trop_de_demandes_se_refusent_sans_rien_perdre_de_ce_qui_est_tape(client):
    """Cinq par adresse, trente par lieu, en dix minutes ; la saisie reste dans la page."""
    cache.clear()
    url = reverse("gouvernance:session-inscrire", args=[SessionFactory(capacite=50).slug])
    champs = {"prenom": "Inès", "nom": "Tapée", "email": "ines@exemple.invalid"}
    statuts = [client.post(url, champs).status_code for _ in range(6)]
    assert statuts == [302] * 5 + [429]
    refus = client.post(url, champs)
    page = refus.content.decode()
    assert "attendez dix minutes" in page
    assert 'value="Tapée"' in page
    assert refus["Retry-After"] == "600"
    for rang in range(25):
        autre = {**champs, "email": f"ines{rang}@exemple.invalid"}
        dernier = client.post(url, autre).status_code
    assert dernier == 302
    assert client.post(url, {**champs, "email": "x@exemple.invalid"}).status_code == 429
    ailleurs = client.post(url, {**champs, "email": "y@exemple.invalid"}, REMOTE_ADDR="10.0.0.9")
    assert ailleurs.status_code == 302
    cache.clear()


@pytest.mark.lent
def test_a_plusieurs_au_meme_instant_chaque_place_n_a_qu_un_preneur():
    """La même preuve qu'à deux cents (`python -m bench.inscriptions`), en petit."""
    commande = [sys.executable, "-m", "bench.inscriptions", "--personnes", "30", "--places", "5"]
    preuve = subprocess.run(  # noqa: S603 : notre commande
        commande, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False
    )
    attendu = "personnes=30 recues=30 inscrites=5 ecarts=0 promues=1"
    assert attendu in preuve.stdout, preuve.stdout + preuve.stderr
