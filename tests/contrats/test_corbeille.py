"""Ce qui est supprimé se récupère ; ce qui est fait ensemble se défait ensemble."""

import copy
import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from contrats import corbeille, lots
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.enums import RoleHabilitation, StatutFiche
from contrats.models import Action, Fiche, Renvoi
from contrats.transitions import TransitionImpossible, depublier_fiche
from edition.models import Brouillon
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.atelier import adresse, fiche_riche
from tests.contrats.factories import FicheFactory
from tests.edition.factories import BrouillonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fiche(db):
    """Fiche riche, en brouillon dans un contrat publié ; sa version de départ est gardée."""
    fiche = fiche_riche()
    enregistrer(fiche, {**lire(fiche), "titre": "La fiche"}, version=1, par=None)
    Fiche.objects.filter(pk=fiche.pk).update(statut=StatutFiche.BROUILLON, version=2)
    fiche.refresh_from_db()
    return fiche


def ecrire(fiche, par, changer, lot=None):
    fiche = Fiche.objects.get(pk=fiche.pk)
    contenu = copy.deepcopy(lire(fiche))
    changer(contenu)
    return enregistrer(fiche, contenu, version=fiche.version, par=par, lot=lot)


def section(contenu, cle):
    return next(s for s in contenu["sections"] if s["cle"] == cle)


def retirer_la_premiere(contenu):
    section(contenu, "court")["actions"].pop(0)


def test_une_fiche_supprimee_ne_se_lit_plus_nulle_part_et_revient_entiere(
    client, fiche, pilote, administrateur
):
    avant = lire(fiche)
    client.force_login(pilote)
    assert client.post(adresse(fiche, "fiche-supprimer"), {"version": 2}).status_code == 302
    for lecteur in (pilote, administrateur):
        assert not Fiche.objects.visibles_par(lecteur).filter(pk=fiche.pk).exists()
        assert not Action.objects.visibles_par(lecteur).filter(fiche=fiche).exists()
    for nom in ("fiche-modifier", "fiche-historique"):
        assert client.get(adresse(fiche, nom)).status_code == 404
    assert client.get(fiche.get_absolute_url()).status_code == 404
    html = client.get(reverse("contrats:corbeille")).content.decode()
    assert "La fiche" in html
    assert client.post(adresse(fiche, "fiche-recuperer"), {"version": 3}).status_code == 302
    fiche.refresh_from_db()
    assert (fiche.supprimee_le, fiche.version, lire(fiche)) == (None, 4, avant)
    assert "vide" in client.get(reverse("contrats:corbeille")).content.decode()


def test_une_fiche_publiee_ou_deja_changee_ne_se_supprime_pas(client, fiche, pilote):
    client.force_login(pilote)
    assert client.post(adresse(fiche, "fiche-supprimer"), {"version": 1}).status_code == 409
    Fiche.objects.filter(pk=fiche.pk).update(statut=StatutFiche.PUBLIEE, version=2)
    reponse = client.post(adresse(fiche, "fiche-supprimer"), {"version": 2})
    assert reponse.status_code == 409
    assert "dépubliez-la" in reponse.content.decode()
    fiche.refresh_from_db()
    depublier_fiche(fiche, version=2, par=pilote)
    corbeille.supprimer(fiche, version=3, par=pilote)


@pytest.mark.parametrize("role", [*RoleHabilitation, None])
def test_seul_le_pilotage_supprime_et_recupere(client, fiche, pilote, role):
    agent = UtilisateurFactory(habilitations=[(fiche.contrat, role)] if role else [])
    permis = role == RoleHabilitation.PILOTAGE
    if not permis:
        with pytest.raises(PermissionDenied):
            corbeille.supprimer(fiche, version=2, par=agent)
    corbeille.supprimer(fiche, version=2, par=pilote)
    client.force_login(agent)
    reponse = client.post(adresse(fiche, "fiche-recuperer"), {"version": 3})
    assert reponse.status_code == (302 if permis else 403 if role else 404)


def test_la_corbeille_d_un_autre_contrat_ne_se_voit_pas(client, fiche, pilote):
    corbeille.supprimer(fiche, version=2, par=pilote)
    autre = FicheFactory().contrat
    client.force_login(UtilisateurFactory(habilitations=[(autre, RoleHabilitation.PILOTAGE)]))
    assert "La fiche" not in client.get(reverse("contrats:corbeille")).content.decode()


def test_la_purge_efface_apres_trente_jours_et_garde_le_texte_des_renvois(fiche, pilote):
    autre = fiche_riche()
    renvoi = Renvoi.objects.create(
        section=autre.sections.first(), ordre=9, texte="cf. la fiche", fiche=fiche
    )
    corbeille.supprimer(fiche, version=2, par=pilote)
    brouillon = BrouillonFactory()
    call_command("purger")
    assert Fiche.objects.filter(pk=fiche.pk).exists()
    il_y_a = timezone.now() - corbeille.DUREE - datetime.timedelta(hours=1)
    Fiche.objects.filter(pk=fiche.pk).update(supprimee_le=il_y_a, version=3)
    vieux = timezone.now() - datetime.timedelta(days=91)
    Brouillon.objects.filter(pk=brouillon.pk).update(modifie_le=vieux)
    call_command("purger")
    assert not Fiche.objects.filter(pk=fiche.pk).exists()
    assert not Brouillon.objects.exists()
    renvoi.refresh_from_db()
    assert (renvoi.fiche, renvoi.document) == (None, "La fiche")


def test_une_action_retiree_se_recupere_a_sa_place_sans_defaire_le_reste(client, fiche, pilote):
    avant = section(lire(fiche), "court")["actions"]
    ecrire(fiche, pilote, retirer_la_premiere)
    ecrire(fiche, pilote, lambda c: section(c, "contexte").update(texte="Écrit depuis."))
    client.force_login(pilote)
    html = client.get(adresse(fiche, "fiche-historique")).content.decode()
    assert "Actions retirées depuis trente jours" in html
    url = adresse(fiche, "fiche-recuperer-action", avant[0]["id"])
    assert client.post(url, {"version": 4}).status_code == 302
    contenu = lire(Fiche.objects.get(pk=fiche.pk))
    assert section(contenu, "court")["actions"] == avant
    assert section(contenu, "contexte")["texte"] == "Écrit depuis."
    assert client.post(url, {"version": 5}).status_code == 404


def test_un_lot_se_defait_d_un_coup_et_garde_ce_qui_est_ecrit_depuis(client, fiche, pilote):
    autre = fiche_riche(contrat=fiche.contrat, modele=fiche.modele)
    enregistrer(autre, {**lire(autre), "titre": "L'autre"}, version=1, par=None)
    lot = lots.ouvrir("Note sur deux fiches", par=pilote)
    for cible in (fiche, autre):
        ecrire(cible, pilote, lambda c: c.update(note_titre="Posée en masse"), lot)
    ecrire(fiche, pilote, lambda c: section(c, "contexte").update(texte="Écrit depuis."))
    client.force_login(pilote)
    url = reverse("contrats:lot-detail", args=[lot.public_id])
    assert "sur 2 fiches" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    for cible in (fiche, autre):
        assert lire(Fiche.objects.get(pk=cible.pk))["note_titre"] == ""
    assert section(lire(Fiche.objects.get(pk=fiche.pk)), "contexte")["texte"] == "Écrit depuis."
    assert client.post(url).status_code == 409  # une seule fois


def test_un_lot_laisse_la_fiche_dont_le_meme_champ_a_change_depuis(fiche, pilote):
    lot = lots.ouvrir("Note sur une fiche", par=pilote)
    ecrire(fiche, pilote, lambda c: c.update(note_titre="Posée en masse"), lot)
    ecrire(fiche, pilote, lambda c: c.update(note_titre="Reprise à la main"))
    defaite = lots.defaire(lot, par=pilote)
    assert (defaite.faites, defaite.restees) == ([], [fiche])
    assert lire(Fiche.objects.get(pk=fiche.pk))["note_titre"] == "Reprise à la main"


def test_un_lot_ne_se_defait_qu_avec_le_droit_sur_toutes_ses_fiches(fiche, pilote, lectrice):
    lot = lots.ouvrir("Note", par=pilote)
    ecrire(fiche, pilote, lambda c: c.update(note_titre="Posée en masse"), lot)
    with pytest.raises(PermissionDenied):
        lots.defaire(lot, par=lectrice)
    lot.refresh_from_db()
    assert lot.defait_le is None


def test_une_fiche_hors_de_la_corbeille_ne_se_recupere_pas(fiche, pilote):
    with pytest.raises(TransitionImpossible):
        corbeille.recuperer(fiche, version=2, par=pilote)
