"""Répondre, puis accepter, modifier ou renvoyer : la seule porte qui écrit une réponse."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from campagnes import courriels
from campagnes.conduite import CampagneImpossible
from campagnes.enums import EtatReponse
from campagnes.evenements import REPONSE
from campagnes.fichiers import Fichier
from campagnes.models import Demande, Destinataire, PieceJointe, Reponse
from comptes.models import Utilisateur
from contrats.masse.changement import Valeurs, valeurs_de_suivi
from contrats.masse.lot import inscrire
from contrats.models import Action
from contrats.permissions import Acte, peut
from contrats.transitions import DonneeManquante, Suivi, TransitionImpossible, ecrire_suivi
from edition.ecriture import VersionPerimee
from edition.models import Lot
from notifications.depot import notifier

REFUS = (TransitionImpossible, DonneeManquante, VersionPerimee)


class DejaRelue(Exception):
    """Un autre agent a décidé, ou son auteur en a envoyé une autre : 409."""


def suivi_de(reponse: Reponse) -> Suivi:
    """Ce que la réponse propose d'écrire ; sa phrase dit pourquoi."""
    return Suivi(reponse.statut, reponse.avancement, reponse.echeance, reponse.phrase)


@transaction.atomic
def repondre(
    demande: Demande, suivi: Suivi, *, version: int, piece: Fichier | None = None
) -> Reponse:
    """Garde une réponse à relire ; elle remplace celle qui attendait.

    Envoyée deux fois telle quelle (double appui, page rechargée), elle n'est gardée qu'une fois.
    Les pièces déjà envoyées suivent, sauf si une autre vient.
    """
    Demande.objects.select_for_update().get(pk=demande.pk)
    precedente = demande.reponses.a_relire().first()
    if precedente and piece is None and suivi_de(precedente) == suivi:
        return precedente
    demande.reponses.a_relire().update(etat=EtatReponse.REMPLACEE)
    reponse = Reponse.objects.create(
        demande=demande,
        statut=suivi.statut,
        avancement=suivi.avancement,
        echeance=suivi.echeance,
        phrase=suivi.motif,
        version=version,
    )
    if piece:
        PieceJointe.objects.create(
            reponse=reponse,
            nom=piece.nom,
            type=piece.type,
            taille=len(piece.contenu),
            empreinte=piece.empreinte,
            contenu=piece.contenu,
        )
    elif precedente:
        precedente.pieces.update(reponse=reponse)
    noter_l_ouverture(demande.destinataire)
    notifier(REPONSE, reponse, par=None)
    return reponse


def noter_l_ouverture(destinataire: Destinataire) -> None:
    """La première fois seulement."""
    siens = Destinataire.objects.filter(pk=destinataire.pk, ouvert_le=None)
    siens.update(ouvert_le=timezone.now())


Ecrite = tuple[Action, Valeurs, Valeurs]  # action, suivi d'avant, suivi d'après


@transaction.atomic
def accepter(
    reponse: Reponse,
    *,
    version: int,
    par: Utilisateur,
    suivi: Suivi | None = None,
    lot: Lot | None = None,
) -> Ecrite:
    """Écrit l'action à la version lue : telle que proposée, ou telle que l'agent la corrige.

    Lève `PermissionDenied`, `DejaRelue`, ou ce que lève l'écriture d'une action : rien n'est alors
    écrit, la réponse reste à relire.
    """
    action = _action_a_ecrire(reponse, par)
    avant = valeurs_de_suivi(action)
    voulu = suivi or suivi_de(reponse)
    etat = EtatReponse.ACCEPTEE if voulu == suivi_de(reponse) else EtatReponse.MODIFIEE
    ecrire_suivi(action, voulu, version=version, par=par, lot=lot)
    _decider(reponse, etat, par=par, ecrit=_ecrit(action, voulu), lot=lot)
    apres = valeurs_de_suivi(action)
    # Un état se remet avec son motif : l'un ne va pas sans l'autre.
    change = {c for c in apres if c in ("statut", "motif_statut") or apres[c] != avant[c]}
    return action, {c: avant[c] for c in change}, {c: apres[c] for c in change}


@dataclass
class Bilan:
    """Ce qu'un lot a fait : les acceptées, pour chaque autre sa raison, et le lot qui l'annule."""

    acceptees: int = 0
    refus: list[tuple[Reponse, str]] = field(default_factory=list)
    lot: Lot | None = None


@transaction.atomic
def accepter_en_lot(couples: Iterable[tuple[Reponse, int]], *, par: Utilisateur) -> Bilan:
    """Accepte chacune telle que proposée, à sa version lue ; ce qui ne le peut reste à relire.

    Ce qui est accepté fait un lot, qui se relit et s'annule avec les autres changements groupés.
    """
    bilan, ecrites = Bilan(), []
    lot = Lot.objects.create(libelle="Réponses acceptées", auteur=par)
    for reponse, version in couples:
        try:
            ecrites.append(accepter(reponse, version=version, par=par, lot=lot))
        except (*REFUS, DejaRelue) as erreur:
            bilan.refus.append((reponse, str(erreur)))
        else:
            bilan.acceptees += 1
            campagne = reponse.demande.destinataire.campagne
    if not ecrites:
        lot.delete()
        return bilan
    s = "s" if bilan.acceptees > 1 else ""
    lot.libelle = f"{campagne}\u00a0: {bilan.acceptees} réponse{s} acceptée{s}"[:300]
    lot.save(update_fields=["libelle"])
    inscrire(lot, ecrites)
    bilan.lot = lot
    return bilan


def rouvrir_les_reponses(lot: Lot, actions: Collection[int]) -> None:
    """Le lot est annulé sur ces actions : leurs réponses redeviennent à relire.

    Celle que son auteur a remplacée depuis reste remplacée : la nouvelle attend déjà.
    """
    siennes = Reponse.objects.filter(lot=lot, demande__action__in=actions)
    attendues = Reponse.objects.a_relire().values("demande")
    blanches = {"traitee_par": None, "traitee_le": None, "ecrit": None, "lot": None}
    remplacees = list(siennes.filter(demande__in=attendues).values_list("pk", flat=True))
    siennes.exclude(pk__in=remplacees).update(etat=EtatReponse.RECUE, **blanches)
    Reponse.objects.filter(pk__in=remplacees).update(etat=EtatReponse.REMPLACEE, **blanches)


@transaction.atomic
def renvoyer(reponse: Reponse, retour: str, *, par: Utilisateur) -> None:
    """Redemande une réponse à son auteur, par courriel, en disant ce qui manque."""
    _action_a_ecrire(reponse, par)
    destinataire = reponse.demande.destinataire
    if not destinataire.campagne.recoit or destinataire.revoque_le:
        raise CampagneImpossible(
            "Son lien n'est plus valable : prolongez la campagne ou redonnez-lui un lien."
        )
    if not retour.strip():
        raise DonneeManquante("retour", "Dites au destinataire ce qui manque.")
    _decider(reponse, EtatReponse.RENVOYEE, par=par, retour=retour.strip())
    reponse.retour = retour.strip()
    courriels.renvoyer(reponse)


def _action_a_ecrire(reponse: Reponse, par: Utilisateur) -> Action:
    """L'action, relue : c'est sur elle que la version se juge."""
    action = Action.objects.select_related("contrat", "fiche", "regroupee_dans").get(
        pk=reponse.demande.action_id
    )
    if not peut(par, Acte.MODIFIER, action):
        raise PermissionDenied("Relire une réponse : votre rôle ne le permet pas.")
    return action


def _decider(reponse: Reponse, etat: EtatReponse, *, par: Utilisateur, **champs: object) -> None:
    """Écrit la décision si la réponse attend encore."""
    siennes = Reponse.objects.filter(pk=reponse.pk, etat=EtatReponse.RECUE)
    if not siennes.update(etat=etat, traitee_par=par, traitee_le=timezone.now(), **champs):
        raise DejaRelue("Cette réponse a déjà été relue, ou son auteur en a envoyé une autre.")


def _ecrit(action: Action, suivi: Suivi) -> dict[str, object]:
    return {
        "statut": suivi.statut,
        "avancement": action.avancement,
        "echeance": action.echeance.isoformat() if action.echeance else None,
        "motif": suivi.motif,
        "version": action.version,
    }
