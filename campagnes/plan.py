"""À qui une campagne écrit : le même calcul pour la saisie, l'aperçu et l'envoi."""

from dataclasses import dataclass, field

from campagnes.enums import Destination
from campagnes.models import Campagne, Contact
from contrats.enums import RolePartenaire
from contrats.models import Action, Partenariat
from partenaires.models import Organisme

ROLES = {
    Destination.PILOTES: [RolePartenaire.PILOTE],
    Destination.TOUS: [
        RolePartenaire.PILOTE,
        RolePartenaire.CHEF_DE_FILE,
        RolePartenaire.PARTENAIRE,
    ],
}


@dataclass
class Concerne:
    """Un organisme qui a un rôle dans les actions de la campagne, et qui y répond pour lui."""

    organisme: Organisme
    actions: list[Action] = field(default_factory=list)
    contact: Contact | None = None
    ecarte: bool = False

    @property
    def recoit(self) -> bool:
        return self.contact is not None and not self.ecarte


@dataclass
class Envoi:
    """Une adresse et tout ce qu'on lui demande : un seul courriel."""

    email: str
    nom: str
    organismes: list[Organisme] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


def concernes(campagne: Campagne) -> list[Concerne]:
    """Les organismes des actions, de celui qui en a le plus à celui qui en a le moins."""
    actions = list(
        campagne.actions.select_related("contrat", "fiche", "axe").ordonnees()  # type: ignore[attr-defined]
    )
    rangs = {action.pk: rang for rang, action in enumerate(actions)}
    liens = Partenariat.objects.filter(
        action__in=rangs, role__in=ROLES[Destination(campagne.destination)]
    ).select_related("organisme")
    trouves: dict[int, Concerne] = {}
    for lien in sorted(liens, key=lambda lien: rangs[lien.action_id or 0]):
        concerne = trouves.setdefault(lien.organisme_id, Concerne(lien.organisme))
        action = actions[rangs[lien.action_id or 0]]
        if action not in concerne.actions:
            concerne.actions.append(action)
    _completer(campagne, trouves)
    return sorted(trouves.values(), key=lambda c: (-len(c.actions), c.organisme.nom))


def _completer(campagne: Campagne, trouves: dict[int, Concerne]) -> None:
    """Ajoute les contacts du contrat et les organismes écartés."""
    for contact in Contact.objects.filter(contrat=campagne.contrat_id, organisme__in=trouves):
        trouves[contact.organisme_id].contact = contact
    for pk in campagne.ecartes.values_list("pk", flat=True):
        if pk in trouves:
            trouves[pk].ecarte = True


def envois(campagne: Campagne) -> list[Envoi]:
    """Un envoi par adresse, dans l'ordre alphabétique : deux organismes de la même personne, ou la
    même action dans deux rôles, ne font qu'un courriel et qu'un écran."""
    par_adresse: dict[str, Envoi] = {}
    for concerne in concernes(campagne):
        if concerne.contact is None or concerne.ecarte:
            continue
        email = concerne.contact.email.lower()
        envoi = par_adresse.setdefault(email, Envoi(email, concerne.contact.nom))
        envoi.organismes.append(concerne.organisme)
        envoi.actions += [a for a in concerne.actions if a not in envoi.actions]
    for envoi in par_adresse.values():
        envoi.actions.sort(key=lambda a: (a.fiche.ordre if a.fiche else 0, a.ordre, a.pk))
    return sorted(par_adresse.values(), key=lambda e: e.email)


def muettes(campagne: Campagne) -> list[Action]:
    """Les actions sur lesquelles personne n'est interrogé."""
    interrogees = {a.pk for envoi in envois(campagne) for a in envoi.actions}
    return [a for a in campagne.actions.order_by("ordre", "pk") if a.pk not in interrogees]
