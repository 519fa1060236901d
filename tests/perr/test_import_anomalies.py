"""Le tableau imprimé et la table longue du PERR de démonstration, défauts compris, en base vide."""

import pytest

from contrats.enums import TypeContrat
from perr.enums import StatutDeclinaison
from perr.importation.application import appliquer
from perr.importation.lecteur import lire_fichier
from perr.importation.plan import prevoir
from perr.importation.textes import lire_texte
from perr.models import Declinaison, TitreVariante
from tests.contrats.factories import ContratFactory
from tests.perr.tableaux import Imprime, donnees, en_classeur, en_csv, table_longue, texte_imprime

pytestmark = pytest.mark.django_db


@pytest.fixture
def vide():
    return ContratFactory(type=TypeContrat.PERR, publie=True)


@pytest.fixture(scope="module")
def imprime():
    tableau = Imprime()
    return tableau, lire_fichier(en_classeur(tableau.feuilles))


@pytest.fixture(scope="module")
def longue():
    return lire_fichier(en_csv(table_longue()))


@pytest.fixture(scope="module")
def attendus():
    """Triplets des jeux de données : (action, annexe et rang de colonne, statut)."""
    places = {c["cle"]: (a["nom"], c["rang"]) for a in donnees()["annexes"] for c in a["colonnes"]}
    return {(d["action"], *places[d["colonne"]], d["statut"]) for d in donnees()["declinaisons"]}


def triplets(contrat):
    champs = "action__numero", "colonne__annexe__nom", "colonne__rang", "statut"
    return set(Declinaison.objects.filter(action__contrat=contrat).values_list(*champs))


def repondre(plan):
    """Ce que dirait qui connaît le territoire : garder, partager, et les quatre colonnes de 461."""
    reponses, rangs = {}, iter(("0", "1", "3", "4"))
    for question in plan.questions:
        reponse = {"partage": "toutes", "place": "laisser"}.get(question.genre.value)
        reponses[question.cle] = reponse or next(rangs)
    return reponses


def trouvees(plan, ou):
    """Genres d'anomalies par ligne du fichier (ou ligne d'origine)."""
    par_ligne = {}
    for a in plan.anomalies:
        par_ligne.setdefault(ou(a.endroit), set()).add(a.genre.value)
    return par_ligne


def test_le_statut_se_lit_dans_les_mots_de_chaque_case():
    lus = [(lire_texte(texte_imprime(d)).statut, d) for d in donnees()["declinaisons"]]
    assert [d for lu, d in lus if (lu or "texte") != d["statut"]] == []


@pytest.mark.parametrize("forme", ["imprime", "longue"])
def test_importer_en_base_vide_redonne_les_244_triplets(vide, forme, request, attendus):
    feuilles = request.getfixturevalue(forme)
    feuilles = feuilles[1] if forme == "imprime" else feuilles
    depart = prevoir(vide, feuilles, {})
    assert not Declinaison.objects.exists()  # prévoir n'écrit rien
    assert len(depart.questions_ouvertes) == 6
    assert len(depart.creations) == 233  # les autres attendent une réponse

    plan = prevoir(vide, feuilles, repondre(depart))
    assert not plan.questions_ouvertes
    appliquer(plan, par=None, motif="Import")
    assert triplets(vide) == attendus
    assert len(attendus) == 244

    encore = prevoir(vide, feuilles, repondre(depart))
    assert (len(encore.changements), encore.nb_inchangees) == (0, 244)
    assert not encore.ajouts


def test_sans_reponse_les_questions_ne_bloquent_que_leurs_cellules(vide, longue, attendus):
    appliquer(prevoir(vide, longue, {}), par=None, motif="Import")
    colonnes = {"breguet-maraichers": 1, "empalot": 2, "soupetard-la-gloire": 4, "barradels": 5}
    manquent = {(a, n, r) for a, n, r, _ in attendus - triplets(vide)}
    assert manquent == (
        {(a, "Ouest", r) for a in ("3", "4") for r in (1, 2, 4)}
        | {("20", "Nord/Est", r) for r in colonnes.values()}
        | {("22", "Ouest", 3)}
    )


def test_chaque_ligne_mal_alignee_du_tableau_imprime_est_trouvee(vide, imprime):
    tableau, feuilles = imprime
    plan = prevoir(vide, feuilles, {})
    noms = {"Ouest": "ouest", "Nord-Est": "nord-est", "Sud": "sud"}
    vues = trouvees(plan, lambda e: (noms.get(e.feuille), e.ligne))

    def a(nom):
        annexe = nom.split("/")[0]
        return vues.get((annexe, tableau.ou[nom]), set())

    assert "place" in a("ouest/2")  # 340
    assert "partage" in a("ouest/4")  # 341
    assert {"decalage", "suite"} <= a("ouest/8")  # 349-350
    assert "place" in a("ouest/24")  # 391
    assert "place" in a("ouest/22")  # 384
    assert "partage" in a("ouest/29")  # 400
    for nom in ("ouest/35", "ouest/36", "nord-est/35", "nord-est/36", "sud/35", "sud/36"):
        assert "decalage" in a(nom)  # 411, 412, 486, 487, 557, 558
    assert "numero" in a("ouest/40")  # 421
    assert "numero" in a("ouest/41")  # 422
    assert "programme" in a("nord-est/10")  # 446
    assert "decalage" in a("nord-est/18")  # 459
    assert "place_inconnue" in a("nord-est/20")  # 461
    assert "decalage" in a("nord-est/28")  # 474
    for numero in range(42, 46):
        assert "decalage" in a(f"nord-est/{numero}")  # 498 à 501
    assert "decalage" in a("sud/16")  # 528
    assert "decalage" in a("sud/17")  # 529
    assert "doublon" in a("nord-est/34")  # 433 et 485


def test_chaque_ligne_mal_alignee_de_la_table_longue_est_trouvee(vide, longue):
    plan = prevoir(vide, longue, {})
    vues = trouvees(plan, lambda e: e.origine)
    attendu = {
        "340": "place",
        "341": "partage",
        "350": "remarque",
        "384": "place",
        "391": "place",
        "400": "partage",
        "411": "remarque",
        "412": "remarque",
        "421": "numero",
        "459": "place",
        "461": "place_inconnue",
        "474": "place",
        "485": "doublon",
        "487": "remarque",
        "498": "remarque",
        "499": "remarque",
        "500": "remarque",
        "528": "remarque",
        "529": "remarque",
    }
    assert {ligne: genre for ligne, genre in attendu.items() if genre not in vues[ligne]} == {}


@pytest.mark.parametrize("forme", ["imprime", "longue"])
def test_seules_trois_lignes_se_demandent(vide, forme, request):
    feuilles = request.getfixturevalue(forme)
    tableau = feuilles[0] if forme == "imprime" else None
    plan = prevoir(vide, feuilles[1] if tableau else feuilles, {})
    demandees = {q.endroit.origine or q.endroit.ligne for q in plan.questions}
    attendues = {"341", "384", "461"}
    if tableau:
        attendues = {tableau.ou[n] for n in ("ouest/4", "ouest/22", "nord-est/20")}
    assert demandees == attendues


def test_chaque_anomalie_dit_son_endroit_sa_raison_et_sa_confiance(vide, imprime):
    for anomalie in prevoir(vide, imprime[1], {}).anomalies:
        assert "ligne" in str(anomalie.endroit)
        assert anomalie.constat.endswith((".", "?"))
        assert anomalie.raison
        assert anomalie.confiance in ("elevee", "moyenne", "faible")
        assert not anomalie.options or anomalie.question or anomalie.libelle_propose


def test_le_titre_l_emporte_sur_le_numero_et_la_variante_imprimee_est_gardee(vide, imprime):
    depart = prevoir(vide, imprime[1], {})
    appliquer(prevoir(vide, imprime[1], repondre(depart)), par=None, motif="Import")
    ouest = TitreVariante.objects.filter(annexe__nom="Ouest")
    assert ouest.get(action__numero="41").numero_imprime == "40"
    assert "formations" in ouest.get(action__numero="41").action.intitule
    assert ouest.get(action__numero="40").numero_imprime == "41"


def test_refuser_une_correction_laisse_le_texte_ou_il_est_imprime(vide, imprime):
    depart = prevoir(vide, imprime[1], {})
    deplacee = next(a for a in depart.corrections if "« papus »" in a.raison)
    plan = prevoir(vide, imprime[1], {deplacee.cle: "laisser"})
    [ecrite] = [c for c in plan.creations if c.place[::2] == ("Ouest", "24")]
    assert ecrite.place[1] == 3
    assert "Bagatelle" in ecrite.apres.a_verifier


def test_une_reponse_qui_n_est_pas_une_option_est_oubliee(vide, longue):
    depart = prevoir(vide, longue, {})
    plan = prevoir(vide, longue, {q.cle: "n'importe quoi" for q in depart.questions})
    assert len(plan.questions_ouvertes) == 6


def test_un_renvoi_ecrit_dans_le_texte_vise_l_action_citee(vide, longue):
    depart = prevoir(vide, longue, {})
    appliquer(prevoir(vide, longue, repondre(depart)), par=None, motif="Import")
    cellule = Declinaison.objects.get(action__numero="6", colonne__abrege="CEP")
    assert cellule.statut == StatutDeclinaison.RENVOI
    assert [r.action.numero for r in cellule.renvois.all()] == ["1"]
