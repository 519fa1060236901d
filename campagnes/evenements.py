"""Ce qu'une campagne notifie : une réponse attend d'être relue."""

from django.db.models import QuerySet

from campagnes.models import Reponse
from comptes.models import Utilisateur
from contrats.permissions import Acte, qui_peut
from notifications.registre import Avis, Evenement, Genre, declarer

REPONSE = "reponse"


def relecteurs(reponse: Reponse) -> list[Utilisateur]:
    """Qui a lancé la campagne, s'il peut encore accepter ; à défaut, ceux qui le peuvent. Jamais
    l'auteur de la réponse, s'il a aussi un compte."""
    demande = reponse.demande
    auteur = demande.destinataire.email.casefold()
    peuvent = [u for u in qui_peut(Acte.MODIFIER, demande.action) if u.email.casefold() != auteur]
    lanceur = demande.destinataire.campagne.cree_par_id
    return [u for u in peuvent if u.pk == lanceur] or peuvent


def _a_relire(utilisateur: Utilisateur) -> QuerySet[Reponse]:
    """Relue, une réponse n'attend plus personne."""
    lisibles = Reponse.objects.visibles_par(utilisateur).a_relire()
    return lisibles.select_related("demande__action__contrat", "demande__destinataire__campagne")


def _dire(reponse: Reponse) -> Avis:
    action, destinataire = reponse.demande.action, reponse.demande.destinataire
    detail = f"{destinataire.campagne} ; {destinataire.email} ; {reponse.get_statut_display()}"
    detail += f" : {reponse.phrase}" if reponse.phrase else "."
    return Avis(str(action), detail, reponse.get_absolute_url())


def declarer_les_evenements() -> None:
    """Au démarrage (`apps.py`)."""
    declarer(
        Genre(REPONSE, _a_relire),
        Evenement(
            cle=REPONSE,
            libelle="Réponse",
            quand="Une réponse à une campagne que vous conduisez attend d'être relue",
            genre=REPONSE,
            destinataires=relecteurs,
            dire=_dire,
        ),
    )
