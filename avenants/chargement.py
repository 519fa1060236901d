"""Charge des avenants de démonstration (`fixtures/avenants/`) par les services, comme un agent ;
rejouable sans rien dupliquer."""

import datetime
from typing import Any

from avenants.conflits import dernier_numero
from avenants.effets import ecrire
from avenants.entree import entrer_en_vigueur
from avenants.enums import NatureEffet
from avenants.lecture import sources
from avenants.models import Avenant, Effet
from comptes.enums import Preuve
from comptes.models import Utilisateur
from contrats.chargement import charger_contrat
from contrats.enums import TransitionContrat
from contrats.models import Contrat
from contrats.permissions import oublier_les_roles
from contrats.transitions import conduire_contrat

PARCOURS = (
    TransitionContrat.SOUMETTRE,
    TransitionContrat.ADOPTER,
    TransitionContrat.METTRE_EN_SIGNATURE,
)


def charger_avenants(d: dict[str, Any]) -> None:
    """Chaque avenant, rédigé, signé et entré en vigueur ; un avenant déjà là est laissé."""
    modifie = Contrat.objects.get(slug=d["modifie"])
    par, constate = (Utilisateur.objects.get(email=d[qui]) for qui in ("par", "constate_par"))
    for donnees in d["avenants"]:
        if not Contrat.objects.filter(slug=donnees["slug"]).exists():
            _charger(modifie, donnees, par, constate)


def _charger(modifie: Contrat, d: dict[str, Any], par: Utilisateur, constate: Utilisateur) -> None:
    porteur = charger_contrat(
        {
            **{champ: d[champ] for champ in ("slug", "intitule", "intitule_court")},
            "type": modifie.type,
            "parent": modifie.slug,
            "lien": "avenant",
            "statut": "en_preparation",
            "publie": False,
            "modele_fiche": modifie.modele_fiche.cle if modifie.modele_fiche else None,
            "territoires": list(modifie.territoires.values_list("cle", flat=True)),
            "parties": [
                {"organisme": p.organisme.cle, "role": p.role, "rang": p.rang, "libelle": p.libelle}
                for p in modifie.parties.select_related("organisme").order_by("rang")
            ],
            "fiches": [],
        }
    )
    oublier_les_roles(par)  # le sien sur le contrat modifié vaut pour ce nouvel enfant
    avenant = Avenant.objects.create(contrat=porteur, modifie=modifie, demonstration=True)
    depart = dernier_numero(sources(modifie))
    effets = [Effet(depart=depart, **effet) for effet in d["effets"]]
    ecrire(avenant, effets, list(NatureEffet), version=porteur.version, par=par)
    for transition in PARCOURS:
        conduire_contrat(porteur, transition, version=porteur.version, par=par)
    conduire_contrat(
        porteur,
        TransitionContrat.SIGNER,
        version=porteur.version,
        par=constate,
        preuve=Preuve.MOT_DE_PASSE,
    )
    modifie.refresh_from_db()
    entrer_en_vigueur(avenant, effet_le=_jour(d["effet_le"]), version=modifie.version, par=par)
    modifie.refresh_from_db()


def _jour(lu: datetime.date | str) -> datetime.date:
    return lu if isinstance(lu, datetime.date) else datetime.date.fromisoformat(lu)
