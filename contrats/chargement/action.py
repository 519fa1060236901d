"""Actions d'un contrat sans fiche (les 45 actions d'un PERR)."""

from typing import Any

from contrats.chargement.fiche import identifiant
from contrats.enums import NatureAxe, RolePartenaire
from contrats.historique import constater
from contrats.models import Action, Axe, Contrat, Partenariat
from partenaires.models import Organisme

ROLES = {
    "pilotes": RolePartenaire.PILOTE,
    "chef_de_file": RolePartenaire.CHEF_DE_FILE,
    "partenaires": RolePartenaire.PARTENAIRE,
}
CHAMPS = (
    "statut",
    "motif_statut",
    "avancement",
    "debut",
    "echeance",
    "prioritaire",
    "demonstration",
)


def charger_actions(contrat: Contrat, actions: list[dict[str, Any]]) -> None:
    """Crée les actions, chacune sous son programme : celui du contrat, ou de son parent.

    Un PERR cible les programmes du contrat de ville qu'il complète ; il n'en a pas à lui.
    """
    programmes = {
        axe.numero: axe
        for axe in Axe.objects.filter(
            contrat__in=[contrat.pk, contrat.parent_id], nature=NatureAxe.PROGRAMME
        )
    }
    organismes = {o.cle: o for o in Organisme.objects.all()}
    for ordre, d in enumerate(actions, 1):
        action = Action.objects.create(
            public_id=identifiant(contrat.slug, d["cle"]),
            contrat=contrat,
            axe=programmes[d["programme"]],
            ordre=ordre,
            numero=d["numero"],
            intitule=d["intitule"],
            **{champ: d[champ] for champ in CHAMPS if champ in d},
        )
        for cle, role in ROLES.items():
            Partenariat.objects.bulk_create(
                Partenariat(action=action, organisme=organismes[o], role=role, ordre=rang)
                for rang, o in enumerate(d.get(cle) or (), 1)
            )
    constater(contrat, par=None)
