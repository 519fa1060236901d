"""Historique, comparaison, rétablissement, publication : par l'écran."""

import copy

import pytest

from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.enums import StatutFiche
from contrats.models import Fiche
from tests.contrats.atelier import PageDeFiche, adresse

pytestmark = pytest.mark.django_db


def ecrire(fiche, par, texte, motif=""):
    contenu = copy.deepcopy(lire(fiche))
    contenu["sections"][0]["texte"] = texte
    return enregistrer(fiche, contenu, version=fiche.version, par=par, motif=motif)


@pytest.fixture
def versions(fiche, redactrice):
    """Trois versions : 2, 3, 4."""
    return [
        ecrire(fiche, redactrice, t, f"Motif {t}")
        for t in ("texte un", "texte deux", "texte trois")
    ]


def test_l_historique_dit_qui_quand_pourquoi_et_combien(client, redactrice, fiche, versions):
    client.force_login(redactrice)
    html = client.get(adresse(fiche, "fiche-historique")).content.decode()
    assert html.index("Motif texte trois") < html.index("Motif texte un")
    assert html.count("1 champ<") == 2
    assert "Première version gardée" in html
    assert str(redactrice) in html


def test_deux_versions_quelconques_se_comparent_au_mot(client, lectrice, fiche, versions):
    client.force_login(lectrice)
    reponse = client.get(adresse(fiche, "fiche-comparer"), {"de": 2, "a": 3})
    html = reponse.content.decode()
    assert '<h2 id="e1">Contexte</h2>' in html
    assert '<del><span class="hors-vue">supprimé : </span>un</del>' in html
    assert '<ins><span class="hors-vue">ajouté : </span>deux</ins>' in html


def test_comparer_une_version_absente_est_introuvable(client, lectrice, fiche, versions):
    client.force_login(lectrice)
    requetes = [{}, {"de": 2}, {"de": "x", "a": 3}, {"de": 2, "a": "9" * 40}, {"de": "２", "a": 3}]
    for requete in requetes:
        reponse = client.get(adresse(fiche, "fiche-comparer"), requete)
        assert reponse.status_code == 404, requete


def test_retablir_fait_une_nouvelle_version(client, redactrice, fiche, versions):
    client.force_login(redactrice)
    reponse = client.post(adresse(fiche, "fiche-restaurer", 2), {"version": 4})
    assert reponse.status_code == 302
    fiche.refresh_from_db()
    assert fiche.version == 5
    assert lire(fiche)["sections"][0]["texte"] == "texte un"
    assert fiche.versions.get(numero=5).motif == "Rétablit la version 2"


@pytest.mark.parametrize(
    ("nom", "args"), [("fiche-restaurer", [2]), ("fiche-franchir", ["depublier"])]
)
def test_un_acte_sur_une_version_perimee_est_refuse(client, pilote, fiche, versions, nom, args):
    client.force_login(pilote)
    for version in ("3", "", "abc", "9" * 30):
        reponse = client.post(adresse(fiche, nom, *args), {"version": version})
        assert reponse.status_code == 409, version
        assert 'role="alert"' in reponse.content.decode()
    fiche.refresh_from_db()
    assert (fiche.version, fiche.statut) == (4, StatutFiche.PUBLIEE)


def test_publier_une_fiche_publiee_est_refuse(client, pilote, fiche):
    client.force_login(pilote)
    reponse = client.post(adresse(fiche, "fiche-franchir", "publier"), {"version": 1})
    assert reponse.status_code == 409
    assert "la fiche est « Publiée »" in reponse.content.decode()


def test_depublier_puis_publier_dit_qui_lit(client, pilote, fiche):
    client.force_login(pilote)
    reponse = client.post(
        adresse(fiche, "fiche-franchir", "depublier"), {"version": 1}, follow=True
    )
    assert "Brouillon : seuls les agents du contrat la voient." in reponse.content.decode()
    reponse = client.post(adresse(fiche, "fiche-franchir", "publier"), {"version": 2}, follow=True)
    assert "chaque enregistrement est visible du public" in reponse.content.decode()
    fiche.refresh_from_db()
    assert (fiche.statut, fiche.version) == (StatutFiche.PUBLIEE, 3)


def test_enregistrer_et_publier_en_un_geste(client, pilote, fiche):
    Fiche.objects.filter(pk=fiche.pk).update(statut=StatutFiche.BROUILLON, version=1)
    client.force_login(pilote)
    page = PageDeFiche(client, fiche).remplir(s__contexte__texte="À publier.")
    assert page.envoyer("publier").status_code == 302
    fiche.refresh_from_db()
    assert (fiche.statut, fiche.version) == (StatutFiche.PUBLIEE, 3)
    assert lire(fiche)["sections"][0]["texte"] == "À publier."


def test_publier_deux_fois_enregistre_et_dit_le_refus(client, pilote, fiche):
    client.force_login(pilote)
    page = PageDeFiche(client, fiche).remplir(s__contexte__texte="Déjà publiée.")
    page.envoyer("publier")
    html = client.get(adresse(fiche)).content.decode()
    assert "pas publiée : Publier : la fiche est « Publiée »" in html
    assert "Déjà publiée." in html


def test_qui_ne_publie_pas_n_a_pas_le_bouton(client, redactrice, fiche):
    Fiche.objects.filter(pk=fiche.pk).update(statut=StatutFiche.BROUILLON, version=1)
    client.force_login(redactrice)
    page = PageDeFiche(client, fiche)
    assert "publier" not in page.boutons
    assert page.envoyer("publier").status_code == 403
    cycle = client.get(adresse(fiche, "fiche-cycle")).content.decode()
    assert adresse(fiche, "fiche-franchir", "publier") not in cycle
    assert adresse(fiche, "fiche-franchir", "soumettre") in cycle


@pytest.mark.parametrize("nb", [2, 6])
def test_l_historique_a_un_nombre_de_requetes_constant(
    client, redactrice, fiche, django_assert_num_queries, nb
):
    for rang in range(nb):
        ecrire(fiche, redactrice, f"Texte {rang}")
    client.force_login(redactrice)
    with django_assert_num_queries(11):
        client.get(adresse(fiche, "fiche-historique"))


def test_l_historique_se_pagine_sans_perdre_l_ecart_de_la_derniere_ligne(client, redactrice, fiche):
    for rang in range(22):
        ecrire(fiche, redactrice, f"Texte {rang}")
    client.force_login(redactrice)
    html = client.get(adresse(fiche, "fiche-historique")).content.decode()
    assert "Page 1 sur 2" in html
    assert "Première version gardée" not in html
    suite = client.get(adresse(fiche, "fiche-historique"), {"page": 2}).content.decode()
    assert "Première version gardée" in suite
