"""Écrire par l'API : la version lue, le droit, le cycle de vie ; sinon rien n'est écrit."""

import datetime
import json

import orjson
import pytest
from django.test import Client

from comptes.models import Assistance
from contrats import jetons
from contrats.enums import RoleHabilitation, StatutAction
from contrats.models import Action
from edition.ecriture import mettre_a_jour
from perr.enums import StatutDeclinaison
from perr.models import Lot
from tests.api.test_reponses import est_probleme
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, FicheFactory, PartenariatFactory
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import DeclinaisonFactory

pytestmark = pytest.mark.django_db
NOUVEL_AN = datetime.date(2026, 1, 1)


def agent(objet, role=RoleHabilitation.PILOTAGE, **champs):
    return UtilisateurFactory(habilitations=[(objet.contrat, role)], **champs)


def jeton(objet, role=RoleHabilitation.PILOTAGE, *, ecriture=True):
    return jetons.creer(agent(objet, role), objet.contrat, nom="Essai", ecriture=ecriture)[1]


@pytest.fixture
def action(db):
    return ActionFactory(fiche=FicheFactory(publiee=True))


@pytest.fixture
def ouvert(action):
    return jeton(action)


def adresse(objet):
    return (
        f"/api/v1/{'actions' if isinstance(objet, Action) else 'declinaisons'}/{objet.public_id}/"
    )


def envoyer(objet, corps, texte, *, si='"v1"', methode="PATCH", **entetes):
    if si is not None:
        entetes["If-Match"] = si
    if texte:
        entetes["Authorization"] = f"Bearer {texte}"
    octets = corps if isinstance(corps, bytes) else json.dumps(corps).encode()
    return Client().generic(methode, adresse(objet), octets, "application/json", headers=entetes)


def etiquette(objet, texte):
    return Client().get(adresse(objet), headers={"authorization": f"Bearer {texte}"})["ETag"]


# B-53 : If-Match × méthodes

PRECONDITIONS = {
    "forte": (lambda e: e, 200),
    "affaiblie": (lambda e: f"W/{e}", 200),
    "version seule": (lambda e: '"v1"', 200),
    "version affaiblie": (lambda e: 'W/"v1"', 200),
    "liste": (lambda e: f'"v9", W/"autre", {e}', 200),
    "liste à trous": (lambda e: f' , "v9",,{e} ,', 200),
    "*": (lambda e: "*", 200),
    "périmée": (lambda e: e.replace("v1-", "v2-"), 412),
    "liste périmée": (lambda e: '"v2", W/"v3"', 412),
    "étrangère": (lambda e: '"abc"', 412),
    "absente": (lambda e: None, 428),
    "sans guillemets": (lambda e: "v1", 400),
    "vide": (lambda e: "", 400),
    "étoile dans une liste": (lambda e: '*, "v1"', 400),
    "guillemet ouvert": (lambda e: '"v1', 400),
}
ECRITS = {
    "actions": (lambda: ActionFactory(), {"avancement": 40}),
    "declinaisons": (
        lambda: DeclinaisonFactory(colonne__annexe__contrat__type="perr"),
        {"modalites": "Dès la rentrée."},
    ),
}


def _objet(ressource):
    fabrique, corps = ECRITS[ressource]
    objet = fabrique()
    contrat = objet.contrat if ressource == "actions" else objet.action.contrat
    objet.contrat = contrat
    return objet, corps


@pytest.mark.parametrize("ressource", ECRITS)
@pytest.mark.parametrize("cas", PRECONDITIONS)
def test_une_ecriture_exige_la_version_lue(ressource, cas):
    objet, corps = _objet(ressource)
    texte = jeton(objet)
    avant = etiquette(objet, texte)
    forme, statut = PRECONDITIONS[cas]
    reponse = envoyer(objet, corps, texte, si=forme(avant))
    assert reponse.status_code == statut
    apres = etiquette(objet, texte)
    if statut == 200:
        assert reponse["ETag"] == apres
        assert reponse.json()["version"] == 2
        assert corps.items() <= reponse.json().items()
    else:
        assert apres == avant
    if statut == 412:
        probleme = est_probleme(reponse, 412, "version-perimee")
        assert reponse["ETag"] == avant
        assert probleme["current"]["version"] == 1
        assert probleme["current"]["id"] == str(objet.public_id)


@pytest.mark.parametrize("methode", ["PUT", "DELETE", "POST"])
@pytest.mark.parametrize("ressource", ECRITS)
@pytest.mark.parametrize("cas", PRECONDITIONS)
def test_les_autres_methodes_n_existent_pas_quelle_que_soit_l_etiquette(methode, ressource, cas):
    objet, corps = _objet(ressource)
    texte = jeton(objet)
    avant = etiquette(objet, texte)
    reponse = envoyer(objet, corps, texte, si=PRECONDITIONS[cas][0](avant), methode=methode)
    est_probleme(reponse, 405, "methode-non-admise")
    assert reponse["Allow"] == "GET, HEAD, PATCH, OPTIONS"
    assert etiquette(objet, texte) == avant


def test_l_etiquette_affaiblie_par_la_compression_sert_a_ecrire(action, ouvert, settings):
    settings.MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *settings.MIDDLEWARE]
    lue = Client().get(adresse(action), headers={"accept-encoding": "gzip"})["ETag"]
    assert lue.startswith("W/")
    assert envoyer(action, {"avancement": 1}, ouvert, si=lue).status_code == 200


def test_un_partenaire_renomme_n_est_pas_un_conflit(action, ouvert):
    partenariat = PartenariatFactory(action=action)
    lue = etiquette(action, ouvert)
    type(partenariat.organisme).objects.update(nom="Autre", version=2)
    assert etiquette(action, ouvert) != lue
    assert envoyer(action, {"avancement": 1}, ouvert, si=lue).status_code == 200


def test_relire_sur_412_puis_reecrire_ne_perd_rien(action, ouvert):
    """Deux programmes, deux champs : le second part de ce que le 412 lui a rendu."""
    assert envoyer(action, {"avancement": 10}, ouvert).status_code == 200
    perdu = envoyer(action, {"debut": "2026-01-01"}, ouvert)
    assert perdu.status_code == 412
    assert envoyer(action, {"debut": "2026-01-01"}, ouvert, si=perdu["ETag"]).status_code == 200
    action.refresh_from_db()
    assert (action.avancement, action.debut, action.version) == (10, NOUVEL_AN, 3)


def test_une_ecriture_survenue_entre_lecture_et_mise_a_jour_est_un_412(action, ouvert, monkeypatch):
    from contrats.transitions import suivi

    ecrire = suivi.mettre_a_jour

    def doubler(objet, **champs):
        if isinstance(objet, Action):
            mettre_a_jour(Action.objects.get(pk=objet.pk), version=1, avancement=99)
        ecrire(objet, **champs)

    monkeypatch.setattr(suivi, "mettre_a_jour", doubler)
    reponse = envoyer(action, {"avancement": 40}, ouvert, si="*")
    est_probleme(reponse, 412, "version-perimee")
    action.fiche.refresh_from_db()
    assert action.fiche.version == 1  # rien de l'écriture perdue ne reste


# Suivi d'une action


def test_le_suivi_suit_le_cycle_et_va_a_l_historique(action, ouvert):
    corps = {"statut": "reportee", "motif": "Budget voté tard.", "echeance": "2027-06-30"}
    reponse = envoyer(action, corps, ouvert)
    assert reponse.status_code == 200
    assert reponse.json()["echeance"] == "2027-06-30"
    action.refresh_from_db()
    assert (action.statut, action.motif_statut) == ("reportee", "Budget voté tard.")
    passage = action.transitions.get()
    assert (passage.de, passage.vers) == ("a_lancer", "reportee")
    version = action.fiche.versions.get()
    assert version.auteur == passage.par
    fini = envoyer(action, {"statut": "realisee"}, ouvert, si=reponse["ETag"])
    assert fini.json()["avancement"] == 100


def test_null_efface_et_un_champ_absent_ne_change_pas(action, ouvert):
    mettre_a_jour(action, version=1, avancement=40, debut=NOUVEL_AN, echeance=NOUVEL_AN)
    reponse = envoyer(action, {"avancement": None, "debut": None}, ouvert, si='"v2"')
    assert reponse.status_code == 200
    lue = reponse.json()
    assert (lue["avancement"], lue["debut"], lue["echeance"]) == (None, None, "2026-01-01")
    # Redire ce qui est n'écrit rien.
    assert envoyer(action, {"debut": None}, ouvert, si='"v3"').json()["version"] == 3
    assert envoyer(action, {}, ouvert, si='"v3"').json()["version"] == 3


@pytest.mark.parametrize(
    ("corps", "pointeur"),
    [
        ({"inconnu": 1}, "/inconnu"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"intitule": "Autre"}, "/intitule"),
        ({"version": 7}, "/version"),
        ({"contrat": "ailleurs"}, "/contrat"),
        ({"statut": "finie"}, "/statut"),
        ({"statut": 1}, "/statut"),
        ({"statut": None}, "/statut"),
        ({"avancement": 101}, "/avancement"),
        ({"avancement": -1}, "/avancement"),
        ({"avancement": "40"}, "/avancement"),
        ({"avancement": True}, "/avancement"),
        ({"avancement": 10**30}, "/avancement"),
        ({"debut": "31/01/2026"}, "/debut"),
        ({"debut": 2026}, "/debut"),
        ({"debut": "2026-02-01", "echeance": "2026-01-01"}, "/echeance"),
        ({"motif": "x" * 501, "statut": "reportee"}, "/motif"),
        ({"motif": "\0", "statut": "reportee"}, "/motif"),
        ({"motif": "Sans changement."}, "/motif"),
        ({"statut": "reportee", "echeance": "2027-01-01"}, "/motif"),
        ({"statut": "reportee", "motif": "Tard."}, "/echeance"),
    ],
)
def test_un_champ_refuse_est_designe_et_rien_n_est_ecrit(action, ouvert, corps, pointeur):
    probleme = est_probleme(
        envoyer(action, {"avancement": 1, **corps}, ouvert), 400, "requete-invalide"
    )
    assert [e["pointer"] for e in probleme["errors"]] == [pointeur]
    assert probleme["errors"][0]["message"].endswith((".", "»"))
    action.refresh_from_db()
    assert (action.version, action.avancement, action.fiche.version) == (1, None, 1)


@pytest.mark.parametrize("statut", ["regroupee", "en_cours"])
def test_un_passage_que_le_cycle_n_admet_pas_est_un_409(action, ouvert, statut):
    mettre_a_jour(action, version=1, statut=StatutAction.ABANDONNEE, motif_statut="Sans suite.")
    reponse = envoyer(action, {"statut": statut}, ouvert, si='"v2"')
    assert est_probleme(reponse, 409, "conflit-d-etat")["detail"].endswith(".")


@pytest.mark.parametrize(
    "corps",
    [b"{", b"[]", b"null", b'"x"', b"\xff", b'{"avancement": NaN}', b"[" * 100_000],
)
def test_un_corps_qui_n_est_pas_un_objet_json_est_un_400(action, ouvert, corps):
    est_probleme(envoyer(action, corps, ouvert), 400, "requete-invalide")


def test_un_corps_d_un_autre_type_ou_trop_grand_est_refuse(action, ouvert):
    entetes = {"If-Match": "*", "Authorization": f"Bearer {ouvert}"}
    autre = Client().generic("PATCH", adresse(action), b"a=1", "text/plain", headers=entetes)
    est_probleme(autre, 415, "corps-non-json")
    enorme = b'{"motif": "' + b"x" * 3_000_000 + b'"}'
    est_probleme(envoyer(action, enorme, ouvert), 413, "corps-trop-grand")


# Droits


def test_hors_perimetre_404_sans_droit_403_sans_compte_401(action):
    cachee = ActionFactory()
    ailleurs = jeton(ActionFactory())
    est_probleme(envoyer(cachee, {"avancement": 1}, ailleurs), 404, "introuvable")
    est_probleme(envoyer(action, {"avancement": 1}, ailleurs), 403, "acces-refuse")
    refus = envoyer(action, {"avancement": 1}, "")
    est_probleme(refus, 401, "jeton-exige")
    assert refus["WWW-Authenticate"].startswith("Bearer")
    # Sans compte, rien ne dit si l'objet existe.
    assert envoyer(cachee, {"avancement": 1}, "").status_code == 401


@pytest.mark.parametrize("role", RoleHabilitation)
def test_chaque_role_ecrit_ce_que_dit_la_table_des_droits(action, role):
    texte = jeton(action, role)
    ecrit = role in (RoleHabilitation.REDACTION, RoleHabilitation.PILOTAGE)
    assert envoyer(action, {"avancement": 1}, texte).status_code == (200 if ecrit else 403)
    lecteur = jeton(action, role, ecriture=False)
    refus = est_probleme(envoyer(action, {"avancement": 2}, lecteur, si="*"), 403, "acces-refuse")
    assert refus["detail"] == "Ce jeton ne fait que lire."


def test_un_partenaire_suit_l_action_que_son_organisme_pilote_sans_l_abandonner(action):
    pilote = agent(action, RoleHabilitation.PARTENAIRE, organisme=OrganismeFactory())
    PartenariatFactory(action=action, organisme=pilote.organisme, role="pilote")
    _, texte = jetons.creer(pilote, action.contrat, nom="Essai", ecriture=True)
    assert envoyer(action, {"statut": "en_cours"}, texte).status_code == 200
    abandon = {"statut": "abandonnee", "motif": "Non."}
    assert envoyer(action, abandon, texte, si="*").status_code == 403


def test_un_jeton_n_ecrit_pas_dans_un_autre_contrat_de_son_agent(action):
    autre = ActionFactory()
    agente = agent(action)
    agente.habilitations.create(contrat=autre.contrat, role=RoleHabilitation.PILOTAGE)
    _, texte = jetons.creer(agente, autre.contrat, nom="Essai", ecriture=True)
    assert envoyer(action, {"avancement": 1}, texte).status_code == 403


def test_une_session_ecrit_avec_son_jeton_csrf_et_jamais_sous_assistance(action, administrateur):
    navigateur = Client(enforce_csrf_checks=True)
    agente = agent(action)
    navigateur.force_login(agente)
    navigateur.get("/compte/jetons/")
    csrf = navigateur.cookies["csrftoken"].value
    envoi = ("PATCH", adresse(action), b'{"avancement": 1}', "application/json")
    entetes = {"If-Match": '"v1"'}
    assert navigateur.generic(*envoi, headers=entetes).status_code == 403
    entetes["X-CSRFToken"] = csrf
    assert navigateur.generic(*envoi, headers=entetes).status_code == 200
    aide = Client()
    aide.force_login(administrateur)
    session = aide.session
    session["assistance"] = Assistance.objects.create(
        agent=administrateur, au_nom_de=agente, motif="Aider"
    ).pk
    session.save()
    refus = aide.generic(*envoi, headers={"If-Match": "*"})
    assert est_probleme(refus, 403, "acces-refuse")["detail"].endswith("sous assistance.")


# Cellule de matrice


@pytest.fixture
def cellule(db):
    cellule = DeclinaisonFactory(texte="Ouvrir un lieu.")
    cellule.contrat = cellule.action.contrat
    return cellule


def test_une_cellule_s_ecrit_par_sa_porte_et_va_a_l_historique(cellule):
    texte = jeton(cellule)
    corps = {"statut": "sans_objet", "motif": "Hors périmètre."}
    reponse = envoyer(cellule, corps, texte)
    assert reponse.status_code == 200
    assert reponse.json()["texte"] == "Ouvrir un lieu."
    lot = Lot.objects.get()
    assert lot.motif.startswith("API")
    assert lot.versions.get().numero == 2
    assert envoyer(cellule, corps, texte, si='"v2"').json()["version"] == 2


@pytest.mark.parametrize(
    ("corps", "pointeur"),
    [
        ({"statut": StatutDeclinaison.SANS_OBJET}, "/motif"),
        ({"statut": "inconnu"}, "/statut"),
        ({"texte": ""}, "/texte"),
        ({"texte": "x" * 20_001}, "/texte"),
        ({"texte": None}, "/texte"),
        ({"groupe": "ligne"}, "/groupe"),
        ({"a_verifier": "?"}, "/a_verifier"),
    ],
)
def test_une_cellule_invalide_est_refusee_par_champ(cellule, corps, pointeur):
    probleme = est_probleme(envoyer(cellule, corps, jeton(cellule)), 400, "requete-invalide")
    assert [e["pointer"] for e in probleme["errors"]] == [pointeur]
    assert not Lot.objects.exists()


def test_le_schema_ne_promet_que_ce_qui_s_ecrit(client):
    chemins = orjson.loads(client.get("/api/v1/schema/").content)["paths"]
    assert {c for c, methodes in chemins.items() if set(methodes) - {"get"}} == {
        "/api/v1/actions/{public_id}/",
        "/api/v1/declinaisons/{public_id}/",
    }
