"""Le portrait d'un quartier : promis ici, promis avec d'autres, non prévu ; carte et adresses."""

import re
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from contrats.enums import NatureAxe, RoleHabilitation, RolePartenaire
from perr.enums import StatutDeclinaison
from perr.models import RegardSpecifique
from portail.carte_quartiers import RAYON_MAX, dessiner_quartiers
from portail.quartier import FIN_DE_PHRASE
from territoires.enums import Couverture, NatureFiliation, TypeTerritoire
from territoires.models import Filiation, Rattachement, Territoire
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, AxeFactory, ContratFactory, PartenariatFactory
from tests.navigateur import violations_axe
from tests.perr.factories import ColonneFactory, DeclinaisonFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def quartier():
    return TerritoireFactory(qpv=True, nom="Les Pins")


@pytest.fixture
def portrait(client):
    def lire(territoire):
        reponse = client.get(territoire.get_absolute_url())
        assert reponse.status_code == 200
        return reponse.context["page"]

    return lire


def actions(themes):
    return [p.action for theme in themes for p in theme.promesses]


# Promis ici, promis avec d'autres


def test_une_colonne_du_seul_quartier_promet_pour_lui(portrait, quartier):
    cellule = DeclinaisonFactory(colonne=ColonneFactory(quartiers=[quartier]))
    [engagement] = portrait(quartier).engagements
    assert actions(engagement.directs) == [cellule.action]
    assert engagement.par_regroupement == []


def test_une_colonne_de_plusieurs_quartiers_promet_avec_les_voisins(portrait, quartier):
    voisin = TerritoireFactory(qpv=True)
    cellule = DeclinaisonFactory(colonne=ColonneFactory(quartiers=[quartier, voisin]))
    [engagement] = portrait(quartier).engagements
    assert engagement.directs == []
    assert actions(engagement.par_regroupement) == [cellule.action]


def test_un_regard_specifique_promet_pour_le_quartier_qu_il_nomme(portrait, quartier):
    """Même porté sur un quartier d'usage que le quartier prioritaire comprend."""
    voisin, usage = TerritoireFactory(qpv=True), TerritoireFactory(type="quartier_usage")
    Rattachement.objects.create(enfant=usage, parent=quartier)
    cellule = DeclinaisonFactory(colonne=ColonneFactory(quartiers=[quartier, voisin]))
    RegardSpecifique.objects.create(declinaison=cellule, quartier=usage, ordre=1, texte="Ici.")
    assert portrait(quartier).engagements[0].nb_directs == 1
    assert portrait(voisin).engagements[0].nb_directs == 0


def test_deux_colonnes_de_deux_annexes_font_une_promesse_a_deux_cellules(portrait, quartier):
    une = DeclinaisonFactory(
        colonne=ColonneFactory(quartiers=[quartier], quartiers__couverture=Couverture.PARTIELLE)
    )
    autre = ColonneFactory(
        annexe__contrat=une.action.contrat,
        quartiers=[quartier],
        quartiers__couverture=Couverture.PARTIELLE,
    )
    DeclinaisonFactory(colonne=autre, action=une.action)
    [engagement] = portrait(quartier).engagements
    [promesse] = engagement.promesses
    assert len(promesse.cellules) == len(engagement.colonnes) == 2
    assert all(c.est_partielle for c in promesse.cellules)


def test_les_promesses_se_rangent_par_pilier(portrait, quartier):
    pilier = AxeFactory(nature=NatureAxe.PILIER, intitule="Cadre de vie")
    programme = AxeFactory(contrat=pilier.contrat, parent=pilier, nature=NatureAxe.PROGRAMME)
    sous = AxeFactory(contrat=pilier.contrat, parent=programme, nature=NatureAxe.SOUS_PROGRAMME)
    contrat = ContratFactory(publie=True, parent=pilier.contrat, lien="annexe")
    colonne = ColonneFactory(annexe__contrat=contrat, quartiers=[quartier])
    for axe in (programme, sous):
        DeclinaisonFactory(colonne=colonne, action__axe=axe)
    [engagement] = portrait(quartier).engagements
    [theme] = engagement.directs
    assert (theme.intitule, len(theme.promesses)) == ("Cadre de vie", 2)
    assert engagement.programmes_absents == []


# Non prévu, et plus large


@pytest.mark.parametrize(
    ("statut", "promis"),
    [(s, s not in StatutDeclinaison.sans_promesse()) for s in StatutDeclinaison],
)
def test_sans_objet_et_non_travaillee_ne_promettent_rien(portrait, quartier, statut, promis):
    colonne = ColonneFactory(quartiers=[quartier])
    DeclinaisonFactory(colonne=colonne, statut=statut, motif="Dit par l'atelier.")
    [engagement] = portrait(quartier).engagements
    assert (len(engagement.promesses), len(engagement.ecartees)) == (promis, not promis)


def test_ce_qui_n_est_pas_prevu_est_dit(client, quartier):
    colonne = ColonneFactory(quartiers=[quartier])
    contrat = colonne.annexe.contrat
    AxeFactory(contrat=contrat, nature=NatureAxe.PROGRAMME, numero="6", intitule="Sport en salle")
    DeclinaisonFactory(colonne=colonne, statut=StatutDeclinaison.SANS_OBJET, motif="Pas de halle.")
    ailleurs = ColonneFactory(annexe=colonne.annexe)
    absente = DeclinaisonFactory(colonne=ailleurs, action__numero="37", action__prioritaire=True)
    texte = client.get(quartier.get_absolute_url()).text
    dit = texte.split('id="pas-prevu"')[1].split("</section>")[0]
    assert "1 programme sur 1 n’a aucune action ici" in dit
    assert "Sport en salle" in dit
    assert "Pas de halle." in dit
    assert absente.action.get_absolute_url() in dit


def test_une_action_sans_cellule_et_un_contrat_de_la_metropole_valent_au_dela(portrait, quartier):
    metropole = TerritoireFactory(type="metropole")
    Rattachement.objects.create(enfant=quartier, parent=metropole)
    colonne = ColonneFactory(quartiers=[quartier])
    sans_cellule = ActionFactory(fiche=None, contrat=colonne.annexe.contrat)
    plus_large = ContratFactory(publie=True)
    plus_large.territoires.add(metropole)
    ActionFactory(fiche=None, contrat=plus_large)
    page = portrait(quartier)
    assert page.engagements[0].generales == [sans_cellule]
    assert [c.contrat for c in page.indirects] == [plus_large]


# Qui, où en est-on, générations, périmètre


def test_le_portrait_nomme_les_pilotes_et_les_partenaires_sans_coordonnee(client, quartier):
    cellule = DeclinaisonFactory(colonne=ColonneFactory(quartiers=[quartier]))
    pilote = PartenariatFactory(action=cellule.action, role=RolePartenaire.PILOTE).organisme
    PartenariatFactory(action=cellule.action)
    reponse = client.get(quartier.get_absolute_url())
    [engagement] = reponse.context["page"].engagements
    assert engagement.pilotes == [(pilote, 1)]
    assert len(engagement.promesses[0].partenaires) == 1
    contenu = reponse.text.split("<main")[1].split("</main>")[0]
    assert "mailto:" not in contenu
    assert not re.search(r"\b0[1-9](?:[ .]?\d\d){4}\b", contenu)


def test_le_portrait_relie_les_generations(client, quartier):
    suivant = TerritoireFactory(type=TypeTerritoire.QPV, generation=2024, nom="Grands Pins")
    Filiation.objects.create(ancien=quartier, nouveau=suivant, nature=NatureFiliation.FUSION)
    avant, apres = (client.get(t.get_absolute_url()).text for t in (quartier, suivant))
    assert "Grands Pins (2024)</a>, fusionné" in avant
    assert "Les Pins (2015)</a>, fusionné" in apres
    Filiation.objects.all().delete()
    Filiation.objects.create(ancien=quartier, nature=NatureFiliation.SORTIE)
    assert "N’est plus un quartier prioritaire" in client.get(quartier.get_absolute_url()).text


def test_le_portrait_ne_montre_que_le_public(client, portrait, quartier):
    contrat = ContratFactory()
    DeclinaisonFactory(colonne=ColonneFactory(annexe__contrat=contrat, quartiers=[quartier]))
    assert portrait(quartier).engagements == []
    assert "Aucun contrat publié" in client.get(quartier.get_absolute_url()).text
    agente = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.LECTURE)])
    client.force_login(agente)
    assert portrait(quartier).nb_promesses == 1


@pytest.mark.parametrize(
    ("texte", "accroche"),
    [
        ("Animer la place A. Nadal. Puis le marché.", "Animer la place A. Nadal."),
        ("Ouvrir un lieu (2022). « Boul Boui » aide.", "Ouvrir un lieu (2022)."),
        ("Une seule phrase", "Une seule phrase"),
        ("", ""),
    ],
)
def test_l_accroche_imprimee_est_la_premiere_phrase(texte, accroche):
    assert FIN_DE_PHRASE.split(texte, maxsplit=1)[0] == accroche


# Adresses


def test_un_quartier_s_atteint_par_code_cle_nom_alias_et_quartier_d_usage(client, quartier):
    quartier.alias.create(libelle="Pinède-Nord")
    usage = TerritoireFactory(type=TypeTerritoire.QUARTIER_USAGE, nom="La Clairière")
    Rattachement.objects.create(enfant=usage, parent=quartier)
    noms = [quartier.code, quartier.code.lower(), quartier.cle, "les pins", "PINEDE NORD"]
    for nom in [*noms, "la-clairiere"]:
        reponse = client.get(reverse("territoires:quartier-adresse", args=[nom]))
        assert (reponse.status_code, reponse.url) == (302, quartier.get_absolute_url()), nom


def test_un_nom_de_deux_generations_mene_a_la_liste_qui_les_montre(client, quartier):
    TerritoireFactory(type=TypeTerritoire.QPV, generation=2024, nom="Les Pins")
    reponse = client.get(reverse("territoires:quartier-adresse", args=["Les Pins"]), follow=True)
    generations = reponse.context["generations"]
    assert [g.annee for g in generations] == [2015, 2024]
    assert [len(g.lignes) for g in generations] == [1, 1]


@pytest.mark.parametrize("nom", ["inconnu", "QP999999", "a\x00b", "'", "%"])
def test_un_nom_inconnu_est_introuvable(client, quartier, nom):
    assert client.get(reverse("territoires:quartier-adresse", args=[nom])).status_code == 404


def test_la_recherche_trouve_un_quartier_par_son_code(client, quartier):
    groupes = client.get(reverse("portail:recherche"), {"q": quartier.code}).context["groupes"]
    assert [r.adresse for g in groupes for r in g.resultats] == [quartier.get_absolute_url()]


# Carte


def carre(x, y, cote=0.002):
    return [[x, y], [x + cote, y], [x + cote, y + cote], [x, y + cote], [x, y]]


def place(longitude, latitude, **champs):
    return TerritoireFactory(
        qpv=True, longitude=Decimal(longitude), latitude=Decimal(latitude), **champs
    )


def test_un_contour_se_dessine_et_sans_contour_un_rond_proportionnel():
    trou = carre(1.4005, 43.6005, 0.001)
    contour = {"type": "Polygon", "coordinates": [carre(1.4, 43.6), trou]}
    trace = place("1.401", "43.601", contour=contour)
    grand, petit = place("1.44", "43.6"), place("1.42", "43.62")
    carte = dessiner_quartiers([trace, grand, petit], {grand.pk: 36, petit.pk: 9})
    assert [q.territoire for q in carte.contours] == [trace]
    assert carte.contours[0].d.count("M") == 2  # le contour et son trou
    rayons = {q.territoire: float(q.rayon) for q in carte.ronds}
    assert rayons == {grand: RAYON_MAX, petit: RAYON_MAX / 2}  # l'aire suit le nombre


def test_un_contour_en_plusieurs_morceaux_a_un_trace_par_morceau():
    morceaux = [[carre(1.4, 43.6)], [carre(1.41, 43.61)]]
    t = place("1.4", "43.6", contour={"type": "MultiPolygon", "coordinates": morceaux})
    assert dessiner_quartiers([t], {}).contours[0].d.count("Z") == 2


def test_un_quartier_sans_coordonnee_n_est_pas_place_mais_dit(client):
    place("1.4", "43.6")
    sans = TerritoireFactory(qpv=True, nom="Introuvé")
    assert dessiner_quartiers([sans], {}) is None
    page = client.get(reverse("territoires:quartier-list"))
    assert page.context["generations"][0].carte.sans_point == [sans]
    assert page.text.count(sans.get_absolute_url()) == 2  # sous la carte et dans le tableau


def test_le_tableau_dit_ce_que_dit_la_carte(client, quartier):
    Territoire.objects.filter(pk=quartier.pk).update(longitude="1.4", latitude="43.6")
    DeclinaisonFactory(colonne=ColonneFactory(quartiers=[quartier]))
    [generation] = client.get(reverse("territoires:quartier-list")).context["generations"]
    dessines = [(q.territoire, q.nombre) for q in generation.carte.quartiers]
    assert dessines == generation.lignes == [(quartier, 1)]


# Dans un vrai navigateur, avec les données de démonstration

MIRAIL, COLOMIERS = "/quartiers/QP031007/", "/quartiers/QP031016/"


@pytest.mark.django_db(transaction=True)
def test_le_portrait_et_la_carte_dans_un_navigateur(page, tmp_path):
    """Axe aux deux largeurs, un quartier au clavier depuis la carte, un A4 pour les plus longs."""
    call_command("charger_demo", verbosity=0)
    for largeur in (1280, 375):
        page.set_viewport_size({"width": largeur, "height": 900})
        for adresse in (MIRAIL, "/territoires/ginestous-2024/", "/quartiers/"):
            page.goto(adresse)
            assert violations_axe(page) == [], (adresse, largeur)
    page.get_by_role("link", name=re.compile("^Empalot, 21 actions")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Empalot")
    for adresse in (MIRAIL, COLOMIERS):
        page.goto(adresse)
        # Du jeu : une police ou un indicateur de plus ne coupe pas la feuille.
        page.evaluate("document.querySelector('.cote > :last-child').style.paddingBottom = '15mm'")
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type */Page\b(?!s)", pdf)) == 1, adresse


def test_le_grand_mirail_est_couvert_par_deux_colonnes_de_deux_annexes(portrait):
    call_command("charger_demo", verbosity=0)
    page = portrait(Territoire.objects.get(code="QP031007"))
    [engagement] = page.engagements
    assert [c.annexe.nom for c in engagement.colonnes] == ["Ouest", "Sud"]
    assert len(engagement.promesses) == 38
    assert [a.numero for a in engagement.generales] == ["15", "37", "40"]
    assert [a.numero for a in engagement.programmes_absents] == ["6"]
    assert max(len(p.cellules) for p in engagement.promesses) == 2
