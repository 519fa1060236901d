"""Garde l'histoire des actions : qui écrit une action appelle `constater` dans sa transaction.

`constater` compare les actions à leur dernier état gardé et n'écrit que ce qui en diffère :
l'appeler deux fois n'écrit qu'une fois, et ce qu'un autre aurait oublié est rattrapé.
"""

import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.contenu.valeurs import valeur_json
from contrats.enums import RolePartenaire
from contrats.models import Action, Contrat, EtatAction, Fiche, Partenariat

CHAMPS = (
    "numero",
    "intitule",
    "horizon",
    "ordre",
    "statut",
    "motif_statut",
    "avancement",
    "debut",
    "echeance",
    "prioritaire",
    "demonstration",
)
ROLES = {
    "pilotes": RolePartenaire.PILOTE,
    "chefs_de_file": RolePartenaire.CHEF_DE_FILE,
    "partenaires": RolePartenaire.PARTENAIRE,
}


def avec_etat(actions: QuerySet[Action]) -> QuerySet[Action]:
    """De quoi lire `etat_de` : deux requêtes de plus, quel que soit le nombre d'actions."""
    partenariats = Partenariat.objects.select_related("organisme").order_by("ordre", "pk")
    return (
        actions.select_related("parent", "regroupee_dans", "axe", "fiche__axe")
        .prefetch_related(Prefetch("partenariats", partenariats), "territoires")
        .order_by("contrat", "fiche__ordre", "ordre", "pk")
    )


def etat_de(action: Action) -> dict[str, Any]:
    """L'état d'une action, en JSON ; les références sont des clés publiques."""
    axe = action.axe or (action.fiche.axe if action.fiche else None)
    parents = {"parent": action.parent, "regroupee_dans": action.regroupee_dans}
    partenariats = action.partenariats.all()
    return {
        **{champ: valeur_json(getattr(action, champ)) for champ in CHAMPS},
        **{nom: str(autre.public_id) if autre else None for nom, autre in parents.items()},
        "axe": axe.cle if axe else None,
        **{
            cle: [p.organisme.cle for p in partenariats if p.role == role]
            for cle, role in ROLES.items()
        },
        "territoires": sorted(t.cle for t in action.territoires.all()),
    }


def constater(
    objet: Contrat | Fiche | Action,
    *,
    par: Utilisateur | None,
    le: datetime.datetime | None = None,
) -> int:
    """Garde l'état des actions d'une action, d'une fiche ou d'un contrat ; rend combien changent.

    Une action disparue, ou dont la fiche est à la corbeille, est gardée absente.
    """
    filtre: dict[str, Any] = {type(objet).__name__.lower(): objet}
    if isinstance(objet, Action):
        filtre = {"pk": objet.pk}
    presentes = avec_etat(Action.objects.filter(fiche__supprimee_le=None, **filtre))
    if isinstance(objet, Action):
        filtre = {"identifiant": objet.public_id}
    derniers = EtatAction.objects.filter(**filtre).derniers()
    gardes = {dernier.identifiant: dernier for dernier in derniers}
    instant = le or timezone.now()
    nouveaux = []
    for action in presentes:
        garde = gardes.pop(action.public_id, None)
        etat = etat_de(action)
        if garde is None or garde.etat != etat:
            nouveaux.append(
                EtatAction(
                    contrat_id=action.contrat_id,
                    fiche_id=action.fiche_id,
                    action=action,
                    identifiant=action.public_id,
                    etat=etat,
                    le=instant,
                    auteur=par,
                )
            )
    nouveaux += [
        EtatAction(
            contrat_id=garde.contrat_id,
            fiche_id=garde.fiche_id,
            identifiant=garde.identifiant,
            etat=None,
            le=instant,
            auteur=par,
        )
        for garde in gardes.values()
        if garde.etat is not None
    ]
    EtatAction.objects.bulk_create(nouveaux)
    return len(nouveaux)
