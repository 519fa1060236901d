"""Balises des gabarits communs."""

import pytest
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import NoReverseMatch

from portail.templatetags.composants import badges, barre_empilee, lien_nav
from portail.vitrine import ExempleFiltreForm, ExempleForm


def contexte(adresse: str) -> Context:
    return Context({"request": RequestFactory().get(adresse)})


def test_un_badge_enleve_sa_valeur_et_garde_les_autres():
    ici = contexte("/actions/?statut=en_cours&statut=realisee&q=gare&page=3")
    actifs = badges(ici, ExempleFiltreForm(ici["request"].GET))
    assert [(b["libelle"], b["valeur"], b["adresse"]) for b in actifs] == [
        ("Mots", "gare", "/actions/?statut=en_cours&statut=realisee"),
        ("État", "En cours", "/actions/?statut=realisee&q=gare"),
        ("État", "Réalisée", "/actions/?statut=en_cours&q=gare"),
    ]


def test_un_filtre_vide_ou_invalide_n_a_pas_de_badge():
    ici = contexte("/actions/?statut=inconnu&q=+")
    assert badges(ici, ExempleFiltreForm(ici["request"].GET)) == []


def test_enlever_le_dernier_filtre_ramene_a_la_liste_entiere():
    ici = contexte("/actions/?q=gare")
    [badge] = badges(ici, ExempleFiltreForm(ici["request"].GET))
    assert badge["adresse"] == "/actions/"


def test_la_barre_empilee_couvre_toute_la_largeur_et_ecarte_les_zeros():
    comptes = [
        {"statut": "realisee", "libelle": "Réalisée", "nombre": 1},
        {"statut": "en_retard", "libelle": "En retard", "nombre": 0},
        {"statut": "en_cours", "libelle": "En cours", "nombre": 3},
    ]
    rendu = barre_empilee(comptes)
    assert [(s["x"], s["largeur"]) for s in rendu["segments"]] == [
        ("0.000%", "25.000%"),
        ("25.000%", "75.000%"),
    ]
    assert rendu["total"] == 4


def test_une_barre_sans_rien_a_compter_est_vide():
    assert barre_empilee([])["segments"] == []


def test_le_champ_en_erreur_lie_son_aide_et_sa_phrase():
    formulaire = ExempleForm({"titre": "x", "signe_le": "hier", "nature": "ville"})
    html = Template('{% include "composants/champ.html" %}').render(
        Context({"champ": formulaire["signe_le"]})
    )
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_signe_le_helptext id_signe_le_error"' in html
    assert 'id="id_signe_le_helptext"' in html
    assert 'class="erreur" id="id_signe_le_error">Erreur\u00a0: écrivez jj/mm/aaaa.<' in html


def test_un_groupe_de_choix_a_une_legende():
    html = Template('{% include "composants/champ.html" %}').render(
        Context({"champ": ExempleForm()["horizon"]})
    )
    assert "<legend>Horizon</legend>" in html


@pytest.mark.parametrize(
    ("chemin", "courant"),
    [("/contrats/", "page"), ("/contrats/un-contrat/", "true"), ("/actions/", "")],
)
def test_la_navigation_marque_la_rubrique_courante(chemin, courant):
    assert lien_nav(contexte(chemin), "contrats:contrat-list", "Contrats")["courant"] == courant


def test_la_navigation_refuse_un_lien_mort():
    with pytest.raises(NoReverseMatch):
        lien_nav(contexte("/"), "contrats:inexistante", "Nulle part")


def test_retenir_echappe_une_seule_fois():
    gabarit = "{% load composants %}{% retenir t %}{{ nom }}{% finretenir %}{{ t }}|{{ t }}"
    rendu = Template(gabarit).render(Context({"nom": "L'Isle & <b>"}))
    assert rendu == "L&#x27;Isle &amp; &lt;b&gt;|L&#x27;Isle &amp; &lt;b&gt;"


def test_retenir_exige_un_nom():
    with pytest.raises(TemplateSyntaxError):
        Template("{% load composants %}{% retenir %}x{% finretenir %}")


@pytest.mark.parametrize(
    ("niveau", "classe"),
    [
        (messages.SUCCESS, "e-realise"),
        (messages.ERROR, "e-retard"),
        (messages.WARNING, "e-suspendu"),
        (messages.INFO, None),
    ],
)
def test_un_message_prend_le_signe_de_son_niveau(niveau, classe):
    html = Template('{% include "composants/messages.html" %}').render(
        Context({"messages": [Message(niveau, "Version 8 enregistrée.")]})
    )
    assert "Version 8 enregistrée." in html
    assert 'role="status"' in html
    assert (f"avis {classe}" in html) is (classe is not None)
