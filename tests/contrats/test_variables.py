"""Une variable se dit de même partout ; inconnue, c'est une faute de champ ; signée, elle ne
bouge plus."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from avenants.lecture import texte_en_vigueur
from coherence.enums import Regle
from coherence.service import bilan
from contrats import variables
from contrats.enums import RoleHabilitation, StatutContrat
from contrats.models import Financement
from contrats.versions import versionner
from documents import rendu
from tests.avenants.factories import AvenantFactory
from tests.coherence.factories import contrat_propre
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, PartieFactory
from tests.partenaires.factories import OrganismeFactory
from tests.territoires.factories import TerritoireFactory
from texte.markdown import en_texte
from texte.markdown import rendre as en_html

TEXTE = "Le contrat a {nombre d'actions} actions et { Nombre d’annexes } annexe."
DIT = "Le contrat a 2 actions et 1 annexe."


@pytest.fixture
def contrat(db):
    contrat = contrat_propre(publie=True)
    contrat.articles.update(texte=TEXTE)
    return contrat


def test_la_variable_se_dit_de_meme_sur_la_page_en_pdf_par_l_api_et_en_word(
    client, contrat, administrateur
):
    assert DIT in client.get(contrat.get_absolute_url()).content.decode()
    api = client.get(reverse("api:contrat-detail", args=[contrat.slug])).json()
    assert [a["texte"] for a in api["articles"]] == [DIT]
    contexte = rendu.contexte(contrat, par=administrateur, entier=True)
    assert DIT in rendu.html(contexte)
    client.force_login(administrateur)
    docx = client.get(reverse("reprise:contrat-docx", args=[contrat.slug])).getvalue()
    assert DIT in [p.text for p in Document(io.BytesIO(docx)).paragraphs]
    versionner(contrat, par=None)
    (article,) = [p for p in texte_en_vigueur(contrat).pieces if p.cle == "article:1"]
    assert article.texte == DIT


def test_signe_le_texte_garde_les_valeurs_de_ce_jour_la(client, contrat):
    contrat.statut = StatutContrat.SIGNE
    contrat.save()
    versionner(contrat, par=None)
    assert contrat.versions.get().instantane["variables"] == {
        "nombre d'actions": "2",
        "nombre d'annexes": "1",
    }
    ActionFactory(fiche=contrat.fiches.first())
    assert DIT in client.get(contrat.get_absolute_url()).content.decode()
    assert texte_en_vigueur(contrat).pieces[0].texte == DIT


def test_sans_variable_une_version_n_en_garde_pas_et_rien_ne_se_lit(
    contrat, django_assert_num_queries
):
    contrat.articles.update(texte="Les parties coopèrent.")
    assert "variables" not in versionner(contrat, par=None).instantane
    with django_assert_num_queries(0):
        assert variables.dire(contrat, "Sans rien {") == "Sans rien {"


def test_les_listes_les_dates_et_les_sommes(contrat):
    contrat.territoires.set([TerritoireFactory(qpv=True, nom=n) for n in ("Pré", "Lac", "Mont")])
    contrat.fin = datetime.date(2027, 12, 31)
    Financement.objects.create(
        contrat=contrat, ordre=1, intitule="Part", montant=500_000, nature="indicatif"
    )
    dit = variables.dire(contrat, "{liste des quartiers}, {date d'échéance}, {montant prévu}")
    assert " ".join(dit.split()) == "Lac, Mont et Pré, 31 décembre 2027, 500 000 €"
    assert "(montant payé : à renseigner)" in variables.dire(contrat, "{montant payé}")
    tous = " ".join(f"{{{nom}}}" for nom in variables.VARIABLES)
    assert "{" not in variables.dire(contrat, tous)


@pytest.mark.parametrize(
    "nom", ["**gras**", "<script>x</script>", "[a](javascript:x)", "{x} & _y_"]
)
def test_une_valeur_s_ecrit_en_texte_nu(contrat, nom):
    """Un nom d'organisme ne met rien en forme, et n'ajoute aucune balise."""
    PartieFactory(contrat=contrat, rang=9, organisme=OrganismeFactory(nom=nom), libelle=nom)
    dit = variables.dire(contrat, "Avec {liste des parties}.")
    assert nom in en_texte(dit)
    html = en_html(dit)
    assert not any(balise in html for balise in ("<strong", "<script", "<a", "<em"))


@given(st.text(max_size=200))
def test_un_texte_quelconque_sans_variable_connue_reste_le_meme(texte):
    connues = {nom: "1" for nom in variables.noms(texte) if nom in variables.VARIABLES}
    if not connues:
        assert variables.remplacer(texte, connues) == texte


def test_une_variable_inconnue_est_une_faute_de_champ(client, contrat, administrateur):
    article = contrat.articles.get()
    article.texte = "Il a {nombre de licornes} licornes."
    with pytest.raises(ValidationError) as refus:
        article.full_clean()
    assert "Variable inconnue : {nombre de licornes}" in refus.value.message_dict["texte"][0]
    client.force_login(administrateur)
    page = client.get(reverse("admin:contrats_contrat_change", args=[contrat.pk]))
    assert "Variables connues : {nombre d" in page.content.decode()


def test_le_controle_trouve_l_inconnue_et_la_valeur_qui_manque(contrat):
    assert {c.regle for c in bilan(contrat).restants} == set()
    contrat.articles.update(texte="{nombre de licornes}, {date d'échéance}.")
    constats = bilan(contrat).restants
    assert {c.regle for c in constats} == {Regle.VARIABLE}
    assert sorted(c.lu for c in constats) == ["n'a pas de valeur", "n'existe pas"]


@pytest.mark.django_db
def test_un_avenant_refuse_l_inconnue_et_garde_la_valeur_du_jour(client):
    avenant = AvenantFactory()
    agent = UtilisateurFactory(habilitations=[(avenant.modifie, RoleHabilitation.PILOTAGE)])
    client.force_login(agent)
    adresse = reverse("avenants:avenant-rediger", args=[avenant.contrat.slug])
    assert "Variables connues" in client.get(adresse).content.decode()
    envoi = {"version": avenant.contrat.version, "depart": 0, "fin": "1"}
    for article in avenant.modifie.articles.order_by("ordre"):
        prefixe = f"article-{article.numero}"
        envoi |= {f"{prefixe}-titre": article.titre, f"{prefixe}-texte": article.texte}
    reponse = client.post(adresse, envoi | {"article-1-texte": "Ils sont {nombre de licornes}."})
    assert "Variable inconnue" in reponse.content.decode()
    reponse = client.post(adresse, envoi | {"article-1-texte": "Ils sont {nombre de parties}."})
    assert reponse.status_code == 302
    assert avenant.effets.get().texte == "Ils sont 1."
