"""Chaque adresse du site, visitée : personne n'y trouve d'erreur 500, ni le public ce qui n'est
pas à lui ; toutes les réponses portent les en-têtes de sécurité."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from comptes import liens
from comptes.models import Utilisateur
from contrats.enums import RoleHabilitation
from contrats.invitations import empreinte
from contrats.models.contrat import ContratQuerySet
from contrats.versions import versionner
from documents import rendu
from notifications import liens as desabonnement
from tests.avenants.factories import AvenantFactory, EffetFactory
from tests.campagnes.factories import ReponseFactory, jeton, ouverte, preparee
from tests.campagnes.images import photo
from tests.comptes.factories import (
    UtilisateurFactory,
    avec_seconds_facteurs,
    vient_de_se_connecter,
)
from tests.contrats.factories import (
    AxeFactory,
    CommentaireFactory,
    FiltreEnregistreFactory,
    InvitationFactory,
    LigneDeLotFactory,
    OriginalSigneFactory,
    fiche_complete,
)
from tests.courrier.factories import CourrielFactory
from tests.documents.factories import DocumentFigeFactory, PreparationFactory
from tests.edition.factories import BrouillonFactory, LotFactory
from tests.formulaires import pannes
from tests.gouvernance.factories import adresses as adresses_de_gouvernance
from tests.indicateurs.factories import ImportMesuresFactory, mesurer, observatoire
from tests.notifications.factories import NotificationFactory
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import DeclinaisonFactory, ImportFactory
from tests.reprise.factories import repris, revenu
from tests.routes import (
    ACTES,
    MENENT_AILLEURS,
    PUBLIQUES,
    REDIRIGENT,
    REQUETES,
    RESERVEES,
    SELON_REGLAGE,
)
from tests.signatures.factories import PieceSigneeFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db

JETON = "jeton-d-essai"


def routes(resolveur=None, espace=""):
    """`(nom, vue, paramètres)` de chaque adresse, hors administration qui a ses propres tests."""
    for motif in (resolveur or get_resolver()).url_patterns:
        if isinstance(motif, URLResolver):
            if motif.namespace != "admin":
                interieur = f"{espace}{motif.namespace}:" if motif.namespace else espace
                yield from routes(motif, interieur)
        else:
            yield f"{espace}{motif.name}", motif.callback, set(motif.pattern.converters)


ROUTES = {nom: (vue, parametres) for nom, vue, parametres in routes()}


@pytest.fixture(scope="module")
def _site(django_db_setup, django_db_blocker):
    """Un objet publié par adresse, faits une fois pour toutes les adresses, puis défaits."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield peupler()
        transaction.set_rollback(True)


def peupler():
    """Ce que les adresses visent : l'agente, la fiche, et de quoi écrire chaque paramètre."""
    fiche, depot = fiche_complete(), ImportFactory()
    contrats = (fiche.contrat, depot.contrat)
    agente = UtilisateurFactory(habilitations=[(c, RoleHabilitation.PILOTAGE) for c in contrats])
    action = fiche.actions.first()
    OriginalSigneFactory(contrat=fiche.contrat)
    fiche.contrat.territoires.add(TerritoireFactory())
    lot = LotFactory()
    version = versionner(fiche, par=None, lot=lot)
    brouillon = BrouillonFactory(utilisateur=agente, cle=f"fiche:{fiche.public_id}")
    quartier = TerritoireFactory(qpv=True)
    declinaison = DeclinaisonFactory(
        colonne__quartiers=[quartier], colonne__annexe__contrat=fiche.contrat
    )
    matrice = declinaison.colonne.annexe
    campagne, partie = preparee(contrat=fiche.contrat), ouverte(contrat=fiche.contrat)
    reponse = ReponseFactory(demande=partie.destinataires.first().demandes.first())
    piece = reponse.pieces.create(nom="a.jpg", type="image/jpeg", taille=1, contenu=photo())
    InvitationFactory(empreinte=empreinte(JETON))
    o = observatoire(1, contrat=fiche.contrat)
    [mesure] = mesurer(o.indicateur, "2019", {o.quartiers[0]: 50})
    chemin = {"slug": fiche.contrat.slug, "cle": o.indicateur.cle}
    mesures = ImportMesuresFactory(contrat=fiche.contrat)
    fige = DocumentFigeFactory(contrat=fiche.contrat)
    avenant = AvenantFactory(modifie=fiche.contrat, contrat__publie=True)
    signee = PieceSigneeFactory(
        signataire__campagne__document__contrat=fiche.contrat, signataire__campagne__assemblee=True
    )
    objets = {
        "avenant": {"slug": avenant.contrat.slug},
        "avenant-list": {"slug": fiche.contrat.slug},
        "effet": {"slug": avenant.contrat.slug, "pk": EffetFactory(avenant=avenant).pk},
        "texte": {"slug": fiche.contrat.slug},
        "comparatif": {"slug": fiche.contrat.slug},
        "fige": {
            "slug": fiche.contrat.slug,
            "public_id": fige.public_id,
            "empreinte": fige.empreinte,
        },
        "verification": {"code": fige.code},
        "preparation": {
            "slug": fiche.contrat.slug,
            "genre": "lot",
            "public_id": PreparationFactory(contrat=fiche.contrat, restreinte=False).public_id,
        },
        "flux": {"slug": fiche.contrat.slug},
        "signature": {"public_id": signee.signataire.campagne.public_id},
        "signataire": {"public_id": signee.signataire.public_id, "piece": signee.pk},
        "contrat": {
            "slug": fiche.contrat.slug,
            "fiche_slug": fiche.cle,
            "transition": "soumettre",
            "pk": 1,
        },
        "fiche": {
            "public_id": fiche.public_id,
            "slug": fiche.contrat.slug,
            "fiche_slug": fiche.cle,
            "transition": "soumettre",
        },
        "fiches": {"slug": fiche.contrat.slug},
        "declinaison": {"public_id": declinaison.public_id},
        "annexe": {"slug": matrice.contrat.slug, "cle": matrice.cle},
        "matrice": {"slug": matrice.contrat.slug},
        "indicateur": {**chemin, "public_id": mesure.indicateur.public_id, "generation": 2015},
        "mesure": {**chemin, "public_id": mesure.public_id},
        "analyse": chemin,
        "cible": chemin,
        "depot": {"slug": fiche.contrat.slug, "public_id": mesures.public_id},
        "document": {"public_id": repris(fiche.contrat).public_id},
        "retour": {
            "slug": fiche.contrat.slug,
            "public_id": revenu(fiche.contrat).public_id,
        },
        "import": {"public_id": depot.public_id, "slug": depot.contrat.slug},
        "campagne": {"public_id": campagne.public_id},
        "reponse": {"pk": reponse.pk, "piece": piece.pk},
        "repondre": {"jeton": jeton(partie), "rang": 1},
        "action": {"public_id": action.public_id, "transition": "lancer"},
        "commentaire": {"pk": CommentaireFactory(fiche=fiche).pk},
        "invitation": {"jeton": JETON},
        "organisme": {"cle": OrganismeFactory().cle},
        "territoire": {"cle": TerritoireFactory().cle},
        "cellule": {"slug": matrice.contrat.slug},
        **adresses_de_gouvernance(fiche.contrat),
        "lot": {"public_id": lot.public_id},
        "filtre": {"pk": FiltreEnregistreFactory(utilisateur=agente).pk},
        "changement": {"public_id": LigneDeLotFactory(action=action).lot.public_id},
        "courriel": {"pk": CourrielFactory().pk},
        "notification": {"pk": NotificationFactory(destinataire=agente, passage__fiche=fiche).pk},
        "desabonnement": {"jeton": desabonnement.jeton(agente.pk)},
        "quartier": {"nom": quartier.code, "slug": matrice.contrat.slug, "cle": quartier.cle},
        "account_reset_password_from_key": {"uidb36": "1", "key": "faux"},
        "dossier": {"slug": fiche.contrat.slug, "genre": "comite"},
        "programme": {
            "slug": fiche.contrat.slug,
            "cle": AxeFactory(contrat=fiche.contrat).cle,
        },
    }
    return SimpleNamespace(
        agente=agente,
        action=action,
        version=version,
        brouillon=brouillon,
        declinaison=declinaison,
        objets=objets,
    )


@pytest.fixture
def _sans_mise_en_pages(monkeypatch):
    """Un PDF se rend dans `tests/documents` : ici, seules comptent l'adresse et ses réponses."""
    monkeypatch.setattr(rendu, "rendre_une_fois", lambda contexte, empreinte: b"%PDF-1.7")


@pytest.fixture
def agente(_site, db):
    """Pilote du contrat de la fiche et de celui de l'import, relue à chaque test."""
    return Utilisateur.objects.get(pk=_site.agente.pk)


@pytest.fixture
def adresse(_site, agente):
    """`adresse(nom)` : l'adresse de cette route pour un objet publié."""

    def trouver(nom):
        _, parametres = ROUTES[nom]
        valeurs = {"numero": _site.version.numero}
        valeurs |= {"page": _site.brouillon.page, "retiree": _site.action.public_id}
        if nom.startswith("mfa_") and parametres:
            valeurs["pk"] = avec_seconds_facteurs(agente).pk
        if "jeton" in parametres:
            agente.refresh_from_db()  # le lien est lié à la dernière connexion
            valeurs["jeton"] = liens.fabriquer(agente)
        valeurs |= {"chiffre": "actions", "table": "chiffres", "extension": "csv"}
        court = nom.rpartition(":")[2]
        valeurs |= _site.objets.get(court.split("-")[0], {}) | _site.objets.get(court, {})
        if "colonne" in parametres:
            declinaison = _site.declinaison
            valeurs |= {"action": declinaison.action_id, "colonne": declinaison.colonne_id}
        url = reverse(nom, kwargs={p: valeurs[p] for p in parametres})
        return url + REQUETES.get(nom, "")

    return trouver


def test_aucune_vue_n_est_publique_par_oubli():
    ouvertes = {nom for nom, (vue, _) in ROUTES.items() if not getattr(vue, "login_required", True)}
    assert ouvertes == PUBLIQUES


@pytest.mark.une_fois
@pytest.mark.usefixtures("_sans_mise_en_pages")
@pytest.mark.parametrize("nom", sorted(ROUTES))
def test_chaque_adresse_repond_au_public(client, adresse, nom):
    reponse = client.get(adresse(nom))
    verifier_en_tetes(reponse)
    if nom in SELON_REGLAGE:
        assert reponse.status_code == 404
    elif nom in PUBLIQUES:
        attendu = 405 if nom in ACTES else 302 if nom in REDIRIGENT else 200
        assert reponse.status_code == attendu
    else:
        assert reponse.status_code == 302
        assert reponse.url.startswith(reverse("comptes:connexion"))


@pytest.mark.une_fois
@pytest.mark.parametrize("nom", sorted(ROUTES))
def test_chaque_adresse_repond_a_qui_est_connecte(client, agente, adresse, nom):
    vient_de_se_connecter(client, agente)
    url = adresse(nom)
    if nom.startswith("mfa_") and not agente.authenticator_set.exists():
        avec_seconds_facteurs(agente)
    attendu = 404 if nom in SELON_REGLAGE else 403 if nom in RESERVEES else 200
    attendu = 405 if nom in ACTES else 302 if nom in MENENT_AILLEURS else attendu
    reponse = client.get(url)
    assert reponse.status_code == attendu
    verifier_en_tetes(reponse)


@pytest.mark.usefixtures("_sans_mise_en_pages")
@pytest.mark.parametrize("connecte", [False, True], ids=["public", "connecte"])
@pytest.mark.parametrize("nom", sorted(ROUTES))
def test_aucun_formulaire_mal_rempli_n_est_une_erreur_500(client, adresse, nom, connecte):
    """Sur les deux moteurs : chaque page s'y lit, puis chacun de ses formulaires."""
    url = adresse(nom)
    if connecte:
        client.force_login(UtilisateurFactory(administrateur=True))
    assert pannes(client, url, fois=4) == []


@pytest.mark.une_fois
@pytest.mark.parametrize("nom", sorted(nom for nom, (_, p) in ROUTES.items() if p))
def test_un_objet_introuvable_n_est_jamais_une_erreur_500(client, agente, nom):
    vient_de_se_connecter(client, agente)
    faux = {"public_id": "00000000-0000-4000-8000-000000000000", "numero": 99, "pk": 0}
    faux["page"] = faux["retiree"] = faux["public_id"]
    faux |= {"action": 0, "colonne": 0}
    faux |= {"page": faux["public_id"], "rang": 99, "piece": 0, "generation": 1}
    url = reverse(nom, kwargs={p: faux.get(p, "introuvable") for p in ROUTES[nom][1]})
    # Un jeton n'est pas un objet : la page dit que le lien n'ouvre plus rien.
    attendu = {"comptes:lien-ouvrir": 410, "account_reset_password_from_key": 200}.get(nom, 404)
    # Un acte n'a pas de lecture : selon sa vue, l'objet se cherche avant ou après la méthode.
    assert client.get(url).status_code in ({attendu, 405} if nom in ACTES else {attendu})
    assert client.post(url).status_code in (403, 404, 405, attendu)


# En-têtes de sécurité


def verifier_en_tetes(reponse):
    regles = reponse["Content-Security-Policy"]
    assert "default-src 'none'" in regles
    assert "unsafe" not in regles
    assert "http" not in regles
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["X-Frame-Options"] == "DENY"
    assert reponse["Referrer-Policy"] == "same-origin"
    assert reponse["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("url", "statut"),
    [
        ("/introuvable/", 404),
        ("/api/v1/introuvable/", 404),
        ("/api/v1/actions/?inconnu=1", 400),
        ("/statique/css/reciproque.css", 200),
        ("/statique/marque.svg", 200),
        ("/administration/", 302),
    ],
)
def test_les_en_tetes_valent_aussi_pour_les_erreurs_et_les_fichiers(client, url, statut):
    reponse = client.get(url)
    assert reponse.status_code == statut
    verifier_en_tetes(reponse)
    reponse.getvalue()  # un fichier se lit jusqu'au bout, ce qui le ferme


@pytest.mark.parametrize("nom", ["contrats:contrat-list", "api:contrat-list"])
def test_une_panne_porte_aussi_les_en_tetes(adresse, monkeypatch, nom):
    def tomber(*args):
        raise RuntimeError("panne d'essai")

    monkeypatch.setattr(ContratQuerySet, "visibles_par", tomber)
    client = Client(raise_request_exception=False)
    reponse = client.get(adresse(nom))
    assert reponse.status_code == 500
    assert "panne d'essai" not in reponse.content.decode()
    verifier_en_tetes(reponse)


def test_un_formulaire_sans_jeton_est_refuse_avec_les_memes_en_tetes():
    reponse = Client(enforce_csrf_checks=True).post(reverse("comptes:connexion"))
    assert reponse.status_code == 403
    verifier_en_tetes(reponse)
