"""Le retour : le contrat part en DOCX, revient, et seul ce qui a changé se voit."""

import copy
import io
import zipfile

import pytest
import yaml
from django.db import transaction
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from contrats.chargement import charger_contrat, charger_modeles
from contrats.models import Contrat, Fiche, Version
from edition.ecriture import VersionPerimee
from partenaires.chargement import charger_organismes, charger_personnes
from reprise.lecture import DocumentRefuse, lire
from reprise.lecture.formes import Nature
from reprise.retour.application import appliquer
from reprise.retour.comparaison import comparer, exporter, fiches_de
from reprise.retour.pieces import pieces_du_contrat
from territoires.chargement import charger_territoires
from tests.contrats.factories import ActionFactory, fiche_complete
from tests.jeux.lecture import JEUX
from tests.reprise.amendements import amender, endroits, manques
from tests.reprise.documents import en_octets
from tests.tailles import taille


@pytest.fixture(scope="module")
def _contrats(django_db_setup, django_db_blocker):
    """Trois contrats de démonstration, chargés une fois pour le module puis défaits."""
    with django_db_blocker.unblock(), transaction.atomic():
        reference = JEUX / "reference"
        charger_territoires(lire_yaml(reference / "territoires.yaml"))
        charger_organismes(lire_yaml(reference / "organismes.yaml"))
        charger_personnes(lire_yaml(reference / "personnes.yaml"))
        charger_modeles(lire_yaml(reference / "modeles_fiche.yaml"))
        for nom in ("reciprocite-toulouse", "feuille-de-route", "projet-de-territoire"):
            charger_contrat(lire_yaml(next((JEUX / "contrats").glob(f"{nom}*.yaml"))))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def contrats(_contrats, db):
    """Ce qu'un test y change est défait après lui."""


def lire_yaml(fichier):
    return yaml.load(fichier.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def versions_de(contrat):
    fiches = {str(f.public_id): f.version for f in contrat.fiches.all()}
    return {"contrat": contrat.version, **fiches}


@pytest.mark.usefixtures("contrats")
def test_rien_change_donne_un_redline_vide_pour_chaque_contrat():
    for contrat in Contrat.objects.order_by("pk"):
        octets = exporter(contrat)
        assert comparer(contrat, octets) == []
        assert comparer(contrat, en_octets(Document(io.BytesIO(octets)))) == []


@pytest.mark.usefixtures("contrats")
def test_l_export_a_de_vrais_styles_une_table_et_des_notes():
    contrat = Contrat.objects.get(slug="reciprocite-toulouse-portes-de-gascogne")
    octets = exporter(contrat)
    document = Document(io.BytesIO(octets))
    styles = {p.style.name for p in document.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "List Bullet", "Normal"} <= styles
    assert len(document.tables) == 1
    assert "word/footnotes.xml" in zipfile.ZipFile(io.BytesIO(octets)).namelist()
    blocs = lire(octets, "a.docx").blocs
    assert any(b.nature == Nature.NOTE for b in blocs)
    titres = [b.nu for b in blocs if b.nature == Nature.TITRE and b.niveau == 1]
    assert set(contrat.fiches.values_list("titre", flat=True)) <= set(titres)


def amende(contrat, graine, nombre, *, seule=None, distance=2):
    """Un export amendé au hasard, et ce qu'on doit y voir."""
    pieces = pieces_du_contrat(contrat, fiches_de(contrat, seule), entier=seule is None)
    document = Document(io.BytesIO(exporter(contrat, seule)))
    nombre = min(nombre, max(1, len(endroits(document, pieces)) // 6))  # une fiche courte
    attendus = amender(document, pieces, graine, nombre, distance=distance)
    return en_octets(document), attendus


@pytest.mark.usefixtures("contrats")
@pytest.mark.parametrize("graine", range(taille(1, 60)))
def test_cinquante_modifications_et_elles_seules(graine):
    """Mots, paragraphes insérés, supprimés, déplacés, points ajoutés, notes."""
    contrat = Contrat.objects.get(slug="reciprocite-toulouse-portes-de-gascogne")
    octets, attendus = amende(contrat, graine, 50)
    assert {a.genre for a in attendus} == {"modifie", "ajoute", "supprime", "deplace"}
    assert manques(comparer(contrat, octets), attendus) == []


@pytest.mark.usefixtures("contrats")
def test_une_fiche_seule_revient_avec_ses_modifications_et_elles_seules():
    for fiche in Fiche.objects.order_by("pk")[: taille(2, 20)]:
        octets, attendus = amende(fiche.contrat, 3, 6, seule=fiche)
        assert manques(comparer(fiche.contrat, octets), attendus) == []
        assert comparer(fiche.contrat, exporter(fiche.contrat, fiche)) == []


@pytest.mark.usefixtures("contrats")
@pytest.mark.parametrize("graine", range(5, 5 + taille(1, 20)))
def test_tout_accepter_rend_le_contrat_egal_au_fichier(graine):
    """Modifications serrées, les unes sur les autres : accepter tout ne laisse plus rien à voir."""
    contrat = Contrat.objects.get(slug="reciprocite-toulouse-portes-de-gascogne")
    octets, _ = amende(contrat, graine, 40, distance=1)
    changements = comparer(contrat, octets)
    assert changements
    appliquer(contrat, changements, versions=versions_de(contrat), par=None, motif="Retour")
    contrat.refresh_from_db()
    assert comparer(contrat, octets) == []


def revenir(fiche, geste):
    document = Document(io.BytesIO(exporter(fiche.contrat)))
    geste(document)
    return comparer(fiche.contrat, en_octets(document))


def remplacer(avant, apres):
    def geste(document):
        for paragraphe in document.paragraphs:
            for run in paragraphe.runs:
                if avant in run.text:
                    run.text = run.text.replace(avant, apres)

    return geste


@pytest.mark.django_db
def test_ce_qu_on_accepte_s_ecrit_et_le_reste_non():
    fiche = fiche_complete()
    action = fiche.actions.filter(parent=None).order_by("pk").first()

    def geste(document):
        remplacer(action.intitule, "Un intitulé revu")(document)
        remplacer(fiche.titre, "Un titre revu")(document)

    changements = revenir(fiche, geste)
    assert sorted(c.apres for c in changements) == ["Un intitulé revu", "Un titre revu"]
    accepte = [c for c in changements if c.apres == "Un intitulé revu"]
    appliquer(fiche.contrat, accepte, versions=versions_de(fiche.contrat), par=None, motif="Retour")
    action.refresh_from_db()
    ancien = fiche.titre
    fiche.refresh_from_db()
    assert (action.intitule, fiche.titre) == ("Un intitulé revu", ancien)
    assert Version.objects.filter(fiche=fiche).latest("numero").motif == "Retour"


@pytest.mark.django_db
def test_une_action_posee_devant_les_sous_points_d_une_autre_les_prend():
    fiche = fiche_complete()
    mere, autre = fiche.actions.filter(parent=None, horizon="court").order_by("ordre")
    for ordre, intitule in enumerate(("Un premier sous-point", "Un second sous-point"), 1):
        ActionFactory(fiche=fiche, parent=mere, horizon="court", ordre=ordre, intitule=intitule)
    document = Document(io.BytesIO(exporter(fiche.contrat)))
    par_texte = {p.text.strip(): p._p for p in document.paragraphs}
    par_texte[mere.intitule].addnext(par_texte[autre.intitule])
    octets = en_octets(document)
    [changement] = comparer(fiche.contrat, octets)
    assert (changement.genre, changement.apres) == ("deplace", autre.intitule)
    versions = versions_de(fiche.contrat)
    appliquer(fiche.contrat, [changement], versions=versions, par=None, motif="Retour")
    sous = fiche.actions.filter(parent=autre).order_by("ordre")
    assert [a.intitule for a in sous] == ["Un premier sous-point", "Un second sous-point"]
    fiche.contrat.refresh_from_db()
    assert comparer(fiche.contrat, octets) == []


def avec_sous_points(fiche, rang):
    """Les deux actions de court terme, deux sous-points donnés à l'une, et ce document exporté."""
    actions = list(fiche.actions.filter(parent=None, horizon="court").order_by("ordre"))
    for ordre, intitule in enumerate(("Un premier sous-point", "Un second sous-point"), 1):
        ActionFactory(
            fiche=fiche, parent=actions[rang], horizon="court", ordre=ordre, intitule=intitule
        )
    document = Document(io.BytesIO(exporter(fiche.contrat)))
    return *actions, document, {p.text.strip(): p._p for p in document.paragraphs}


def accepter_tout(fiche, document):
    """Écrit chaque changement ; plus rien ne doit rester à voir."""
    contrat, octets = fiche.contrat, en_octets(document)
    changements = comparer(contrat, octets)
    appliquer(contrat, changements, versions=versions_de(contrat), par=None, motif="Retour")
    contrat.refresh_from_db()
    assert comparer(contrat, octets) == []
    return changements


def arbre(fiche):
    actions = fiche.actions.filter(parent=None, horizon="court").order_by("ordre")
    return [(a.intitule, [s.intitule for s in a.sous_actions.order_by("ordre")]) for a in actions]


@pytest.mark.django_db
def test_un_point_ajoute_entre_des_sous_points_qui_changent_d_action_y_reste():
    fiche = fiche_complete()
    mere, autre, document, par_texte = avec_sous_points(fiche, 0)
    par_texte[mere.intitule].addnext(par_texte[autre.intitule])
    neuf = copy.deepcopy(par_texte["Un second sous-point"])
    neuf.findall(f".//{qn('w:t')}")[0].text = "Un sous-point de plus"
    par_texte["Un premier sous-point"].addnext(neuf)
    assert {c.genre for c in accepter_tout(fiche, document)} == {"deplace", "ajoute"}
    sous = ["Un premier sous-point", "Un sous-point de plus", "Un second sous-point"]
    assert arbre(fiche) == [(mere.intitule, []), (autre.intitule, sous)]


@pytest.mark.django_db
def test_une_action_partie_sans_ses_sous_points_en_fait_des_actions():
    fiche = fiche_complete()
    mere, autre, document, par_texte = avec_sous_points(fiche, 0)
    par_texte[autre.intitule].addnext(par_texte[mere.intitule])
    [changement] = accepter_tout(fiche, document)
    assert (changement.genre, changement.apres) == ("deplace", mere.intitule)
    intitules = ["Un premier sous-point", "Un second sous-point", autre.intitule, mere.intitule]
    assert arbre(fiche) == [(intitule, []) for intitule in intitules]


@pytest.mark.django_db
def test_une_action_otee_laisse_ses_sous_points_a_celle_d_avant():
    fiche = fiche_complete()
    avant, mere, document, par_texte = avec_sous_points(fiche, 1)
    par_texte[mere.intitule].getparent().remove(par_texte[mere.intitule])
    [changement] = accepter_tout(fiche, document)
    assert (changement.genre, changement.avant) == ("supprime", mere.intitule)
    assert arbre(fiche) == [(avant.intitule, ["Un premier sous-point", "Un second sous-point"])]


@pytest.mark.django_db
def test_un_texte_ajoute_sous_une_liste_de_partenaires_se_range_au_dessus_d_elle():
    fiche = fiche_complete()
    pieces = pieces_du_contrat(fiche.contrat, [fiche])
    liste = next(p.texte for p in pieces if p.forme == "liste_en_ligne")
    document = Document(io.BytesIO(exporter(fiche.contrat)))
    paragraphe = next(p for p in document.paragraphs if p.text.strip() == liste)
    paragraphe.insert_paragraph_before("Un texte au-dessus de la liste.")
    dessous = copy.deepcopy(document.paragraphs[-1]._p)
    for enfant in list(dessous):
        dessous.remove(enfant)
    paragraphe._p.addnext(dessous)
    Paragraph(dessous, paragraphe._parent).add_run("Un autre texte, au-dessous d'elle.")
    assert [c.genre for c in accepter_tout(fiche, document)] == ["ajoute", "ajoute"]


@pytest.mark.django_db
def test_une_version_perimee_n_ecrit_rien():
    fiche = fiche_complete()
    changements = revenir(fiche, remplacer(fiche.titre, "Un titre revu"))
    vieilles = {c: v - 1 for c, v in versions_de(fiche.contrat).items()}
    with pytest.raises(VersionPerimee):
        appliquer(fiche.contrat, changements, versions=vieilles, par=None, motif="Retour")


@pytest.mark.django_db
def test_le_texte_du_contrat_revient_aussi():
    contrat = Contrat.objects.create(
        slug="c",
        type="reciprocite",
        intitule="C",
        intitule_court="C",
        preambule="Un début **fort**.",
    )
    article = contrat.articles.create(numero="1", ordre=1, titre="Objet", texte="- un\n- deux")
    document = Document(io.BytesIO(exporter(contrat)))
    remplacer("deux", "trois")(document)
    remplacer("Objet", "But")(document)
    remplacer("fort", "franc")(document)
    changements = comparer(contrat, en_octets(document))
    assert [(c.groupe, c.libelle) for c in changements] == [
        ("Préambule", "Préambule"), ("Article 1", "Titre"), ("Article 1", "Texte"),
    ]  # fmt: skip
    appliquer(contrat, changements, versions={"contrat": 1}, par=None, motif="Retour")
    contrat.refresh_from_db()
    article.refresh_from_db()
    assert contrat.preambule == "Un début **franc**."
    assert (article.titre, article.texte) == ("But", "- un\n- trois")
    assert Version.objects.filter(contrat=contrat).count() == 1


@pytest.mark.django_db
def test_un_autre_document_n_est_pas_un_retour():
    fiche = fiche_complete()
    autre = Document()
    autre.add_paragraph("Rien à voir.")
    with pytest.raises(DocumentRefuse, match="n'est pas un retour"):
        comparer(fiche.contrat, en_octets(autre))
