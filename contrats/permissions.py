"""Qui peut faire quoi : une table, lue par les vues, l'API, les gabarits et les services.

`visibles_par` répond à « quelles lignes ? » ; `peut` à « quel acte ? ». Hors périmètre, l'objet
n'existe pas (404) ; dans le périmètre sans le droit, l'acte est refusé (403).
"""

from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from comptes.models import Utilisateur
from contrats.enums import RoleHabilitation, RolePartenaire
from contrats.models import Action, Contrat, Fiche, Habilitation
from contrats.models.perimetre import PROFONDEUR, jeton_de


class Acte(models.TextChoices):
    """Acte soumis à un droit, du point de vue de celui qui agit."""

    LIRE_ATELIER = "lire_atelier", "Lire dans l'atelier"
    COMMENTER = "commenter", "Commenter"
    SUIVRE = "suivre", "Dire où en est une action"
    MODIFIER = "modifier", "Modifier"
    RESTAURER = "restaurer", "Rétablir une version"
    RELIRE = "relire", "Relire : valider ou demander une correction"
    PUBLIER = "publier", "Publier"
    SUPPRIMER = "supprimer", "Mettre une fiche à la corbeille, l'en sortir"
    CONDUIRE = "conduire", "Conduire le contrat"
    FIGER = "figer", "Figer et publier un document"
    OUVRIR = "ouvrir", "Ouvrir un contrat du même territoire : suite, reprise d'un contrat signé"
    GERER_PERSONNES = "gerer_personnes", "Gérer les personnes"


LECTURE, PARTENAIRE, REDACTION, PILOTAGE, COPILOTE = (
    RoleHabilitation.LECTURE,
    RoleHabilitation.PARTENAIRE,
    RoleHabilitation.REDACTION,
    RoleHabilitation.PILOTAGE,
    RoleHabilitation.COPILOTE,
)
ROLES_PAR_ACTE: dict[Acte, frozenset[RoleHabilitation]] = {
    Acte.LIRE_ATELIER: frozenset(RoleHabilitation),
    Acte.COMMENTER: frozenset({PARTENAIRE, REDACTION, PILOTAGE, COPILOTE}),
    Acte.SUIVRE: frozenset({PARTENAIRE, REDACTION, PILOTAGE}),
    Acte.MODIFIER: frozenset({REDACTION, PILOTAGE}),
    Acte.RESTAURER: frozenset({REDACTION, PILOTAGE}),
    Acte.RELIRE: frozenset({PILOTAGE, COPILOTE}),
    Acte.PUBLIER: frozenset({PILOTAGE}),
    Acte.SUPPRIMER: frozenset({PILOTAGE}),
    Acte.CONDUIRE: frozenset({PILOTAGE}),
    Acte.FIGER: frozenset({PILOTAGE}),
    Acte.OUVRIR: frozenset({PILOTAGE}),
    Acte.GERER_PERSONNES: frozenset({PILOTAGE}),
}
# Un jeton d'API suit et modifie ; il ne publie, ne relit, ne conduit ni ne gère personne.
PAR_JETON = frozenset({Acte.SUIVRE, Acte.MODIFIER})
# Un partenaire n'écrit que sur ce que son organisme pilote : une action, jamais un contrat.
SI_PILOTE = frozenset({(Acte.SUIVRE, PARTENAIRE)})


class Role(NamedTuple):
    """Rôle sur un contrat ; `herite_de` : identifiant du contrat parent dont il vient."""

    role: RoleHabilitation
    herite_de: int | None = None


def peut(
    utilisateur: Utilisateur | AnonymousUser, acte: Acte, objet: Contrat | Fiche | Action
) -> bool:
    """Le rôle de l'utilisateur sur le contrat de l'objet permet l'acte.

    L'administration de l'instance peut tout ; le public, et un compte désactivé, aucun de ces
    actes. Un jeton d'API ne vaut que sur son contrat, pour lire ou, s'il écrit, `PAR_JETON`.
    """
    if not utilisateur.is_authenticated or not utilisateur.is_active:
        return False
    if not _a_portee(utilisateur, acte, objet):
        return False
    if utilisateur.is_superuser:
        return True
    role = role_sur(utilisateur, objet)
    if role is None or role.role not in ROLES_PAR_ACTE[acte]:
        return False
    return (acte, role.role) not in SI_PILOTE or _est_pilote(utilisateur, objet)


def qui_peut(acte: Acte, objet: Contrat | Fiche | Action) -> list[Utilisateur]:
    """Les comptes actifs dont le rôle permet l'acte : la réciproque de `peut`, rôle par rôle.

    L'administration n'en est que par un rôle : elle peut tout, mais rien ne lui est adressé.
    """
    peuvent = []
    pilotes: set[int] | None = None
    for utilisateur, role in _roles_sur(objet):
        if role not in ROLES_PAR_ACTE[acte]:
            continue
        if (acte, role) in SI_PILOTE:
            pilotes = organismes_pilotes(objet) if pilotes is None else pilotes
            if utilisateur.organisme_id not in pilotes:
                continue
        peuvent.append(utilisateur)
    return peuvent


def _roles_sur(objet: Contrat | Fiche | Action) -> list[tuple[Utilisateur, RoleHabilitation]]:
    """Chaque compte actif et son rôle en vigueur sur le contrat de l'objet, en deux requêtes."""
    contrat = _contrat_de(objet)
    lignee = [f"{'parent__' * rang}pk" for rang in range(PROFONDEUR + 1)]
    rangs = {
        pk: rang
        for rang, pk in enumerate(Contrat.objects.values_list(*lignee).get(pk=contrat))
        if pk is not None
    }
    au_plus_pres: dict[int, tuple[int, Utilisateur, RoleHabilitation]] = {}
    lignes = Habilitation.objects.en_vigueur().filter(
        Q(aux_enfants=True) | Q(contrat=contrat),
        contrat__in=list(rangs),
        utilisateur__is_active=True,
    )
    for ligne in lignes.select_related("utilisateur"):
        rang = rangs[ligne.contrat_id]
        if rang <= au_plus_pres.get(ligne.utilisateur_id, (PROFONDEUR,))[0]:
            role = RoleHabilitation(ligne.role)
            au_plus_pres[ligne.utilisateur_id] = (rang, ligne.utilisateur, role)
    return [(utilisateur, role) for _, utilisateur, role in au_plus_pres.values()]


def organismes_pilotes(objet: Contrat | Fiche | Action) -> set[int]:
    """Identifiants des organismes pilotes d'une action."""
    if not isinstance(objet, Action):
        return set()
    pilotages = objet.partenariats.filter(role=RolePartenaire.PILOTE)
    return set(pilotages.values_list("organisme", flat=True))


def role_sur(utilisateur: Utilisateur, objet: Contrat | Fiche | Action) -> Role | None:
    """Rôle en vigueur sur le contrat de l'objet, direct ou hérité."""
    return roles(utilisateur).get(_contrat_de(objet))


def nom_du_role(utilisateur: Utilisateur, objet: Contrat | Fiche | Action) -> str:
    """Le rôle tel qu'on le dit à qui le porte."""
    if utilisateur.is_superuser:
        return "Administration"
    role = role_sur(utilisateur, objet)
    return role.role.label if role else "Aucun"


def roles(utilisateur: Utilisateur) -> dict[int, Role]:
    """Rôle de l'utilisateur par contrat (identifiant), lu une fois par requête HTTP.

    Sur un contrat, le rôle donné au plus près l'emporte : le sien, sinon celui du parent, etc.
    """
    if "_roles" not in utilisateur.__dict__:
        utilisateur.__dict__["_roles"] = _lire_roles(utilisateur)
    return utilisateur.__dict__["_roles"]


def oublier_les_roles(utilisateur: Utilisateur) -> None:
    """À relire : un rôle vient de lui être donné."""
    utilisateur.__dict__.pop("_roles", None)


def contrats_permis(utilisateur: Utilisateur, acte: Acte) -> list[int]:
    """Contrats (identifiants) où le rôle de l'utilisateur permet l'acte, quel qu'en soit l'objet.

    Même table que `peut` ; l'administration n'y a pas de rôle : elle peut partout.
    """
    return [
        contrat
        for contrat, porte in roles(utilisateur).items()
        if porte.role in ROLES_PAR_ACTE[acte] and (acte, porte.role) not in SI_PILOTE
    ]


def _lire_roles(utilisateur: Utilisateur) -> dict[int, Role]:
    """Habilitations en vigueur et leurs contrats enfants, en une requête."""
    descendance = [f"contrat{'__enfants' * rang}" for rang in range(1, PROFONDEUR + 1)]
    lignes = utilisateur.habilitations.en_vigueur().values_list(
        "role", "aux_enfants", "contrat", *descendance
    )
    trouves: dict[int, tuple[int, Role]] = {}
    for role, aux_enfants, contrat, *enfants in lignes:
        for rang, cible in enumerate([contrat, *(enfants if aux_enfants else [])]):
            if cible is not None and rang <= trouves.get(cible, (PROFONDEUR, None))[0]:
                origine = contrat if rang else None
                trouves[cible] = (rang, Role(RoleHabilitation(role), origine))
    return {contrat: role for contrat, (_, role) in trouves.items()}


def _est_pilote(utilisateur: Utilisateur, objet: Contrat | Fiche | Action) -> bool:
    return isinstance(objet, Action) and (
        Action.objects.filter(pk=objet.pk).pilotees_par(utilisateur).exists()
    )


def _contrat_de(objet: Contrat | Fiche | Action) -> int:
    return objet.pk if isinstance(objet, Contrat) else objet.contrat_id


def _a_portee(
    utilisateur: Utilisateur | AnonymousUser, acte: Acte, objet: Contrat | Fiche | Action
) -> bool:
    jeton = jeton_de(utilisateur)
    if jeton is None:
        return True
    permis = acte == Acte.LIRE_ATELIER or (jeton.ecriture and acte in PAR_JETON)
    return permis and jeton.contrat_id == _contrat_de(objet)
