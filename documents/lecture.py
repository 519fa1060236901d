"""Ce qu'imprime un document : un contrat et ses fiches, lus en un nombre fixe de requêtes.

Les objets sont ceux des modèles ; `FicheLue` et `SectionLue` leur donnent l'ordre imprimé et
rattachent chaque action à la section de son horizon. Rien d'invisible pour `par` n'est lu.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Prefetch, prefetch_related_objects

from comptes.models import Utilisateur
from contrats.enums import EtatSection, NatureSection, RolePartenaire
from contrats.models import (
    Action,
    Contrat,
    Engagement,
    Fiche,
    Financement,
    Partenariat,
    Partie,
    ProjetLie,
    Renvoi,
    Responsable,
    Section,
    Signature,
)
from gouvernance.models import Instance, Participation

# Nature d'une section → relation qui porte ses lignes
LIGNES: dict[str, str] = {
    NatureSection.JALONS: "jalons",
    NatureSection.LIVRABLES: "livrables",
    NatureSection.RISQUES: "risques",
    NatureSection.FACTEURS: "facteurs",
    NatureSection.CRITERES: "criteres",
    NatureSection.PROJETS_LIES: "projetlies",
    NatureSection.RESPONSABLES: "responsables",
}


@dataclass(frozen=True)
class SectionLue:
    """Une section à sa place imprimée, avec ce que sa nature lui fait porter."""

    libelle: str
    nature: str
    etat: str = EtatSection.RENSEIGNEE
    texte: str = ""
    liste_ouverte: bool = False
    actions: list["ActionLue"] = field(default_factory=list)
    lignes: list[Any] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    renvois: list[Renvoi] = field(default_factory=list)

    @property
    def gabarit(self) -> str:
        """Gabarit de la nature ; une nature nouvelle demande un fichier, pas de code."""
        return f"pdf/sections/{self.nature}.html"

    @property
    def porte_quelque_chose(self) -> bool:
        """Vide, la section imprime son état : « néant » n'est pas « non renseigné »."""
        return bool(self.texte or self.actions or self.lignes or self.mentions)

    @property
    def est_de_demonstration(self) -> bool:
        """Tout le suivi de la section est inventé : l'en-tête du tableau le dit une fois."""
        actions = [a for lue in self.actions for a in lue.toutes()]
        return bool(actions) and all(a.demonstration for a in actions)


@dataclass(frozen=True)
class ActionLue:
    """Une action, ses sous-points et les organismes de chaque rôle, sous leur forme imprimée.

    `territoires` est vide si l'action concerne tout le contrat : le dire à chaque ligne cacherait
    les actions qui n'en concernent qu'une partie.
    """

    action: Action
    organismes: list[tuple[str, list[str]]]
    territoires: list[str] = field(default_factory=list)
    sous_points: list["ActionLue"] = field(default_factory=list)

    def toutes(self) -> Iterator[Action]:
        """L'action puis ses sous-points, dans l'ordre imprimé."""
        yield self.action
        for sous_action in self.sous_points:
            yield from sous_action.toutes()


@dataclass(frozen=True)
class FicheLue:
    """Une fiche et ses sections, dans l'ordre imprimé ; `rang` va de 1 à `total`."""

    fiche: Fiche
    sections: list[SectionLue]
    rang: int
    total: int

    @property
    def ancre(self) -> str:
        return f"fiche-{self.fiche.cle}"

    @property
    def actions(self) -> list[Action]:
        """Toutes les actions et tous les sous-points, dans l'ordre imprimé."""
        return [a for section in self.sections for lue in section.actions for a in lue.toutes()]


def completer(contrat: Contrat, *, entier: bool) -> None:
    """Charge ce que le document imprime du contrat, hors de ses fiches."""
    parties = Partie.objects.select_related("organisme")
    prefetch_related_objects([contrat], Prefetch("parties", parties), "territoires")
    if not entier:
        return
    participations = Participation.objects.select_related("organisme")
    prefetch_related_objects(
        [contrat],
        Prefetch("signatures", Signature.objects.select_related("personne", "partie__organisme")),
        Prefetch("financements", Financement.objects.select_related("financeur")),
        Prefetch(
            "engagements",
            Engagement.objects.prefetch_related(
                Prefetch("porteurs", parties), Prefetch("beneficiaires", parties)
            ),
        ),
        Prefetch("articles__renvois", Renvoi.objects.select_related("fiche", "annexe")),
        Prefetch(
            "instances",
            Instance.objects.prefetch_related(Prefetch("participations", participations)),
        ),
        "axes",
        "annexes",
        "annonces",
        "etapes",
    )


def lire_fiches(
    contrat: Contrat, par: Utilisateur | AnonymousUser, cles: Collection[str] | None = None
) -> list[FicheLue]:
    """Les fiches visibles du contrat, dans l'ordre imprimé ; celles de `cles` s'il est donné."""
    fiches = Fiche.objects.visibles_par(par).filter(contrat=contrat)
    if cles is not None:
        fiches = fiches.filter(cle__in=cles)
    lues = list(
        fiches.select_related("modele", "axe")
        .prefetch_related(
            Prefetch("sections", _sections()), Prefetch("actions", _actions(par), "actions_lues")
        )
        .order_by("ordre", "pk")
        .fetch_mode(models.FETCH_PEERS)
    )
    return [_fiche(fiche, contrat, rang, len(lues)) for rang, fiche in enumerate(lues, 1)]


def fiches_visibles(contrat: Contrat, par: Utilisateur | AnonymousUser) -> frozenset[int]:
    """Identifiants des fiches du contrat que `par` peut voir."""
    visibles = Fiche.objects.visibles_par(par).filter(contrat=contrat)
    return frozenset(visibles.values_list("pk", flat=True))


def lire_actions_sans_fiche(contrat: Contrat, par: Utilisateur | AnonymousUser) -> list[ActionLue]:
    """Les actions que le contrat porte directement."""
    return _arbre(list(_actions(par).filter(contrat=contrat, fiche=None)), contrat)


def _sections() -> models.QuerySet[Section]:
    return (
        Section.objects.select_related("modele")
        .prefetch_related(
            Prefetch("partenariats", _partenariats()),
            Prefetch("renvois", Renvoi.objects.select_related("fiche", "annexe")),
            Prefetch("projetlies", ProjetLie.objects.select_related("cible")),
            Prefetch("responsables", Responsable.objects.select_related("personne", "organisme")),
            *sorted(set(LIGNES.values()) - {"projetlies", "responsables"}),
        )
        .order_by("ordre", "pk")
    )


def _actions(par: Utilisateur | AnonymousUser) -> models.QuerySet[Action]:
    return (
        Action.objects.visibles_par(par)
        .select_related("axe", "fiche__axe")
        .prefetch_related(Prefetch("partenariats", _partenariats()), "territoires", "periodes")
        .order_by("ordre", "pk")
    )


def _partenariats() -> models.QuerySet[Partenariat]:
    return Partenariat.objects.select_related("organisme").order_by("ordre", "pk")


def _fiche(fiche: Fiche, contrat: Contrat, rang: int, total: int) -> FicheLue:
    fiche.contrat = contrat  # déjà lu
    par_horizon: dict[str, list[ActionLue]] = {}
    actions: list[Action] = fiche.actions_lues  # type: ignore[attr-defined]  # par `Prefetch`
    for lue in _arbre(actions, contrat):
        par_horizon.setdefault(lue.action.horizon, []).append(lue)
    sections = [_section(s, par_horizon) for s in fiche.sections.all()]
    # Une action dont l'horizon n'a pas de section s'imprime quand même, sous le nom de l'horizon.
    sections += [
        SectionLue(
            lues[0].action.get_horizon_display() or "Autres actions",
            NatureSection.ACTIONS,
            actions=lues,
        )
        for lues in par_horizon.values()
    ]
    return FicheLue(fiche, sections, rang, total)


def _section(section: Section, par_horizon: dict[str, list[ActionLue]]) -> SectionLue:
    nature = section.modele.nature
    est_d_actions = nature == NatureSection.ACTIONS
    return SectionLue(
        libelle=section.libelle,
        nature=nature,
        etat=section.etat,
        texte=section.texte,
        liste_ouverte=section.liste_ouverte,
        actions=par_horizon.pop(section.modele.horizon, []) if est_d_actions else [],
        lignes=list(getattr(section, LIGNES[nature]).all()) if nature in LIGNES else [],
        mentions=[_mention(p) for p in section.partenariats.all()],
        renvois=list(section.renvois.all()),
    )


def _arbre(actions: list[Action], contrat: Contrat) -> list[ActionLue]:
    """Les actions de premier rang, chacune avec ses sous-points ; un orphelin passe au rang 1."""
    lues = {
        action.pk: ActionLue(action, _organismes(action), _territoires(action, contrat))
        for action in actions
    }
    racines: list[ActionLue] = []
    for lue in lues.values():
        parent = lues.get(lue.action.parent_id or 0)
        (parent.sous_points if parent else racines).append(lue)
    return racines


def _organismes(action: Action) -> list[tuple[str, list[str]]]:
    par_role: dict[str, list[str]] = {}
    for partenariat in action.partenariats.all():
        par_role.setdefault(partenariat.role, []).append(_mention(partenariat))
    return [(role.label, par_role[role]) for role in RolePartenaire if role in par_role]


def _territoires(action: Action, contrat: Contrat) -> list[str]:
    siens = {territoire.nom for territoire in action.territoires.all()}
    return [] if siens == {t.nom for t in contrat.territoires.all()} else sorted(siens)


def _mention(partenariat: Partenariat) -> str:
    return partenariat.mention or partenariat.organisme.nom
