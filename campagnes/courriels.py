"""Les courriels d'une campagne : lisibles en texte, un par personne et par cause."""

from collections.abc import Sequence

from campagnes import liens
from campagnes.models import Campagne, Destinataire, Reponse
from campagnes.plan import Envoi
from contrats.models import Action
from courrier.depot import Message, adresse_absolue, composer, deposer
from courrier.models import Courriel

MONTREES = 12  # au-delà, la page les dit toutes
LIEN_D_APERCU = "/repondre/lien-personnel/"


def apercu(campagne: Campagne, envoi: Envoi) -> Message:
    """Ce que recevra cette adresse, au lien près."""
    return _invitation(campagne, envoi.nom, envoi.actions, adresse_absolue(LIEN_D_APERCU))


def inviter(campagne: Campagne, destinataire: Destinataire, actions: Sequence[Action]) -> None:
    message = _invitation(campagne, destinataire.nom, actions, liens.adresse(destinataire))
    _deposer(cle_d_invitation(destinataire.pk), destinataire, campagne, message)


def relancer(relance: int, destinataire: Destinataire) -> None:
    """Réécrit à qui n'a pas tout répondu : une fois par relance."""
    reste = [d.action for d in destinataire.demandes.pour_parcours() if not d.repondue]
    contexte = _contexte(destinataire.campagne, destinataire.nom, reste)
    contexte["lien"] = liens.adresse(destinataire)
    message = composer("campagne_relance", contexte)
    cle = f"campagne-relance-{relance}-{destinataire.pk}"
    _deposer(cle, destinataire, destinataire.campagne, message)


def redonner_le_lien(destinataire: Destinataire) -> None:
    """Un nouveau lien remplace l'ancien ; il part par courriel, jamais par l'écran de l'agent."""
    actions = [d.action for d in destinataire.demandes.pour_parcours()]
    campagne = destinataire.campagne
    message = _invitation(campagne, destinataire.nom, actions, liens.adresse(destinataire))
    cle = f"campagne-lien-{destinataire.pk}-{destinataire.generation}"
    _deposer(cle, destinataire, campagne, message)


def renvoyer(reponse: Reponse) -> None:
    """Redemande une réponse, en disant ce qui manque."""
    destinataire = reponse.demande.destinataire
    contexte = _contexte(destinataire.campagne, destinataire.nom, [reponse.demande.action])
    contexte |= {"lien": liens.adresse(destinataire), "retour": reponse.retour}
    message = composer("campagne_renvoi", contexte)
    _deposer(f"campagne-renvoi-{reponse.pk}", destinataire, destinataire.campagne, message)


def cle_d_invitation(destinataire: int) -> str:
    return f"campagne-invitation-{destinataire}"


def remises(destinataires: Sequence[Destinataire]) -> dict[int, Courriel]:
    """Le courriel d'invitation de chacun, sans son texte."""
    cles = {cle_d_invitation(d.pk): d.pk for d in destinataires}
    courriels = Courriel.objects.filter(cle__in=cles).defer("contenu")
    return {cles[c.cle]: c for c in courriels}


def _invitation(campagne: Campagne, nom: str, actions: Sequence[Action], lien: str) -> Message:
    return composer("campagne_invitation", {**_contexte(campagne, nom, actions), "lien": lien})


def _contexte(campagne: Campagne, nom: str, actions: Sequence[Action]) -> dict[str, object]:
    return {
        "campagne": campagne,
        "nom": nom,
        "actions": actions[:MONTREES],
        "nombre": len(actions),
        "autres": max(0, len(actions) - MONTREES),
        "agent": campagne.cree_par,
    }


def _deposer(cle: str, destinataire: Destinataire, campagne: Campagne, message: Message) -> None:
    deposer(
        cle=cle,
        destinataire=destinataire.email,
        sujet=message.sujet,
        texte=message.texte,
        entetes={"Reply-To": campagne.cree_par.email},
    )
