"""L'écran de la matrice et ses écritures, sans navigateur."""

import gzip
import json
import re

import pytest
from django.conf import settings
from django.urls import reverse

from contrats.enums import RoleHabilitation
from contrats.models import Contrat
from perr.contenu import Contenu, Regard, Renvoi
from perr.ecriture import Modification, ecrire_cellules
from perr.models import Declinaison, Lot, VersionDeclinaison
from tests.comptes.factories import UtilisateurFactory
from tests.perr.factories import matrice, places, remplir
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json", "headers": {"accept": "application/json"}}


@pytest.fixture
def contrat():
    return matrice()


@pytest.fixture
def agente(client, contrat):
    agente = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.REDACTION)])
    client.force_login(agente)
    return agente


def url(contrat, nom="matrice-modifier", *args):
    return reverse(f"perr:{nom}", args=[contrat.slug, *args])


def ecrire(client, contrat, *cellules):
    return client.post(
        url(contrat, "matrice-ecrire"), json.dumps({"cellules": list(cellules)}), **JSON
    )


def cellule(place, version=None, **champs):
    return {"action": place[0], "colonne": place[1], "version": version, **champs}


def textes():
    return list(Declinaison.objects.order_by("pk").values_list("texte", flat=True))


def formulaire(version="", **champs):
    """La page d'une cellule, telle que le navigateur l'envoie."""
    vide = {"renvoi-TOTAL_FORMS": 1, "renvoi-INITIAL_FORMS": 0}
    vide |= {"regard-TOTAL_FORMS": 1, "regard-INITIAL_FORMS": 0}
    return {"version": version, "statut": "texte", "texte": "", **vide, **champs}


# Lire


@pytest.mark.parametrize(("nom", "budget"), [("matrice-detail", 12), ("matrice-modifier", 18)])
def test_la_page_coute_autant_de_requetes_quelle_que_soit_la_taille(
    client, django_assert_num_queries, nom, budget
):
    for taille in ({"actions": 2, "colonnes": 1}, {"actions": 12, "colonnes": 4, "annexes": 3}):
        contrat = matrice(**taille)
        cite = Contenu(
            texte="x",
            renvois=(Renvoi("r", action=str(contrat.actions.first().public_id)),),
            regards=(Regard(TerritoireFactory().cle, "ici"),),
        )
        lot = [Modification(*place, None, cite) for place in places(contrat)]
        ecrire_cellules(contrat, lot, par=None)
        if nom == "matrice-modifier":
            agente = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
            client.force_login(agente)
        with django_assert_num_queries(budget):
            assert client.get(url(contrat, nom)).status_code == 200


def test_la_page_de_45_actions_par_11_colonnes_pese_moins_de_150_ko(client):
    """Tout ce que charge l'écran, compressé ; 244 cellules d'un texte de 160 signes."""
    contrat = matrice(actions=45, colonnes=11)
    contrat.actions.update(intitule="Un intitulé imprimé, assez long pour deux lignes. " * 3)
    remplir(contrat, [f"Texte {n} : " + f"faire vivre le lieu {n}. " * 6 for n in range(244)])
    agente = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    client.force_login(agente)
    page = client.get(url(contrat)).content
    assert page.count(b"<td id=") == 495
    statique = settings.BASE_DIR / "static"
    servis = ["css/reciproque.css", "css/matrice.css", "js/atelier.js", "marque.svg"]
    servis += [f"js/{f.name}" for f in (statique / "js").glob("matrice*.js")] + ["js/tableur.js"]
    poids = len(gzip.compress(page, 6))
    poids += sum(len(gzip.compress((statique / nom).read_bytes(), 9)) for nom in servis)
    poids += sum(f.stat().st_size for f in (statique / "polices").glob("*.woff2"))
    assert poids < 150_000, poids


def test_le_public_lit_les_textes_entiers_et_pas_les_questions_internes(client, contrat):
    contenu = Contenu(texte="Un lieu d'écoute.", a_verifier="Question interne ?")
    ecrire_cellules(contrat, [Modification(*places(contrat)[0], None, contenu)], par=None)
    page = client.get(url(contrat, "matrice-detail")).content.decode()
    assert "Un lieu d&#x27;écoute." in page
    assert "Question interne" not in page
    assert "data-v" not in page
    Contrat.objects.filter(pk=contrat.pk).update(publie_le=None)
    assert client.get(url(contrat, "matrice-detail")).status_code == 404


def test_un_contrat_sans_matrice_le_dit(client, fiche):
    page = client.get(url(fiche.contrat, "matrice-detail")).content.decode()
    assert "Ce contrat n'a pas de matrice." in page


def test_les_filtres_de_l_adresse_se_retirent_un_a_un(client, contrat):
    remplir(contrat, ["Un"])
    adresse = url(contrat, "matrice-detail")
    page = client.get(f"{adresse}?statut=texte&programme=1&annexe=a1").content.decode()
    assert 'href="' + adresse + '?programme=1&amp;annexe=a1"' in page
    assert page.count('<tr class="l">') == 1
    faux = client.get(f"{adresse}?programme=99").content.decode()
    assert "Programme inconnu : « 99 »." in faux.replace("&#x27;", "'")


@pytest.mark.parametrize("role", [RoleHabilitation.LECTURE, RoleHabilitation.PARTENAIRE])
def test_qui_lit_sans_ecrire_voit_la_page_publique_et_ne_peut_rien_envoyer(client, contrat, role):
    client.force_login(UtilisateurFactory(habilitations=[(contrat, role)]))
    place = places(contrat)[0]
    assert client.get(url(contrat)).url == url(contrat, "matrice-detail")
    assert ecrire(client, contrat, cellule(place, texte="x")).status_code == 403
    assert client.post(url(contrat, "cellule-modifier", *place), {}).status_code == 403
    assert client.post(url(contrat, "matrice-annuler")).status_code == 403
    assert client.get(url(contrat, "matrice-suite") + "?depuis=0").status_code == 403
    assert textes() == []


# Écrire en une requête


def test_une_cellule_s_enregistre_en_une_requete_qui_la_rend(client, contrat, agente):
    place = places(contrat)[0]
    reponse = ecrire(client, contrat, cellule(place, texte="Ouvrir <b>\r\nun lieu"))
    assert reponse.status_code == 200
    [(ident, html)] = reponse.json()["cellules"].items()
    assert ident == f"c{place[0]}-{place[1]}"
    assert 'data-v="1" data-s="texte"' in html
    assert '<p class="t">Ouvrir &lt;b&gt;\nun lieu</p>' in html
    assert Lot.objects.get().auteur == agente

    reponse = ecrire(
        client, contrat, cellule(place, 1, statut="sans_objet", motif="Rien à y faire")
    )
    assert Declinaison.objects.get().texte.startswith("Ouvrir"), "un champ absent reste"
    ecrire(client, contrat, cellule(place, 2, vider=True))
    assert textes() == []


def test_le_cout_d_un_envoi_ne_depend_pas_de_la_taille_de_la_matrice(
    client, django_assert_num_queries
):
    for taille in ({"actions": 1, "colonnes": 1}, {"actions": 12, "colonnes": 4, "annexes": 2}):
        contrat = matrice(**taille)
        remplir(contrat, ["x"] * 10)
        client.force_login(
            UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.REDACTION)])
        )
        with django_assert_num_queries(34):
            assert (
                ecrire(client, contrat, cellule(places(contrat)[0], 1, texte="y")).status_code
                == 200
            )


def test_un_bloc_s_ecrit_en_un_lot_et_s_annule_d_un_coup(client, contrat, agente):
    p = places(contrat)
    remplir(contrat, ["Un"])
    lot = [cellule(p[0], 1, texte="A"), cellule(p[1], texte="B"), cellule(p[3], texte="C")]
    assert len(ecrire(client, contrat, *lot).json()["cellules"]) == 3
    assert VersionDeclinaison.objects.filter(lot__auteur=agente).count() == 3
    reponse = client.post(url(contrat, "matrice-annuler"), "{}", **JSON)
    assert reponse.json()["message"] == "Dernière modification annulée."
    assert textes() == ["Un"]
    assert client.post(url(contrat, "matrice-annuler"), "{}", **JSON).status_code == 409


def test_annuler_remonte_une_modification_a_la_fois(client, contrat, agente):
    place = places(contrat)[0]
    for version, texte in ((None, "Un"), (1, "Deux"), (2, "Trois")):
        ecrire(client, contrat, cellule(place, version, texte=texte))
    for attendu in (["Deux"], ["Un"], []):
        client.post(url(contrat, "matrice-annuler"), "{}", **JSON)
        assert textes() == attendu


def test_un_conflit_rend_l_autre_texte_et_son_auteur(client, contrat, agente):
    place = places(contrat)[0]
    remplir(contrat, ["Départ"])
    autre = UtilisateurFactory(
        prenom="Awa", nom="Diop", habilitations=[(contrat, RoleHabilitation.PILOTAGE)]
    )
    modification = Modification(*place, 1, Contenu(texte="Le sien"))
    ecrire_cellules(contrat, [modification], par=autre)
    reponse = ecrire(client, contrat, cellule(place, 1, texte="Le mien"))
    assert reponse.status_code == 409
    corps = reponse.json()
    ident = f"c{place[0]}-{place[1]}"
    assert "Le sien" in corps["cellules"][ident]
    assert corps["auteurs"] == {ident: "Awa Diop"}
    assert textes() == ["Le sien"]


def test_chacun_apprend_ce_que_l_autre_a_ecrit(client, contrat, agente):
    p = places(contrat)
    ecrire(client, contrat, cellule(p[0], texte="Le mien"))
    depuis = Lot.objects.get().pk
    autre = UtilisateurFactory(
        prenom="Awa", nom="Diop", habilitations=[(contrat, RoleHabilitation.PILOTAGE)]
    )
    ecrire_cellules(contrat, [Modification(*p[0], 1, Contenu(texte="Le sien"))], par=autre)
    suite = client.get(f"{url(contrat, 'matrice-suite')}?depuis={depuis}").json()
    [(ident, html)] = suite["cellules"].items()
    assert "Le sien" in html
    assert suite["auteurs"][ident].startswith("Awa Diop, à ")
    reste = client.get(f"{url(contrat, 'matrice-suite')}?depuis={suite['depuis']}").json()
    assert reste["cellules"] == {}
    assert client.get(f"{url(contrat, 'matrice-suite')}?depuis=abc").status_code == 400


def test_une_case_partagee_s_ecrit_dans_ses_deux_cellules_ou_se_separe(client, contrat, agente):
    p = places(contrat)
    une, deux = p[0], p[2]
    assert une[1] == deux[1]
    partagee = Contenu(texte="Ensemble", groupe="ligne-1")
    ecrire_cellules(contrat, [Modification(*x, None, partagee) for x in (une, deux)], par=None)
    assert len(ecrire(client, contrat, cellule(une, 1, texte="À deux")).json()["cellules"]) == 2
    assert textes() == ["À deux", "À deux"]
    bloc = [cellule(une, 2, texte="Une"), cellule(deux, 2, texte="Deux")]
    ecrire(client, contrat, *bloc)
    assert textes() == ["Une", "Deux"]
    assert set(Declinaison.objects.values_list("groupe", flat=True)) == {""}


REFUSES = [
    b"",
    b"[]",
    b"pas du json",
    b"[" * 5000,
    b'{"cellules": null}',
    b'{"cellules": []}',
    b'{"cellules": [1]}',
    b'{"cellules": [{"action": "x", "colonne": 1}]}',
    b'{"cellules": [{"action": 1e400, "colonne": 1}]}',
    b'{"cellules": [{"action": 99999999999999999999999, "colonne": 1}]}',
]
CHAMPS_REFUSES = [
    {"texte": "\ud800"},
    {"texte": "a\x00"},
    {"texte": ["x"]},
    {"texte": "x" * 20_001},
    {"statut": "inconnu"},
    {"statut": "sans_objet"},
    {"texte": "x", "version": "abc"},
    {"texte": "x", "version": 10**30},
    {"texte": "x", "version": -1},
    {"texte": "x", "version": {"a": 1}},
    {"texte": "x", "a_verifier": "x" * 301},
]


def test_un_envoi_mal_forme_est_refuse_en_francais_et_n_ecrit_rien(client, contrat, agente):
    for corps in REFUSES:
        reponse = client.post(url(contrat, "matrice-ecrire"), corps, **JSON)
        assert reponse.status_code == 400, corps[:60]
        assert reponse.json()["message"].endswith(".")
    for champs in CHAMPS_REFUSES:
        place = places(contrat)[0]
        reponse = ecrire(client, contrat, {**cellule(place), **champs})
        assert reponse.status_code == 400, champs
        assert reponse.json()["message"].endswith("."), reponse.json()
    ailleurs = cellule(places(matrice())[0], texte="x")
    assert ecrire(client, contrat, ailleurs).status_code == 400
    assert textes() == []


# Sans JavaScript


def test_la_page_d_une_cellule_l_ecrit_et_mene_a_la_suivante(client, contrat, agente):
    p = places(contrat)
    adresse = url(contrat, "cellule-modifier", *p[0])
    cible = contrat.actions.last()
    donnees = formulaire(
        texte="Sans script",
        modalites="Deux fois l'an",
        **{
            "renvoi-0-cible": f"action:{cible.public_id}",
            "regard-0-quartier": TerritoireFactory(type="quartier_usage").cle,
            "regard-0-texte": "Ici",
        },
    )
    reponse = client.post(adresse, {**donnees, "suivante": "1"})
    assert reponse.url == url(contrat, "cellule-modifier", *p[1])
    ecrite = Declinaison.objects.get()
    assert (ecrite.texte, ecrite.modalites) == ("Sans script", "Deux fois l'an")
    assert ecrite.renvois.get().action == cible
    assert ecrite.regards.get().texte == "Ici"
    page = client.get(adresse).content.decode()
    envoi = {
        nom: valeur
        for nom, valeur in re.findall(r'name="([^"]+)" value="([^"]*)"', page)
        if nom not in ("csrfmiddlewaretoken", "suivante", "vider", "separer")
    }
    assert envoi["version"] == "1"
    reponse = client.post(adresse, {**envoi, **formulaire("1", vider="1")})
    assert reponse.status_code == 302
    assert textes() == []


def test_sans_script_une_erreur_et_un_conflit_gardent_la_saisie(client, contrat, agente):
    place = places(contrat)[0]
    adresse = url(contrat, "cellule-modifier", *place)
    reponse = client.post(adresse, formulaire(statut="sans_objet", texte="Gardé"))
    page = reponse.content.decode()
    assert reponse.status_code == 400
    assert "Dites pourquoi la cellule est sans objet." in page
    assert "Gardé" in page
    assert "<title>Erreur : " in page

    remplir(contrat, ["Le sien"])
    reponse = client.post(adresse, formulaire(texte="Le mien"))
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Le sien" in page
    assert "Le mien" in page
    assert 'name="version" value="1"' in page
    assert client.post(adresse, formulaire("1", texte="Réuni")).status_code == 302
    assert textes() == ["Réuni"]


def test_sans_script_on_annule_la_derniere_modification(client, contrat, agente):
    ecrire(client, contrat, cellule(places(contrat)[0], texte="x"))
    reponse = client.post(url(contrat, "matrice-annuler"), follow=True)
    assert "Dernière modification annulée." in reponse.content.decode()
    assert textes() == []


def test_une_cellule_hors_de_la_matrice_n_existe_pas(client, contrat, agente):
    action, colonne = places(contrat)[0]
    ailleurs = places(matrice())[0]
    for place in ((action, ailleurs[1]), (ailleurs[0], colonne), (10**30, 1)):
        assert client.get(url(contrat, "cellule-modifier", *place)).status_code == 404
