"""Qui entre dans l'atelier, et pour y faire quoi : chaque route, chaque rôle."""

import pytest
from django.urls import reverse

from contrats import urls_atelier
from contrats.contenu.ecriture import enregistrer
from contrats.contenu.lecture import lire
from contrats.enums import RoleHabilitation, StatutFiche
from contrats.models import Fiche
from contrats.permissions import ROLES_PAR_ACTE, Acte
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.atelier import PageDeFiche, adresse
from tests.contrats.factories import ContratFactory, fiche_complete
from tests.edition.factories import BrouillonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.une_fois]

# (route, méthode) → acte exigé. Toute route de l'atelier doit être ici, ou dans SANS_FICHE.
ACTES = {
    ("fiche-modifier", "post"): Acte.MODIFIER,
    ("fiche-brouillon", "post"): Acte.MODIFIER,
    ("fiche-brouillon-comparer", "get"): Acte.MODIFIER,
    ("fiche-brouillon-jeter", "post"): Acte.MODIFIER,
    ("fiche-presence", "post"): Acte.MODIFIER,
    ("fiche-supprimer", "post"): Acte.SUPPRIMER,
    ("fiche-historique", "get"): Acte.LIRE_ATELIER,
    ("fiche-comparer", "get"): Acte.LIRE_ATELIER,
    ("fiche-restaurer", "post"): Acte.RESTAURER,
}
# Essayées par tests/contrats/test_corbeille.py.
DE_LA_CORBEILLE = {"corbeille", "fiche-recuperer", "fiche-recuperer-action", "lot-detail"}
SANS_FICHE = {"mes-fiches", *DE_LA_CORBEILLE}
REUSSITES = (200, 302)


@pytest.fixture
def fiche(db):
    fiche = fiche_complete()
    contenu = lire(fiche)
    contenu["titre"] = "Deuxième"
    enregistrer(fiche, contenu, version=1, par=None)
    return fiche


def demander(client, fiche, nom, methode):
    args = [2] if nom == "fiche-restaurer" else []
    if nom in ("fiche-brouillon-comparer", "fiche-brouillon-jeter"):
        agent = client.session.get("_auth_user_id") or UtilisateurFactory().pk
        args = [BrouillonFactory(utilisateur_id=agent, cle=f"fiche:{fiche.public_id}").page]
    donnees = {"version": fiche.version, "de": 2, "a": 2}
    if nom == "fiche-modifier" and methode == "post":
        donnees = {"version": fiche.version, "geste": "ajouter-action:court", "fin": "1"}
    if nom == "fiche-brouillon":
        donnees = {"version": fiche.version, "fin": "1"}
    if nom == "fiche-supprimer":
        Fiche.objects.filter(pk=fiche.pk).update(
            statut=StatutFiche.BROUILLON, version=fiche.version
        )
    return getattr(client, methode)(adresse(fiche, nom, *args), donnees)


def test_toute_route_de_l_atelier_a_son_acte():
    noms = {route.name for route in urls_atelier.urlpatterns}
    assert noms == {nom for nom, _ in ACTES} | SANS_FICHE


@pytest.mark.parametrize(("nom", "methode"), ACTES)
@pytest.mark.parametrize("role", [*RoleHabilitation, None])
@pytest.mark.parametrize("mon_contrat", [True, False])
def test_matrice_des_roles_et_des_actes(client, fiche, nom, methode, role, mon_contrat):
    contrat = fiche.contrat if mon_contrat else ContratFactory(publie=True)
    client.force_login(UtilisateurFactory(habilitations=[(contrat, role)] if role else []))
    reponse = demander(client, fiche, nom, methode)
    if not (mon_contrat and role):
        assert reponse.status_code == 404
    elif role in ROLES_PAR_ACTE[ACTES[nom, methode]]:
        assert reponse.status_code in REUSSITES
    else:
        assert reponse.status_code == 403


@pytest.mark.parametrize(("nom", "methode"), ACTES)
def test_l_administration_peut_tout(client, fiche, administrateur, nom, methode):
    client.force_login(administrateur)
    assert demander(client, fiche, nom, methode).status_code in REUSSITES


@pytest.mark.parametrize(("nom", "methode"), [*ACTES, ("fiche-modifier", "get")])
def test_l_anonyme_se_connecte_puis_revient(client, fiche, nom, methode):
    reponse = demander(client, fiche, nom, methode)
    if nom in ("fiche-modifier", "fiche-brouillon") and methode == "post":
        assert reponse.status_code == 401  # une saisie ne se perd pas : la page la rend
        assert reverse("comptes:connexion") in reponse.content.decode()
        return
    assert reponse.status_code == 302
    assert reponse["Location"].startswith(reverse("comptes:connexion") + "?next=/atelier/fiches/")


@pytest.mark.parametrize("role", RoleHabilitation)
def test_qui_ne_modifie_pas_est_mene_a_la_page_de_la_fiche(client, fiche, role):
    client.force_login(UtilisateurFactory(habilitations=[(fiche.contrat, role)]))
    reponse = client.get(adresse(fiche))
    if role in ROLES_PAR_ACTE[Acte.MODIFIER]:
        assert reponse.status_code == 200
    else:
        assert reponse["Location"] == fiche.get_absolute_url()
        assert client.get(reponse["Location"]).status_code == 200


@pytest.mark.parametrize("nom", ["fiche-restaurer"])
def test_un_acte_ne_se_fait_pas_par_un_lien(client, fiche, administrateur, nom):
    client.force_login(administrateur)
    args = [2] if nom == "fiche-restaurer" else []
    if nom in ("fiche-brouillon-comparer", "fiche-brouillon-jeter"):
        agent = client.session.get("_auth_user_id") or UtilisateurFactory().pk
        args = [BrouillonFactory(utilisateur_id=agent, cle=f"fiche:{fiche.public_id}").page]
    assert client.get(adresse(fiche, nom, *args)).status_code == 405


def test_mes_fiches_ne_montre_que_mes_contrats(client, fiche, redactrice):
    autre = fiche_complete()
    client.force_login(redactrice)
    html = client.get(reverse("contrats:mes-fiches")).content.decode()
    assert "Deuxième" in html
    assert autre.titre not in html
    assert adresse(fiche) in html


def test_mes_fiches_sans_role_dit_quoi_faire(client, etrangere):
    client.force_login(etrangere)
    html = client.get(reverse("contrats:mes-fiches")).content.decode()
    assert "Vous n&#x27;avez de rôle sur aucun contrat." in html or "Vous n'avez de rôle" in html


def test_en_lecture_mes_fiches_mene_a_la_page_et_non_a_l_edition(client, fiche, lectrice):
    client.force_login(lectrice)
    html = client.get(reverse("contrats:mes-fiches")).content.decode()
    assert f'href="{adresse(fiche)}"' not in html
    assert fiche.get_absolute_url() in html


@pytest.mark.parametrize("filtre", [{"statut": "publiee"}, {"statut": "inconnu"}, {"contrat": "x"}])
def test_mes_fiches_se_filtre_sans_echouer(client, fiche, redactrice, filtre):
    client.force_login(redactrice)
    assert client.get(reverse("contrats:mes-fiches"), filtre).status_code == 200


@pytest.mark.parametrize("nb", [1, 5])
def test_mes_fiches_a_un_nombre_de_requetes_constant(
    client, administrateur, django_assert_num_queries, nb
):
    for _ in range(nb):
        fiche_complete()
    client.force_login(administrateur)
    with django_assert_num_queries(12):
        client.get(reverse("contrats:mes-fiches"))


def test_la_fiche_d_un_autre_contrat_ne_se_lit_pas_par_une_reference(client, fiche, redactrice):
    secret = ContratFactory(intitule_court="Contrat secret")
    client.force_login(redactrice)
    page = PageDeFiche(client, fiche)
    page.champs += [("ligne", "jalons:1")]
    reponse = page.envoyer()
    assert secret.intitule_court not in reponse.content.decode()
