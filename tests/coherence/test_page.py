"""La page : lire, écarter avec un motif, reprendre ; figer après avoir lu ; la commande."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from coherence.enums import Gravite, Regle
from coherence.models import ConstatEcarte
from coherence.service import bilan, ecarter
from contrats.enums import ContenuAnnexe, EtatSection, RoleHabilitation
from contrats.models import Annonce, Signature
from documents.models import Preparation
from tests.coherence.factories import ConstatEcarteFactory, contrat_propre
from tests.comptes.factories import UtilisateurFactory
from tests.perr.factories import matrice, remplir

pytestmark = pytest.mark.django_db


@pytest.fixture
def contrat():
    return contrat_propre()


@pytest.fixture
def pilote(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


@pytest.fixture
def faux(contrat):
    """Le contrat annonce six orientations : un constat qui bloque."""
    Annonce.objects.create(contrat=contrat, objet="fiches", nombre=6, libelle="6 fiches")
    return contrat


def adresse(contrat):
    return reverse("coherence:contrat-coherence", args=[contrat.slug])


def constats(contrat):
    return {c.regle for c in bilan(contrat).restants}


def test_un_contrat_propre_n_a_rien_en_base_non_plus(client, contrat, pilote):
    assert bilan(contrat).restants == []
    client.force_login(pilote)
    assert "Aucune discordance" in client.get(adresse(contrat)).content.decode()


@pytest.mark.parametrize(
    ("abimer", "regle"),
    [
        (lambda c: c.annexes.update(contenu=ContenuAnnexe.VIDE), Regle.ANNEXE_ABSENTE),
        (lambda c: c.articles.update(texte="Il a neuf fiches."), Regle.COMPTE),
        (lambda c: c.articles.update(texte=""), Regle.SECTION_VIDE),
        (lambda c: Signature.objects.first().delete(), Regle.SANS_SIGNATAIRE),
        (lambda c: c.fiches.filter(pk=c.fiches.first().pk).update(axe=None), Regle.FICHE_HORS_AXE),
        (
            lambda c: c.fiches.first().sections.update(texte="", etat=EtatSection.A_RENSEIGNER),
            Regle.SECTION_VIDE,
        ),
        (
            lambda c: c.fiches.first().sections.update(texte="Voir la fiche 9."),
            Regle.RENVOI,
        ),
        (lambda c: c.actions.filter(pk=c.actions.first().pk).delete(), Regle.SECTION_VIDE),
        (
            lambda c: c.axes.create(cle="nu", nature="thematique", intitule="Eau", ordre=99),
            Regle.ARTICLE_SANS_ACTION,
        ),
    ],
)
def test_ce_qui_s_abime_en_base_se_trouve(contrat, abimer, regle):
    abimer(contrat)
    assert constats(contrat) == {regle}


def test_une_fiche_a_la_corbeille_laisse_un_renvoi_vers_rien(contrat, pilote):
    fiche = contrat.fiches.order_by("ordre").last()
    section = contrat.fiches.order_by("ordre").first().sections.first()
    section.renvois.create(ordre=1, texte="cf. l'autre fiche", fiche=fiche)
    assert constats(contrat) == set()
    contrat.fiches.filter(pk=fiche.pk).update(supprimee_le=timezone.now(), supprimee_par=pilote)
    assert constats(contrat) == {Regle.RENVOI, Regle.COMPTE}


def test_la_matrice_se_lit(contrat):
    perr = matrice(actions=2, colonnes=2)
    perr.actions.update(prioritaire=True)
    remplir(perr, ["Faire."])
    trouves = {c.regle: c for c in bilan(perr).restants}
    assert set(trouves) == {Regle.PRIORITE_VIDE}
    assert trouves[Regle.PRIORITE_VIDE].objet.nom.startswith("L'action 2 ")
    action = perr.actions.first()
    titre = action.titres.create(annexe=perr.annexes_territoriales.first(), numero_imprime="7")
    assert Regle.NUMERO_ECHANGE in constats(perr)
    titre.delete()


def test_ecarter_garde_le_motif_le_nom_et_la_date_puis_se_reprend(client, faux, pilote):
    client.force_login(pilote)
    page = client.get(adresse(faux)).content.decode()
    assert "les données en ont 2" in page
    cle = bilan(faux).restants[0].cle
    client.post(adresse(faux), {"cle": cle, "motif": "La source imprime six."})
    ecart = ConstatEcarte.objects.get()
    assert (ecart.par, ecart.motif) == (pilote, "La source imprime six.")
    assert bilan(faux).restants == []
    page = client.get(adresse(faux)).content.decode()
    assert "La source imprime six." in page
    assert str(pilote) in page
    client.post(adresse(faux), {"cle": cle, "geste": "reprendre"})
    assert [c.cle for c in bilan(faux).restants] == [cle]
    assert ConstatEcarte.objects.get().repris_par == pilote, "rien ne s'efface"


def test_un_constat_ecarte_revient_si_la_donnee_change(faux, pilote):
    ecarter(faux, bilan(faux).restants[0].cle, "Admis.", par=pilote)
    assert bilan(faux).restants == []
    faux.annonces.update(nombre=7)
    assert len(bilan(faux).restants) == 1


def test_sans_motif_le_champ_le_dit_et_rien_n_est_ecarte(client, faux, pilote):
    client.force_login(pilote)
    envoi = {"cle": bilan(faux).restants[0].cle, "motif": " "}
    reponse = client.post(adresse(faux), envoi)
    assert reponse.status_code == 400
    assert "Dites pourquoi ce constat s’écarte" in reponse.content.decode().replace("&#x27;", "’")
    assert not ConstatEcarte.objects.exists()


def test_un_constat_qui_n_est_plus_ne_s_ecarte_pas(client, contrat, pilote):
    client.force_login(pilote)
    envoi = {"cle": "0" * 32, "motif": "Admis."}
    assert client.post(adresse(contrat), envoi).status_code == 409
    assert client.post(adresse(contrat), {"cle": "0", "geste": "reprendre"}).status_code == 409


def test_lire_ne_permet_pas_d_ecarter(client, faux):
    client.force_login(UtilisateurFactory(habilitations=[(faux, RoleHabilitation.LECTURE)]))
    assert "Écarter ce constat" not in client.get(adresse(faux)).content.decode()
    envoi = {"cle": bilan(faux).restants[0].cle, "motif": "Admis."}
    assert client.post(adresse(faux), envoi).status_code == 403
    ecarte = ConstatEcarteFactory(contrat=faux)
    assert client.post(adresse(faux), {"cle": ecarte.cle, "geste": "reprendre"}).status_code == 403


def test_figer_attend_que_ce_qui_bloque_soit_ecarte_puis_demande_de_confirmer(client, faux, pilote):
    client.force_login(pilote)
    liste = reverse("documents:fige-list", args=[faux.slug])
    reponse = client.post(liste, {"sujet": "contrat", "confirme": "1"})
    assert reponse.status_code == 409
    assert "Rien n’est figé" in reponse.content.decode()
    ecarter(faux, bilan(faux).restants[0].cle, "Admis.", par=pilote)
    Signature.objects.first().delete()
    reponse = client.post(liste, {"sujet": "contrat"})
    assert "n’empêche pas de figer" in reponse.content.decode()
    assert not Preparation.objects.exists()
    # Une fiche ne porte pas ce qui manque au contrat.
    fiche = faux.fiches.first()
    assert client.post(liste, {"sujet": f"fiche:{fiche.cle}"}).status_code == 302
    fiche.sections.update(etat=EtatSection.A_RENSEIGNER, texte="")
    assert client.post(liste, {"sujet": f"fiche:{fiche.cle}"}).status_code == 200
    assert client.post(liste, {"sujet": f"fiche:{fiche.cle}", "confirme": "1"}).status_code == 302


def test_figer_ne_se_demande_pas_par_une_autre_porte(client, faux, pilote):
    client.force_login(pilote)
    porte = reverse("documents:preparation-demander", args=[faux.slug, "figer"])
    assert client.post(porte, {"objet": "contrat"}).status_code == 404


def test_la_commande_dit_en_json_et_finit_en_erreur_si_cela_bloque(faux, capsys):
    with pytest.raises(CommandError, match="1 constat"):
        call_command("controler_coherence", faux.slug, "--json")
    dit = json.loads(capsys.readouterr().out)
    assert dit["contrat"] == faux.slug
    assert [c["regle"] for c in dit["constats"]] == ["compte"]
    assert dit["constats"][0]["gravite"] == Gravite.BLOQUE
    faux.annonces.all().delete()
    call_command("controler_coherence", faux.slug)
    assert "0 constat(s)" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Aucun contrat"):
        call_command("controler_coherence", "inconnu")
