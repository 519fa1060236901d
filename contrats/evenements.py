"""Ce qu'un contrat, ses fiches et ses actions notifient : à qui, et ce qui s'en dit.

Qui est prévenu se lit dans `peut` (`qui_peut`) ; ce qui se lit encore, dans `habilites` : un rôle
retiré emporte les notifications avec lui, même si l'objet est public.
"""

import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet, TextChoices
from django.urls import reverse
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import (
    RolePartenaire,
    StatutAction,
    TransitionAction,
    TransitionContrat,
    TransitionFiche,
)
from contrats.models import Action, Commentaire, Contrat, Fiche, Invitation, Transition
from contrats.models.action import ActionQuerySet
from contrats.permissions import Acte, contrats_permis, organismes_pilotes, qui_peut
from notifications.depot import notifier
from notifications.enums import Cadence
from notifications.registre import Avis, Evenement, Genre, declarer

RELECTURE, CORRECTION, FICHE, CONTRAT, ACTION = (
    "relecture",
    "correction",
    "fiche",
    "contrat",
    "action",
)
PROCHE, DEPASSEE = "echeance-proche", "echeance-depassee"
COMMENTAIRE, INVITATION = "commentaire", "invitation"
# L'événement de chaque transition ; None : elle ne prévient personne.
PAR_TRANSITION: dict[type[TextChoices], dict[TextChoices, str | None]] = {
    TransitionFiche: {
        TransitionFiche.SOUMETTRE: RELECTURE,
        TransitionFiche.REPRENDRE: FICHE,
        TransitionFiche.RENVOYER: CORRECTION,
        TransitionFiche.VALIDER: FICHE,
        TransitionFiche.PUBLIER: FICHE,
        TransitionFiche.DEPUBLIER: FICHE,
        TransitionFiche.ARCHIVER: FICHE,
        TransitionFiche.DESARCHIVER: FICHE,
    },
    TransitionContrat: {
        TransitionContrat.SOUMETTRE: RELECTURE,
        TransitionContrat.RENVOYER: CORRECTION,
        TransitionContrat.ADOPTER: CONTRAT,
        TransitionContrat.METTRE_EN_SIGNATURE: CONTRAT,
        TransitionContrat.REFUSER: CORRECTION,
        TransitionContrat.SIGNER: CONTRAT,
        TransitionContrat.PROROGER: CONTRAT,
        TransitionContrat.ECHOIR: CONTRAT,
        TransitionContrat.ARCHIVER: CONTRAT,
        TransitionContrat.ABANDONNER: CONTRAT,
        TransitionContrat.REPRENDRE: None,  # elle vient d'entrer : personne n'y est encore
    },
    TransitionAction: dict.fromkeys(TransitionAction, ACTION),
}
# Une échéance s'annonce d'avance ; passée depuis plus longtemps, elle n'est plus une nouvelle.
AVANCE = datetime.timedelta(days=14)
RETARD_MAX = datetime.timedelta(days=30)


def prevenir_du_passage(passage: Transition, transition: TextChoices) -> None:
    """À appeler dans la transaction qui vient d'écrire la transition. Un chargement, qui n'a pas
    d'auteur, ne prévient personne."""
    evenement = PAR_TRANSITION[type(transition)][transition]
    if evenement is not None and passage.par is not None:
        notifier(evenement, passage, par=passage.par)


def relever_les_echeances(jour: datetime.date) -> None:
    """Prévient les pilotes, une fois par échéance qui approche et une fois si elle passe."""
    periodes = (
        (PROCHE, jour, jour + AVANCE),
        (DEPASSEE, jour - RETARD_MAX, jour - datetime.timedelta(days=1)),
    )
    for evenement, debut, fin in periodes:
        actions = Action.objects.filter(
            statut__in=StatutAction.a_faire(),
            echeance__range=(debut, fin),
            partenariats__role=RolePartenaire.PILOTE,
        )
        for action in actions.order_by("pk").distinct():
            fait = f"{evenement}-{action.pk}-{action.echeance}"
            notifier(evenement, action, par=None, fait=fait)


# Qui est prévenu


def relecteurs(passage: Transition) -> list[Utilisateur]:
    return qui_peut(Acte.RELIRE, _objet(passage))


def redacteurs(passage: Transition) -> list[Utilisateur]:
    """Ceux qui écrivent la fiche, s'ils le peuvent encore ; à défaut, ceux qui le peuvent."""
    return _qui_ecrivent(_objet(passage))


def _qui_ecrivent(objet: Contrat | Fiche) -> list[Utilisateur]:
    peuvent = qui_peut(Acte.MODIFIER, objet)
    auteurs = set(objet.versions.exclude(auteur=None).values_list("auteur", flat=True))
    return [u for u in peuvent if u.pk in auteurs] or peuvent


def membres(passage: Transition) -> list[Utilisateur]:
    """Tous ceux qui ont un rôle sur le contrat."""
    return qui_peut(Acte.LIRE_ATELIER, _objet(passage))


def pilotes_et_charges(passage: Transition) -> list[Utilisateur]:
    """Les pilotes de l'action et qui conduit le contrat."""
    action = _objet(passage)
    return [*pilotes(action), *qui_peut(Acte.CONDUIRE, action)]


def pilotes(action: Action) -> list[Utilisateur]:
    """Ceux dont l'organisme pilote l'action et dont le rôle permet de dire où elle en est."""
    organismes = organismes_pilotes(action)
    return [u for u in qui_peut(Acte.SUIVRE, action) if u.organisme_id in organismes]


def concernes(commentaire: Commentaire) -> list[Utilisateur]:
    """Ceux qui écrivent ce qu'il commente, les pilotes de l'action, et qui y a déjà commenté."""
    action, fiche = commentaire.action, commentaire.fiche
    objet: Any = fiche or action
    texte = fiche or (action.fiche if action else None)
    ecrivent = _qui_ecrivent(texte) if texte else qui_peut(Acte.MODIFIER, objet)
    avant = set(objet.commentaires.values_list("auteur", flat=True))
    lecteurs = [u for u in qui_peut(Acte.COMMENTER, objet) if u.pk in avant]
    return [*ecrivent, *lecteurs, *(pilotes(action) if action else [])]


def invitants(invitation: Invitation) -> list[Utilisateur]:
    """Qui a invité, s'il gère encore les personnes du contrat ; à défaut, ceux qui les gèrent."""
    gerent = qui_peut(Acte.GERER_PERSONNES, invitation.contrat)
    return [u for u in gerent if u.pk == invitation.invitee_par_id] or gerent


# Ce qui se lit encore


def _passages(utilisateur: Utilisateur) -> QuerySet[Transition]:
    contrats = Contrat.objects.habilites(utilisateur).values("pk")
    return Transition.objects.filter(
        Q(contrat__in=contrats) | Q(fiche__contrat__in=contrats) | Q(action__contrat__in=contrats),
        fiche__supprimee_le=None,
        action__fiche__supprimee_le=None,
    ).select_related("contrat", "fiche__contrat", "action__contrat")


def _a_tenir(utilisateur: Utilisateur) -> ActionQuerySet:
    """Actions à faire que l'utilisateur pilote encore : réalisée, elle n'a plus d'échéance."""
    contrats = Contrat.objects.habilites(utilisateur).values("pk")
    siennes = Action.objects.pilotees_par(utilisateur).filter(
        contrat__in=contrats, statut__in=StatutAction.a_faire()
    )
    return siennes.select_related("contrat")


def _proches(utilisateur: Utilisateur) -> QuerySet[Action]:
    jour = timezone.localdate()
    return _a_tenir(utilisateur).filter(echeance__range=(jour, jour + AVANCE))


def _depassees(utilisateur: Utilisateur) -> QuerySet[Action]:
    return _a_tenir(utilisateur).en_retard()


def _commentaires(utilisateur: Utilisateur) -> QuerySet[Commentaire]:
    lisibles = Commentaire.objects.visibles_par(utilisateur)
    return lisibles.select_related("auteur", "fiche__contrat", "section", "action__contrat")


def _acceptees(utilisateur: Utilisateur) -> QuerySet[Invitation]:
    """À qui gère les personnes du contrat ; l'administration, partout."""
    acceptees = Invitation.objects.exclude(acceptee_le=None).select_related(
        "contrat", "acceptee_par"
    )
    if utilisateur.is_superuser:
        return acceptees
    return acceptees.filter(contrat__in=contrats_permis(utilisateur, Acte.GERER_PERSONNES))


# Ce qui s'en dit


def _dire_le_passage(passage: Transition) -> Avis:
    objet = _objet(passage)
    contrat = objet if isinstance(objet, Contrat) else objet.contrat
    detail = [contrat.intitule_court, f"de « {passage.libelle_de} » à « {passage.libelle_vers} »"]
    if passage.motif:
        detail.append(f"motif : {passage.motif}")
    if objet.statut != passage.vers:
        detail.append(f"depuis, « {objet.get_statut_display()} »")
    return Avis(str(objet), " ; ".join(detail) + ".", objet.get_absolute_url())


def _dire_l_echeance(action: Action) -> Avis:
    detail = f"{action.contrat.intitule_court} ; échéance le {action.echeance:%d/%m/%Y}."
    return Avis(str(action), detail, action.get_absolute_url())


def _dire_le_commentaire(commentaire: Commentaire) -> Avis:
    objet: Any = commentaire.fiche or commentaire.action
    page = "fiche-cycle" if commentaire.fiche else "action-cycle"
    detail = objet.contrat.intitule_court
    if commentaire.section:
        detail += f" ; section « {commentaire.section.libelle} »"
    detail += f" ; {commentaire.auteur} : « {_abrege(commentaire.texte)} »"
    detail += " ; résolu depuis." if commentaire.resolu_le else "."
    adresse = reverse(f"contrats:{page}", args=[objet.public_id])
    return Avis(str(objet), detail, f"{adresse}#commentaires")


def _abrege(texte: str) -> str:
    """Assez pour savoir de quoi il parle."""
    mots = " ".join(texte.split())
    return mots if len(mots) <= 200 else f"{mots[:199].rstrip()}…"


def _dire_l_acceptation(invitation: Invitation) -> Avis:
    detail = f"{invitation.acceptee_par} a accepté ; rôle : {invitation.get_role_display()}."
    adresse = reverse("contrats:contrat-personnes", args=[invitation.contrat.slug])
    return Avis(str(invitation.contrat), detail, adresse)


def _objet(passage: Transition) -> Any:
    objet: Contrat | Fiche | Action | None = passage.fiche or passage.action or passage.contrat
    return objet


def declarer_les_evenements() -> None:
    """Au démarrage (`apps.py`)."""
    passage = partial(Evenement, genre="transition", dire=_dire_le_passage)
    declarer(
        Genre("transition", _passages),
        passage(
            cle=RELECTURE,
            libelle="À relire",
            quand="Une fiche ou un contrat attend votre relecture",
            destinataires=relecteurs,
            defaut=Cadence.IMMEDIAT,
        ),
        passage(
            cle=CORRECTION,
            libelle="À corriger",
            quand="Une correction est demandée sur ce que vous écrivez",
            destinataires=redacteurs,
            defaut=Cadence.IMMEDIAT,
        ),
        passage(
            cle=FICHE,
            libelle="Fiche",
            quand="Une fiche que vous écrivez est validée, publiée, reprise ou archivée",
            destinataires=redacteurs,
        ),
        passage(
            cle=CONTRAT,
            libelle="Contrat",
            quand="Un contrat où vous avez un rôle est adopté, signé, prorogé, échu ou archivé",
            destinataires=membres,
        ),
        passage(
            cle=ACTION,
            libelle="Action",
            quand="Une action que vous pilotez, ou conduisez avec son contrat, change de statut",
            destinataires=pilotes_et_charges,
        ),
    )
    declarer(
        Genre(PROCHE, _proches),
        Evenement(
            cle=PROCHE,
            libelle="Échéance proche",
            quand="Une action que vous pilotez arrive à échéance dans les 14 jours",
            genre=PROCHE,
            destinataires=pilotes,
            dire=_dire_l_echeance,
        ),
        releve=relever_les_echeances,
    )
    declarer(
        Genre(DEPASSEE, _depassees),
        Evenement(
            cle=DEPASSEE,
            libelle="En retard",
            quand="L'échéance d'une action que vous pilotez est passée",
            genre=DEPASSEE,
            destinataires=pilotes,
            dire=_dire_l_echeance,
        ),
    )
    declarer(
        Genre(COMMENTAIRE, _commentaires),
        Evenement(
            cle=COMMENTAIRE,
            libelle="Commentaire",
            quand="On commente ce que vous écrivez, pilotez, ou avez déjà commenté",
            genre=COMMENTAIRE,
            destinataires=concernes,
            dire=_dire_le_commentaire,
        ),
    )
    declarer(
        Genre(INVITATION, _acceptees),
        Evenement(
            cle=INVITATION,
            libelle="Invitation",
            quand="Une personne que vous avez invitée a accepté",
            genre=INVITATION,
            destinataires=invitants,
            dire=_dire_l_acceptation,
        ),
    )
