"""Deux contrats jumeaux, non publiés, et un visiteur de chaque sorte sur le premier."""

import datetime
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from contrats.enums import TypeContrat
from contrats.models import Action, Contrat, Fiche
from contrats.versions import versionner
from courrier.depot import deposer
from gouvernance import liens as liens_de_session
from notifications import liens as desabonnement
from tests.avenants.factories import AvenantFactory, EffetFactory
from tests.campagnes.factories import ReponseFactory, ouverte, preparee
from tests.campagnes.factories import jeton as jeton_de_campagne
from tests.campagnes.images import photo
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    AxeFactory,
    CommentaireFactory,
    ContratFactory,
    FiltreEnregistreFactory,
    InvitationFactory,
    LigneDeLotFactory,
    OriginalSigneFactory,
    PartenariatFactory,
    fiche_complete,
)
from tests.documents.factories import DocumentFigeFactory, PreparationFactory
from tests.droits.declaration import Qui
from tests.edition.factories import BrouillonFactory, LotFactory
from tests.gouvernance.factories import (
    DecisionFactory,
    DeliberationFactory,
    InscriptionFactory,
    SeanceFactory,
    SessionFactory,
)
from tests.indicateurs.factories import ImportMesuresFactory, mesurer, observatoire
from tests.notifications.factories import NotificationFactory
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import DeclinaisonFactory, ImportFactory
from tests.reprise.factories import repris, revenu
from tests.signatures.factories import PieceSigneeFactory
from tests.territoires.factories import TerritoireFactory

QUESTIONS = {"contrats:fiche-comparer": "?de=1&a=1", "perr:matrice-suite": "?depuis=0"}
PAGE = uuid.UUID(int=1)


@dataclass
class Monde:
    """Un contrat et une chose de chaque sorte ; `cles` : ce qu'il faut à ses adresses."""

    contrat: Contrat
    fiche: Fiche
    action: Action
    cles: dict[str, dict[str, Any]]


def monde(nom: str) -> Monde:
    """Contrat non publié, enfant d'un autre, avec tout ce qu'une adresse peut désigner."""
    contrat = ContratFactory(
        parent=ContratFactory(), lien="annexe", slug=nom, type=TypeContrat.PERR
    )
    fiche = fiche_complete(contrat=contrat, publiee=False)
    action = fiche.actions.first()
    territoire = TerritoireFactory(qpv=True)
    contrat.territoires.add(territoire)
    OriginalSigneFactory(contrat=contrat)
    declinaison = DeclinaisonFactory(
        colonne__annexe__contrat=contrat, colonne__quartiers=[territoire]
    )
    depot = ImportFactory(contrat=contrat)
    campagne, partie = preparee(contrat=contrat), ouverte(contrat=contrat)
    reponse = ReponseFactory(demande=partie.destinataires.first().demandes.first())
    piece = reponse.pieces.create(nom="a.jpg", type="image/jpeg", taille=1, contenu=photo())
    seance = SeanceFactory(instance__contrat=contrat, ouverte=True)
    decision = DecisionFactory(seance=seance)
    session = SessionFactory(contrat=contrat)
    inscription = InscriptionFactory(session=session)
    lot = LotFactory()
    version = versionner(fiche, par=None, lot=lot)
    habilitation = UtilisateurFactory().habilitations.create(contrat=contrat, role="lecture")
    jeton = f"jeton-{nom}"
    invitation = InvitationFactory(
        contrat=contrat, empreinte=hashlib.sha256(jeton.encode()).hexdigest()
    )
    courriel = deposer(cle=nom, destinataire="a@exemple.invalid", sujet="Essai", texte="Essai")
    o = observatoire(1, contrat=contrat)
    [mesure] = mesurer(o.indicateur, "2019", {o.quartiers[0]: 50})
    chemin = {"slug": contrat.slug, "cle": o.indicateur.cle}
    mesures = ImportMesuresFactory(contrat=contrat)
    fige = DocumentFigeFactory(contrat=contrat)
    avenant = AvenantFactory(modifie=contrat, contrat__slug=f"avenant-{nom}")
    retire = EffetFactory(avenant=avenant)
    signee = PieceSigneeFactory(
        signataire__campagne__document__contrat=contrat, signataire__campagne__assemblee=True
    )
    par_objet: dict[str, dict[str, Any]] = {
        "avenant": {"slug": avenant.contrat.slug},
        "avenant-list": {"slug": contrat.slug},
        "effet": {"slug": avenant.contrat.slug, "pk": retire.pk},
        "texte": {"slug": contrat.slug},
        "comparatif": {"slug": contrat.slug},
        "fige": {
            "slug": contrat.slug,
            "public_id": fige.public_id,
            "empreinte": fige.empreinte,
        },
        "verification": {"code": fige.code},
        "preparation": {
            "slug": contrat.slug,
            "genre": "lot",
            "public_id": PreparationFactory(contrat=contrat, restreinte=True).public_id,
        },
        "flux": {"slug": contrat.slug},
        "signature": {"public_id": signee.signataire.campagne.public_id},
        "signataire": {"public_id": signee.signataire.public_id, "piece": signee.pk},
        "contrat": {"slug": contrat.slug, "transition": "soumettre", "pk": habilitation.pk},
        "contrat-revoquer": {"slug": contrat.slug, "pk": invitation.pk},
        "fiche": {
            "public_id": fiche.public_id,
            "slug": contrat.slug,
            "fiche_slug": fiche.cle,
            "numero": version.numero,
            "transition": "soumettre",
            "page": PAGE,
            "retiree": action.public_id,
        },
        "annexe": {"slug": contrat.slug, "cle": declinaison.colonne.annexe.cle},
        "matrice": {"slug": contrat.slug},
        "cellule": {
            "slug": contrat.slug,
            "action": declinaison.action_id,
            "colonne": declinaison.colonne_id,
        },
        "deliberation": {"public_id": DeliberationFactory(contrat=contrat).public_id},
        "deliberation-revenir": {
            "public_id": DeliberationFactory(contrat=contrat, adoptee=True).public_id
        },
        "seance": {"public_id": seance.public_id, "transition": "convoquer", "piece": "dossier"},
        "decision": {"public_id": decision.public_id},
        "instance": {"public_id": seance.instance.public_id},
        "session": {"slug": session.slug, "piece": "inscrits"},
        "inscription": {"jeton": liens_de_session.jeton_de(inscription)},
        "lot": {"public_id": lot.public_id},
        "filtre": {"pk": FiltreEnregistreFactory(utilisateur=UtilisateurFactory()).pk},
        "changement": {"public_id": LigneDeLotFactory(action=action).lot.public_id},
        "account_reset_password_from_key": {"uidb36": "1", "key": "faux"},
        "lien": {"jeton": "faux"},
        "campagne": {"public_id": campagne.public_id},
        "reponse": {"pk": reponse.pk, "piece": piece.pk},
        "repondre": {"jeton": jeton_de_campagne(partie), "rang": 1},
        "notification": {"pk": NotificationFactory(passage__fiche=fiche).pk},
        "desabonnement": {"jeton": desabonnement.jeton(habilitation.utilisateur_id)},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
        "indicateur": {**chemin, "public_id": mesure.indicateur.public_id, "generation": 2015},
        "mesure": {**chemin, "public_id": mesure.public_id},
        "analyse": chemin,
        "cible": chemin,
        "depot": {"slug": contrat.slug, "public_id": mesures.public_id},
        "import": {"slug": contrat.slug, "public_id": depot.public_id},
        "document": {"public_id": repris(contrat).public_id},
        "retour": {"slug": contrat.slug, "public_id": revenu(contrat).public_id},
        "fiches": {"slug": contrat.slug},
        "action": {"public_id": action.public_id, "transition": "lancer"},
        "declinaison": {"public_id": declinaison.public_id},
        "commentaire": {"pk": CommentaireFactory(fiche=fiche).pk},
        "invitation": {"jeton": jeton},
        "courriel": {"pk": courriel.pk},
        "organisme": {"cle": OrganismeFactory().cle},
        "dossier": {"slug": contrat.slug, "genre": "comite"},
        "programme": {"slug": contrat.slug, "cle": AxeFactory(contrat=contrat).cle},
        "territoire": {"cle": territoire.cle},
        "quartier": {"nom": territoire.code, "slug": contrat.slug, "cle": territoire.cle},
    }
    return Monde(contrat, fiche, action, par_objet)


def visiteurs(soi: Monde) -> dict[Qui, Any]:
    """Un compte par sorte de visiteur, habilité sur le seul contrat `soi`."""
    comptes: dict[Qui, Any] = {Qui.ANONYME: None, Qui.SANS_ROLE: UtilisateurFactory()}
    comptes[Qui.ADMINISTRATION] = UtilisateurFactory(administrateur=True)
    comptes[Qui.HERITIER] = UtilisateurFactory(habilitations=[(soi.contrat.parent, "pilotage")])
    comptes[Qui.ECHU] = UtilisateurFactory()
    hier = timezone.localdate() - datetime.timedelta(days=1)
    comptes[Qui.ECHU].habilitations.create(contrat=soi.contrat, role="pilotage", fin=hier)
    comptes[Qui.PILOTE] = UtilisateurFactory(
        habilitations=[(soi.contrat, "partenaire")], organisme=OrganismeFactory()
    )
    PartenariatFactory(action=soi.action, organisme=comptes[Qui.PILOTE].organisme, role="pilote")
    for qui in set(Qui) - set(comptes):
        comptes[qui] = UtilisateurFactory(
            habilitations=[(soi.contrat, qui.value)], organisme=OrganismeFactory()
        )
    # Le brouillon, la notification, le filtre de l'un ne sont à personne d'autre.
    BrouillonFactory(
        utilisateur=comptes[Qui.PILOTAGE], cle=f"fiche:{soi.fiche.public_id}", page=PAGE
    )
    notification = NotificationFactory(destinataire=comptes[Qui.PILOTAGE], passage__fiche=soi.fiche)
    soi.cles["notification"] = {"pk": notification.pk}
    filtre = FiltreEnregistreFactory(utilisateur=comptes[Qui.PILOTAGE])
    soi.cles["filtre"] = {"pk": filtre.pk}
    return comptes


def routes(resolveur: Any = None, espace: str = "") -> Any:
    """`(nom, paramètres)` de chaque adresse de l'urlconf, administration comprise."""
    for motif in (resolveur or get_resolver()).url_patterns:
        if isinstance(motif, URLResolver):
            interieur = f"{espace}{motif.namespace}:" if motif.namespace else espace
            yield from routes(motif, interieur)
        else:
            yield f"{espace}{motif.name}", set(motif.pattern.converters)


def adresse(nom: str, parametres: set[str], monde: Monde) -> str:
    """L'adresse de cette route dans ce monde."""
    court = nom.rpartition(":")[2]
    cles = monde.cles.get(court) or monde.cles.get(court.partition("-")[0], {})
    cles = {"chiffre": "actions", "table": "chiffres", "extension": "csv"} | cles
    url = reverse(nom, kwargs={p: cles[p] for p in parametres})
    return url + QUESTIONS.get(nom, "")
