"""Tout ce qu'un avenant touche, avant de le lancer : articles, engagements, renvois, annexes,
fiches, actions, annonces, parties, durée."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from avenants.conflits import dernier_numero, texte_lu
from avenants.enums import NatureEffet
from avenants.lecture import Sources
from avenants.models import Avenant, Effet
from avenants.redaction import texte_projete
from avenants.texte import Genre, Piece, en_vigueur, trouver
from contrats.models import Action, Annonce, Renvoi, Section
from texte.markdown import en_texte

N = NatureEffet


@dataclass(frozen=True)
class Touche:
    """Une chose touchée : son nom, ce qui lui arrive, et sa page quand elle en a une.

    `alerte` : à régler avant la signature.
    """

    quoi: str
    comment: str
    adresse: str = ""
    alerte: bool = False


@dataclass(frozen=True)
class Groupe:
    """Les choses touchées d'une même sorte."""

    titre: str
    lignes: list[Touche]


def portee(avenant: Avenant, sources: Sources, effets: Sequence[Effet]) -> list[Groupe]:
    """Par sorte, ce que touchent les effets ; un nombre fixe de requêtes."""
    if not effets or avenant.numero:
        return []
    avant = en_vigueur(texte_lu(sources, dernier_numero(sources)))
    apres = en_vigueur(texte_projete(avenant, sources, effets))
    groupes = [
        Groupe("Dispositions", [_disposition(effet, avant) for effet in effets]),
        Groupe("Engagements", _engagements(effets, avant)),
        Groupe("Renvois vers un article abrogé", _renvois_perdus(avenant, effets, apres)),
        Groupe("Annexes et fiches auxquelles ces articles renvoient", _cibles(avenant, effets)),
        Groupe("Fiches", _fiches(avenant, effets)),
        Groupe("Nombres annoncés dans le texte", _annonces(avenant, effets, avant, apres)),
    ]
    return [groupe for groupe in groupes if groupe.lignes]


def _disposition(effet: Effet, avant: Sequence[Piece]) -> Touche:
    piece = trouver(avant, effet.cle)
    nom = effet.titre or (piece.titre if piece else "")
    numero = f" {effet.cle.partition(':')[2]}" if effet.cle.startswith("article:") else ""
    quoi = piece.libelle if piece else f"{effet.get_nature_display().partition(' ')[0]}{numero}"
    return Touche(f"{quoi}. {nom}" if nom else quoi, effet.get_nature_display().lower())


def _engagements(effets: Iterable[Effet], avant: Sequence[Piece]) -> list[Touche]:
    """Ceux que porte un article touché."""
    touches = {e.cle: e for e in effets if e.nature in N.des_articles()}
    return [
        Touche(
            f"{piece.libelle}. {en_texte(piece.texte)[:120]}",
            f"abrogé avec l'article {effet.cle.partition(':')[2]}"
            if effet.nature == N.ARTICLE_ABROGE
            else f"gardé, à relire : l'article {effet.cle.partition(':')[2]} change",
            alerte=effet.nature == N.ARTICLE_ABROGE,
        )
        for piece in avant
        if piece.dans and (effet := touches.get(piece.dans))
    ]


def _renvois_perdus(
    avenant: Avenant, effets: Iterable[Effet], apres: Sequence[Piece]
) -> list[Touche]:
    """Ce qui, resté en vigueur, cite encore un article que l'avenant abroge."""
    numeros = [e.cle.partition(":")[2] for e in effets if e.nature == N.ARTICLE_ABROGE]
    if not numeros:
        return []
    perdus = [
        Touche(f"{piece.libelle}. {piece.titre}", f"cite l'article {numero}", alerte=True)
        for piece in apres
        for numero in numeros
        if _cite(numero, f"{piece.titre}\n{piece.texte}")
    ]
    sections = Section.objects.filter(
        fiche__contrat=avenant.modifie, fiche__supprimee_le=None, texte__icontains="article"
    )
    for section in sections.select_related("fiche__contrat").order_by("fiche__ordre", "ordre"):
        perdus += [
            Touche(
                f"Fiche « {section.fiche.titre} », {section.libelle}",
                f"cite l'article {numero}",
                section.fiche.get_absolute_url(),
                alerte=True,
            )
            for numero in numeros
            if _cite(numero, section.texte)
        ]
    return perdus


def _cite(numero: str, texte: str) -> bool:
    """« article 3 », « articles 2 et 3 », « art. 3 » : jamais « article 30 »."""
    suite = r"(?:\d+\s*(?:,|et|à|-)\s*)*"
    motif = rf"\bart(?:icles?|\.)\s+{suite}{re.escape(numero)}(?![\w.]*\d)\b"
    return re.search(motif, texte, re.IGNORECASE) is not None


def _cibles(avenant: Avenant, effets: Iterable[Effet]) -> list[Touche]:
    """Les renvois enregistrés qui partent d'un article remplacé ou abrogé."""
    natures = (N.ARTICLE_REMPLACE, N.ARTICLE_ABROGE)
    numeros = [e.cle.partition(":")[2] for e in effets if e.nature in natures]
    renvois = Renvoi.objects.filter(
        article__contrat=avenant.modifie, article__numero__in=numeros
    ).select_related("article", "fiche__contrat", "annexe")
    return [
        Touche(
            f"Annexe {r.annexe.numero}. {r.annexe.intitule}"
            if r.annexe
            else str(r.fiche or r.document),
            f"« {r.texte} » à l'article {r.article.numero} : vérifiez que le nouveau texte y "
            "renvoie encore",
            r.fiche.get_absolute_url() if r.fiche else "",
        )
        for r in renvois.order_by("article__ordre", "ordre", "pk")
        if r.article
    ]


def _fiches(avenant: Avenant, effets: Iterable[Effet]) -> list[Touche]:
    """Les fiches des actions modifiées ou retirées."""
    natures = {N.ACTION_MODIFIEE.value: "modifiée", N.ACTION_RETIREE.value: "retirée"}
    par_cle = {e.cle.partition(":")[2]: natures[e.nature] for e in effets if e.nature in natures}
    actions = Action.objects.filter(contrat=avenant.modifie, public_id__in=list(par_cle))
    return [
        Touche(
            f"Fiche « {action.fiche.titre} »",
            f"son action « {action.intitule} » est {par_cle[str(action.public_id)]}",
            action.fiche.get_absolute_url(),
        )
        for action in actions.select_related("fiche__contrat").order_by("ordre", "pk")
        if action.fiche
    ]


def _annonces(
    avenant: Avenant, effets: Iterable[Effet], avant: Sequence[Piece], apres: Sequence[Piece]
) -> list[Touche]:
    """Les nombres annoncés que l'avenant fait bouger, ou dont il change la phrase."""
    bougent = {
        genre: (_nombre(avant, genre), _nombre(apres, genre))
        for genre in (Genre.ACTION, Genre.PARTIE)
        if _nombre(avant, genre) != _nombre(apres, genre)
    }
    touchees = [p for e in effets if (p := trouver(avant, e.cle))]
    lignes = []
    for annonce in Annonce.objects.filter(contrat=avenant.modifie).order_by("objet", "pk"):
        for genre, (ancien, nouveau) in bougent.items():
            if annonce.objet.lower().startswith(genre.value):
                dit = f"annonce {annonce.nombre} ; de {ancien} on passe à {nouveau}"
                lignes.append(Touche(f"« {annonce.libelle} »", dit, alerte=True))
        if any(annonce.libelle in en_texte(p.texte) for p in touchees):
            lignes.append(Touche(f"« {annonce.libelle} »", "est dans un article qui change"))
    return lignes


def _nombre(pieces: Sequence[Piece], genre: Genre) -> int:
    return sum(piece.genre == genre for piece in pieces)
