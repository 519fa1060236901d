"""Ce que la base sait déjà du contrat, lu en un nombre constant de requêtes."""

from dataclasses import dataclass, field

from django.db.models import Q

from contrats.enums import NatureAxe
from contrats.models import Action, Axe, Contrat, LibelleAxe
from perr.models import AnnexeTerritoriale, Colonne, TitreVariante
from territoires.models import Territoire


@dataclass
class Connu:
    """Annexes, colonnes, axes et actions du contrat ; tout est vide pour un contrat neuf."""

    contrat: Contrat
    annexes: dict[str, AnnexeTerritoriale] = field(default_factory=dict)  # par nom
    colonnes: dict[str, list[Colonne]] = field(default_factory=dict)  # par nom d'annexe
    alias: dict[int, list[str]] = field(default_factory=dict)  # par colonne
    actions: dict[str, Action] = field(default_factory=dict)
    titres: dict[str, list[str]] = field(default_factory=dict)  # par numéro d'action
    programmes: dict[str, Axe] = field(default_factory=dict)
    libelles: dict[str, list[str]] = field(default_factory=dict)  # par numéro de programme
    piliers: list[Axe] = field(default_factory=list)
    quartiers: dict[str, str] = field(default_factory=dict)  # clé → nom

    @property
    def est_vide(self) -> bool:
        return not self.annexes

    def programme_de(self, numero: str) -> str:
        action = self.actions.get(numero)
        return action.axe.numero if action and action.axe else ""


def lire_connu(contrat: Contrat) -> Connu:
    """Les axes d'un PERR sont les siens ou ceux du contrat qu'il complète."""
    connu = Connu(contrat)
    connu.annexes = {a.nom: a for a in contrat.annexes_territoriales.order_by("ordre_imprime")}
    connu.colonnes = {nom: [] for nom in connu.annexes}
    colonnes = Colonne.objects.filter(annexe__contrat=contrat).select_related("annexe")
    for colonne in colonnes.prefetch_related("alias").order_by("annexe", "rang"):
        connu.colonnes[colonne.annexe.nom].append(colonne)
        connu.alias[colonne.pk] = [a.libelle for a in colonne.alias.all()]
    actions = contrat.actions.filter(parent=None).exclude(numero="").select_related("axe")
    connu.actions = {a.numero: a for a in actions.order_by("ordre", "pk")}
    connu.titres = {a.numero: [a.intitule] for a in connu.actions.values()}
    variantes = TitreVariante.objects.filter(annexe__contrat=contrat).exclude(titre="")
    for titre, numero in variantes.values_list("titre", "action__numero"):
        connu.titres.setdefault(numero, []).append(titre)
    axes = Axe.objects.filter(contrat__in=[contrat.pk, contrat.parent_id]).order_by("ordre", "pk")
    for axe in axes:
        if axe.nature in (NatureAxe.PROGRAMME, NatureAxe.SOUS_PROGRAMME) and axe.numero:
            connu.programmes.setdefault(axe.numero, axe)
            connu.libelles.setdefault(axe.numero, []).append(axe.intitule)
        elif axe.nature == NatureAxe.PILIER:
            connu.piliers.append(axe)
    for numero, libelle in LibelleAxe.objects.filter(
        axe__in=[a.pk for a in connu.programmes.values()]
    ).values_list("axe__numero", "libelle"):
        connu.libelles[numero].append(libelle)
    connu.quartiers = quartiers_du_contrat(contrat)
    return connu


def quartiers_du_contrat(contrat: Contrat) -> dict[str, str]:
    """Quartiers qu'un regard peut viser : cités par la matrice, couverts, ou compris dedans."""
    colonnes = Colonne.objects.filter(annexe__contrat=contrat)
    couverts = Territoire.objects.filter(colonnes__in=colonnes)
    cites = Territoire.objects.filter(regards__declinaison__colonne__in=colonnes)
    dedans = Territoire.objects.filter(rattachements__parent__in=couverts)
    tous = Territoire.objects.filter(Q(pk__in=couverts) | Q(pk__in=cites) | Q(pk__in=dedans))
    return dict(tous.order_by("pk").values_list("cle", "nom"))


def noms_de_colonne(connu: Connu, colonne: Colonne) -> list[str]:
    """Tous les noms sous lesquels un fichier peut désigner la colonne."""
    return [colonne.libelle, colonne.abrege, colonne.cle, *connu.alias[colonne.pk]]
