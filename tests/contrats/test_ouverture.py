"""Ouvrir un contrat : dupliquer une fiche, partir du précédent, reprendre un contrat déjà signé."""

import datetime
import hashlib
import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contrats.contenu.lecture import lire
from contrats.enums import RoleHabilitation, StatutAction, StatutContrat, StatutFiche
from contrats.models import Action, Contrat, Engagement, Fiche, OriginalSigne
from contrats.permissions import Acte, oublier_les_roles, peut
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.atelier import fiche_riche
from tests.contrats.factories import (
    ActionFactory,
    ArticleFactory,
    AxeFactory,
    PartenariatFactory,
    PartieFactory,
)
from tests.partenaires.factories import OrganismeFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db

REPRENDRE = reverse("contrats:contrat-reprendre")
SCRIPT = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


@pytest.fixture
def precedent(fiche):
    """Contrat signé, avec axes, parties, engagement, une fiche riche et une action sans fiche."""
    contrat = fiche.contrat
    contrat.territoires.add(TerritoireFactory())
    Contrat.objects.filter(pk=contrat.pk).update(statut=StatutContrat.SIGNE)
    parent = AxeFactory(contrat=contrat)
    axe = AxeFactory(contrat=contrat, parent=parent)
    Fiche.objects.filter(pk=fiche.pk).update(axe=axe)
    partie = PartieFactory(contrat=contrat)
    article = ArticleFactory(contrat=contrat)
    engagement = Engagement.objects.create(contrat=contrat, ordre=1, texte="Agir", article=article)
    engagement.porteurs.add(partie)
    fiche_riche(contrat=contrat, publiee=False, modele=fiche.modele)
    sans_fiche = ActionFactory(fiche=None, contrat=contrat, horizon="", statut="realisee", axe=axe)
    PartenariatFactory(action=sans_fiche, role="pilote")
    ActionFactory(fiche=None, contrat=contrat, horizon="", parent=sans_fiche)
    contrat.refresh_from_db()
    return contrat


def ouvrir(client, contrat, **champs):
    defaut = {"intitule": "Contrat de réciprocité, suite", "intitule_court": "La suite", "lien": ""}
    return client.post(reverse("contrats:contrat-suite", args=[contrat.slug]), {**defaut, **champs})


def test_dupliquer_une_fiche_garde_son_texte_et_laisse_le_suivi(client, redactrice, fiche):
    action = fiche.actions.first()
    Action.objects.filter(pk=action.pk).update(
        statut=StatutAction.REALISEE, avancement=100, echeance="2026-01-01", demonstration=True
    )
    client.force_login(redactrice)
    reponse = client.post(reverse("contrats:fiche-dupliquer", args=[fiche.public_id]))
    copie = Fiche.objects.latest("pk")
    assert reponse.url == reverse("contrats:fiche-modifier", args=[copie.public_id])
    assert (copie.titre, copie.statut) == (f"{fiche.titre} (copie)", StatutFiche.BROUILLON)
    assert copie.versions.get().motif == f"Copie de « {fiche.titre} »"
    assert {a.statut for a in copie.actions.all()} == {StatutAction.A_LANCER}
    assert not copie.actions.exclude(avancement=None, echeance=None, demonstration=False)
    textes = [(s["cle"], s["texte"], len(s["actions"])) for s in lire(fiche)["sections"]]
    assert [(s["cle"], s["texte"], len(s["actions"])) for s in lire(copie)["sections"]] == textes


def test_partir_du_contrat_precedent_reprend_tout_sauf_le_suivi_et_les_signatures(
    client, precedent, pilote
):
    client.force_login(pilote)
    reponse = ouvrir(client, precedent, debut="01/01/2027", fin="31/12/2029", lien="avenant")
    suite = Contrat.objects.get(slug="la-suite")
    assert reponse.url == suite.get_absolute_url()
    assert (suite.statut, suite.parent, suite.publie_le) == ("en_preparation", precedent, None)
    for relation in ("parties", "articles", "axes", "engagements", "fiches", "actions"):
        assert getattr(suite, relation).count() == getattr(precedent, relation).count(), relation
    assert set(suite.territoires.all()) == set(precedent.territoires.all())
    assert set(suite.actions.values_list("statut", flat=True)) == {StatutAction.A_LANCER}
    assert suite.engagements.get().porteurs.get() == suite.parties.get()
    assert suite.axes.exclude(parent=None).get().parent.contrat == suite
    assert suite.fiches.exclude(axe=None).get().axe.contrat == suite
    sous_point = suite.actions.get(fiche=None, parent__isnull=False)
    assert sous_point.parent.contrat == suite
    assert sous_point.parent.partenariats.get().role == "pilote"
    assert {v.numero for f in suite.fiches.all() for v in f.versions.all()} == {1}
    assert precedent.actions.filter(statut=StatutAction.REALISEE).count() == 1
    oublier_les_roles(pilote)
    assert peut(pilote, Acte.OUVRIR, suite)


def test_deux_suites_de_meme_nom_ont_chacune_leur_adresse(client, precedent, administrateur):
    client.force_login(administrateur)
    ouvrir(client, precedent)
    ouvrir(client, precedent)
    assert set(
        Contrat.objects.filter(intitule_court="La suite").values_list("slug", flat=True)
    ) == {
        "la-suite",
        "la-suite-2",
    }


def test_une_suite_refusee_garde_la_saisie_et_n_ouvre_rien(client, precedent, pilote):
    client.force_login(pilote)
    reponse = ouvrir(client, precedent, intitule_court="", debut="01/01/2027", fin="01/01/2026")
    assert reponse.status_code == 400
    page = reponse.content.decode()
    assert "La date de fin doit suivre la date de début." in page
    assert 'value="Contrat de réciprocité, suite"' in page
    assert Contrat.objects.count() == 2  # le précédent, et le projet lié de sa fiche


@pytest.mark.parametrize("role", [r for r in RoleHabilitation if r != RoleHabilitation.PILOTAGE])
def test_ouvrir_une_suite_ou_reprendre_demande_de_piloter(client, precedent, role):
    client.force_login(UtilisateurFactory(habilitations=[(precedent, role)]))
    assert ouvrir(client, precedent).status_code == 403
    assert client.get(REPRENDRE).status_code == 403


def pdf(**cles):
    sortie = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for cle, valeur in cles.items():
            document.Root[f"/{cle}"] = valeur
        document.save(sortie)
    return sortie.getvalue()


def champs_de_reprise(precedent, octets, **champs):
    return {
        "intitule": "Contrat de coopération 2019",
        "intitule_court": "Coopération 2019",
        "type": "reciprocite",
        "territoire": precedent.territoires.first().cle,
        "signe_le": "12/03/2019",
        "partie1": precedent.parties.first().organisme.nom,
        "role1": "ville",
        "motif": "Signé avant l'outil.",
        "original": SimpleUploadedFile("../signé.pdf", octets, content_type="application/pdf"),
        **champs,
    }


def test_reprendre_un_contrat_signe_garde_ses_octets_et_leur_empreinte(client, precedent, pilote):
    octets = pdf()
    client.force_login(pilote)
    reponse = client.post(REPRENDRE, champs_de_reprise(precedent, octets))
    contrat = Contrat.objects.get(slug="cooperation-2019")
    assert reponse.url == contrat.get_absolute_url()
    passage = contrat.transitions.get()
    assert (contrat.statut, passage.transition) == (StatutContrat.SIGNE, "reprendre")
    assert passage.motif == "Signé avant l'outil."
    assert contrat.parties.get().role == "ville"
    original = contrat.original
    assert original.signe_le == datetime.date(2019, 3, 12)
    assert original.empreinte == hashlib.sha256(octets).hexdigest()
    adresse = reverse("contrats:contrat-original", args=[contrat.slug])
    page = client.get(reverse("contrats:contrat-cycle", args=[contrat.slug])).content.decode()
    assert original.empreinte in page
    assert adresse in page
    telecharge = client.get(adresse)
    assert telecharge.content == octets
    assert "attachment" in telecharge["Content-Disposition"]
    client.force_login(UtilisateurFactory())
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"MZ un programme", "pas un PDF"),
        (b"%PDF-1.7 tronque", "abîmé"),
        (
            pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")),
            "script",
        ),
        (b"", "vide"),
    ],
    ids=["autre", "abime", "script", "vide"],
)
def test_un_fichier_douteux_est_refuse_et_la_saisie_gardee(
    client, precedent, pilote, octets, phrase
):
    client.force_login(pilote)
    reponse = client.post(REPRENDRE, champs_de_reprise(precedent, octets))
    assert reponse.status_code == 400
    assert phrase in reponse.content.decode()
    assert 'value="Contrat de coopération 2019"' in reponse.content.decode()
    assert OriginalSigne.objects.count() == 0


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"territoire": "hors-de-vue"}, "Choisissez dans la liste."),
        ({"partie1": "Inconnu au bataillon"}, "Aucun organisme ne porte ce nom."),
        ({"signe_le": "01/01/2190"}, "La signature est passée"),
        ({"motif": " "}, "Dites pourquoi"),
    ],
    ids=["territoire", "partie", "date", "motif"],
)
def test_une_reprise_se_borne_au_perimetre_et_dit_ce_qui_manque(
    client, precedent, pilote, champs, phrase
):
    TerritoireFactory(cle="hors-de-vue")
    client.force_login(pilote)
    reponse = client.post(REPRENDRE, champs_de_reprise(precedent, pdf(), **champs))
    assert reponse.status_code == 400
    assert phrase in reponse.content.decode()
    assert not Contrat.objects.filter(intitule_court="Coopération 2019").exists()


def test_un_organisme_n_est_partie_qu_une_fois(client, precedent, pilote):
    client.force_login(pilote)
    nom = OrganismeFactory().nom
    reponse = client.post(REPRENDRE, champs_de_reprise(precedent, pdf(), partie1=nom, partie2=nom))
    assert "Cet organisme est déjà cité." in reponse.content.decode()
