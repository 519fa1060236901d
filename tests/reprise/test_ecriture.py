"""Écrire : un contrat en préparation, mot à mot, en une transaction ; la ligne de commande."""

import json
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from contrats.models import Contrat, Fiche, Version
from edition.ecriture import VersionPerimee
from partenaires.models import AliasOrganisme, Organisme
from reprise.ecriture import RepriseImpossible
from reprise.lecture import DocumentRefuse, lire
from reprise.lecture.formes import sans_marques
from reprise.models import DocumentRepris, Repere
from reprise.retour.comparaison import exporter
from reprise.sessions import abandonner, annuler, compris_de, decider, deposer, ecrire_document
from tests.comptes.factories import UtilisateurFactory
from tests.reprise.documents import CONVENTION, docx, texte
from tests.reprise.outils import complet, source
from texte.markdown import BALISES, rendre


def mots(texte_du_contrat):
    sans_appels = re.sub(r"\[\^\w+\]:?|[¹²³]", "", texte_du_contrat)
    return re.findall(r"\w+", sans_marques(sans_appels))


def texte_entier(contrat):
    """Tout ce que le contrat garde du document, dans l'ordre de lecture."""
    morceaux = [contrat.intitule, contrat.sous_titre, contrat.preambule]
    for article in contrat.articles.order_by("ordre"):
        morceaux += [article.titre, article.texte]
        morceaux += [e.texte for e in article.engagements.order_by("ordre")]
    morceaux += [f"{s.qualite} {s.personne}" for s in contrat.signatures.order_by("rang")]
    for fiche in contrat.fiches.order_by("ordre"):
        morceaux += [fiche.titre, fiche.note_titre]
        for section in fiche.sections.order_by("ordre"):
            morceaux += [section.libelle, section.texte]
            morceaux += [p.mention for p in section.partenariats.order_by("ordre")]
            if section.modele.nature != "actions":
                continue
            siennes = fiche.actions.filter(horizon=section.modele.horizon, parent=None)
            for action in siennes.order_by("ordre"):
                morceaux += [action.intitule, action.description]
                morceaux += [s.intitule for s in action.sous_actions.order_by("ordre")]
    return morceaux


@pytest.mark.usefixtures("modeles")
def test_un_document_devient_un_contrat_en_preparation_mot_a_mot():
    document = complet(docx(), "convention.docx")
    contrat = ecrire_document(document, version=document.version, par=None)
    assert (contrat.statut, contrat.publie_le, contrat.type) == (
        "en_preparation", None, "reciprocite",
    )  # fmt: skip
    assert contrat.articles.count() == 3
    assert contrat.engagements.count() == 3
    assert [p.libelle for p in contrat.parties.order_by("rang")] == [
        "Pays des Trois Vallées", "Beauval",
    ]  # fmt: skip
    assert contrat.signatures.count() == 2
    ecrits = mots(" ".join(m for m in texte_entier(contrat) if m))
    for _, contenu in CONVENTION[:-2]:
        phrase = mots(contenu.split("Fiche n° ")[-1])
        if contenu[0].isdigit() or contenu.startswith(("Fiche", "Fait")):
            phrase = phrase[1:] if not contenu.startswith("Fait") else []
        assert all(mot in ecrits for mot in phrase), contenu
    [version] = Version.objects.filter(contrat=contrat, fiche=None)
    assert "convention.docx" in version.motif
    assert Version.objects.filter(fiche__contrat=contrat).count() == 2
    document.refresh_from_db()
    assert document.contrat == contrat
    assert bytes(document.fichier)[:2] == b"PK"
    assert len(document.empreinte) == 64


@pytest.mark.usefixtures("modeles")
def test_rien_ne_s_ecrit_tant_qu_un_passage_n_est_pas_place():
    document = deposer("convention.docx", docx(), par=None)
    with pytest.raises(RepriseImpossible, match="ne sont pas placés"):
        ecrire_document(document, version=document.version, par=None)
    assert not Contrat.objects.exists()
    assert not Organisme.objects.exists()


@pytest.mark.usefixtures("modeles")
def test_une_panne_au_milieu_ne_laisse_rien(monkeypatch):
    document = complet(docx(), "convention.docx")

    def casser(*args, **kwargs):
        raise RepriseImpossible("panne")

    monkeypatch.setattr("reprise.ecriture.contrat.versionner", casser)
    with pytest.raises(RepriseImpossible, match="panne"):
        ecrire_document(document, version=document.version, par=None)
    assert not Contrat.objects.exists()
    assert not Fiche.objects.exists()
    assert not Organisme.objects.exists()


@pytest.mark.usefixtures("modeles")
def test_une_version_perimee_ou_un_document_clos_n_ecrit_rien():
    document = complet(docx(), "convention.docx")
    with pytest.raises(VersionPerimee):
        ecrire_document(document, version=document.version - 1, par=None)
    abandonner(document, version=document.version, par=None)
    with pytest.raises(RepriseImpossible, match="abandonné"):
        ecrire_document(document, version=document.version, par=None)
    assert not Contrat.objects.exists()


@pytest.mark.usefixtures("modeles")
def test_qui_ne_pilote_rien_ne_reprend_rien():
    with pytest.raises(PermissionDenied):
        deposer("a.docx", docx(), par=UtilisateurFactory())
    assert not DocumentRepris.objects.exists()


@pytest.mark.usefixtures("modeles")
def test_un_partenaire_ressemblant_s_apprend_et_un_decide_l_emporte():
    pays = Organisme.objects.create(cle="pays", nom="Pays des Trois-Valées")
    ville = Organisme.objects.create(cle="ville", nom="Commune de Beauval")
    document = complet(docx(), "convention.docx")
    decider(
        document, {"organismes": {"ville de beauval": "ville"}}, version=document.version, par=None
    )
    contrat = ecrire_document(document, version=document.version, par=None)
    liste = contrat.fiches.first().sections.get(modele__cle="partenaires").partenariats
    assert [p.organisme for p in liste.order_by("ordre")[:2]] == [ville, pays]
    assert AliasOrganisme.objects.get(libelle="Pays des Trois Vallées").organisme == pays
    nouvelles = Organisme.objects.exclude(pk__in=[pays.pk, ville.pk])
    assert {o.nom: o.nature for o in nouvelles} == {
        "communes (volontaires, ou citées)": "categorie", "Région": "organisme",
        "Beauval": "organisme",
    }  # fmt: skip


@pytest.mark.usefixtures("modeles")
def test_une_correction_s_apprend_et_se_defait():
    document = deposer("convention.docx", docx(), par=None)
    titre = next(p for p in compris_de(document).places if "Budget" in p.element.nu)
    choix = {"places": {titre.element.id: "section:moyen-long"}}
    decider(document, choix, version=document.version, par=None)
    assert compris_de(document).non_places == []
    annuler(document, version=document.version, par=None)
    assert len(compris_de(document).non_places) == 2
    decider(document, choix, version=document.version, par=None)
    ecrire_document(document, version=document.version, par=None)
    assert Repere.objects.get().libelle == "Budget prévisionnel"
    suivant = deposer("autre.docx", docx(), par=None)
    assert compris_de(suivant).non_places == []


@pytest.mark.usefixtures("modeles")
def test_la_commande_simule_en_json_puis_ecrit(tmp_path, capsys):
    fichier = tmp_path / "convention.txt"
    inconnus = ("Budget prévisionnel", "Une ligne que le modèle ne connaît pas.")
    lignes = [ligne for ligne in texte().decode().split("\n") if ligne.strip() not in inconnus]
    fichier.write_text("\n".join(lignes))
    call_command("reprendre", fichier, "--simulation")
    dit = json.loads(capsys.readouterr().out)
    assert dit["nombres"]["fiches"] == 2
    assert dit["nombres"]["signataires"] == 2
    assert len(dit["fichier"]["sha256"]) == 64
    assert not DocumentRepris.objects.exists()
    call_command("reprendre", fichier, "--rapport", tmp_path / "r.json")
    assert Contrat.objects.get().fiches.count() == 2
    (tmp_path / "vide.docx").write_bytes(b"")
    with pytest.raises(CommandError, match="Rien n'est écrit"):
        call_command("reprendre", tmp_path / "vide.docx")


def test_un_fichier_refuse_ne_laisse_rien(db):
    with pytest.raises(DocumentRefuse):
        deposer("a.docx", b"MZ123", par=None)
    assert not DocumentRepris.objects.exists()


@pytest.mark.usefixtures("modeles")
def test_000_entre_entier_et_ses_phrases_y_sont_une_fois():
    document = complet(source("000"), "contrat.txt")
    contrat = ecrire_document(document, version=document.version, par=None)
    actions = contrat.actions
    assert [actions.filter(horizon=h).count() for h in ("pilote", "court", "moyen_long")] == [
        10, 33, 24,
    ]  # fmt: skip
    assert (contrat.articles.count(), contrat.engagements.count()) == (4, 9)
    assert (contrat.fiches.count(), contrat.annexes.count(), contrat.axes.count()) == (10, 1, 5)
    assert contrat.financements.get().montant == 500_000
    signatures = contrat.signatures.order_by("rang")
    assert [s.role for s in signatures] == ["signataire", "signataire", "temoin"]
    entier = " ".join(" ".join(mots(m)) for m in texte_entier(contrat) if m)
    phrases = [
        " ".join(mots(p))
        for bloc in compris_de(document).places
        if bloc.role not in ("bruit", "section", "lieu_date", "signataire", "temoin", "annexe")
        for p in re.split(r"(?<=[.;:])\s", re.sub(r"^Article \d+ : ", "", bloc.element.nu))
    ]
    tenues = [p for p in phrases if len(p) > 30]
    trouvees = [p for p in tenues if p in entier]
    assert len(trouvees) / len(tenues) >= 0.995, [p for p in tenues if p not in entier]
    le_docx_tient_toutes_les_phrases_dans_l_ordre(contrat, document)


def le_docx_tient_toutes_les_phrases_dans_l_ordre(contrat, document):
    """Notes à part : Word les met en bas de page."""
    relu = " ".join(mots("\n".join(b.texte for b in lire(exporter(contrat), "a.docx").blocs)))
    position, tenues = 0, 0
    for place in compris_de(document).places:
        if place.role in ("bruit", "note"):
            continue
        for phrase in re.split(r"(?<=[.;:])\s", place.element.nu):
            suite = " ".join(mots(phrase))
            if len(suite) > 30:
                trouvee = relu.find(suite, position)
                assert trouvee >= 0, suite
                position, tenues = trouvee + len(suite), tenues + 1
    assert tenues > 200


@pytest.mark.usefixtures("modeles")
@pytest.mark.parametrize(("numero", "fiches", "actions"), [("001", 1, 0), ("002", 3, 16)])
def test_001_et_002_entrent(numero, fiches, actions):
    document = complet(source(numero), "contrat.txt")
    contrat = ecrire_document(document, version=document.version, par=None)
    assert (contrat.fiches.count(), contrat.actions.count()) == (fiches, actions)


@pytest.mark.usefixtures("modeles")
def test_003_la_deliberation_s_attache_a_son_contrat():
    document = complet(source("003"), "deliberation.txt")
    with pytest.raises(RepriseImpossible, match="quel contrat"):
        ecrire_document(document, version=document.version, par=None)
    contrat = Contrat.objects.create(slug="p", type="perr", intitule="P", intitule_court="P")
    ecrire_document(document, version=document.version, par=None, contrat=contrat)
    acte = contrat.deliberations.get()
    assert (acte.numero, acte.statut, len(acte.articles)) == ("DEL-21-0497", "projet", 2)


MORCEAUX = st.sampled_from(
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
        "<style>p{}</style>", "<a href='http://x.test' target=_blank onclick=a()>lien</a>",
        "<iframe src=//x.test>", "**gras**", "&lt;script&gt;", "<svg onload=a()>", "` `", "\\",
        "<p>texte</p>", "[a](http://x.test)", "![i](http://x.test/i.png)", "é", " ", "- point",
    ]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(MORCEAUX, min_size=1, max_size=12), st.sampled_from(["a.md", "a.html", "a.txt"]))
def test_rien_d_actif_ne_survit_a_la_lecture_et_au_rendu(morceaux, nom):
    debut = "<!DOCTYPE html><body>" if nom == "a.html" else ""
    try:
        blocs = lire((debut + "Texte " + "\n\n".join(morceaux)).encode(), nom).blocs
    except DocumentRefuse:
        return
    rendu = str(rendre("\n\n".join(b.texte for b in blocs))).lower()
    balises = set(re.findall(r"<\s*([a-z0-9]+)", rendu))
    assert balises <= BALISES
    for balise in re.findall(r"<[^>]*>", rendu):
        assert not re.search(r"\bon\w+\s*=|javascript:|style\s*=|target\s*=", balise), balise
