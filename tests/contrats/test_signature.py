"""Constater une signature : deux personnes, une preuve de moins de cinq minutes (B-15)."""

import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from comptes.enums import Preuve
from comptes.models import Utilisateur
from contrats import transitions
from contrats.enums import StatutContrat, TransitionContrat
from contrats.etape import prochaine_etape
from contrats.models import Contrat
from tests.comptes.factories import MOT_DE_PASSE, UtilisateurFactory, vient_de_se_connecter
from tests.contrats.factories import ContratFactory, TransitionFactory
from tests.navigateur import atteindre, violations_axe

pytestmark = pytest.mark.django_db
CONFIRMER = reverse("account_reauthenticate")


@pytest.fixture
def contrat(db):
    return ContratFactory(statut=StatutContrat.ADOPTE)


@pytest.fixture
def lanceuse(contrat):
    return UtilisateurFactory(habilitations=[(contrat, "pilotage")], prenom="Awa", nom="Diop")


@pytest.fixture
def constatant(contrat):
    return UtilisateurFactory(habilitations=[(contrat, "pilotage")], prenom="Karim", nom="Sy")


@pytest.fixture
def en_signature(contrat, lanceuse):
    conduire(contrat, TransitionContrat.METTRE_EN_SIGNATURE, lanceuse)
    return contrat


def conduire(contrat, transition, par, **plus):
    return transitions.conduire_contrat(
        contrat, transition, version=contrat.version, par=par, motif="Pourquoi", **plus
    )


def page(contrat):
    return reverse("contrats:contrat-cycle", args=[contrat.slug])


def signer(client, contrat):
    adresse = reverse("contrats:contrat-franchir", args=[contrat.slug, "signer"])
    return client.post(adresse, {"version": contrat.version})


# La règle


def test_qui_met_en_signature_ne_constate_pas_la_signature(en_signature, lanceuse, constatant):
    with pytest.raises(transitions.AutrePersonneAttendue):
        conduire(en_signature, TransitionContrat.SIGNER, lanceuse, preuve=Preuve.MOT_DE_PASSE)
    passage = conduire(
        en_signature, TransitionContrat.SIGNER, constatant, preuve=Preuve.MOT_DE_PASSE
    )
    assert (passage.par, passage.preuve) == (constatant, Preuve.MOT_DE_PASSE)
    assert Contrat.objects.get().statut == StatutContrat.SIGNE


def test_l_administration_y_est_tenue_aussi(contrat, administrateur):
    conduire(contrat, TransitionContrat.METTRE_EN_SIGNATURE, administrateur)
    with pytest.raises(transitions.AutrePersonneAttendue):
        conduire(contrat, TransitionContrat.SIGNER, administrateur, preuve=Preuve.SECOND_FACTEUR)


def test_seule_la_derniere_mise_en_signature_compte(en_signature, lanceuse, constatant):
    conduire(en_signature, TransitionContrat.REFUSER, lanceuse)
    for transition in (TransitionContrat.SOUMETTRE, TransitionContrat.ADOPTER):
        conduire(en_signature, transition, lanceuse)
    conduire(en_signature, TransitionContrat.METTRE_EN_SIGNATURE, constatant)
    with pytest.raises(transitions.AutrePersonneAttendue):
        conduire(en_signature, TransitionContrat.SIGNER, constatant, preuve=Preuve.LIEN)
    conduire(en_signature, TransitionContrat.SIGNER, lanceuse, preuve=Preuve.LIEN)


def test_sans_preuve_rien_n_est_constate_par_aucune_porte(en_signature, constatant):
    with pytest.raises(transitions.PreuveManquante):
        conduire(en_signature, TransitionContrat.SIGNER, constatant)
    with pytest.raises(IntegrityError), transaction.atomic():
        TransitionFactory(contrat=en_signature, fiche=None, transition=TransitionContrat.SIGNER)
    assert Contrat.objects.get().statut == StatutContrat.EN_SIGNATURE


def test_sous_assistance_on_ne_lance_pas_non_plus_la_signature(contrat, lanceuse, administrateur):
    """Sinon l'agent qui aide la lancerait sous un nom, et la constaterait sous le sien."""
    aidee = Utilisateur.objects.get(pk=lanceuse.pk)
    aidee.assistance = administrateur
    assert TransitionContrat.METTRE_EN_SIGNATURE not in transitions.possibles(contrat, aidee)
    with pytest.raises(PermissionDenied):
        conduire(contrat, TransitionContrat.METTRE_EN_SIGNATURE, aidee)


# À l'écran


def test_une_session_sans_preuve_recente_confirme_puis_constate(client, en_signature, constatant):
    client.force_login(constatant)
    assert "confirmer que c’est vous" in client.get(page(en_signature)).text
    demande = signer(client, en_signature)
    assert demande.url == f"{CONFIRMER}?next={page(en_signature).replace('/', '%2F')}"
    assert "confirmez d&#x27;abord que c&#x27;est vous" in client.get(demande.url).text
    assert Contrat.objects.get().statut == StatutContrat.EN_SIGNATURE

    refus = client.post(demande.url, {"password": "faux"})
    assert refus.status_code == 200
    assert signer(client, en_signature).url == demande.url
    assert client.post(demande.url, {"password": MOT_DE_PASSE}).url == page(en_signature)
    # Confirmer n'a rien signé : il reste à le faire.
    assert Contrat.objects.get().statut == StatutContrat.EN_SIGNATURE
    assert "Vous venez de confirmer que c’est vous" in client.get(page(en_signature)).text
    assert signer(client, en_signature).url == page(en_signature)
    assert Contrat.objects.get().statut == StatutContrat.SIGNE
    journal = client.get(page(en_signature)).text
    assert "Karim Sy (mot de passe)" in journal


@pytest.mark.parametrize(("age", "passe"), [(299, True), (301, False)])
def test_la_preuve_vaut_cinq_minutes(client, en_signature, constatant, monkeypatch, age, passe):
    vient_de_se_connecter(client, constatant)
    apres = time.time() + age
    monkeypatch.setattr(time, "time", lambda: apres)
    signer(client, en_signature)
    statut = Contrat.objects.get().statut
    assert statut == (StatutContrat.SIGNE if passe else StatutContrat.EN_SIGNATURE)


def test_la_preuve_d_un_autre_compte_ne_vaut_rien(client, en_signature, lanceuse, constatant):
    vient_de_se_connecter(client, lanceuse)
    preuves = {nom: v for nom, v in client.session.items() if nom.startswith("account_")}
    client.force_login(constatant)
    session = client.session
    session.update(preuves)
    session.save()
    assert signer(client, en_signature).url.startswith(CONFIRMER)


def test_qui_l_a_lancee_n_a_pas_le_bouton_et_lit_qui_peut(
    client, en_signature, lanceuse, constatant
):
    vient_de_se_connecter(client, lanceuse)
    lue = client.get(page(en_signature)).text
    assert "cycle/signer/" not in lue
    assert "Peut la constater : Karim Sy." in lue
    assert "à une autre personne de la constater" in prochaine_etape(en_signature, lanceuse).phrase
    assert prochaine_etape(en_signature, constatant).a_vous
    forge = signer(client, en_signature)
    assert forge.status_code == 403
    assert "Vous avez mis ce contrat en signature" in forge.text
    assert Contrat.objects.get().statut == StatutContrat.EN_SIGNATURE


def test_seule_a_conduire_elle_lit_qui_inviter(client, en_signature, lanceuse):
    vient_de_se_connecter(client, lanceuse)
    assert "Invitez une personne" in client.get(page(en_signature)).text


@pytest.mark.django_db(transaction=True)
def test_constater_une_signature_au_clavier_et_sans_souris(
    page, connecter, en_signature, constatant
):
    """Du contrat à la confirmation, et retour ; chaque écran sans violation d'axe."""
    connecter(constatant)
    page.goto(reverse("contrats:contrat-cycle", args=[en_signature.slug]))
    ecrans = [violations_axe(page)]
    atteindre(page, page.get_by_role("button", name="Constater la signature"))
    page.keyboard.press("Enter")
    page.get_by_text("confirmez d'abord que c'est vous").wait_for()
    ecrans.append(violations_axe(page))
    atteindre(page, page.get_by_label("Mot de passe"))
    page.keyboard.type(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.get_by_text("Vous venez de confirmer").wait_for()
    ecrans.append(violations_axe(page))
    atteindre(page, page.get_by_role("button", name="Constater la signature"))
    page.keyboard.press("Enter")
    page.get_by_text("Constater la signature : c'est fait.").wait_for()
    assert ecrans == [[], [], []]
    assert Contrat.objects.get().statut == StatutContrat.SIGNE
