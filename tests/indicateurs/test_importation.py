"""Importer des mesures : long, large, collé ; tout ou rien ; chaque refus dit sa place."""

import csv
import io
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from indicateurs.enums import Agregation, StatutMesure
from indicateurs.importation import sessions
from indicateurs.lecture import lire_ecarts
from indicateurs.models import ImportMesures, Indicateur, Mesure, VersionMesure
from perr.importation.formes import FichierRefuse
from territoires.models import Filiation, Territoire
from tests.comptes.factories import UtilisateurFactory
from tests.indicateurs.factories import IndicateurFactory, mesurer, observatoire
from tests.indicateurs.tableaux_mauvais import CONTENUS, FICHIERS, avec
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def o():
    """Deux quartiers de 2015, leurs successeurs, un indicateur de taux et un qui se compte."""
    o = observatoire(0, cle="revenu", intitule="Le revenu")
    o.quartiers = [
        TerritoireFactory(qpv=True, code="QP000901", nom="Arènes"),
        TerritoireFactory(qpv=True, code="QP000902", nom="Empalot"),
    ]
    neuf = TerritoireFactory(qpv=True, code="QN00091I", nom="Empalot", generation=2024)
    Filiation.objects.create(ancien=o.quartiers[1], nouveau=neuf, nature="inchange")
    TerritoireFactory(qpv=True, code="QP000999", nom="Ailleurs")
    o.contrat.territoires.add(*o.quartiers)
    IndicateurFactory(
        contrat=o.contrat,
        cle="logements",
        intitule="Les logements",
        agregation=Agregation.SOMME,
        reference=o.reference,
    )
    IndicateurFactory(contrat=o.contrat, cle="obesite", motif_ecart="Indisponible.")
    return o


@pytest.fixture
def agente(o):
    return UtilisateurFactory(habilitations=[(o.contrat, "redaction")])


def deposer(o, octets, **champs):
    return sessions.deposer(o.contrat, "mesures.csv", octets, par=None, **champs)


def importer(o, octets, **champs):
    depot = deposer(o, octets, **champs)
    plan = sessions.plan_de(depot)
    assert [str(a.constat) for a in plan.bloquantes] == []
    return sessions.appliquer(depot, version=depot.version, jeton=plan.jeton, par=None)


def etat():
    """(indicateur, code, millésime) → (valeur, statut)."""
    lignes = Mesure.objects.values_list(
        "indicateur__cle", "territoire__code", "millesime__cle", "valeur", "statut"
    )
    return {tuple(ligne[:3]): ligne[3:] for ligne in lignes}


def test_plus_de_quarante_genres_de_mauvais_tableaux():
    assert len(FICHIERS) + len(CONTENUS) >= 60
    assert len(CONTENUS) >= 40


@pytest.mark.parametrize("genre", FICHIERS)
def test_un_mauvais_fichier_est_refuse_et_dit_ou(o, genre):
    octets, attendus = FICHIERS[genre]
    with pytest.raises(FichierRefuse) as refus:
        deposer(o, octets)
    assert not ImportMesures.objects.exists()
    for attendu in attendus:
        assert attendu in str(refus.value)


@pytest.mark.parametrize("genre", CONTENUS)
def test_un_mauvais_contenu_n_ecrit_rien_et_dit_sa_place(o, genre):
    octets, attendus = CONTENUS[genre]
    depot = deposer(o, octets)
    plan = sessions.plan_de(depot)
    assert plan.bloquantes
    assert not plan.applicable
    dites = " / ".join(f"{a.endroit.en_tete} : {a.constat}" for a in plan.bloquantes)
    for attendu in attendus:
        assert attendu in dites
    with pytest.raises(sessions.ImportImpossible):
        sessions.appliquer(depot, version=depot.version, jeton=plan.jeton, par=None)
    assert not Mesure.objects.exists()


def test_une_bonne_ligne_parmi_de_mauvaises_n_est_pas_ecrite(o):
    depot = deposer(o, avec() + b"revenu;QP000902;2019;x;;\n")
    with pytest.raises(sessions.ImportImpossible, match="1 anomalie"):
        sessions.appliquer(depot, version=depot.version, jeton=None, par=None)
    assert not Mesure.objects.exists()


@pytest.mark.parametrize(
    ("ecrit", "valeur", "statut"),
    [
        ("12,5", "12.5", "publiee"),
        ("12.5", "12.5", "publiee"),
        ("1 234,5", "1234.5", "publiee"),
        ("1\u202f234", "1234", "publiee"),
        ("-3", "-3", "publiee"),
        ("−3,25", "-3.25", "publiee"),
        ("12,5 %", "12.5", "publiee"),
        ("0", "0", "publiee"),
        ("12,5 p", "12.5", "provisoire"),
        ("12,5 (p)", "12.5", "provisoire"),
        ("s", None, "secret"),
        ("S", None, "secret"),
        ("///", None, "sans_objet"),
        ("...", None, "non_disponible"),
        ("…", None, "non_disponible"),
        ("n.s.", None, "non_significative"),
        ("ns", None, "non_significative"),
    ],
)
def test_les_nombres_francais_et_les_signes_de_l_insee_se_lisent(o, ecrit, valeur, statut):
    importer(o, avec(valeur=ecrit))
    attendu = (None if valeur is None else Decimal(valeur), statut)
    assert etat() == {("revenu", "QP000901", "2019"): attendu}


def test_une_case_vide_dont_le_statut_est_dit_se_lit(o):
    importer(o, avec(valeur="", statut="Secret statistique"))
    assert etat() == {("revenu", "QP000901", "2019"): (None, "secret")}


def test_une_table_large_par_millesime(o):
    table = (
        "Source : observatoire;;;\n;;;\nindicateur;Quartier;2014;1er janvier 2016\n"
        "Le revenu;arenes;1;2\nrevenu;QP000902;;s\n"
    )
    depot = importer(o, table.encode())
    assert etat() == {
        ("revenu", "QP000901", "2014"): (1, "publiee"),
        ("revenu", "QP000901", "2016-01-01"): (2, "publiee"),
        ("revenu", "QP000902", "2016-01-01"): (None, "secret"),
    }
    assert depot.bilan == {"créée": 3, "modifiée": 0, "inchangée": 0}


def test_une_table_large_par_indicateur_dont_le_millesime_se_dit_au_depot(o):
    table = "CODGEO;LIBGEO;Le revenu;logements\nQP000901;Arènes;1,5;20\n"
    importer(o, table.encode(), millesime_dit="2013-2017")
    assert etat() == {
        ("revenu", "QP000901", "2013/2017"): (Decimal("1.5"), "publiee"),
        ("logements", "QP000901", "2013/2017"): (20, "publiee"),
    }


def test_une_grille_collee_a_deux_colonnes(o):
    grille = "Quartier\t2019\r\nArènes\t12,5\r\nQP000902\tn.s.\r\n"
    octets = sessions.octets_de_la_grille(grille)
    importer(o, octets, indicateur=o.indicateur)
    assert set(etat().values()) == {(Decimal("12.5"), "publiee"), (None, "non_significative")}


def test_une_colonne_ou_une_generation_douteuse_se_signale_sans_bloquer(o):
    table = "indicateur;code;millesime;valeur;couleur\nrevenu;QP000901;2025;1.234;bleu\n"
    plan = sessions.plan_de(deposer(o, table.encode()))
    Territoire.objects.filter(code="QP000901").update(valide_au="2023-12-31", version=2)
    dites = " ".join(a.constat for a in sessions.plan_de(ImportMesures.objects.get()).remarques)
    assert not plan.bloquantes
    for attendu in ("couleur", "1.234", "n'existe plus en 2025"):
        assert attendu in dites


def test_un_aperçu_perime_n_ecrit_rien(o):
    depot = deposer(o, avec())
    jeton = sessions.plan_de(depot).jeton
    mesurer(o.indicateur, "2019", {o.quartiers[0]: 1})
    with pytest.raises(sessions.ImportImpossible, match="ont changé"):
        sessions.appliquer(depot, version=depot.version, jeton=jeton, par=None)
    assert etat() == {("revenu", "QP000901", "2019"): (1, "publiee")}


def test_reimporter_ne_change_rien(o):
    importer(o, avec())
    depot = deposer(o, avec())
    plan = sessions.plan_de(depot)
    assert (plan.nombre("inchangée"), plan.changements) == (1, [])
    with pytest.raises(sessions.ImportImpossible, match="Rien à changer"):
        sessions.appliquer(depot, version=depot.version, jeton=plan.jeton, par=None)


def test_annuler_remet_chaque_mesure_dans_son_etat_d_avant(o):
    mesurer(o.indicateur, "2019", {o.quartiers[0]: 1})
    depot = importer(o, avec() + b"revenu;QP000902;2019;5;;\n")
    assert len(etat()) == 2
    sessions.annuler(depot, version=depot.version, par=None)
    assert etat() == {("revenu", "QP000901", "2019"): (1, "publiee")}
    assert VersionMesure.objects.count() == 5  # rien ne s'efface
    with pytest.raises(sessions.ImportImpossible, match="annulé"):
        sessions.annuler(depot, version=depot.version, par=None)


def test_annuler_refuse_si_une_mesure_a_change_depuis(o):
    depot = importer(o, avec())
    mesurer(o.indicateur, "2019", {o.quartiers[0]: 99})
    with pytest.raises(sessions.ImportImpossible, match="a changé depuis"):
        sessions.annuler(depot, version=depot.version, par=None)
    assert ImportMesures.objects.get().annule_le is None
    assert etat() == {("revenu", "QP000901", "2019"): (99, "publiee")}


def test_une_valeur_de_demonstration_remplacee_n_en_est_plus_une(o):
    mesurer(o.indicateur, "2019", {o.quartiers[0]: "12.5"}, demonstration=True)
    importer(o, avec())
    assert not Mesure.objects.get().demonstration
    assert not lire_ecarts(o.indicateur, AnonymousUser()).demonstration


def test_l_apercu_ne_montre_pas_une_valeur_tue(o):
    logements = Indicateur.objects.get(cle="logements")
    for q in o.quartiers:
        q.rattachements.create(parent=o.reference)
    mesurer(logements, "2019", {o.reference: 30, o.quartiers[0]: 7, o.quartiers[1]: 23})
    mesurer(logements, "2019", {o.quartiers[1]: StatutMesure.SECRET})
    plan = sessions.plan_de(deposer(o, avec(indicateur="logements", valeur="8")))
    assert plan.prevues[0].avant == (None, StatutMesure.SECRET)


def test_qui_ne_redige_pas_n_importe_pas(o):
    lectrice = UtilisateurFactory(habilitations=[(o.contrat, "lecture")])
    with pytest.raises(PermissionDenied):
        sessions.deposer(o.contrat, "a.csv", avec(), par=lectrice)


def test_exporter_puis_reimporter_est_identique(o, client_api_public):
    mesurer(o.indicateur, "2014", {o.quartiers[0]: "-12.5", o.reference: 60})
    mesurer(o.indicateur, "1er janvier 2016", {o.quartiers[0]: StatutMesure.SECRET})
    mesurer(o.indicateur, "2013-2017", {o.quartiers[1]: StatutMesure.SANS_OBJET})
    avant = etat()
    octets = client_api_public.get(f"/api/v1/mesures/?contrat={o.contrat.slug}&format=csv")
    octets = octets.getvalue()
    lignes = list(csv.DictReader(io.StringIO(octets.decode())))
    assert {ligne["valeur"] for ligne in lignes} == {"-12.5", "60", ""}
    plan = sessions.plan_de(deposer(o, octets))
    assert [a.constat for a in plan.bloquantes] == []
    assert (plan.nombre("inchangée"), plan.changements) == (4, [])
    assert etat() == avant


@pytest.fixture
def client_api_public(client):
    return client


# L'écran


def test_l_ecran_depose_montre_l_apercu_applique_et_annule(client, o, agente):
    client.force_login(agente)
    liste = reverse("indicateurs:depot-list", args=[o.contrat.slug])
    reponse = client.post(liste, {"grille": "Quartier\t2019\nArènes\t12,5", "indicateur": "revenu"})
    depot = ImportMesures.objects.get()
    detail = reverse("indicateurs:depot-detail", args=[o.contrat.slug, depot.public_id])
    assert reponse.url == detail
    page = client.get(detail).content.decode()
    assert "12,5" in page
    jeton = sessions.plan_de(depot).jeton
    champs = {"geste": "appliquer", "version": depot.version, "jeton": jeton}
    assert client.post(detail, champs).status_code == 302
    assert etat() == {("revenu", "QP000901", "2019"): (Decimal("12.5"), "publiee")}
    assert client.post(detail, champs).status_code == 409
    depot.refresh_from_db()
    assert client.post(detail, {"geste": "annuler", "version": depot.version}).status_code == 302
    assert etat() == {}


def test_l_ecran_rend_la_grille_refusee_avec_la_raison(client, o, agente):
    client.force_login(agente)
    liste = reverse("indicateurs:depot-list", args=[o.contrat.slug])
    for champs, dit in (
        ({"grille": "a\tb\nc\td"}, "Aucun en-tête reconnu"),
        ({}, "Choisissez un fichier, ou collez une grille."),
        ({"grille": "Quartier\t2019\nArènes\t1", "millesime": "hier"}, "pas un millésime"),
    ):
        reponse = client.post(liste, champs)
        assert reponse.status_code == 400
        page = reponse.content.decode()
        assert dit in page
        assert champs.get("grille", "").split("\n")[-1] in page


def test_l_ecran_dit_chaque_anomalie_et_n_offre_pas_d_importer(client, o, agente):
    client.force_login(agente)
    depot = deposer(o, avec(valeur="douze"))
    detail = reverse("indicateurs:depot-detail", args=[o.contrat.slug, depot.public_id])
    page = client.get(detail).content.decode()
    assert "Ligne 2, colonne D" in page
    assert 'value="appliquer"' not in page
    reponse = client.post(detail, {"geste": "appliquer", "version": 1, "jeton": "x"})
    assert reponse.status_code == 409
