"""Accueil, recherche, organismes, territoires, données, plan : ce que lit le public."""

import re
from decimal import Decimal

import pytest
from django.test import RequestFactory
from django.urls import reverse

from contrats.enums import Horizon, RoleHabilitation
from partenaires.enums import Diffusion
from partenaires.models import Mandat
from portail import recherche
from portail.carte import LARGEUR, dessiner
from portail.extraits import extrait, surligner
from territoires.models import Rattachement
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ContratFactory,
    FicheFactory,
    PartenariatFactory,
    PartieFactory,
    fiche_complete,
)
from tests.partenaires.factories import OrganismeFactory, PersonneFactory
from tests.portail.factories import plateforme
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


def chercher(client, q):
    reponse = client.get(reverse("portail:recherche"), {"q": q})
    assert reponse.status_code == 200
    return {g.nom: [r.titre for r in g.resultats] for g in reponse.context["groupes"]}


# Accueil


def test_l_accueil_compte_ce_que_le_public_peut_lire(client, fiche):
    fiche_complete(publiee=False)
    FicheFactory(contrat=fiche.contrat)
    page = client.get("/").context["page"]
    assert (page.nb_contrats, page.comptes.total) == (1, 3)
    assert page.comptes.par_horizon == {Horizon.PILOTE: 1, Horizon.COURT: 2}
    assert page.nb_organismes == 2  # les deux de la liste, pas ceux du brouillon


def test_un_agent_voit_aussi_ses_brouillons_dans_les_comptes(client):
    fiche = fiche_complete(publiee=False)
    client.force_login(
        UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.LECTURE)])
    )
    assert client.get("/").context["page"].comptes.total == 3


def test_l_accueil_d_une_plateforme_vide_le_dit(client):
    assert "Aucun contrat publié pour l’instant." in client.get("/").text


def test_la_carte_relie_les_parties_d_un_contrat_et_se_lit_en_liste(client):
    contrat = ContratFactory(publie=True)
    for rang, (nom, longitude) in enumerate((("Ville", "1.4"), ("Pays", "0.8"))):
        lieu = TerritoireFactory(nom=nom, longitude=longitude, latitude="43.6")
        PartieFactory(contrat=contrat, rang=rang, organisme=OrganismeFactory(territoire=lieu))
    reponse = client.get("/")
    carte = reponse.context["page"].carte
    assert [len(carte.traits), len(carte.points)] == [1, 2]
    assert "Situation de Pays, Ville" in reponse.text


# Carte


def test_la_carte_de_l_accueil_montre_l_intercommunalite_plutot_que_ses_quartiers(client):
    metropole = TerritoireFactory(type="metropole", longitude="1.4", latitude="43.6")
    quartier = TerritoireFactory(qpv=True, longitude="1.41", latitude="43.61")
    commune = TerritoireFactory(longitude="1.2", latitude="43.8")
    de_ville, rural = ContratFactory.create_batch(2, publie=True)
    de_ville.territoires.add(metropole, quartier)
    rural.territoires.add(commune)
    points = client.get("/").context["page"].carte.points
    assert {p.territoire for p in points} == {metropole, commune}


def test_l_accueil_range_les_types_de_contrat_dans_leur_ordre(client):
    for type_contrat in ("perr", "feuille_de_route", "reciprocite"):
        ContratFactory(publie=True, type=type_contrat)
    types = [groupe.type for groupe in client.get("/").context["page"].types]
    assert types == ["reciprocite", "feuille_de_route", "perr"]


def test_les_libelles_de_la_carte_ne_se_chevauchent_pas():
    territoires = [
        TerritoireFactory(nom=f"Ville {i}", longitude=Decimal(f"1.{i}"), latitude=Decimal("43.6"))
        for i in range(9)
    ]
    carte = dessiner(territoires)
    cadres = []
    for point in carte.points:
        if point.libelle:
            x = float(point.x[:-1]) * LARGEUR / 100 + point.dx
            largeur = len(point.libelle) * 6
            gauche = {"start": x, "middle": x - largeur / 2, "end": x - largeur}[point.ancrage]
            cadres.append((gauche, gauche + largeur, point.dy))
    assert len(cadres) >= 3
    for i, a in enumerate(cadres):
        for b in cadres[i + 1 :]:
            assert a[1] <= b[0] or b[1] <= a[0] or abs(a[2] - b[2]) >= 10


def test_sans_point_il_n_y_a_pas_de_carte():
    region = TerritoireFactory(type="region", longitude=Decimal("1.4"), latitude=Decimal("43.6"))
    assert dessiner([TerritoireFactory(), region]) is None


def test_un_territoire_trop_etendu_est_dans_la_liste_sans_point():
    region = TerritoireFactory(type="region", longitude=Decimal("1.4"), latitude=Decimal("43.6"))
    ville = TerritoireFactory(longitude=Decimal("1.4"), latitude=Decimal("43.6"))
    carte = dessiner([region, ville])
    assert [p.territoire for p in carte.points] == [ville]
    assert carte.sans_point == [region]


# Organisme


def test_un_organisme_fusionne_mene_pour_toujours_a_celui_qui_l_a_repris(client):
    garde = OrganismeFactory()
    ancien = OrganismeFactory(fusionne_dans=garde)
    reponse = client.get(ancien.get_absolute_url())
    assert (reponse.status_code, reponse.url) == (301, garde.get_absolute_url())
    assert ancien not in client.get(reverse("partenaires:organisme-list")).context["object_list"]


def test_la_page_d_un_organisme_ne_montre_que_le_public(client):
    organisme = OrganismeFactory()
    for fiche in (fiche_complete(titre="Visible"), fiche_complete(publiee=False, titre="Cachée")):
        PartieFactory(contrat=fiche.contrat, organisme=organisme)
        PartenariatFactory(action=fiche.actions.first(), organisme=organisme, role="pilote")
        liste = fiche.sections.get(modele__cle="partenaires")
        PartenariatFactory(action=None, section=liste, organisme=organisme, role="potentiel")
    page = client.get(organisme.get_absolute_url()).context["page"]
    assert [len(page.parties), page.nb_roles, len(page.fiches)] == [1, 1, 1]
    assert page.fiches[0].fiche.titre == "Visible"


@pytest.mark.parametrize("diffusion", Diffusion)
def test_un_mandat_ne_se_montre_que_s_il_est_public(client, diffusion):
    organisme = OrganismeFactory()
    Mandat.objects.create(
        personne=PersonneFactory(nom="Nommée"),
        organisme=organisme,
        qualite="présidente",
        diffusion=diffusion,
    )
    visible = "Nommée" in client.get(organisme.get_absolute_url()).text
    assert visible == (diffusion == Diffusion.PUBLIQUE)


def test_un_organisme_sans_engagement_dit_quoi_faire(client):
    assert "Voir les autres organismes" in client.get(OrganismeFactory().get_absolute_url()).text


# Territoire


def test_une_commune_trouve_le_contrat_du_pays_qui_la_comprend(client):
    pays, commune = TerritoireFactory(nom="Pays"), TerritoireFactory(nom="Commune")
    Rattachement.objects.create(enfant=commune, parent=pays)
    contrat = ContratFactory(publie=True)
    contrat.territoires.add(pays)
    [concerne] = client.get(commune.get_absolute_url()).context["page"].contrats
    assert (concerne.contrat, concerne.par) == (contrat, [pays])
    contrat.territoires.add(commune)
    [concerne] = client.get(commune.get_absolute_url()).context["page"].contrats
    assert concerne.par == []  # il la nomme elle-même


def test_un_emboitement_en_boucle_ne_fait_pas_echouer_la_page(client):
    a, b = TerritoireFactory(), TerritoireFactory()
    Rattachement.objects.create(enfant=a, parent=b)
    Rattachement.objects.create(enfant=b, parent=a)
    assert client.get(a.get_absolute_url()).status_code == 200


def test_la_page_d_un_territoire_ne_montre_que_le_public(client):
    territoire = TerritoireFactory()
    for publiee in (True, False):
        fiche = fiche_complete(publiee=publiee)
        fiche.contrat.territoires.add(territoire)
        ActionFactory(fiche=fiche).territoires.add(territoire)
    page = client.get(territoire.get_absolute_url()).context["page"]
    assert [len(page.contrats), len(page.situees), page.comptes.total] == [1, 1, 4]


# Recherche


@pytest.mark.parametrize("q", ["aeronautique", "AÉRONAUTIQUES", "aéronaut"])
def test_la_recherche_ignore_accents_casse_et_pluriels(client, q):
    fiche_complete(titre="Filière aéronautique")
    assert [re.sub("<.*?>", "", t) for t in chercher(client, q)["Fiches"]] == [
        "Filière aéronautique"
    ]


def test_la_recherche_trouve_par_un_alias(client):
    OrganismeFactory(nom="Caisse des dépôts").alias.create(libelle="CDC")
    assert chercher(client, "cdc") == {"Organismes": ["Caisse des dépôts"]}


def test_la_recherche_ne_trouve_que_ce_que_le_lecteur_voit(client):
    fiche = fiche_complete(publiee=False, titre="Zéphyr caché")
    ActionFactory(fiche=fiche, intitule="Zéphyr aussi")
    assert chercher(client, "zephyr") == {}
    client.force_login(
        UtilisateurFactory(habilitations=[(fiche.contrat, RoleHabilitation.LECTURE)])
    )
    assert set(chercher(client, "zephyr")) == {"Fiches", "Actions"}


def test_chaque_groupe_compte_tout_et_mene_a_sa_liste(client):
    for n in range(12):
        OrganismeFactory(nom=f"Syndicat {n}")
    [groupe] = client.get(reverse("portail:recherche"), {"q": "syndicat"}).context["groupes"]
    assert (groupe.nombre, len(groupe.resultats)) == (12, recherche.NB_PAR_GROUPE)
    assert client.get(groupe.tous).context["paginator"].count == 12


def test_un_titre_qui_contient_les_mots_passe_avant_un_texte(client):
    fiche_complete(titre="A. Autre sujet")  # son contexte parle de métropole
    fiche_complete(titre="Z. La métropole")
    premier = chercher(client, "métropole")["Fiches"][0]
    assert premier == "Z. La <mark>métropole</mark>"


@pytest.mark.parametrize("q", ["", "   ", "?", "\x00", "é" * 70_000, "<script>", "%", "_", "''--"])
def test_une_recherche_hostile_ou_vide_repond(client, q):
    fiche_complete()
    assert chercher(client, q) == {}


def test_une_recherche_sans_resultat_dit_quoi_faire(client):
    reponse = client.get(reverse("portail:recherche"), {"q": "introuvable"})
    assert "Aucun résultat pour « introuvable »." in reponse.text


def test_ce_qui_est_cherche_est_echappe(client):
    reponse = client.get(reverse("portail:recherche"), {"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in reponse.text


def test_un_extrait_entoure_le_mot_et_echappe_le_reste():
    texte = "Bla " * 60 + "la <b>métropole</b> et " + "bla " * 60
    passage = extrait(["rien ici", texte], "metropole")
    assert "<mark>métropole</mark>" in passage
    assert "<b>" not in passage
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert extrait(["rien"], "metropole") == ""


def test_un_extrait_ne_montre_pas_les_tirets_d_une_liste():
    passage = extrait(["Par exemple :\n- la culture ;\n- les mobilités."], "mobilités")
    assert passage == "Par exemple : la culture ; les <mark>mobilités</mark>."


def test_surligner_prend_le_mot_entier_et_garde_le_texte():
    assert surligner("L'eau et les réseaux", "eaux") == "L&#x27;<mark>eau</mark> et les réseaux"


# Plan, données, métadonnées


def test_le_plan_pour_les_moteurs_ne_donne_que_le_public(client, fiche):
    brouillon = fiche_complete(publiee=False)
    plan = client.get("/sitemap.xml").text
    for adresse in re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", plan):
        assert client.get(adresse).status_code == 200
    assert fiche.get_absolute_url() in plan
    assert brouillon.get_absolute_url() not in plan
    assert "sitemap.xml" in client.get("/robots.txt").text


@pytest.mark.une_fois
def test_les_titres_des_pages_sont_uniques_et_dits_a_open_graph(client):
    plateforme(2)
    titres = []
    for adresse in re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", client.get("/sitemap.xml").text):
        page = client.get(adresse).text
        [titre] = re.findall(r"<title>(.*?) · Réciproque</title>", page)
        assert f'<meta property="og:title" content="{titre}">' in page
        assert page.count("<h1") == 1
        assert '<meta property="og:description" content="' in page
        titres.append(titre)
    assert len(titres) > 40
    doubles = [t for t in titres if titres.count(t) > 1]
    assert not doubles


def test_la_page_des_donnees_nomme_la_licence_et_la_demonstration(client, settings):
    settings.DEMONSTRATION = True
    page = client.get(reverse("portail:donnees")).text
    assert "Licence Ouverte 2.0" in page
    assert "Cette installation est une" in page


def test_chaque_source_de_la_recherche_a_son_filtre_de_recherche():
    for source in recherche.SOURCES:
        assert "q" in source.filterset.base_filters
        request = RequestFactory().get("/")
        assert source.filterset({}, request=request).qs.model is source.modele


def test_l_annuaire_se_trie_sans_egard_aux_accents_ni_a_la_casse(client):
    for nom in ("Zone", "État", "agence", "École"):
        OrganismeFactory(nom=nom)
    liste = client.get(reverse("partenaires:organisme-list")).context["object_list"]
    assert [o.nom for o in liste] == ["agence", "École", "État", "Zone"]


def test_la_selection_d_une_liste_se_telecharge_avec_ses_filtres(client):
    OrganismeFactory(nom="Mairie")
    page = client.get(
        reverse("partenaires:organisme-list"), {"q": "mairie", "page": "1", "siren": ""}
    )
    assert "/api/v1/organismes/?q=mairie&amp;format=csv" in page.text
    export = client.get("/api/v1/organismes/?q=mairie&format=csv")
    assert "Mairie" in export.getvalue().decode()
