"""Ce que le contrat connaît : ses indicateurs, les lieux qu'il mesure, les mesures présentes."""

from collections import defaultdict
from dataclasses import dataclass, field

from contrats.models import Contrat
from indicateurs.models import Indicateur, Mesure
from perr.importation.textes import cle
from territoires.enums import TypeTerritoire
from territoires.models import AliasTerritoire, Territoire


@dataclass
class Connu:
    """Lu en un nombre de requêtes fixe, quel que soit le fichier."""

    indicateurs: dict[str, Indicateur] = field(default_factory=dict)  # par clé
    noms: dict[str, str] = field(default_factory=dict)  # nom admis → clé
    par_code: dict[str, Territoire] = field(default_factory=dict)
    par_nom: dict[str, list[Territoire]] = field(default_factory=lambda: defaultdict(list))
    mesures: dict[tuple[int, int, str], Mesure] = field(default_factory=dict)


def connaitre(contrat: Contrat) -> Connu:
    connu = Connu()
    indicateurs = Indicateur.objects.filter(contrat=contrat).retenus().order_by("ordre", "pk")
    for indicateur in indicateurs:
        connu.indicateurs[indicateur.cle] = indicateur
        for nom in (indicateur.cle, indicateur.intitule, str(indicateur.public_id)):
            connu.noms[cle(nom)] = indicateur.cle
    for lieu in _lieux(contrat, connu):
        if lieu.code:
            connu.par_code[lieu.code.upper()] = lieu
        connu.par_code[lieu.cle.upper()] = lieu
        connu.par_nom[cle(lieu.nom)].append(lieu)
    _ajouter_les_alias(connu)
    mesures = Mesure.objects.filter(indicateur__contrat=contrat).select_related("millesime")
    connu.mesures = {(m.indicateur_id, m.territoire_id, m.millesime.cle): m for m in mesures}
    return connu


def _lieux(contrat: Contrat, connu: Connu) -> list[Territoire]:
    """Territoires du contrat, références des indicateurs, quartiers qui ont succédé aux siens."""
    siens = contrat.territoires.values("pk")
    references = {i.reference_id for i in connu.indicateurs.values() if i.reference_id}
    lieux = Territoire.objects.filter(pk__in=siens) | Territoire.objects.filter(pk__in=references)
    lieux |= Territoire.objects.filter(
        type=TypeTerritoire.QPV, filiations_precedentes__ancien__in=siens
    )
    lieux |= Territoire.objects.filter(mesures__indicateur__contrat=contrat)
    return list(lieux.defer("contour").order_by("generation", "nom", "pk").distinct())


def _ajouter_les_alias(connu: Connu) -> None:
    lieux = {lieu.pk: lieu for lieux in connu.par_nom.values() for lieu in lieux}
    for alias in AliasTerritoire.objects.filter(territoire__in=lieux).order_by("pk"):
        lieu, nom = lieux[alias.territoire_id], cle(alias.libelle)
        if lieu not in connu.par_nom[nom]:
            connu.par_nom[nom].append(lieu)
