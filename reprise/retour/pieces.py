"""Les textes d'un contrat qui peuvent revenir changés, chacun sous une clé stable."""

import hashlib
from dataclasses import dataclass

from contrats.contenu.forme import LIGNES, ContenuAction
from contrats.contenu.lecture import lire
from contrats.models import Contrat, Fiche


@dataclass(frozen=True)
class Piece:
    """Un texte en Markdown restreint ; `forme` dit comment il s'imprime, `groupe` où il se range.

    `prefixe` et `suffixe` s'impriment autour du texte sans en être (un numéro, une échéance).
    """

    cle: str
    libelle: str
    texte: str
    groupe: str
    forme: str = "texte"  # texte, titre1, titre2, puce, puce2
    suffixe: str = ""
    prefixe: str = ""

    @property
    def nue(self) -> bool:
        """Un texte d'une ligne, sans mise en forme."""
        return self.forme != "texte" or bool(self.suffixe or self.prefixe)

    @property
    def ancre(self) -> str:
        """Nom du signet : court, et le même d'un export à l'autre."""
        return "rq_" + hashlib.sha256(self.cle.encode()).hexdigest()[:20]


def pieces_du_contrat(contrat: Contrat, fiches: list[Fiche], *, entier: bool = True) -> list[Piece]:
    """Dans l'ordre d'impression ; `entier` faux : les seules fiches."""
    pieces: list[Piece] = []
    if entier:
        pieces.append(Piece("preambule", "Préambule", contrat.preambule, "Préambule"))
        engagements: dict[int | None, list] = {}
        for engagement in contrat.engagements.order_by("ordre"):
            engagements.setdefault(engagement.article_id, []).append(engagement)
        for article in contrat.articles.order_by("ordre"):
            nom, groupe = f"article:{article.numero}", f"Article {article.numero}"
            avant = f"Article {article.numero} : "
            pieces.append(
                Piece(f"{nom}:titre", "Titre", article.titre, groupe, "titre1", prefixe=avant)
            )
            pieces.append(Piece(f"{nom}:texte", "Texte", article.texte, groupe))
            pieces += _engagements(engagements.pop(article.pk, []), groupe)
        for restants in engagements.values():
            pieces += _engagements(restants, "Engagements")
        for annexe in contrat.annexes.order_by("ordre"):
            groupe = f"Annexe {annexe.numero}"
            nom = f"annexe:{annexe.numero}"
            avant = f"Annexe {annexe.numero} – "
            pieces.append(
                Piece(
                    f"{nom}:intitule", "Intitulé", annexe.intitule, groupe, "titre1", prefixe=avant
                )
            )
            pieces.append(Piece(f"{nom}:texte", "Texte", annexe.texte, groupe))
    for fiche in fiches:
        pieces += _fiche(fiche)
    return pieces


def _engagements(engagements: list, groupe: str) -> list[Piece]:
    return [
        Piece(f"engagement:{e.ordre}", f"Engagement {e.ordre}", e.texte, groupe, "puce")
        for e in engagements
    ]


def _fiche(fiche: Fiche) -> list[Piece]:
    contenu, nom = lire(fiche), f"fiche:{fiche.public_id}"
    groupe = f"Fiche « {fiche.titre} »"
    pieces = [Piece(f"{nom}:titre", "Titre", contenu["titre"], groupe, "titre1")]
    if contenu["note_titre"]:
        note = contenu["note_titre"]
        pieces.append(Piece(f"{nom}:note_titre", "Note", note, groupe, prefixe="Note : "))
    natures = dict(fiche.modele.sections.values_list("cle", "nature"))
    for section in contenu["sections"]:
        cle, libelle = f"{nom}:{section['cle']}", section["libelle"]
        if section["etat"] == "a_renseigner" and not section["texte"] and not section["actions"]:
            continue
        pieces.append(Piece(f"{cle}:libelle", libelle, libelle, groupe, "titre2"))
        pieces.append(Piece(f"{cle}:texte", libelle, section["texte"], groupe))
        if section["partenaires"] or natures.get(section["cle"]) == "partenaires":
            mentions = ", ".join(p["mention"] for p in section["partenaires"])
            fin = "…" if section["liste_ouverte"] else ""
            pieces.append(Piece(f"{cle}:partenaires", libelle, mentions + fin, groupe))
        for action in section["actions"]:
            pieces += _action(f"{nom}:action", action, libelle, groupe, "puce")
        if natures.get(section["cle"]) in LIGNES:
            for rang, ligne in enumerate(section["lignes"], 1):
                date = f" ({ligne['echeance_texte']})" if ligne.get("echeance_texte") else ""
                pieces.append(
                    Piece(f"{cle}:ligne:{rang}", libelle, ligne["intitule"], groupe, "puce", date)
                )
    return pieces


def _action(nom: str, action: ContenuAction, libelle: str, groupe: str, forme: str) -> list[Piece]:
    pieces = [Piece(f"{nom}:{action['id']}:intitule", libelle, action["intitule"], groupe, forme)]
    if action["description"]:
        texte = action["description"]
        pieces.append(Piece(f"{nom}:{action['id']}:description", libelle, texte, groupe))
    for sous in action["sous_actions"]:
        pieces += _action(nom, sous, libelle, groupe, "puce2")
    return pieces
