"""La page d'un contrat : une suite de blocs, dans le même ordre pour toutes les formes.

Un bloc sans matière n'apparaît pas, ni dans la page ni dans son sommaire : un contrat de
réciprocité, une feuille de route et un projet de territoire passent par le même code.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from contrats.enums import Horizon, NatureAxe, NatureSection, RoleSignature
from contrats.models import (
    Action,
    Axe,
    Contrat,
    Engagement,
    Fiche,
    Partie,
    Renvoi,
    SectionModele,
    Signature,
)
from contrats.presentation.comptes import Comptes, Lecteur, compter

NATURES_FEMININES = {NatureAxe.ORIENTATION}


@dataclass(frozen=True)
class Bloc:
    """Partie de la page : son ancre, son titre, son gabarit et l'objet qu'il montre.

    `entree` est le libellé du sommaire, quand le titre serait trop long.
    """

    ancre: str
    titre: str
    gabarit: str
    objet: Any = None
    entree: str = ""
    num: str = ""

    @property
    def dans_le_sommaire(self) -> str:
        return self.entree or self.titre


@dataclass
class Noeud:
    """Intitulé de l'arbre des axes, avec ceux qu'il contient et le nombre de ses actions."""

    axe: Axe
    enfants: list["Noeud"] = field(default_factory=list)
    fiches: list[Fiche] = field(default_factory=list)

    @property
    def homonyme(self) -> Fiche | None:
        """La seule fiche de l'axe, quand elle porte son nom : un lien suffit aux deux."""
        if len(self.fiches) == 1 and self.fiches[0].titre == self.axe.intitule:
            return self.fiches[0]
        return None


@dataclass(frozen=True)
class Famille:
    """Axes de même nature au premier rang, et ce que le texte en annonçait."""

    nature: str
    singulier: str
    titre: str
    noeuds: list[Noeud]
    annonce: str = ""


@dataclass(frozen=True)
class LigneFiche:
    """Ligne du tableau des fiches : un nombre d'actions par colonne."""

    fiche: Fiche
    nombres: list[int]
    comptes: Comptes


@dataclass(frozen=True)
class TableauFiches:
    """Fiches visibles et leurs actions, par section d'actions du modèle."""

    colonnes: list[str]
    lignes: list[LigneFiche]
    totaux: list[int]
    comptes: Comptes


@dataclass
class PageContrat:
    """Tout ce que montre la page d'un contrat à ce lecteur.

    `contrat` doit venir de `Contrat.objects.visibles_par(lecteur).pour_page()`.
    """

    contrat: Contrat
    lecteur: Lecteur

    def __post_init__(self) -> None:
        self.fiches = list(
            Fiche.objects.visibles_par(self.lecteur)
            .filter(contrat=self.contrat)
            .select_related("axe")
            .order_by("ordre", "pk")
        )
        for fiche in self.fiches:
            fiche.contrat = self.contrat
        actions = Action.objects.visibles_par(self.lecteur).filter(contrat=self.contrat)
        self.comptes = compter(actions, par="fiche")
        self.sans_fiche = list(
            actions.filter(fiche=None).select_related("parent", "axe").order_by("ordre", "pk")
        )
        # Tri en mémoire : la relation est déjà lue.
        self.territoires = sorted(self.contrat.territoires.all(), key=lambda t: t.nom)
        self.lies = list(
            Contrat.objects.visibles_par(self.lecteur).filter(parent=self.contrat).pour_liste()
        )
        self.parent = (
            Contrat.objects.visibles_par(self.lecteur).filter(pk=self.contrat.parent_id).first()
            if self.contrat.parent_id
            else None
        )
        renvois = Renvoi.objects.select_related("annexe").order_by("ordre", "pk")
        articles = list(self.contrat.articles.all())
        prefetch_related_objects(articles, Prefetch("renvois", renvois))
        for article in self.contrat.articles.all():
            for renvoi in article.renvois.all():
                if renvoi.annexe:
                    renvoi.annexe.contrat = self.contrat
        self.fiches_par_pk = {fiche.pk: fiche for fiche in self.fiches}

    @property
    def nb_articles(self) -> int:
        return len(self.contrat.articles.all())

    @property
    def comptes_du_contrat(self) -> Comptes:
        return self.comptes[None]

    @property
    def blocs(self) -> list[Bloc]:
        """Les blocs qui ont de la matière, dans l'ordre de la page."""
        return list(self._blocs())

    def _blocs(self) -> Iterator[Bloc]:
        contrat = self.contrat
        if self.parties:
            yield _bloc("parties", "Les parties", self.parties)
        yield _bloc("essentiel", "L’essentiel", contrat)
        if contrat.etapes.all():
            yield _bloc("chronologie", "Chronologie", contrat.etapes.all())
        if contrat.preambule:
            yield _bloc("preambule", "Préambule", contrat)
        for article in contrat.articles.all():
            yield _bloc(
                f"article-{article.numero}",
                article.titre,
                ArticleLu(article, self._engagements(article.pk), self._renvois(article)),
                gabarit="article",
                num=f"Article {article.numero}",
                entree=f"Article {article.numero}. {article.titre}",
            )
        if libres := self._engagements(None):
            yield _bloc("engagements", "Engagements", libres)
        for famille in self.familles:
            yield _bloc(f"axes-{famille.nature}", famille.titre, famille, gabarit="axes")
        if contrat.instances.all():
            yield _bloc("gouvernance", "Instances", contrat.instances.all())
        # Un PERR n'a que des actions : un bloc de fiches vide n'y dirait rien.
        if self.fiches or contrat.modele_fiche_id:
            yield _bloc("fiches", "Fiches et actions", self.tableau)
        if self.sans_fiche:
            titre = "Actions hors fiche" if self.fiches else "Actions"
            yield _bloc("actions", titre, self.sans_fiche)
        if contrat.financements.all():
            yield _bloc("financements", "Financements cités", contrat.financements.all())
        if contrat.annexes.all():
            yield _bloc("annexes", "Annexes", contrat.annexes.all())
        yield _bloc("documents", "Documents et données", contrat)
        if contrat.signatures.all():
            yield _bloc("signatures", "Signatures", self.signatures)

    @property
    def parties(self) -> list[Partie]:
        """Parties dans l'ordre du contrat, chacune avec ses signataires (`signataires`)."""
        signataires = defaultdict(list)
        for signature in self.contrat.signatures.all():
            signataires[signature.partie_id].append(signature)
        parties = list(self.contrat.parties.all())
        for partie in parties:
            partie.signataires = signataires[partie.pk]  # type: ignore[attr-defined]  # pour le gabarit
        return parties

    @property
    def signatures(self) -> dict[str, Any]:
        """Lieux et dates communs, signataires puis témoins."""
        toutes: list[Signature] = list(self.contrat.signatures.all())
        return {
            "lieux": sorted({(s.lieu, s.le) for s in toutes if s.lieu or s.le}, key=str),
            "signataires": [s for s in toutes if s.role == RoleSignature.SIGNATAIRE],
            "temoins": [s for s in toutes if s.role == RoleSignature.TEMOIN],
            "parties": {p.pk: p for p in self.contrat.parties.all()},
        }

    def _engagements(self, article: int | None) -> "EngagementsLus | None":
        lus = [e for e in self.contrat.engagements.all() if e.article_id == article]
        return EngagementsLus(lus, self._noms_des_parties) if lus else None

    @property
    def _noms_des_parties(self) -> dict[int, str]:
        return {p.pk: p.libelle or p.organisme.nom for p in self.contrat.parties.all()}

    def _renvois(self, article: Any) -> list[Renvoi]:
        return lier_renvois(article.renvois.all(), self.fiches_par_pk)

    @property
    def familles(self) -> list[Famille]:
        """L'arbre des axes, par nature du premier rang, avec l'écart entre annoncé et décrit."""
        noeuds = {axe.pk: Noeud(axe) for axe in self.contrat.axes.all()}
        racines: dict[str, list[Noeud]] = defaultdict(list)
        for noeud in noeuds.values():
            parent = noeuds.get(noeud.axe.parent_id or 0)
            (parent.enfants if parent else racines[noeud.axe.nature]).append(noeud)
        for fiche in self.fiches:
            if fiche.axe_id in noeuds:
                noeuds[fiche.axe_id].fiches.append(fiche)
        return [
            Famille(
                nature,
                NatureAxe(nature).label,
                pluriel(NatureAxe(nature).label),
                liste,
                self._annonce(nature),
            )
            for nature, liste in racines.items()
        ]

    def _annonce(self, nature: str) -> str:
        """« 6 orientations annoncées, 3 décrites », si le texte annonce un autre nombre."""
        decrits = sum(axe.nature == nature for axe in self.contrat.axes.all())
        for annonce in self.contrat.annonces.all():
            if _meme_objet(annonce.objet, nature) and annonce.nombre != decrits:
                e = "e" if nature in NATURES_FEMININES else ""
                return (
                    f"{annonce.nombre} {pluriel(NatureAxe(nature).label).lower()} annoncé{e}s "
                    f"(« {annonce.libelle} »), {decrits} décrit{e}s."
                )
        return ""

    @property
    def tableau(self) -> TableauFiches:
        """Une colonne par section d'actions des modèles employés, à l'horizon qu'elle montre."""
        horizons: dict[str, str] = {}
        modeles = SectionModele.objects.filter(
            nature=NatureSection.ACTIONS, modele__in={f.modele_id for f in self.fiches}
        )
        for section in modeles.order_by("ordre", "pk"):
            libelle = Horizon(section.horizon).label if section.horizon else section.libelle
            horizons.setdefault(section.horizon, libelle)
        lignes = [
            LigneFiche(f, [self.comptes[f.pk].par_horizon[h] for h in horizons], self.comptes[f.pk])
            for f in self.fiches
        ]
        totaux = [sum(nombres) for nombres in zip(*(x.nombres for x in lignes), strict=True)]
        return TableauFiches(list(horizons.values()), lignes, totaux, self.comptes_du_contrat)


@dataclass(frozen=True)
class ArticleLu:
    """Article, engagements qu'il porte et renvois qu'il fait."""

    article: Any
    engagements: "EngagementsLus | None"
    renvois: list[Renvoi]


class EngagementsLus:
    """Engagements d'un article. `communs` : tous sont dus par les mêmes, aux mêmes."""

    def __init__(self, engagements: list[Engagement], noms: dict[int, str]) -> None:
        self.lignes = [
            (e, _noms(e.porteurs.all(), noms), _noms(e.beneficiaires.all(), noms))
            for e in engagements
        ]
        self.communs = len({(dus, recus) for _, dus, recus in self.lignes}) == 1
        self.dus_par, self.au_benefice_de = self.lignes[0][1:]


def _noms(parties: Any, noms: dict[int, str]) -> str:
    """« A et B », dans l'ordre des parties."""
    ordonnes = [noms[p.pk] for p in sorted(parties, key=lambda p: p.rang)]
    if len(ordonnes) < 2:
        return "".join(ordonnes)
    return f"{', '.join(ordonnes[:-1])} et {ordonnes[-1]}"


def lier_renvois(renvois: Any, fiches_visibles: dict[int, Fiche]) -> list[Renvoi]:
    """Pose `cible` (fiche ou annexe) sur chaque renvoi ; une fiche invisible n'est pas liée."""
    lies = list(renvois)
    for renvoi in lies:
        renvoi.cible = fiches_visibles.get(renvoi.fiche_id)
    return lies


def pluriel(mot: str) -> str:
    """Pluriel des libellés d'axe : « Champ thématique » → « Champs thématiques »."""
    return " ".join(m if m.endswith("s") else f"{m}s" for m in mot.split())


def _meme_objet(objet: str, nature: str) -> bool:
    """L'annonce nomme la nature (« orientations »), au singulier ou au pluriel, accents ou non."""
    mots = {nature, NatureAxe(nature).label.lower()}
    return objet.lower() in mots | {pluriel(mot) for mot in mots}


def _bloc(ancre: str, titre: str, objet: Any, *, gabarit: str = "", **autres: str) -> Bloc:
    return Bloc(ancre, titre, f"contrats/contrat/_{gabarit or ancre}.html", objet, **autres)
