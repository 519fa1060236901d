"""Le cycle de vie à l'écran : ce qu'on attend de chacun, gestes, refus, commentaires."""

import datetime
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from contrats import transitions
from contrats.enums import (
    StatutAction,
    StatutContrat,
    StatutFiche,
    TransitionContrat,
    TransitionFiche,
)
from contrats.etape import ATTENTES_ACTION, ATTENTES_CONTRAT, ATTENTES_FICHE, prochaine_etape
from contrats.models import Commentaire, Contrat, Fiche, Transition
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.atelier import PageDeFiche
from tests.contrats.factories import (
    ActionFactory,
    CommentaireFactory,
    ContratFactory,
    FicheFactory,
    PartenariatFactory,
    PartieFactory,
    SectionFactory,
    TransitionFactory,
    fiche_complete,
)
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db


def agent(objet, role, **champs):
    contrat = objet if isinstance(objet, Contrat) else objet.contrat
    return UtilisateurFactory(habilitations=[(contrat, role)], **champs)


def cycle(objet, nom="cycle", *args):
    genre = {Contrat: "contrat", Fiche: "fiche"}.get(type(objet), "action")
    cle = objet.slug if genre == "contrat" else objet.public_id
    return reverse(f"contrats:{genre}-{nom}", args=[cle, *args])


# Prochaine étape


def test_chaque_statut_a_sa_prochaine_etape():
    assert set(ATTENTES_FICHE) == set(StatutFiche)
    assert set(ATTENTES_CONTRAT) == set(StatutContrat)
    assert set(ATTENTES_ACTION) == set(StatutAction)


@pytest.mark.parametrize("statut", StatutFiche)
@pytest.mark.parametrize("role", ["lecture", "redaction", "pilotage", "copilote"])
def test_a_vous_de_jouer_si_et_seulement_si_vous_pouvez(statut, role):
    fiche = FicheFactory(statut=statut)
    qui = agent(fiche, role)
    etape = prochaine_etape(fiche, qui)
    if etape.a_vous:
        assert transitions.possibles(fiche, qui)
        assert etape.phrase.startswith("À vous")
    else:
        assert not etape.phrase.startswith("À vous")


def test_on_attend_une_relecture_depuis_tant_de_jours():
    fiche = FicheFactory(statut=StatutFiche.EN_RELECTURE)
    passage = TransitionFactory(fiche=fiche)
    il_y_a = timezone.now() - datetime.timedelta(days=12, hours=1)
    Transition.objects.filter(pk=passage.pk).update(le=il_y_a)
    assert prochaine_etape(fiche, agent(fiche, "copilote")).phrase == "À vous de relire."
    attente = prochaine_etape(fiche, agent(fiche, "redaction")).phrase
    assert attente == "En attente de relecture depuis 12 jours."


def test_une_action_attend_son_pilote_et_le_lui_dit():
    caf = OrganismeFactory(nom="CAF")
    action = ActionFactory(statut=StatutAction.EN_COURS)
    PartenariatFactory(action=action, organisme=caf, role="pilote")
    type(action).objects.filter(pk=action.pk).update(
        version=1, modifie_le=timezone.now() - datetime.timedelta(days=12, hours=1)
    )
    action.refresh_from_db()
    pilote = agent(action, "partenaire", organisme=caf)
    assert prochaine_etape(action, pilote).phrase == "À vous de dire où elle en est."
    charge = agent(action, "pilotage", organisme=OrganismeFactory())
    assert prochaine_etape(action, charge).phrase == "En attente de : CAF depuis 12 jours."


def test_un_contrat_en_signature_nomme_qui_n_a_pas_signe():
    contrat = ContratFactory(statut=StatutContrat.EN_SIGNATURE)
    PartieFactory(contrat=contrat, libelle="La Ville")
    etape = prochaine_etape(contrat, agent(contrat, "pilotage"))
    assert (etape.phrase, etape.a_vous) == ("En attente de signature : La Ville.", False)


# À l'écran


def test_ecrire_soumettre_corriger_valider_publier(client):
    """Le chemin entier, sans JavaScript : chaque bouton est un formulaire."""
    fiche = fiche_complete(publiee=False)
    redactrice, copilote = agent(fiche, "redaction"), agent(fiche, "copilote")
    client.force_login(redactrice)
    page = PageDeFiche(client, fiche).remplir(s__contexte__texte="Un premier jet.")
    assert page.envoyer("soumettre").status_code == 302
    fiche.refresh_from_db()
    assert fiche.statut == StatutFiche.EN_RELECTURE
    assert client.get(cycle(fiche, "modifier")).url == cycle(fiche)
    client.force_login(copilote)
    section = fiche.sections.first()
    renvoi = {"version": fiche.version, "motif": "Chiffrez.", "sections": [section.pk]}
    assert client.post(cycle(fiche, "franchir", "renvoyer"), renvoi).status_code == 302
    client.force_login(redactrice)
    fiche.refresh_from_db()
    refus = client.post(cycle(fiche, "franchir", "soumettre"), {"version": fiche.version})
    assert refus.status_code == 409
    assert "1 correction demandée" in refus.content.decode()
    page = PageDeFiche(client, fiche).remplir(s__contexte__texte="Un jet chiffré.")
    assert page.envoyer().status_code == 302
    [demande] = Commentaire.objects.all()
    client.post(reverse("contrats:commentaire-resoudre", args=[demande.pk]), {"fiche": "1"})
    for qui, geste in ((redactrice, "soumettre"), (copilote, "valider")):
        client.force_login(qui)
        fiche.refresh_from_db()
        client.post(cycle(fiche, "franchir", geste), {"version": fiche.version})
    client.force_login(agent(fiche, "pilotage"))
    fiche.refresh_from_db()
    client.post(cycle(fiche, "franchir", "publier"), {"version": fiche.version})
    fiche.refresh_from_db()
    assert fiche.statut == StatutFiche.PUBLIEE
    assert [t.transition for t in fiche.transitions.order_by("pk")] == [
        "soumettre",
        "renvoyer",
        "soumettre",
        "valider",
        "publier",
    ]


@pytest.mark.parametrize("motif", ["", "x" * 501])
def test_un_refus_sans_motif_ou_trop_long_garde_la_saisie(client, motif):
    fiche = FicheFactory(statut=StatutFiche.EN_RELECTURE)
    section = SectionFactory(fiche=fiche)
    client.force_login(agent(fiche, "pilotage"))
    saisie = {"version": 1, "motif": motif, "sections": [section.pk]}
    reponse = client.post(cycle(fiche, "franchir", "renvoyer"), saisie)
    html = reponse.content.decode()
    assert reponse.status_code == 400
    assert "Erreur" in html
    assert "checked" in html
    assert motif in html


def test_un_identifiant_d_ailleurs_n_est_pas_un_choix(client):
    """Section, action ou cible d'un autre contrat : refusées comme si elles n'existaient pas."""
    fiche = FicheFactory(statut=StatutFiche.EN_RELECTURE)
    pilote, ailleurs = agent(fiche, "pilotage"), SectionFactory()
    client.force_login(pilote)
    renvoi = {"version": 1, "motif": "Vu.", "sections": [ailleurs.pk]}
    assert client.post(cycle(fiche, "franchir", "renvoyer"), renvoi).status_code == 400
    etrangere, mienne = ActionFactory(), ActionFactory(fiche=fiche)
    renvoi = {"version": 1, "motif": "Vu.", "actions": [etrangere.pk]}
    assert client.post(cycle(fiche, "franchir", "renvoyer"), renvoi).status_code == 400
    cible = {"version": 1, "cible": etrangere.pk}
    assert client.post(cycle(mienne, "franchir", "regrouper"), cible).status_code == 400
    for sur in (f"s{ailleurs.pk}", f"a{etrangere.pk}", "x"):
        envoi = {"texte": "Vu.", "sur": sur}
        assert client.post(cycle(fiche, "commenter"), envoi).status_code == 400
    assert not Commentaire.objects.exists()
    assert not Transition.objects.exists()


def test_un_formulaire_incomplet_ne_contourne_ni_le_droit_ni_l_etat(client):
    fiche = FicheFactory(statut=StatutFiche.BROUILLON)
    client.force_login(agent(fiche, "lecture"))
    assert client.post(cycle(fiche, "franchir", "renvoyer")).status_code == 403
    client.force_login(agent(fiche, "pilotage"))
    assert client.post(cycle(fiche, "franchir", "renvoyer")).status_code == 409
    assert client.post(cycle(fiche, "franchir", "inconnue")).status_code == 404


def test_le_motif_ecrit_pour_une_transition_devenue_impossible_se_relit(client):
    fiche = FicheFactory(statut=StatutFiche.EN_RELECTURE)
    client.force_login(agent(fiche, "copilote"))
    Fiche.objects.filter(pk=fiche.pk).update(statut=StatutFiche.BROUILLON, version=2)
    envoi = {"version": 1, "motif": "Un long motif."}
    reponse = client.post(cycle(fiche, "franchir", "renvoyer"), envoi)
    assert reponse.status_code == 409
    assert "Un long motif." in reponse.content.decode()


def test_un_commentaire_se_resout_et_se_rouvre(client):
    action = ActionFactory()
    commentaire = CommentaireFactory(fiche=None, action=action)
    qui = agent(action, "partenaire")
    client.force_login(qui)
    for nom, resolu in (("resoudre", True), ("resoudre", True), ("rouvrir", False)):
        client.post(reverse(f"contrats:commentaire-{nom}", args=[commentaire.pk]))
        commentaire.refresh_from_db()
        assert (commentaire.resolu_par == qui) == resolu
    assert client.get(cycle(action)).status_code == 200


def test_enregistrer_une_fiche_qui_vient_de_se_fermer_rend_le_texte(client):
    fiche = fiche_complete(publiee=False)
    client.force_login(agent(fiche, "redaction"))
    page = PageDeFiche(client, fiche).remplir(s__contexte__texte="Pas encore enregistré.")
    Fiche.objects.filter(pk=fiche.pk).update(statut=StatutFiche.EN_RELECTURE, version=1)
    reponse = page.envoyer()
    assert reponse.status_code == 409
    assert "Pas encore enregistré." in reponse.content.decode()
    assert "fermé" in reponse.content.decode()


def test_prolonger_un_contrat_a_l_ecran(client):
    contrat = ContratFactory(statut=StatutContrat.SIGNE, fin=datetime.date(2025, 1, 1))
    client.force_login(agent(contrat, "pilotage"))
    envoi = {"version": 1, "motif": "Loi", "fin": "31/12/2024"}
    assert client.post(cycle(contrat, "franchir", "proroger"), envoi).status_code == 400
    envoi["fin"] = "31/12/2027"
    assert client.post(cycle(contrat, "franchir", "proroger"), envoi).status_code == 302
    contrat.refresh_from_db()
    assert (contrat.statut, contrat.fin.year) == (StatutContrat.PROROGE, 2027)
    assert client.post(cycle(contrat, "publier"), {"version": 2}).status_code == 302
    assert client.post(cycle(contrat, "publier"), {"version": 3}).status_code == 409


@pytest.mark.parametrize("nb", [1, 5])
def test_mes_contrats_a_un_nombre_de_requetes_constant(client, django_assert_num_queries, nb):
    contrats = [ContratFactory(statut=StatutContrat.EN_SIGNATURE) for _ in range(nb)]
    for contrat in contrats:
        PartieFactory.create_batch(2, contrat=contrat, libelle="")
    client.force_login(UtilisateurFactory(habilitations=[(c, "pilotage") for c in contrats]))
    with django_assert_num_queries(7):
        client.get(reverse("contrats:mes-contrats"))


# Concurrence


@pytest.mark.lent
def test_de_transitions_simultanees_exactement_une_gagne():
    """La même preuve qu'en grand (`python -m bench.transitions`), en petit, sur cette base."""
    commande = [sys.executable, "-m", "bench.transitions", "--processus", "3", "--essais", "4"]
    preuve = subprocess.run(  # noqa: S603 : notre commande
        commande, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=600, check=False
    )
    for objet in ("fiche", "action", "contrat"):
        bilan = f"{objet} : essais=4 processus=3 wins=4 journal=4 versions=4"
        assert bilan in preuve.stdout, preuve.stdout + preuve.stderr
    assert preuve.returncode == 0


def test_les_transitions_de_l_enumeration_ont_leur_fonction():
    assert all(hasattr(transitions, f"{t.value}_fiche") for t in TransitionFiche)
    assert set(transitions.TRANSITIONS_CONTRAT) == set(TransitionContrat)
