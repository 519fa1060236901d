"""Ce dont on fait un tableau : un contrat, un territoire, un programme, un organisme, tout."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.urls import reverse

from comptes.models import Utilisateur
from contrats.models import Axe, Contrat, EtatAction
from partenaires.models import Organisme
from tableaux.etat import ActionLue, Etat
from territoires.models import Territoire

Lecteur = Utilisateur | AnonymousUser
Garde = Callable[[Etat, ActionLue], bool]


@dataclass(frozen=True)
class Perimetre:
    """Des contrats, et parmi leurs actions celles que `garde` retient ; `phrase` le dit."""

    genre: str
    cle: str
    nom: str
    phrase: str
    adresse: str
    contrats: QuerySet[Contrat]
    garde: Garde | None = None
    quartier: str | None = None

    @property
    def tableau(self) -> str:
        """Adresse de son tableau de bord."""
        return reverse(f"tableaux:{self.genre}", args=[self.cle] if self.cle else [])

    def restreindre(self, etat: Etat) -> Etat:
        """L'état des seules actions retenues, et de leurs cellules ; le reste demeure."""
        colonnes = etat.colonnes
        if self.quartier:
            colonnes = tuple(c for c in colonnes if self.quartier in c.quartiers)
        ici = {c.pk for c in colonnes}
        garde = self.garde
        toutes = tuple(a for a in etat.toutes if garde is None or garde(etat, a))
        gardees = {a.identifiant for a in toutes}
        cellules = {
            place: statut
            for place, statut in etat.cellules.items()
            if place[0] in gardees and place[1] in ici
        }
        if garde is None:
            return replace(etat, colonnes=colonnes, cellules=cellules)
        # Une somme, un engagement, un jalon sont ceux d'un contrat, non d'un morceau de contrat.
        return replace(
            etat,
            toutes=toutes,
            colonnes=colonnes,
            cellules=cellules,
            contrats=(),
            sommes=(),
            engagements=(),
            jalons=(),
            indicateurs=(),
        )


def du_contrat(contrat: Contrat) -> Perimetre:
    return Perimetre(
        "contrat",
        contrat.slug,
        contrat.intitule_court,
        f"Contrat : {contrat.intitule_court}.",
        contrat.get_absolute_url(),
        Contrat.objects.filter(pk=contrat.pk),
    )


def de_l_instance() -> Perimetre:
    return Perimetre(
        "instance",
        "",
        "Tous les contrats",
        "Tous les contrats que vous pouvez lire.",
        reverse("contrats:contrat-list"),
        Contrat.objects.all(),
    )


def du_programme(contrat: Contrat, axe: Axe, descendance: frozenset[str]) -> Perimetre:
    """Un axe du contrat, ou du contrat qu'il complète, et tout ce qu'il contient."""
    nom = f"{axe.numero} {axe.intitule}".strip()
    return ProgrammePerimetre(
        "programme",
        axe.cle,
        nom,
        f"{axe.get_nature_display()} « {nom} » de {contrat.intitule_court}.",
        contrat.get_absolute_url(),
        Contrat.objects.filter(pk=contrat.pk),
        lambda etat, action: action.axe in descendance,
        slug=contrat.slug,
    )


@dataclass(frozen=True)
class ProgrammePerimetre(Perimetre):
    """Un programme se nomme dans son contrat."""

    slug: str = ""

    @property
    def tableau(self) -> str:
        return reverse("tableaux:programme", args=[self.slug, self.cle])


def de_l_organisme(organisme: Organisme) -> Perimetre:
    """Actions où il est pilote, chef de file ou partenaire ; ses anciens noms comptent."""
    cles = {organisme.cle, *organisme.fusionnes.values_list("cle", flat=True)}
    concernes = Contrat.objects.filter(
        Q(pk__in=Contrat.objects.filter(actions__partenariats__organisme=organisme).values("pk"))
        | Q(pk__in=_contrats_passes(cles))
    )
    return Perimetre(
        "organisme",
        organisme.cle,
        organisme.nom,
        f"Actions où {organisme.nom} est pilote, chef de file ou partenaire.",
        organisme.get_absolute_url(),
        concernes,
        lambda etat, action: not cles.isdisjoint(action.organismes),
    )


def _contrats_passes(cles: set[str]) -> list[int]:
    """Contrats où il eut un rôle, qu'il n'a peut-être plus."""
    trouves = Q()
    for cle in sorted(cles):
        # Une clé n'a ni guillemet ni joker : le texte JSON la contient telle quelle.
        trouves |= Q(etat__icontains=f'"{cle}"')
    return list(EtatAction.objects.filter(trouves).values_list("contrat", flat=True).distinct())


def du_territoire(territoire: Territoire) -> Perimetre:
    """Actions déclinées dans une colonne qui le couvre, ou à lui ; sinon celles des contrats du
    territoire que rien ne place ailleurs (même règle que `Action.concernant`)."""
    contrats = Contrat.objects.filter(territoires=territoire)
    en_matrice = Contrat.objects.filter(annexes_territoriales__colonnes__quartiers=territoire)
    propres = Contrat.objects.filter(actions__territoires=territoire)
    d_un_bloc = set(contrats.values_list("slug", flat=True)) - set(
        en_matrice.values_list("slug", flat=True)
    )

    def garde(etat: Etat, action: ActionLue) -> bool:
        ici = etat.colonnes_de(territoire.cle)
        if territoire.cle in action.territoires:
            return True
        if any((action.identifiant, pk) in etat.cellules for pk in ici):
            return True
        return not action.territoires and action.contrat in d_un_bloc

    return Perimetre(
        "territoire",
        territoire.cle,
        territoire.nom,
        f"Actions qui concernent {territoire.nom}.",
        territoire.get_absolute_url(),
        Contrat.objects.filter(
            Q(pk__in=contrats.values("pk"))
            | Q(pk__in=en_matrice.values("pk"))
            | Q(pk__in=propres.values("pk"))
        ),
        garde,
        quartier=territoire.cle if en_matrice.exists() else None,
    )


def descendance(axe: Axe) -> frozenset[str]:
    """Clés de l'axe et des axes qu'il contient."""
    parents = dict(Axe.objects.filter(contrat=axe.contrat_id).values_list("pk", "parent"))
    cles = dict(Axe.objects.filter(contrat=axe.contrat_id).values_list("pk", "cle"))
    trouves = {axe.pk}
    while nouveaux := {p for p, de in parents.items() if de in trouves} - trouves:
        trouves |= nouveaux
    return frozenset(cles[p] for p in trouves)
