"""Les pages : lire à une date, comparer, rédiger sur une copie, faire entrer en vigueur."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from avenants.enums import NatureEffet
from avenants.models import Effet
from avenants.statut import remplacement
from contrats.enums import RoleHabilitation
from contrats.models import Contrat, Fiche
from tests.avenants.factories import (
    AvenantFactory,
    abroge,
    ajoute,
    contrat_signe,
    en_vigueur,
    projet,
    proroge,
    remplace,
    signer,
)
from tests.comptes.factories import UtilisateurFactory
from tests.documents.factories import DocumentFigeFactory

pytestmark = pytest.mark.django_db
N = NatureEffet


@pytest.fixture
def contrat():
    return contrat_signe()


@pytest.fixture
def pilote(contrat):
    return UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])


@pytest.fixture
def avenant(contrat):
    return AvenantFactory(modifie=contrat)


def page(reponse):
    return reponse.content.decode()


def texte(client, contrat, **question):
    return client.get(reverse("avenants:texte", args=[contrat.slug]), question)


def copie(avenant, **change):
    """L'envoi de la copie sans rien changer, sauf `change`."""
    envoi = {"version": avenant.contrat.version, "depart": 0, "fin": "1"}
    for article in avenant.modifie.articles.order_by("ordre"):
        prefixe = f"article-{article.numero}"
        envoi |= {f"{prefixe}-titre": article.titre, f"{prefixe}-texte": article.texte}
    return envoi | change


def rediger(client, avenant, **change):
    adresse = reverse("avenants:avenant-rediger", args=[avenant.contrat.slug])
    return client.post(adresse, copie(avenant, **change))


# Lire


def test_la_page_dit_l_origine_de_chaque_article_et_mentionne_l_abroge(client, contrat):
    en_vigueur(contrat, remplace("1", "Réécrit."), abroge("3"), ajoute("4", "2"))
    lue = page(texte(client, contrat, au="2021-06-01"))
    assert "Réécrit." in lue
    assert "avenant n°\u00a01 du 01/01/2021" in lue
    assert "Abrogé" in lue
    assert "Chaque partie apporte" not in lue
    avant = page(texte(client, contrat, au="2020-12-31"))
    assert "Les parties coopèrent." in avant
    assert "aucun avenant ne le change" in avant


def test_une_prorogation_garde_son_motif_a_l_ecran(client, contrat):
    en_vigueur(contrat, proroge(datetime.date(2027, 1, 31), "Retard du chantier."))
    lue = page(texte(client, contrat))
    assert "31 janvier 2027" in lue
    assert "Motif : Retard du chantier." in lue


def test_avant_la_signature_la_page_le_dit(client, contrat):
    assert "Pas encore en vigueur" in page(texte(client, contrat, au="2019-06-01"))


@pytest.mark.parametrize("au", ["hier", "2021-02-30", "0001-01-01", "9999-12-31", "\x00"])
def test_une_date_illisible_se_dit_en_francais(client, contrat, au):
    reponse = texte(client, contrat, au=au)
    assert reponse.status_code == 400
    assert "date" in page(reponse) or "année" in page(reponse)


def test_le_public_ne_lit_rien_d_un_avenant_depublie(client, contrat, pilote):
    fait = en_vigueur(contrat, remplace("1", "Texte réservé."), proroge(datetime.date(2027, 1, 1)))
    Contrat.objects.filter(pk=fait.contrat.pk).update(publie_le=None)
    lue = page(texte(client, contrat))
    assert "Texte réservé." not in lue
    assert "Texte arrêté à la veille du 1er janvier 2021" in lue
    client.force_login(pilote)
    assert "Texte réservé." in page(texte(client, contrat))


def test_un_avenant_en_vigueur_se_publie_avec_son_contrat(contrat):
    fait = en_vigueur(contrat, remplace("1"))
    fait.contrat.refresh_from_db()
    assert fait.contrat.est_publie


def test_un_avenant_de_demonstration_est_marque(client, contrat):
    fait = en_vigueur(contrat, remplace("1"))
    type(fait).objects.update(demonstration=True)
    for adresse in ("avenants:texte", "avenants:comparatif"):
        assert "émonstration" in page(client.get(reverse(adresse, args=[contrat.slug])))


# Comparer


def test_le_comparatif_dit_les_mots_et_le_sens(client, contrat):
    en_vigueur(contrat, remplace("1", "Les parties coopèrent vite.", titre="Objet"))
    adresse = reverse("avenants:comparatif", args=[contrat.slug])
    lue = page(client.get(adresse, {"de": "2020-01-01", "a": "2021-01-01"}))
    assert '<ins><span class="hors-vue">ajouté : </span> vite</ins>' in lue
    assert "1 disposition" in lue
    envers = page(client.get(adresse, {"de": "2021-01-01", "a": "01/01/2020"}))
    assert '<del><span class="hors-vue">supprimé : </span> vite</del>' in envers


def test_les_versions_ne_se_comparent_que_par_les_agents(client, contrat, pilote):
    adresse = reverse("avenants:comparatif", args=[contrat.slug])
    question = {"de": f"v{contrat.version}", "a": f"v{contrat.version}"}
    assert client.get(adresse, question).status_code == 400
    client.force_login(pilote)
    assert "identiques" in page(client.get(adresse, question))
    assert client.get(adresse, {"de": "v99"}).status_code == 400


# Rédiger


def test_les_effets_se_deduisent_de_la_copie(client, avenant, pilote):
    client.force_login(pilote)
    change = {
        "article-1-texte": "Réécrit.",
        "article-3-abroger": "on",
        "neuf-1-numero": "4",
        "neuf-1-titre": "Suivi",
        "neuf-1-texte": "Chaque année.",
        "neuf-1-apres": "article:1",
        "fin-fin": "31/12/2027",
        "fin-motif": "Le temps de finir.",
    }
    assert rediger(client, avenant, **change).status_code == 302
    assert [(e.nature, e.cle, e.apres) for e in avenant.effets.order_by("ordre")] == [
        (N.ARTICLE_REMPLACE, "article:1", ""),
        (N.ARTICLE_ABROGE, "article:3", ""),
        (N.ARTICLE_AJOUTE, "article:4", "article:1"),
        (N.FIN, "fin", ""),
    ]
    # Le texte que les parties signent dit la même chose.
    titres = avenant.contrat.articles.order_by("ordre").values_list("titre", flat=True)
    assert list(titres) == [
        "Remplacement de l'article 1",
        "Abrogation de l'article 3",
        "Ajout d'un article 4",
        "Report de la fin du contrat",
    ]
    assert avenant.contrat.versions.latest("numero").instantane["articles"]


def test_une_copie_renvoyee_telle_quelle_n_a_pas_d_effet(client, avenant, pilote):
    """Les fins de ligne d'un navigateur ne sont pas un changement."""
    avenant.modifie.articles.filter(numero="1").update(texte="Un.\n\nDeux.")
    client.force_login(pilote)
    envoi = {"article-1-texte": "Les parties coopèrent.\r\n"}
    assert rediger(client, avenant, **envoi).status_code == 302
    assert not avenant.effets.exists()


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"article-1-titre": ""}, "Donnez un titre"),
        ({"neuf-1-titre": "Sans numéro"}, "Donnez un numéro"),
        ({"neuf-1-numero": "2", "neuf-1-titre": "Pris"}, "existe déjà"),
        ({"fin-fin": "31/12/2027"}, "Dites pourquoi"),
        ({"fin-fin": "01/01/2024", "fin-motif": "Plus tôt."}, "une date qui suit"),
    ],
)
def test_une_copie_fautive_est_rendue_intacte(client, avenant, pilote, change, phrase):
    client.force_login(pilote)
    reponse = rediger(client, avenant, **{"article-2-texte": "Mon texte.", **change})
    assert reponse.status_code == 400
    assert phrase in page(reponse)
    assert "Mon texte." in page(reponse)
    assert not Effet.objects.exists()


def test_deux_redacteurs_du_meme_projet_le_second_l_apprend(client, avenant, pilote):
    client.force_login(pilote)
    assert rediger(client, avenant, **{"article-1-texte": "Premier."}).status_code == 302
    reponse = rediger(client, avenant, **{"article-1-texte": "Second."})
    assert reponse.status_code == 409
    assert "Second." in page(reponse)
    assert avenant.effets.get().texte == "Premier."


def test_un_avenant_entre_depuis_sur_le_meme_article_est_un_conflit_lisible(
    client, avenant, pilote
):
    """409, les deux textes, celui de l'agent intact ; l'enregistrer de nouveau est un choix."""
    en_vigueur(avenant.modifie, remplace("1", "Leur texte."), remplace("2", "Autre article."))
    client.force_login(pilote)
    reponse = rediger(client, avenant, **{"article-1-texte": "Mon texte."})
    lue = page(reponse)
    assert reponse.status_code == 409
    assert "Leur" in lue
    assert ">\nMon texte.</textarea>" in lue
    assert ">\nAutre article.</textarea>" in lue  # ce que l'agent n'a pas touché suit
    assert not avenant.effets.exists()
    repris = {"depart": 1, "article-1-texte": "Mon texte.", "article-2-texte": "Autre article."}
    repris |= {"article-1-titre": "Nouveau", "article-2-titre": "Nouveau"}
    assert rediger(client, avenant, **repris).status_code == 302
    assert [(e.cle, e.texte) for e in avenant.effets.all()] == [("article:1", "Mon texte.")]


def test_un_avenant_relu_ne_se_recrit_pas(client, avenant, pilote):
    Contrat.objects.filter(pk=avenant.contrat.pk).update(statut="en_relecture")
    client.force_login(pilote)
    assert rediger(client, avenant, **{"article-1-texte": "Trop tard."}).status_code == 409
    assert not avenant.effets.exists()


@pytest.mark.parametrize(
    ("nature", "envoi"),
    [
        (N.ACTION_AJOUTEE, {"titre": "Étude commune", "texte": "Dite en comité."}),
        (N.MONTANT, {"titre": "Animation", "montant": "12 000,50"}),
    ],
)
def test_un_effet_s_ecrit_et_se_retire_un_a_un(client, avenant, pilote, nature, envoi):
    client.force_login(pilote)
    adresse = reverse("avenants:effet-ajouter", args=[avenant.contrat.slug])
    envoi = {"nature": nature.value, "version": avenant.contrat.version, "motif": "", **envoi}
    assert client.post(adresse, envoi).status_code == 302
    [ecrit] = avenant.effets.all()
    assert ecrit.nature == nature
    avenant.contrat.refresh_from_db()
    retirer = reverse("avenants:effet-retirer", args=[avenant.contrat.slug, ecrit.pk])
    assert client.post(retirer, {"version": 1}).status_code == 409
    version = avenant.contrat.version
    assert client.post(retirer, {"version": version}).status_code == 302
    assert not avenant.effets.exists()


def test_tout_ce_que_l_avenant_touche_se_lit_avant_de_le_lancer(client, contrat, pilote):
    fait = projet(contrat, abroge("2"))
    client.force_login(pilote)
    lue = page(client.get(reverse("avenants:avenant-detail", args=[fait.contrat.slug])))
    assert "Tout ce qu’il touche" in lue
    assert "Renvois vers un article abrogé" in lue
    assert "cite l&#x27;article 2" in lue
    assert Fiche.objects.count() == 0


def test_plusieurs_projets_se_mettent_cote_a_cote(client, contrat, pilote):
    un, deux = (
        projet(contrat, remplace("1", "Version A.")),
        projet(contrat, remplace("1", "Version B.")),
    )
    client.force_login(pilote)
    adresse = reverse("avenants:avenant-list", args=[contrat.slug])
    lue = page(client.get(adresse, {"projet": [un.contrat.slug, deux.contrat.slug]}))
    assert "Version A" in lue
    assert "Version B" in lue


# Entrer en vigueur


def entrer(client, avenant, **envoi):
    adresse = reverse("avenants:avenant-entrer", args=[avenant.contrat.slug])
    version = Contrat.objects.get(pk=avenant.modifie_id).version
    return client.post(adresse, {"effet_le": "2021-01-01", "version": version, **envoi})


def test_un_avenant_non_signe_n_entre_pas_en_vigueur(client, contrat, pilote):
    fait = projet(contrat, remplace("1"))
    client.force_login(pilote)
    assert entrer(client, fait).status_code == 409
    fait.refresh_from_db()
    assert fait.numero is None


def test_un_avenant_signe_entre_en_vigueur_une_fois(client, contrat, pilote):
    fait = signer(projet(contrat, remplace("1")))
    client.force_login(pilote)
    assert entrer(client, fait).status_code == 302
    fait.refresh_from_db()
    assert (fait.numero, fait.effet_le, fait.entre_par) == (1, datetime.date(2021, 1, 1), pilote)
    assert entrer(client, fait).status_code == 409


@pytest.mark.parametrize("effet_le", ["", "hier", "2019-01-01"])
def test_une_date_d_effet_impossible_est_refusee(client, contrat, pilote, effet_le):
    fait = signer(projet(contrat, remplace("1")))
    client.force_login(pilote)
    assert entrer(client, fait, effet_le=effet_le).status_code == 400


def test_les_avenants_prennent_effet_dans_leur_ordre(client, contrat, pilote):
    en_vigueur(contrat, remplace("1"), le=datetime.date(2022, 1, 1))
    fait = signer(projet(contrat, remplace("2")))
    client.force_login(pilote)
    reponse = entrer(client, fait, effet_le="2021-01-01")
    assert reponse.status_code == 400
    assert "ne peut le précéder" in page(reponse)


def test_un_texte_signe_sur_un_texte_perime_se_confirme_apres_lecture(client, contrat, pilote):
    fait = signer(projet(contrat, remplace("1", "Mon texte.")))
    en_vigueur(contrat, remplace("1", "Leur texte."))
    client.force_login(pilote)
    reponse = entrer(client, fait)
    assert reponse.status_code == 409
    assert "J’ai lu les deux textes" in page(reponse)
    fait.refresh_from_db()
    assert fait.numero is None
    assert entrer(client, fait, confirme=["article:1"]).status_code == 302
    assert "Mon texte." in page(texte(client, contrat))


def test_une_page_perimee_ne_fait_rien_entrer(client, contrat, pilote):
    fait = signer(projet(contrat, remplace("1")))
    client.force_login(pilote)
    assert entrer(client, fait, version=99).status_code == 409
    contrat.refresh_from_db()
    assert not contrat.avenants.entres().exists()


def test_un_contrat_non_signe_ne_s_amende_pas(client, contrat, pilote):
    Contrat.objects.filter(pk=contrat.pk).update(statut="adopte")
    client.force_login(pilote)
    adresse = reverse("avenants:avenant-list", args=[contrat.slug])
    envoi = {"intitule": "Avenant", "intitule_court": "Avenant"}
    assert client.post(adresse, envoi).status_code == 409
    Contrat.objects.filter(pk=contrat.pk).update(statut="signe")
    assert client.post(adresse, envoi).status_code == 302
    assert contrat.enfants.get().avenant.modifiable


# Ce que vaut le texte signé


def test_le_texte_signe_est_remplace_au_jour_d_effet(contrat):
    assert remplacement(contrat) is None
    demain = timezone.localdate() + datetime.timedelta(days=1)
    fait = en_vigueur(contrat, remplace("1"), le=demain)
    assert remplacement(contrat) is None
    assert remplacement(contrat, demain).avenant == fait
    assert remplacement(contrat, demain).phrase.startswith("Remplacé par l'avenant n°\u00a01 le ")


def test_un_document_fige_dit_l_avenant_qui_le_remplace(client, contrat):
    fige = DocumentFigeFactory(contrat=contrat, valeur="signe")
    adresse = reverse("documents:verification-code", args=[fige.code])
    assert "En vigueur." in page(client.get(adresse))
    en_vigueur(contrat, remplace("1"))
    lue = page(client.get(adresse))
    assert "Remplacé par l&#x27;avenant n°\u00a01 le 1er janvier 2021." in lue
    assert reverse("avenants:texte", args=[contrat.slug]) in lue


def test_un_avenant_qui_ne_remplace_rien_laisse_le_texte_en_vigueur(contrat):
    """Un PERR enfant s'ajoute sans effet."""
    en_vigueur(contrat)
    assert remplacement(contrat) is None
