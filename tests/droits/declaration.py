"""Qui entre où : chaque adresse du site, par méthode. Une adresse absente fait échouer la matrice.

Y ajouter une ligne est une décision, relue. PUT et DELETE n'existent nulle part.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from contrats.enums import RoleHabilitation
from contrats.permissions import ROLES_PAR_ACTE, SI_PILOTE, Acte


class Qui(StrEnum):
    """Les visiteurs de la matrice, selon ce qu'ils sont sur « leur » contrat."""

    ANONYME = "anonyme"
    SANS_ROLE = "sans_role"
    ECHU = "echu"  # chargé de projet jusqu'à hier
    LECTURE = "lecture"
    PARTENAIRE = "partenaire"
    PILOTE = "pilote"  # partenaire dont l'organisme pilote l'action
    REDACTION = "redaction"
    PILOTAGE = "pilotage"
    COPILOTE = "copilote"
    HERITIER = "heritier"  # chargé de projet du contrat parent
    ADMINISTRATION = "administration"


TOUS = frozenset(Qui)
CONNECTES = TOUS - {Qui.ANONYME}
HABILITES = CONNECTES - {Qui.SANS_ROLE, Qui.ECHU}
ADMINISTRATION = frozenset({Qui.ADMINISTRATION})
METHODES = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PERSONNE: frozenset[Qui] = frozenset()


def de(acte: Acte) -> frozenset[Qui]:
    """Ceux qui peuvent cet acte, d'après la table des droits."""
    roles = ROLES_PAR_ACTE[acte]
    qui = {Qui(role.value) for role in roles if (acte, role) not in SI_PILOTE}
    if RoleHabilitation.PARTENAIRE in roles:
        qui.add(Qui.PILOTE)
    if RoleHabilitation.PILOTAGE in roles:
        qui.add(Qui.HERITIER)
    return frozenset(qui | ADMINISTRATION)


@dataclass(frozen=True)
class Acces:
    """Ceux que l'adresse sert, par méthode ; `borne` : l'objet est celui d'un contrat.

    OPTIONS ne lit rien : une vue générique la sert à qui peut se présenter. `au_plus` : l'état du
    compte (seconds facteurs, réglage) peut refuser ceux-là aussi ; personne d'autre n'entre.
    """

    lire: frozenset[Qui] = PERSONNE
    ecrire: frozenset[Qui] = PERSONNE
    options: frozenset[Qui] = PERSONNE
    borne: bool = False
    options_bornees: bool = False
    au_plus: bool = False
    corriger: frozenset[Qui] = PERSONNE  # PATCH, par l'API

    def servis(self, methode: str, *, a_soi: bool) -> frozenset[Qui]:
        qui = {"GET": self.lire, "HEAD": self.lire, "POST": self.ecrire, "OPTIONS": self.options}
        if self.au_plus:  # ces pages redirigent avant de regarder la méthode
            qui = dict.fromkeys(METHODES, self.lire | self.ecrire)
        qui["PATCH"] = self.corriger or qui.get("PATCH", PERSONNE)
        borne = self.options_bornees if methode == "OPTIONS" else self.borne
        return qui.get(methode, PERSONNE) & (ADMINISTRATION if borne and not a_soi else TOUS)


def _page(qui: frozenset[Qui] = TOUS) -> Acces:
    """Page sans objet de contrat : vue générique."""
    return Acces(lire=qui, options=qui)


def _api(borne: bool = False) -> Acces:
    """Point d'API : lecture seule ; OPTIONS répond sans rien lire."""
    return Acces(lire=HABILITES if borne else TOUS, options=TOUS, borne=borne)


def _objet() -> Acces:
    """Page publique d'un objet, ici d'un contrat non publié."""
    return Acces(lire=HABILITES, options=TOUS, borne=True)


def _lu_d_abord() -> Acces:
    """Page publique qui cherche son objet avant de regarder la méthode."""
    return Acces(HABILITES, options=HABILITES, borne=True, options_bornees=True)


def _atelier(lire: Acte, ecrire: Acte | None = None) -> Acces:
    """Page d'un objet de l'atelier."""
    ecrivent = de(ecrire) if ecrire else PERSONNE
    return Acces(de(lire), ecrivent, HABILITES, borne=True, options_bornees=True)


def _acte(acte: Acte) -> Acces:
    """POST seulement, sur un objet d'un contrat."""
    return Acces(ecrire=de(acte), borne=True)


def _ecran(lire: Acte, ecrire: Acte | None = None) -> Acces:
    """Écran réservé à un acte : à qui ne l'a pas, rien, fût-ce OPTIONS."""
    return Acces(de(lire), de(ecrire) if ecrire else PERSONNE, de(lire), True, True)


def _compte(qui: frozenset[Qui] = CONNECTES) -> Acces:
    """Page du compte de qui la demande : elle n'a pas d'objet d'un contrat."""
    return Acces(qui, qui, qui, au_plus=True)


COMPTE = (
    "account_change_password",
    "account_reauthenticate",
    "account_set_password",
    "comptes:assistance-fermer",
    "comptes:session-fermer",
    "comptes:session-list",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
)
CONNEXION = (
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "comptes:connexion",
    "comptes:deconnexion",
    "comptes:lien-demander",
    "comptes:lien-ouvrir",
    "comptes:proconnect",
    "comptes:proconnect-retour",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mot-de-passe-de-l-administration",
)
DECLARATION: dict[str, Acces] = {
    "api:action-detail": replace(_api(borne=True), corriger=de(Acte.SUIVRE)),
    "api:action-list": _api(),
    "api:api-root": Acces(lire=TOUS),
    "api:contrat-detail": _api(borne=True),
    "api:contrat-list": _api(),
    "api:contrat-matrice": _api(borne=True),
    "api:contrat-tableau": _api(borne=True),
    "api:declinaison-detail": replace(_api(borne=True), corriger=de(Acte.MODIFIER)),
    "api:declinaison-list": _api(),
    "api:decision-detail": _api(borne=True),
    "api:decision-list": _api(),
    "api:deliberation-detail": _api(borne=True),
    "api:deliberation-list": _api(),
    "api:deliberation-scdl": _api(),
    "api:documentation": Acces(lire=TOUS),
    "api:fiche-detail": _api(borne=True),
    "api:fiche-list": _api(),
    "api:indicateur-detail": _api(borne=True),
    "api:indicateur-ecarts": _api(borne=True),
    "api:indicateur-list": _api(),
    "api:mesure-detail": _api(borne=True),
    "api:mesure-list": _api(),
    "api:instance-detail": _api(borne=True),
    "api:instance-list": _api(),
    "api:seance-detail": _api(borne=True),
    "api:seance-list": _api(),
    "api:organisme-detail": _api(),
    "api:organisme-list": _api(),
    "api:schema": Acces(lire=TOUS),
    "api:territoire-detail": _api(),
    "api:territoire-list": _api(),
    **dict.fromkeys(COMPTE, _compte()),
    **dict.fromkeys(CONNEXION, _compte(TOUS)),
    "comptes:assistance-ouvrir": _compte(ADMINISTRATION),
    "avenants:avenant-detail": _atelier(Acte.LIRE_ATELIER),
    "avenants:avenant-entrer": _acte(Acte.CONDUIRE),
    "avenants:avenant-list": _atelier(Acte.LIRE_ATELIER, Acte.OUVRIR),
    "avenants:avenant-rediger": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "avenants:comparatif": _lu_d_abord(),
    "avenants:effet-ajouter": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "avenants:effet-retirer": _acte(Acte.MODIFIER),
    "avenants:texte": _lu_d_abord(),
    "campagnes:campagne-accepter": _acte(Acte.MODIFIER),
    "campagnes:campagne-apercu": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "campagnes:campagne-conduire": _acte(Acte.CONDUIRE),
    "campagnes:campagne-destinataires": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "campagnes:campagne-detail": _ecran(Acte.MODIFIER),
    "campagnes:campagne-list": _page(CONNECTES),
    "campagnes:contrat-campagne": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    # Le jeton fait le droit, et n'ouvre que ce qu'on demande à son destinataire.
    "campagnes:repondre": Acces(TOUS, TOUS, TOUS),
    "campagnes:repondre-action": Acces(TOUS, TOUS, TOUS),
    "campagnes:reponse-detail": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "campagnes:reponse-piece": _ecran(Acte.MODIFIER),
    "coherence:contrat-coherence": _atelier(Acte.LIRE_ATELIER, Acte.MODIFIER),
    # Sur une liste : chacune de ses lignes se vérifie à son tour, dans les contrats de l'agent.
    "contrats:actions-changer": Acces(CONNECTES, de(Acte.MODIFIER), CONNECTES),
    "contrats:fiches-changer": Acces(CONNECTES, de(Acte.MODIFIER) | de(Acte.RELIRE), CONNECTES),
    "contrats:changement-detail": _atelier(Acte.LIRE_ATELIER, Acte.MODIFIER),
    "contrats:changement-list": _page(CONNECTES),
    "contrats:filtre-enregistrer": Acces(ecrire=CONNECTES),
    # Un filtre est privé : celui-ci est au chargé de projet.
    "contrats:filtre-supprimer": Acces(ecrire=frozenset({Qui.PILOTAGE}), borne=True),
    "contrats:jeton-list": _compte(),
    # Un jeton est privé : celui d'autrui n'existe pas.
    "contrats:jeton-revoquer": Acces(),
    "contrats:mes-actions": _page(CONNECTES),
    "contrats:action-commenter": _acte(Acte.COMMENTER),
    "contrats:action-cycle": _atelier(Acte.LIRE_ATELIER),
    "contrats:action-detail": _objet(),
    "contrats:action-franchir": _acte(Acte.SUIVRE),
    "contrats:action-list": _page(),
    "contrats:commentaire-resoudre": _acte(Acte.COMMENTER),
    "contrats:commentaire-rouvrir": _acte(Acte.COMMENTER),
    "contrats:contrat-cycle": _atelier(Acte.LIRE_ATELIER),
    "contrats:contrat-depublier": _acte(Acte.PUBLIER),
    "contrats:contrat-detail": _objet(),
    "contrats:contrat-franchir": _acte(Acte.MODIFIER),
    "contrats:contrat-habilitation": _acte(Acte.GERER_PERSONNES),
    "contrats:contrat-inviter": _acte(Acte.GERER_PERSONNES),
    "contrats:contrat-list": _page(),
    # L'original porte des signatures : jamais au public.
    "contrats:contrat-original": Acces(HABILITES, borne=True),
    "contrats:contrat-reprendre": Acces(*[de(Acte.OUVRIR)] * 3),
    "contrats:contrat-suite": _ecran(Acte.OUVRIR, Acte.OUVRIR),
    "contrats:fiche-dupliquer": _acte(Acte.MODIFIER),
    "contrats:mon-travail": _page(CONNECTES),
    "contrats:contrat-personnes": _ecran(Acte.GERER_PERSONNES),
    "contrats:contrat-publier": _acte(Acte.PUBLIER),
    "contrats:contrat-revoquer": _acte(Acte.GERER_PERSONNES),
    "contrats:fiche-brouillon": _acte(Acte.MODIFIER),
    # Un brouillon est privé : celui-ci est au chargé de projet, et même l'administration l'ignore.
    "contrats:fiche-brouillon-comparer": Acces(
        frozenset({Qui.PILOTAGE}), options=HABILITES, borne=True, options_bornees=True
    ),
    "contrats:fiche-brouillon-jeter": _acte(Acte.MODIFIER),
    "contrats:fiche-commenter": _acte(Acte.COMMENTER),
    "contrats:fiche-comparer": _atelier(Acte.LIRE_ATELIER),
    "contrats:fiche-cycle": _atelier(Acte.LIRE_ATELIER),
    "contrats:fiche-detail": _objet(),
    "contrats:fiche-franchir": _acte(Acte.MODIFIER),
    "contrats:fiche-historique": _atelier(Acte.LIRE_ATELIER),
    "contrats:fiche-list": _page(),
    # Qui ne modifie pas est mené à la page de la fiche.
    "contrats:fiche-modifier": _atelier(Acte.LIRE_ATELIER, Acte.MODIFIER),
    "contrats:fiche-presence": _acte(Acte.MODIFIER),
    # Celle de la matrice n'a pas été retirée : rien à récupérer.
    "contrats:fiche-recuperer-action": Acces(ecrire=de(Acte.MODIFIER), borne=True, au_plus=True),
    "contrats:fiche-recuperer": _acte(Acte.SUPPRIMER),
    "contrats:fiche-supprimer": _acte(Acte.SUPPRIMER),
    "contrats:corbeille": _page(CONNECTES),
    "contrats:lot-detail": _atelier(Acte.LIRE_ATELIER, Acte.RESTAURER),
    "contrats:fiche-restaurer": _acte(Acte.RESTAURER),
    # Le jeton fait le droit ; l'accepter, c'est être la personne invitée.
    "contrats:invitation": Acces(TOUS, frozenset({Qui.ANONYME}), TOUS),
    "contrats:mes-contrats": _page(CONNECTES),
    "contrats:mes-fiches": _page(CONNECTES),
    "contrats:pourquoi": Acces(ADMINISTRATION, options=CONNECTES),
    # Boîte à l'écran, en démonstration seulement.
    "courrier:courriel-detail": _page(),
    "courrier:courriel-list": _page(),
    "documents:dossier-pdf": Acces(HABILITES, borne=True),
    "documents:annexe-pdf": Acces(HABILITES, borne=True),
    "documents:quartier-pdf": Acces(HABILITES, borne=True),
    "documents:comparatif-pdf": Acces(HABILITES, borne=True),
    "documents:contrat-pdf": Acces(HABILITES, borne=True),
    "documents:texte-pdf": Acces(HABILITES, borne=True),
    "documents:fiche-pdf": Acces(HABILITES, borne=True),
    "documents:seance-pdf": Acces(HABILITES, borne=True),
    "documents:session-pdf": Acces(de(Acte.CONDUIRE), borne=True),
    "documents:fiches-pdf": Acces(HABILITES, borne=True),
    "documents:fige-detail": Acces(HABILITES, borne=True),
    "documents:fige-list": _atelier(Acte.LIRE_ATELIER, Acte.FIGER),
    "documents:fige-par-empreinte": Acces(HABILITES, HABILITES, borne=True),
    "documents:fige-pdf": Acces(HABILITES, HABILITES, borne=True),
    "documents:fige-publier": _acte(Acte.FIGER),
    "documents:flux": Acces(lire=TOUS),
    "documents:flux-du-contrat": Acces(HABILITES, borne=True),
    # Chacun demande ce qu'il lit ; figer et archiver, à qui le peut (`tests/documents/etagere`).
    "documents:preparation-demander": Acces(ecrire=HABILITES, borne=True),
    "documents:preparation-detail": Acces(HABILITES, borne=True),
    "documents:preparation-fichier": Acces(HABILITES, HABILITES, borne=True),
    # Qui a le fichier ou le code en main vérifie, sans compte.
    "documents:verification": Acces(TOUS, TOUS, TOUS),
    "documents:verification-code": Acces(lire=TOUS),
    "signatures:contrat-signatures": _ecran(Acte.LIRE_ATELIER, Acte.CONDUIRE),
    "signatures:signataire-constater": _acte(Acte.CONDUIRE),
    "signatures:signataire-parapheur": _acte(Acte.CONDUIRE),
    "signatures:signataire-detail": _ecran(Acte.LIRE_ATELIER, Acte.CONDUIRE),
    "signatures:signataire-piece": _ecran(Acte.LIRE_ATELIER),
    "signatures:signature-conduire": _acte(Acte.CONDUIRE),
    "signatures:signature-pdf": _ecran(Acte.LIRE_ATELIER),
    "signatures:signature-detail": _ecran(Acte.LIRE_ATELIER),
    "gouvernance:calendrier": _page(),
    "gouvernance:calendrier-flux": _page(),
    "gouvernance:contrat-calendrier": _objet(),
    "gouvernance:contrat-gouvernance": _objet(),
    "gouvernance:contrat-seance": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "gouvernance:contrat-session": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "gouvernance:contrat-deliberation": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "gouvernance:decision-list": _page(),
    "gouvernance:decision-suivre": _acte(Acte.MODIFIER),
    "gouvernance:deliberation-adopter": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "gouvernance:deliberation-detail": _objet(),
    "gouvernance:deliberation-modifier": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "gouvernance:deliberation-revenir": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    # Le jeton fait le droit : montrer et annuler cette inscription.
    "gouvernance:inscription": Acces(TOUS, TOUS, TOUS),
    "gouvernance:seance-brouillon": _acte(Acte.MODIFIER),
    "gouvernance:seance-clore": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "gouvernance:seance-detail": _objet(),
    "gouvernance:seance-etat": _ecran(Acte.LIRE_ATELIER),
    "gouvernance:seance-franchir": _acte(Acte.CONDUIRE),
    "gouvernance:seance-list": _page(CONNECTES),
    "gouvernance:seance-modifier": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "gouvernance:seance-preparer": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "gouvernance:seance-presences": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "gouvernance:seance-tenir": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "gouvernance:session-detail": _page(),
    "gouvernance:session-inscrire": Acces(TOUS, TOUS, TOUS),
    "gouvernance:session-inscrits": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "gouvernance:session-list": _page(),
    "gouvernance:session-modifier": _ecran(Acte.CONDUIRE, Acte.CONDUIRE),
    "indicateurs:analyse-ajouter": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "indicateurs:cible-fixer": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "indicateurs:depot-detail": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "indicateurs:depot-list": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "indicateurs:indicateur-csv": _lu_d_abord(),
    "indicateurs:indicateur-detail": _lu_d_abord(),
    "indicateurs:indicateur-list": _page(),
    "indicateurs:indicateur-suivre": _ecran(Acte.MODIFIER),
    "indicateurs:indicateur-svg": _lu_d_abord(),
    "indicateurs:mesure-saisir": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "notifications:desabonnement": Acces(TOUS, TOUS, TOUS),
    "notifications:notification-lire": Acces(ecrire=frozenset({Qui.PILOTAGE}), borne=True),
    "notifications:notification-list": _page(CONNECTES),
    "notifications:preferences": _compte(),
    "notifications:tout-lire": Acces(ecrire=CONNECTES),
    "partenaires:organisme-detail": _page(),
    "partenaires:organisme-list": _page(),
    "perr:cellule-modifier": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "reprise:contrat-docx": Acces(HABILITES, borne=True),
    "reprise:document-detail": _atelier(Acte.LIRE_ATELIER, Acte.OUVRIR),
    "reprise:document-fichier": Acces(HABILITES, borne=True),
    "reprise:document-list": Acces(*[de(Acte.OUVRIR)] * 3),
    "reprise:fiche-docx": Acces(HABILITES, borne=True),
    "reprise:retour-detail": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "reprise:retour-list": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "perr:import-detail": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "perr:import-list": _ecran(Acte.MODIFIER, Acte.MODIFIER),
    "perr:matrice-annuler": _acte(Acte.MODIFIER),
    "perr:matrice-detail": _atelier(Acte.LIRE_ATELIER),
    "perr:matrice-ecrire": _acte(Acte.MODIFIER),
    # Qui ne modifie pas est mené à la page publique.
    "perr:matrice-modifier": _atelier(Acte.LIRE_ATELIER),
    "perr:matrice-suite": _ecran(Acte.MODIFIER),
    "perr:matrice-csv": _objet(),
    "perr:matrice-xlsx": _objet(),
    "portail:accessibilite": _page(),
    "portail:accueil": _page(),
    "portail:donnees": _page(),
    "portail:favicon": _page(),
    "portail:mentions-legales": _page(),
    "portail:plan-du-site": _page(),
    "portail:recherche": _page(),
    "portail:robots": _page(),
    "portail:sitemap": Acces(lire=TOUS),
    "portail:style": _page(),
    "tableaux:contrat-dire": _ecran(Acte.RELIRE, Acte.RELIRE),
    **{
        f"tableaux:{genre}{suite}": _atelier(Acte.LIRE_ATELIER)
        for genre in ("contrat", "programme")
        for suite in ("", "-chiffre", "-fichier")
    },
    **{
        f"tableaux:{genre}{suite}": _page()
        for genre in ("territoire", "organisme", "instance")
        for suite in ("", "-chiffre", "-fichier")
    },
    "territoires:quartier-adresse": _page(),
    "territoires:quartier-list": _page(),
    "territoires:territoire-detail": _page(),
    "territoires:territoire-list": _page(),
}
# L'administration a ses propres tests ; ici, personne d'autre n'y entre.
HORS_ADMINISTRATION = TOUS - ADMINISTRATION
