"""Répondre, accepter, modifier, renvoyer : une proposition n'écrit rien avant l'agent."""

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from campagnes import conduite, reponses
from campagnes.conduite import CampagneImpossible
from campagnes.enums import EtatReponse
from campagnes.models import PieceJointe, Reponse
from campagnes.reponses import DejaRelue
from contrats.enums import RoleHabilitation, StatutAction
from contrats.models import Action, Transition
from contrats.transitions import DonneeManquante, Suivi, statuts_possibles
from courrier.models import Courriel
from edition.ecriture import VersionPerimee, mettre_a_jour
from tests.campagnes.factories import ReponseFactory, jeton, ouverte
from tests.campagnes.images import photo
from tests.comptes.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db
DANS_UN_AN = timezone.localdate() + datetime.timedelta(days=365)


@pytest.fixture
def campagne():
    return ouverte(nb_actions=3, nb_organismes=2)


@pytest.fixture
def demande(campagne):
    return campagne.destinataires.order_by("pk")[0].demandes.get(rang=1)


@pytest.fixture
def ecran(campagne):
    return reverse("campagnes:repondre-action", args=[jeton(campagne), 1])


def relue(demande):
    return Action.objects.get(pk=demande.action_id)


def test_une_reponse_n_ecrit_pas_l_action(client, demande, ecran):
    reponse = client.post(
        ecran, {"statut": "en_cours", "avancement": "40", "phrase": "Lancé.", "version": "1"}
    )
    assert reponse.status_code == 302
    [recue] = Reponse.objects.all()
    assert (recue.etat, recue.statut, recue.avancement) == (EtatReponse.RECUE, "en_cours", 40)
    assert relue(demande).statut == StatutAction.A_LANCER
    assert relue(demande).version == 1


def test_apres_une_reponse_on_va_a_la_suivante_puis_a_l_accueil(client, campagne, ecran):
    valeur = jeton(campagne)
    adresses = [reverse("campagnes:repondre-action", args=[valeur, r]) for r in (1, 2, 3)]
    assert client.post(adresses[1], {"statut": "a_lancer"}).url == adresses[2]
    assert client.post(adresses[2], {"statut": "a_lancer"}).url == adresses[0]
    accueil = client.post(adresses[0], {"statut": "a_lancer"}).url
    assert accueil == reverse("campagnes:repondre", args=[valeur])
    assert "vous avez tout répondu" in client.get(accueil).content.decode()


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({}, "Choisissez un état."),
        ({"statut": "invente"}, "Choisissez un état de la liste."),
        ({"statut": "regroupee"}, "Choisissez un état de la liste."),
        ({"statut": "en_cours", "avancement": "101"}, "de 0 à 100"),
        ({"statut": "en_cours", "avancement": "beaucoup"}, "de 0 à 100"),
        ({"statut": "suspendue"}, "dites pourquoi"),
        ({"statut": "abandonnee", "phrase": "  "}, "dites pourquoi"),
        ({"statut": "reportee", "phrase": "Retard."}, "Dites la nouvelle échéance."),
        ({"statut": "en_cours", "echeance": "31/02/2027"}, "Écrivez la date"),
        ({"statut": "en_cours", "phrase": "a" * 501}, "Raccourcissez"),
    ],
)
def test_une_mauvaise_reponse_est_dite_et_rend_ce_qui_est_tape(client, ecran, saisie, phrase):
    page = client.post(ecran, {"avancement": "37", **saisie})
    assert page.status_code == 400
    assert phrase in page.content.decode()
    if "avancement" not in saisie:
        assert 'value="37"' in page.content.decode()
    assert not Reponse.objects.exists()


def test_deux_appuis_ne_font_qu_une_reponse_et_une_autre_la_remplace(client, demande, ecran):
    saisie = {"statut": "en_cours", "avancement": "40"}
    client.post(ecran, saisie)
    client.post(ecran, saisie)
    assert demande.reponses.count() == 1
    client.post(ecran, saisie | {"avancement": "60"})
    etats = list(demande.reponses.order_by("pk").values_list("etat", flat=True))
    assert etats == [EtatReponse.REMPLACEE, EtatReponse.RECUE]


def test_une_photo_est_gardee_sans_sa_position_et_servie_en_piece_jointe(client, campagne, ecran):
    fichier = io.BytesIO(photo())
    fichier.name = "vue.jpg"
    client.post(ecran, {"statut": "en_cours", "piece": fichier})
    [piece] = PieceJointe.objects.all()
    assert not Image.open(io.BytesIO(piece.contenu)).getexif()
    client.post(ecran, {"statut": "en_cours", "phrase": "Sans renvoyer la photo."})
    piece.refresh_from_db()
    assert piece.reponse.phrase == "Sans renvoyer la photo."

    adresse = reverse("campagnes:reponse-piece", args=[piece.reponse_id, piece.pk])
    assert client.get(adresse).status_code == 302
    client.force_login(campagne.cree_par)
    reponse = client.get(adresse)
    assert reponse["Content-Type"] == "image/jpeg"
    assert reponse["Content-Disposition"] == 'attachment; filename="vue.jpg"'
    assert reponse["X-Content-Type-Options"] == "nosniff"
    client.force_login(UtilisateurFactory())
    assert client.get(adresse).status_code == 404


def test_un_mauvais_fichier_est_refuse_sans_perdre_la_phrase(client, ecran):
    fichier = io.BytesIO(b"<script>alert(1)</script>")
    fichier.name = "vue.jpg"
    page = client.post(ecran, {"statut": "en_cours", "phrase": "Ma phrase.", "piece": fichier})
    assert page.status_code == 400
    assert "ni une photo" in page.content.decode()
    assert "Ma phrase." in page.content.decode()


# Accepter


def test_accepter_ecrit_l_action_par_la_porte_des_transitions(campagne, demande):
    reponse = ReponseFactory(demande=demande, statut="en_cours", avancement=40)
    reponses.accepter(reponse, version=1, par=campagne.cree_par)
    action = relue(demande)
    assert (action.statut, action.avancement, action.version) == ("en_cours", 40, 2)
    [passage] = Transition.objects.filter(action=action)
    assert (passage.vers, passage.par) == ("en_cours", campagne.cree_par)
    reponse.refresh_from_db()
    assert reponse.etat == EtatReponse.ACCEPTEE
    assert reponse.ecrit["version"] == 2


@pytest.mark.parametrize("statut", ["suspendue", "abandonnee", "reportee"])
def test_accepter_une_action_arretee_garde_son_motif(campagne, demande, statut):
    reponse = ReponseFactory(
        demande=demande, statut=statut, echeance=DANS_UN_AN, phrase="Plus de budget."
    )
    reponses.accepter(reponse, version=1, par=campagne.cree_par)
    assert relue(demande).motif_statut == "Plus de budget."
    assert relue(demande).echeance == DANS_UN_AN


def test_sans_motif_rien_ne_s_ecrit(campagne, demande):
    reponse = ReponseFactory(demande=demande, statut="suspendue", phrase="")
    with pytest.raises(DonneeManquante):
        reponses.accepter(reponse, version=1, par=campagne.cree_par)
    reponse.refresh_from_db()
    assert reponse.etat == EtatReponse.RECUE
    assert relue(demande).version == 1


def test_accepter_une_version_perimee_n_ecrit_rien(campagne, demande):
    reponse = ReponseFactory(demande=demande)
    mettre_a_jour(demande.action, version=1, avancement=5)
    with pytest.raises(VersionPerimee):
        reponses.accepter(reponse, version=1, par=campagne.cree_par)
    assert relue(demande).avancement == 5
    reponse.refresh_from_db()
    assert reponse.etat == EtatReponse.RECUE


def test_accepter_deux_fois_n_ecrit_qu_une_fois(campagne, demande):
    reponse = ReponseFactory(demande=demande)
    reponses.accepter(reponse, version=1, par=campagne.cree_par)
    with pytest.raises(DejaRelue):
        reponses.accepter(reponse, version=2, par=campagne.cree_par)
    assert relue(demande).version == 2


def test_l_agent_corrige_avant_d_accepter_et_ce_qui_etait_envoye_reste(campagne, demande):
    reponse = ReponseFactory(demande=demande, avancement=40)
    voulu = Suivi("en_cours", 30)
    reponses.accepter(reponse, version=1, par=campagne.cree_par, suivi=voulu)
    reponse.refresh_from_db()
    assert (reponse.etat, reponse.avancement) == (EtatReponse.MODIFIEE, 40)
    assert relue(demande).avancement == 30


def test_ce_qui_n_est_pas_dit_ne_s_efface_pas(campagne, demande):
    mettre_a_jour(demande.action, version=1, avancement=70, echeance=DANS_UN_AN)
    reponse = ReponseFactory(demande=demande, statut="a_lancer", avancement=None)
    reponses.accepter(reponse, version=2, par=campagne.cree_par)
    assert (relue(demande).avancement, relue(demande).echeance) == (70, DANS_UN_AN)


@pytest.mark.parametrize("role", RoleHabilitation)
def test_seul_qui_modifie_le_contrat_relit(campagne, demande, role):
    agent = UtilisateurFactory(habilitations=[(campagne.contrat, role)])
    reponse = ReponseFactory(demande=demande)
    if role in (RoleHabilitation.REDACTION, RoleHabilitation.PILOTAGE):
        reponses.accepter(reponse, version=1, par=agent)
    else:
        with pytest.raises(PermissionDenied):
            reponses.accepter(reponse, version=1, par=agent)
        with pytest.raises(PermissionDenied):
            reponses.renvoyer(reponse, "Précisez.", par=agent)
    assert relue(demande).version == (2 if role in ("redaction", "pilotage") else 1)


def test_en_lot_ce_qui_passe_passe_et_le_reste_dit_pourquoi(campagne):
    demandes = campagne.destinataires.order_by("pk")[0].demandes.order_by("rang")
    lot = [ReponseFactory(demande=d) for d in demandes]
    # L'autre destinataire contredit la première : la seconde acceptée part d'une version dépassée.
    rivale = campagne.destinataires.order_by("pk")[1].demandes.get(rang=1)
    lot.append(ReponseFactory(demande=rivale, avancement=90))
    bilan = reponses.accepter_en_lot([(r, 1) for r in lot], par=campagne.cree_par)
    assert bilan.acceptees == 3
    [(refusee, raison)] = bilan.refus
    assert refusee == lot[-1]
    assert "modifié depuis" in raison


# Renvoyer


def test_renvoyer_dit_par_courriel_ce_qui_manque_et_la_question_revient(client, campagne, demande):
    reponse = ReponseFactory(demande=demande)
    Courriel.objects.all().delete()
    reponses.renvoyer(reponse, "Précisez la date.", par=campagne.cree_par)
    [courriel] = Courriel.objects.all()
    assert "Précisez la date." in courriel.texte
    page = client.get(reverse("campagnes:repondre-action", args=[jeton(campagne), 1]))
    assert "Précisez la date." in page.content.decode()
    assert campagne.destinataires.silencieux().filter(pk=demande.destinataire_id).exists()


def test_renvoyer_a_un_lien_ferme_se_refuse(campagne, demande):
    reponse = ReponseFactory(demande=demande)
    conduite.arreter(campagne, par=campagne.cree_par)
    campagne.refresh_from_db()
    fraiche = Reponse.objects.get(pk=reponse.pk)
    with pytest.raises(CampagneImpossible):
        reponses.renvoyer(fraiche, "Précisez.", par=campagne.cree_par)
    fraiche.refresh_from_db()
    assert fraiche.etat == EtatReponse.RECUE


@pytest.mark.parametrize("statut", StatutAction)
def test_chaque_statut_propose_ce_que_l_action_peut_devenir_seule(statut):
    """Un statut nouveau échoue ici tant qu'on n'a pas décidé ce qu'un partenaire peut en dire."""
    possibles = statuts_possibles(Action(statut=statut))
    assert statut in possibles
    assert StatutAction.REGROUPEE not in possibles or statut == StatutAction.REGROUPEE
    assert len(possibles) >= 2
