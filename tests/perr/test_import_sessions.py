"""Une session d'import : qui peut, ce qu'elle garde, ce qu'elle refuse, comment elle se défait."""

import io
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from contrats.enums import RoleHabilitation, RolePartenaire, TypeContrat
from contrats.models import Partenariat
from perr.contenu import contenu_de
from perr.ecriture import Modification, ecrire_cellules
from perr.importation import sessions
from perr.models import Declinaison, Import
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ContratFactory
from tests.navigateur import violations_axe
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import ImportFactory, matrice, remplir
from tests.perr.tableaux import en_csv, table_longue

pytestmark = pytest.mark.django_db
TETES = ["annexe", "colonne", "action", "titre", "partenaires", "texte"]


def agent(contrat, role=RoleHabilitation.REDACTION):
    return UtilisateurFactory(habilitations=[(contrat, role)])


@pytest.fixture
def objet():
    return ImportFactory()


@pytest.fixture
def redacteur(objet, client):
    client.force_login(agent(objet.contrat))
    return client


def adresse(objet):
    return reverse("perr:import-detail", args=[objet.contrat.slug, objet.public_id])


def envoyer(client, objet, geste, **champs):
    donnees = {"version": objet.version, "geste": geste, "jeton": sessions.plan_de(objet).jeton}
    return client.post(adresse(objet), donnees | champs)


def test_deposer_garde_le_fichier_et_mene_a_l_apercu(client):
    contrat = ContratFactory(type=TypeContrat.PERR, publie=True)
    client.force_login(agent(contrat))
    fichier = io.BytesIO(en_csv([TETES, ["Ouest", "Arènes", "1", "Animer", "", "Ouvrir."]]))
    fichier.name = "perr.csv"
    reponse = client.post(reverse("perr:import-list", args=[contrat.slug]), {"fichier": fichier})
    depose = Import.objects.get()
    assert reponse.url == adresse(depose)
    assert bytes(depose.fichier) == fichier.getvalue()
    assert len(depose.empreinte) == 64
    assert depose.depose_par.habilitations.get().contrat == contrat
    assert not Declinaison.objects.exists()


def test_appliquer_ecrit_tout_et_annuler_defait_tout(redacteur, objet):
    assert envoyer(redacteur, objet, "appliquer").status_code == 302
    objet.refresh_from_db()
    assert objet.bilan["crees"] == Declinaison.objects.count() == 1
    assert objet.lot.auteur.habilitations.exists()
    assert objet.etat == "Appliqué"

    assert envoyer(redacteur, objet, "annuler").status_code == 302
    objet.refresh_from_db()
    assert objet.etat == "Annulé"
    assert not Declinaison.objects.exists()
    assert envoyer(redacteur, objet, "annuler").status_code == 409


def test_annuler_est_refuse_si_une_cellule_a_change_depuis(redacteur, objet):
    envoyer(redacteur, objet, "appliquer")
    objet.refresh_from_db()
    cellule = Declinaison.objects.get()
    nouveau = replace(contenu_de(cellule), texte="Repris à la main.")
    ecrire_cellules(
        objet.contrat,
        [Modification(cellule.action_id, cellule.colonne_id, cellule.version, nouveau)],
        par=None,
    )
    reponse = envoyer(redacteur, objet, "annuler")
    assert reponse.status_code == 409
    assert "rien n&#x27;est annulé" in reponse.content.decode()
    assert Declinaison.objects.get().texte == "Repris à la main."


def test_un_apercu_depasse_est_refuse(redacteur):
    contrat = matrice()
    lignes = [["annexe", "colonne", "action", "texte"]]
    annexe = contrat.annexes_territoriales.get()
    colonne = annexe.colonnes.order_by("rang").first()
    action = contrat.actions.order_by("ordre").first()
    lignes.append([annexe.nom, colonne.libelle, action.numero, "Du fichier."])
    objet = ImportFactory(contrat=contrat, fichier=en_csv(lignes))
    redacteur.force_login(agent(contrat))
    jeton = sessions.plan_de(objet).jeton
    remplir(contrat, ["D'une autre personne."])
    reponse = envoyer(redacteur, objet, "appliquer", jeton=jeton)
    assert reponse.status_code == 409
    assert "La matrice a changé depuis cet aperçu" in reponse.content.decode()
    assert Declinaison.objects.get().texte == "D'une autre personne."


def test_une_version_perimee_est_refusee_et_les_reponses_restent_a_l_ecran(redacteur):
    contrat = ContratFactory(type=TypeContrat.PERR, publie=True)
    objet = ImportFactory(contrat=contrat, fichier=en_csv(table_longue()))
    redacteur.force_login(agent(contrat))
    partage = next(q for q in sessions.plan_de(objet).questions if q.genre == "partage")
    champ = {f"r-{partage.cle}": "toutes"}
    reponse = envoyer(redacteur, objet, "repondre", version=99, **champ)
    assert reponse.status_code == 409
    assert 'value="toutes" selected' in reponse.content.decode()
    objet.refresh_from_db()
    assert objet.reponses == {}


def test_les_reponses_sont_gardees_et_se_reprennent_plus_tard(redacteur):
    contrat = ContratFactory(type=TypeContrat.PERR, publie=True)
    objet = ImportFactory(contrat=contrat, fichier=en_csv(table_longue()))
    redacteur.force_login(agent(contrat))
    partage = next(q for q in sessions.plan_de(objet).questions if q.genre == "partage")
    envoyer(redacteur, objet, "repondre", **{f"r-{partage.cle}": "4"})
    objet.refresh_from_db()
    assert objet.reponses == {partage.cle: "4"}
    page = redacteur.get(adresse(objet)).content.decode()
    assert "5 sans réponse" in page

    envoyer(redacteur, objet, "appliquer")
    objet.refresh_from_db()
    assert Declinaison.objects.filter(action__numero="4").count() > 0
    assert objet.bilan["en_attente"] == 5
    envoyer(redacteur, objet, "reprendre")
    suite = Import.objects.filter(contrat=contrat).exclude(pk=objet.pk).get()
    assert (suite.reponses, suite.empreinte) == (objet.reponses, objet.empreinte)


def test_importer_avec_une_reponse_nouvelle_montre_d_abord_son_effet(redacteur):
    contrat = ContratFactory(type=TypeContrat.PERR, publie=True)
    objet = ImportFactory(contrat=contrat, fichier=en_csv(table_longue()))
    redacteur.force_login(agent(contrat))
    partage = next(q for q in sessions.plan_de(objet).questions if q.genre == "partage")
    envoyer(redacteur, objet, "appliquer", **{f"r-{partage.cle}": "toutes"})
    assert not Declinaison.objects.exists()
    objet.refresh_from_db()
    assert objet.est_ouvert
    envoyer(redacteur, objet, "appliquer", **{f"r-{partage.cle}": "toutes"})
    assert Declinaison.objects.count() == 239


def test_un_import_clos_ne_change_plus(redacteur, objet):
    assert envoyer(redacteur, objet, "abandonner").status_code == 302
    objet.refresh_from_db()
    assert objet.etat == "Abandonné"
    for geste in ("appliquer", "repondre", "abandonner", "annuler"):
        assert envoyer(redacteur, objet, geste).status_code == 409
    assert not Declinaison.objects.exists()


@pytest.mark.parametrize("role", RoleHabilitation)
def test_importer_demande_le_droit_de_modifier(client, objet, role):
    client.force_login(agent(objet.contrat, role))
    attendu = 200 if role in (RoleHabilitation.REDACTION, RoleHabilitation.PILOTAGE) else 403
    assert client.get(adresse(objet)).status_code == attendu
    assert client.post(adresse(objet), {"geste": "appliquer"}).status_code in (403, 409)


def test_l_import_d_un_autre_contrat_est_introuvable(redacteur, objet):
    autre = ImportFactory()
    url = reverse("perr:import-detail", args=[objet.contrat.slug, autre.public_id])
    assert redacteur.get(url).status_code == 404


def test_un_partenaire_ecrit_autrement_se_propose_et_s_annule_avec_l_import(redacteur):
    contrat = ContratFactory(type=TypeContrat.PERR, publie=True)
    mission = OrganismeFactory(nom="Mission locale de Toulouse")
    exact = OrganismeFactory(nom="Clémence Isaura")
    ligne = [
        "Ouest",
        "Arènes",
        "1",
        "Animer",
        "Mision locale Toulouse ; CLEMENCE ISAURA",
        "Ouvrir.",
    ]
    objet = ImportFactory(contrat=contrat, fichier=en_csv([TETES, ligne]))
    redacteur.force_login(agent(contrat))
    [question] = sessions.plan_de(objet).questions
    assert question.libelle_propose == "C'est « Mission locale de Toulouse »"
    envoyer(redacteur, objet, "repondre", **{f"r-{question.cle}": str(mission.pk)})
    objet.refresh_from_db()
    envoyer(redacteur, objet, "appliquer")
    roles = Partenariat.objects.values_list("organisme", "role")
    assert set(roles) == {(o.pk, RolePartenaire.PARTENAIRE) for o in (mission, exact)}
    objet.refresh_from_db()
    envoyer(redacteur, objet, "annuler")
    assert not Partenariat.objects.exists()


# La commande


def lancer(*args):
    sortie = io.StringIO()
    call_command("importer_perr", *args, stdout=sortie)
    return sortie.getvalue()


def test_la_commande_simule_puis_importe_avec_les_memes_anomalies(tmp_path):
    contrat = ContratFactory(type=TypeContrat.PERR, publie=True, slug="perr-essai")
    fichier = tmp_path / "perr.csv"
    fichier.write_bytes(en_csv(table_longue()))
    simule = lancer(str(fichier), "--simulation")
    assert "233 créées" in simule
    assert simule.count("QUESTION") == 6
    assert "ligne 461 de l'original" in simule
    assert not Declinaison.objects.exists()
    assert not Import.objects.exists()

    question = next(ligne for ligne in simule.splitlines() if "=toutes" in ligne)
    reponse = question.split()[1]
    importe = lancer(str(fichier), "--contrat", contrat.slug, "--reponse", reponse)
    assert "Importé." in importe
    assert Declinaison.objects.count() == 239
    assert Import.objects.get().lot.auteur is None
    assert "Rien à changer." in lancer(str(fichier), "--reponse", reponse)


def test_la_commande_dit_ce_qui_manque(tmp_path):
    with pytest.raises(CommandError, match="PERR connus : aucun"):
        lancer(str(tmp_path / "absent.csv"))
    ContratFactory(type=TypeContrat.PERR)
    with pytest.raises(CommandError, match="Fichier illisible"):
        lancer(str(tmp_path / "absent.csv"))
    mauvais = tmp_path / "plan.csv"
    mauvais.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match=r"un PDF.*Rien n'est importé"):
        lancer(str(mauvais))


# À l'écran


def test_l_apercu_se_decide_au_clavier_et_sans_violation(page, connecter):
    contrat = ContratFactory(type=TypeContrat.PERR, publie=True)
    objet = ImportFactory(contrat=contrat, fichier=en_csv(table_longue()))
    connecter(agent(contrat))
    for chemin in (reverse("perr:import-list", args=[contrat.slug]), adresse(objet)):
        page.goto(chemin)
        for largeur in (1280, 375):
            page.set_viewport_size({"width": largeur, "height": 900})
            assert violations_axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    page.locator("ol.decisions select").first.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Enregistrer mes réponses").focus()
    page.keyboard.press("Enter")
    page.get_by_text("5 sans réponse").wait_for()
