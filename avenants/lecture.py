"""Lit en base ce que `avenants.texte` relit : le texte signé, les avenants, les reports de fin."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format

from avenants.enums import NatureEffet
from avenants.models import SIGNES, Avenant, Effet
from avenants.texte import (
    Genre,
    Geste,
    Operation,
    Origine,
    Piece,
    Suite,
    consolider,
    en_vigueur,
)
from comptes.models import Utilisateur
from contrats.models import Contrat, Version
from contrats.variables import remplacer
from texte.dates import en_lettres

Lecteur = Utilisateur | AnonymousUser
GENRES = {
    NatureEffet.FIN: Genre.FIN,
    NatureEffet.MONTANT: Genre.MONTANT,
    NatureEffet.PARTIE_ENTREE: Genre.PARTIE,
    NatureEffet.PARTIE_SORTIE: Genre.PARTIE,
    NatureEffet.ACTION_AJOUTEE: Genre.ACTION,
    NatureEffet.ACTION_MODIFIEE: Genre.ACTION,
    NatureEffet.ACTION_RETIREE: Genre.ACTION,
}
LIBELLES = {
    Genre.PARTIE: "Partie",
    Genre.MONTANT: "Montant",
    Genre.ACTION: "Action",
    Genre.FIN: "Durée",
}


@dataclass(frozen=True)
class TexteEnVigueur:
    """Le texte d'un contrat à une date.

    `signe` : il y a un texte signé ; sinon les pièces sont celles du projet. `commence_le` : jour
    de la signature ou du début. `clos_le` : la suite n'est pas lisible par ce lecteur depuis ce
    jour ; le texte montré est celui d'avant.
    """

    contrat: Contrat
    le: datetime.date
    pieces: tuple[Piece, ...]
    actes: tuple[Origine, ...]
    signe: bool
    commence_le: datetime.date | None = None
    clos_le: datetime.date | None = None

    @property
    def en_vigueur(self) -> tuple[Piece, ...]:
        return en_vigueur(self.pieces)

    @property
    def pas_encore(self) -> bool:
        """À cette date, le contrat n'était pas signé."""
        return bool(self.signe and self.commence_le and self.le < self.commence_le)

    @property
    def demonstration(self) -> bool:
        """Un acte inventé y a part."""
        return any(acte.demonstration for acte in self.actes)

    @property
    def dernier(self) -> Origine | None:
        return self.actes[-1] if self.actes else None

    @property
    def fin(self) -> Piece | None:
        return next((p for p in self.pieces if p.genre == Genre.FIN), None)


@dataclass(frozen=True)
class Sources:
    """Tout ce qu'il faut pour lire le texte à n'importe quelle date, lu une fois."""

    contrat: Contrat
    depart: tuple[Piece, ...]
    suites: tuple[Suite, ...]
    signe: bool
    commence_le: datetime.date | None
    clos_le: datetime.date | None = None

    def a_la_date(self, le: datetime.date) -> TexteEnVigueur:
        """Le texte à cette date ; là où la suite n'est pas lisible, celui de la veille."""
        clos = self.clos_le if self.clos_le and le >= self.clos_le else None
        lisible = clos - datetime.timedelta(days=1) if clos else le
        actes = tuple(
            suite.origine
            for suite in sorted(self.suites, key=lambda s: s.ordre)
            if suite.origine.le is None or suite.origine.le <= lisible
        )
        return TexteEnVigueur(
            self.contrat,
            le,
            consolider(self.depart, self.suites, lisible),
            actes,
            self.signe,
            self.commence_le,
            clos,
        )

    @property
    def dates(self) -> list[datetime.date]:
        """Les jours où le texte change, du plus ancien au plus récent."""
        dates = {suite.origine.le for suite in self.suites if suite.origine.le}
        return sorted(dates | ({self.commence_le} if self.commence_le else set()))


def texte_en_vigueur(
    contrat: Contrat, le: datetime.date | None = None, *, par: Lecteur | None = None
) -> TexteEnVigueur:
    """Le texte du contrat à cette date (aujourd'hui par défaut), tel que ce lecteur peut le lire.

    Sans lecteur, tous les avenants entrés en vigueur comptent.
    """
    return sources(contrat, par=par).a_la_date(le or timezone.localdate())


def sources(contrat: Contrat, *, par: Lecteur | None = None) -> Sources:
    """Un nombre fixe de requêtes, quels que soient les avenants et leurs effets."""
    version = version_de_depart(contrat)
    instantane = version.instantane if version else {}
    prorogations = list(
        contrat.prorogations.annotate(par_avenant=F("effet_d_avenant")).order_by("le", "pk")
    )
    if prorogations:
        instantane = {**instantane, "fin": prorogations[0].ancienne_fin.isoformat()}
    avenants, clos_le = _avenants(contrat, par)
    suites = [suite_d_avenant(avenant) for avenant in avenants]
    suites += [_report(p) for p in prorogations if p.par_avenant is None]
    return Sources(
        contrat,
        tuple(pieces_de(instantane)),
        tuple(suites),
        bool(version and version.instantane["statut"] in SIGNES),
        _commencement(contrat, instantane),
        clos_le,
    )


def version_de_depart(contrat: Contrat) -> Version | None:
    """La première version signée ; à défaut, la dernière écrite."""
    signee = contrat.versions.filter(instantane__statut__in=[s.value for s in SIGNES])
    premiere = signee.order_by("numero", "pk").first()
    return premiere or contrat.versions.order_by("-numero", "-pk").first()


def pieces_de(instantane: dict[str, Any]) -> list[Piece]:
    """Les pièces d'une version gardée, dans l'ordre de la page."""
    if not instantane:
        return []
    pieces = []
    if instantane["preambule"]:
        pieces.append(Piece("preambule", "Préambule", "", instantane["preambule"], Genre.PREAMBULE))
    engagements = sorted(instantane["engagements"], key=lambda e: e["ordre"])
    noms = {p["organisme"]: p["libelle"] or p["organisme"] for p in instantane["parties"]}
    for article in instantane["articles"]:
        cle = f"article:{article['numero']}"
        libelle = f"Article {article['numero']}"
        texte = remplacer(article["texte"], instantane.get("variables", {}))
        pieces.append(Piece(cle, libelle, article["titre"], texte))
        siens = [e for e in engagements if e["article"] == article["numero"]]
        pieces += [_engagement(e, noms, cle) for e in siens]
    pieces += [_engagement(e, noms, "") for e in engagements if not e["article"]]
    for a in instantane["annexes"]:
        cle, libelle = f"annexe:{a['numero']}", f"Annexe {a['numero']}"
        pieces.append(Piece(cle, libelle, a["intitule"], a["texte"], Genre.ANNEXE))
    for p in instantane["parties"]:
        cle, nom = f"partie:{p['organisme']}", noms[p["organisme"]]
        pieces.append(Piece(cle, "Partie", nom, p["apport"], Genre.PARTIE))
    for f in instantane["financements"]:
        montant = en_euros(f["montant"]) if f["montant"] else "Montant non précisé"
        cle = f"montant:{f['ordre']}"
        pieces.append(Piece(cle, "Montant", f["intitule"], montant, Genre.MONTANT))
    pieces += _actions(instantane)
    if instantane["fin"]:
        fin = datetime.date.fromisoformat(instantane["fin"])
        pieces.append(piece_de_fin(fin))
    return pieces


def piece_de_fin(fin: datetime.date, motif: str = "") -> Piece:
    jour = en_lettres(fin)
    return Piece("fin", "Durée", "Fin du contrat", jour, Genre.FIN, motif=motif)


def en_euros(montant: Any) -> str:
    """« 500 000 € »."""
    nombre = number_format(montant, decimal_pos=2, force_grouping=True)
    return f"{nombre.removesuffix(',00')}\u00a0€"


def _engagement(engagement: dict[str, Any], noms: dict[str, str], article: str) -> Piece:
    ordre = engagement["ordre"]
    dus = ", ".join(noms.get(cle, cle) for cle in engagement["porteurs"])
    titre = f"Dû par {dus}" if dus else ""
    cle, libelle = f"engagement:{ordre}", f"Engagement {ordre}"
    return Piece(cle, libelle, titre, engagement["texte"], Genre.ARTICLE, dans=article)


def _actions(instantane: dict[str, Any]) -> list[Piece]:
    """Les actions des fiches, à la version que le contrat signé cite."""
    citees = {f["id"]: f["version"] for f in instantane["fiches"]}
    if not citees:
        return []
    versions = Version.objects.filter(fiche__public_id__in=list(citees)).values_list(
        "fiche__public_id", "numero", "instantane"
    )
    par_fiche = {
        str(fiche): contenu["sections"]
        for fiche, numero, contenu in versions.filter(numero__in=set(citees.values()))
        if citees[str(fiche)] == numero
    }
    return [
        piece
        for fiche in citees
        for section in par_fiche.get(fiche, [])
        for action in section["actions"]
        for piece in _action(action)
    ]


def _action(action: dict[str, Any]) -> Iterable[Piece]:
    libelle = f"Action {action['numero']}" if action["numero"] else "Action"
    cle, texte = f"action:{action['id']}", action["description"]
    yield Piece(cle, libelle, action["intitule"], texte, Genre.ACTION)
    for sous_action in action["sous_actions"]:
        yield from _action(sous_action)


def _commencement(contrat: Contrat, instantane: dict[str, Any]) -> datetime.date | None:
    """Le début imprimé, sinon la dernière signature, sinon celle de l'original joint."""
    if instantane.get("debut"):
        return datetime.date.fromisoformat(instantane["debut"])
    signatures = [s["le"] for s in instantane.get("signatures", []) if s["le"]]
    if signatures:
        return datetime.date.fromisoformat(max(signatures))
    original = getattr(contrat, "original", None)
    return original.signe_le if original else None


def _avenants(contrat: Contrat, par: Lecteur | None) -> tuple[list[Avenant], datetime.date | None]:
    """Les avenants entrés, jusqu'au premier que ce lecteur ne lit pas ; la date de celui-ci."""
    entres = list(contrat.avenants.entres().select_related("contrat").prefetch_related("effets"))
    if par is None or not entres:
        return entres, None
    visibles = set(
        Avenant.objects.visibles_par(par).filter(modifie=contrat).values_list("pk", flat=True)
    )
    for rang, avenant in enumerate(entres):
        if avenant.pk not in visibles:
            return entres[:rang], avenant.effet_le
    return entres, None


def suite_d_avenant(avenant: Avenant, le: datetime.date | None = None) -> Suite:
    """L'avenant comme suite ; `le` en donne la date d'effet supposée, pour un projet."""
    numero = avenant.numero or 0
    origine = Origine(
        avenant.nom,
        avenant.effet_le or le,
        numero,
        avenant.get_absolute_url(),
        avenant.demonstration,
    )
    effets = sorted(avenant.effets.all(), key=lambda effet: effet.ordre)
    return Suite(origine, tuple(operation_de(effet) for effet in effets), (1, numero or 1 << 30))


def operation_de(effet: Effet) -> Operation:
    """L'effet en opération sur une pièce du texte."""
    nature = NatureEffet(effet.nature)
    genre = GENRES.get(nature, Genre.ARTICLE)
    geste = Geste.REMPLACER
    if nature in NatureEffet.qui_retirent():
        geste = Geste.ABROGER
    elif nature in NatureEffet.qui_ajoutent():
        geste = Geste.AJOUTER
    libelle = LIBELLES.get(genre) or f"Article {effet.cle.partition(':')[2]}"
    titre, texte = effet.titre, effet.texte
    if effet.fin:
        return Operation(geste, piece_de_fin(effet.fin, effet.motif))
    if effet.montant is not None:
        texte = en_euros(effet.montant)
    piece = Piece(effet.cle, libelle, titre, texte, genre, motif=effet.motif)
    return Operation(geste, piece, effet.apres)


def _report(prorogation: Any) -> Suite:
    """Une prorogation décidée hors d'un avenant."""
    piece = piece_de_fin(prorogation.nouvelle_fin, prorogation.motif)
    origine = Origine("prorogation", prorogation.le)
    return Suite(origine, (Operation(Geste.REMPLACER, piece),), (0, prorogation.pk))
