"""Écrire : un contrat en préparation, mot à mot, en une transaction ; la ligne de commande."""

import datetime
import json
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils.text import slugify
from hypothesis import given, settings
from hypothesis import strategies as st

from contrats.models import Contrat, Fiche, Version
from edition.ecriture import VersionPerimee
from gouvernance.models import Session
from partenaires.models import AliasOrganisme, Organisme
from reprise.ecriture import RepriseImpossible
from reprise.ecriture.faits import lire_faits
from reprise.ecriture.instances import lire_instances
from reprise.lecture import DocumentRefuse, lire
from reprise.lecture.formes import sans_marques
from reprise.models import DocumentRepris, Repere
from reprise.reconnaissance.formes import ArticleCompris, Compris, Passage
from reprise.retour.comparaison import exporter
from reprise.sessions import abandonner, annuler, compris_de, decider, deposer, ecrire_document
from tests.comptes.factories import UtilisateurFactory
from tests.reprise.documents import CONVENTION, docx, texte
from tests.reprise.outils import comprendre, source
from tests.territoires.factories import TerritoireFactory
from texte.markdown import BALISES, rendre


def complet(octets, nom, *, par=None):
    """Un document déposé dont l'agent a ignoré ce qui n'est pas placé."""
    document = deposer(nom, octets, par=par)
    ignores = {p.element.id: "ignore" for p in compris_de(document).non_places}
    raisons = dict.fromkeys(ignores, "Sans objet.")
    decider(document, {"places": ignores, "raisons": raisons}, version=document.version, par=par)
    return document


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
    fichier.write_bytes(texte())
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


@pytest.mark.usefixtures("modeles")
def test_000_instances_participants_et_roles():
    document = complet(source("000"), "contrat.txt")
    for nom in ("Toulouse Métropole", "Caisse des Dépôts"):
        Organisme.objects.get_or_create(cle=slugify(nom), defaults={"nom": nom})
    contrat = ecrire_document(document, version=document.version, par=None)
    instances = contrat.instances.order_by("ordre")
    assert [i.type for i in instances] == ["pilotage", "technique", "thematique"]
    roles = [[p.role for p in i.participations.order_by("ordre")] for i in instances]
    assert roles == [
        ["co_preside"] * 2 + ["associe_besoin"] * 3 + ["integre", "associe_travaux"],
        ["anime"] * 2,
        ["membre"] * 2,
    ]
    pilotage = instances[0].participations
    assert pilotage.get(role="integre").organisme.nom == "Caisse des Dépôts"
    assert pilotage.get(libelle="Président de Toulouse Métropole").organisme.nom == (
        "Toulouse Métropole"
    )
    assert "Assurer la tenue des objectifs" in instances[0].mission


def test_002_une_instance_dite_par_une_phrase_et_sa_frequence():
    [maires, conseil] = lire_instances(comprendre(source("002")))
    assert (maires.nom, maires.frequence, maires.par_an) == (
        "conférence des Maires", "au moins une fois par an", 1,
    )  # fmt: skip
    assert [n for n, _ in conseil.participants][:2] == ["acteurs économiques", "acteurs sociaux"]
    assert len(conseil.participants) == 6


@pytest.mark.parametrize(
    ("phrase", "par_an"),
    [
        ("Il se réunit deux fois par an.", 2),
        ("Le comité se réunira au minimum chaque trimestre.", 4),
        ("Il se réunit tous les deux mois.", 6),
        ("Il se réunit en tant que de besoin.", None),
    ],
)
def test_la_frequence_d_une_instance_se_compte_par_an(phrase, par_an):
    compris = Compris(preambule=[Passage(f"Un comité de suivi est institué. {phrase}", "1")])
    [instance] = lire_instances(compris)
    assert instance.par_an == par_an


FAITS = [
    ("Le présent contrat prend effet le 1er janvier 2018.", ("debut", "2018-01-01", True)),
    ("La convention expire le 31 décembre 2023.", ("fin", "2023-12-31", True)),
    ("Les travaux courent jusqu'au 30 juin 2020.", ("fin", "2020-06-30", False)),
    ("Une enveloppe indicative de 1,2 million d'euros.", ("montant", "1200000.00", True)),
    ("Le territoire verse 3 000 € à l'année.", ("montant", "3000.00", False)),
]


@pytest.mark.parametrize(("phrase", "attendu"), FAITS)
def test_une_date_ou_une_somme_est_sure_quand_la_phrase_dit_de_quoi(phrase, attendu):
    [fait] = lire_faits(Compris(articles=[ArticleCompris("1", "", "0", [Passage(phrase, "1")])]))
    assert (fait.genre, fait.valeur, fait.sur) == attendu
    assert fait.retenu == fait.sur


def test_deux_dates_qui_se_contredisent_se_proposent_et_une_duree_aussi():
    texte_double = (
        "Ce contrat prend effet le 1er mai 2018. Le contrat entre en vigueur le 2 mai 2018."
    )
    compris = Compris(preambule=[Passage(texte_double, "1")])
    assert [f.sur for f in lire_faits(compris)] == [False, False]
    duree = "Le contrat prend effet le 1er mai 2018. Le contrat a une durée de six ans."
    faits = lire_faits(Compris(preambule=[Passage(duree, "1")]))
    assert [(f.genre, f.valeur, f.sur) for f in faits] == [
        ("debut", "2018-05-01", True), ("fin", "2024-04-30", False),
    ]  # fmt: skip


@pytest.mark.usefixtures("modeles")
def test_une_date_sure_s_ecrit_et_une_proposee_attend_l_agent():
    ajout = (
        "Elle prend fin si besoin. La présente convention prend effet le 1er avril 2024. "
        "Elle est conclue pour une durée de trois ans par cette convention."
    )
    octets = texte().replace(b"qui en rendent compte.", b"qui en rendent compte. " + ajout.encode())
    for decisions, fin in (({}, None), ({"faits": "oui"}, datetime.date(2027, 3, 31))):
        document = complet(octets, "convention.txt")
        if decisions:
            faits = lire_faits(compris_de(document))
            oui = {"faits": {f.cle: "oui" for f in faits}}
            decider(document, oui, version=document.version, par=None)
        contrat = ecrire_document(document, version=document.version, par=None)
        assert (contrat.debut, contrat.fin) == (datetime.date(2024, 4, 1), fin)


@pytest.mark.usefixtures("modeles")
def test_004_la_session_s_ecrit_avec_son_programme_et_ses_intervenants():
    document = complet(source("004"), "session.txt")
    session = ecrire_document(document, version=document.version, par=None)
    assert (session.statut, session.contrat) == ("brouillon", None)
    assert (session.nature, str(session.le), str(session.cloture_le), session.capacite) == (
        "Session d'exploration", "2016-12-06", "2016-11-30", 20,
    )  # fmt: skip
    assert (f"{session.debut:%H:%M}", f"{session.fin:%H:%M}") == ("09:30", "17:00")
    assert session.lieu == "À proximité de la Gare Valence TGV (26)"
    assert session.condition.endswith("soumise à la cotisation annuelle à Cap Rural")
    assert len(session.profils) == 3
    programme = list(session.programme.order_by("ordre"))
    assert [p.interventions.count() for p in programme] == [0, 4, 1, 3, 1, 0]
    assert [p.visio for p in programme] == [False, True, False, False, False, False]
    reserves = programme[1].interventions.filter(statut="sous_reserve")
    assert [(i.nom, i.organisme) for i in reserves] == [
        ("François KERAVAL", "Brest Métropole et Ville")
    ]
    tout = session.presentation + session.condition + str(session.profils)
    assert "06 66" not in tout
    assert "@" not in tout
    document.refresh_from_db()
    assert (document.session, document.etat, document.bilan["intervenants"]) == (
        session, "Repris", 9,
    )  # fmt: skip


@pytest.mark.usefixtures("modeles")
def test_une_session_sans_heure_attend_l_agent_et_ne_s_ecrit_que_de_qui_conduit(fiche):
    octets = source("004").replace(b"de 9h30 ", b"").replace("à 17h ".encode(), b"")
    document = complet(octets, "session.txt")
    with pytest.raises(RepriseImpossible, match="heure de début, heure de fin"):
        ecrire_document(document, version=document.version, par=None)
    assert not Session.objects.exists()
    heures = {"session": {"debut": "09:00", "fin": "17:00", "lieu": "Valence"}}
    decider(document, heures, version=document.version, par=None)
    fiche.contrat.territoires.add(TerritoireFactory())
    pilote = UtilisateurFactory(habilitations=[(fiche.contrat, "pilotage")])
    with pytest.raises(RepriseImpossible, match="Choisissez le contrat"):
        ecrire_document(document, version=document.version, par=pilote)
    autre = Contrat.objects.create(slug="a", type="perr", intitule="A", intitule_court="A")
    with pytest.raises(PermissionDenied):
        ecrire_document(document, version=document.version, par=pilote, contrat=autre)
    session = ecrire_document(document, version=document.version, par=pilote, contrat=fiche.contrat)
    assert Session.objects.visibles_par(pilote).get() == session
    assert not Session.objects.visibles_par(UtilisateurFactory()).exists()


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
