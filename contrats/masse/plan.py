"""L'aperçu : ce que chaque ligne deviendrait, et celles qui restent avec leur raison."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from comptes.models import Utilisateur
from contrats.enums import StatutFiche
from contrats.masse.changement import Changement, ChangerPilote, Laissee, Valeurs, dire, valeurs
from contrats.models import Action, Contrat, Partenariat
from contrats.permissions import Acte, peut

LIMITE = 1000  # actions d'un lot : il se relit, et tient dans un envoi de formulaire
Lues = dict[uuid.UUID, int]  # action → version montrée par l'aperçu


@dataclass
class Ligne:
    """Une action du lot : avant, après, ou la raison de la laisser."""

    action: Action
    avant: Valeurs = field(default_factory=dict)
    apres: Valeurs = field(default_factory=dict)
    raison: str = ""
    a_change: bool = False
    noms: dict[str, str] = field(default_factory=dict)

    @property
    def objet(self) -> Action:
        return self.action

    @property
    def texte_avant(self) -> str:
        return dire(self.avant, self.noms)

    @property
    def texte_apres(self) -> str:
        """Sans le motif, commun à toutes les lignes : l'aperçu le dit une fois."""
        return dire({**self.apres, "motif_statut": ""}, self.noms)


@dataclass
class Plan:
    """Un changement et ses lignes : d'actions, ou de fiches (`masse.fiches`)."""

    changement: Any
    lignes: list[Any]

    @property
    def retenues(self) -> list[Any]:
        return [ligne for ligne in self.lignes if not ligne.raison]

    @property
    def laissees(self) -> list[Any]:
        return [ligne for ligne in self.lignes if ligne.raison]

    @property
    def changees(self) -> list[Any]:
        """Celles qui ont changé depuis l'aperçu précédent."""
        return [ligne for ligne in self.lignes if ligne.a_change]

    @property
    def lues(self) -> str:
        """Ce que l'envoi du formulaire redit : les objets à changer, à la version montrée."""
        return " ".join(f"{li.objet.public_id}:{li.objet.version}" for li in self.retenues)


def lire_lues(texte: str) -> Lues | None:
    """L'inverse de `Plan.lues` ; None si ce n'en est pas une, ou plus de `LIMITE` lignes."""
    mots = texte.split()
    try:
        lues = {uuid.UUID(m.partition(":")[0]): int(m.partition(":")[2]) for m in mots}
    except ValueError:
        return None
    return lues if 0 < len(lues) == len(mots) <= LIMITE else None


def actions_de_l_atelier(utilisateur: Utilisateur) -> QuerySet[Action]:
    """Les actions des contrats où l'utilisateur a un rôle, dans l'ordre imprimé."""
    siennes = Action.objects.visibles_par(utilisateur)
    return siennes.filter(contrat__in=Contrat.objects.habilites(utilisateur)).pour_liste()


def avec_pilotes(actions: QuerySet[Action]) -> QuerySet[Action]:
    """De quoi préparer un plan sans une requête par ligne."""
    roles = Partenariat.objects.select_related("organisme").order_by("ordre", "pk")
    return actions.select_related("regroupee_dans").prefetch_related(
        Prefetch("partenariats", roles)
    )


def preparer(
    actions: Iterable[Action], changement: Changement, par: Utilisateur, lues: Mapping | None = None
) -> Plan:
    """Ce que ferait le changement ; `lues` : les versions montrées, pour dire ce qui a changé."""
    liste = list(actions)
    noms = {p.organisme.cle: str(p.organisme) for a in liste for p in a.partenariats.all()}
    if isinstance(changement, ChangerPilote):
        noms[changement.organisme.cle] = str(changement.organisme)
    return Plan(changement, [_ligne(a, changement, par, lues, noms) for a in liste])


def _ligne(
    action: Action,
    changement: Changement,
    par: Utilisateur,
    lues: Mapping[uuid.UUID, int] | None,
    noms: dict[str, str],
) -> Ligne:
    ligne = Ligne(action, noms=noms)
    ligne.a_change = lues is not None and lues.get(action.public_id) != action.version
    try:
        ligne.raison = _interdit(action, par)
        if not ligne.raison:
            ligne.apres = changement.apres(action)
            ligne.avant = {champ: valeurs(action)[champ] for champ in ligne.apres}
    except Laissee as laissee:
        ligne.raison = str(laissee)
    return ligne


def _interdit(action: Action, par: Utilisateur) -> str:
    """Une action s'écrit avec sa fiche : il faut pouvoir modifier celle-ci, et qu'elle s'écrive."""
    if not peut(par, Acte.MODIFIER, action):
        return "Votre rôle sur ce contrat ne permet pas de la modifier."
    if action.fiche and action.fiche.statut not in StatutFiche.modifiables():
        return f"Sa fiche est « {action.fiche.get_statut_display()} » : son texte est fermé."
    return ""
