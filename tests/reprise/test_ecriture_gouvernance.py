"""Écrire la gouvernance et les faits : instances, participants, dates, sommes, session."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.text import slugify

from contrats.models import Contrat
from gouvernance.models import Session
from partenaires.models import Organisme
from reprise.ecriture import RepriseImpossible
from reprise.ecriture.faits import lire_faits
from reprise.ecriture.instances import lire_instances
from reprise.reconnaissance.formes import ArticleCompris, Compris, Passage
from reprise.sessions import compris_de, decider, ecrire_document
from tests.comptes.factories import UtilisateurFactory
from tests.reprise.documents import texte
from tests.reprise.outils import complet, comprendre, source
from tests.territoires.factories import TerritoireFactory


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
