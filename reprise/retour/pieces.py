"""Les textes d'un contrat qui peuvent revenir changés, chacun sous une clé stable."""

import hashlib
from dataclasses import dataclass

from contrats.contenu.forme import LIGNES, ContenuAction
from contrats.contenu.lecture import lire
from contrats.enums import NatureSection
from contrats.models import Contrat, Fiche
from contrats.variables import dire

PUCES = ("puce", "puce2")


@dataclass(frozen=True)
class Piece:
    """Un texte en Markdown restreint ; `forme` dit comment il s'imprime, `groupe` où il se range.

    `prefixe` et `suffixe` s'impriment autour du texte sans en être (un numéro, une échéance).
    `liste` : celle dont il est un point ; `suite` : la pièce où va un paragraphe ajouté après lui.
    """

    cle: str
    libelle: str
    texte: str
    groupe: str
    forme: str = "texte"  # texte, liste_en_ligne, titre1, titre2, puce, puce2
    suffixe: str = ""
    prefixe: str = ""
    liste: str = ""
    suite: str = ""
    signet: str = ""  # ce qui le nomme dans le fichier, quand sa clé est un rang

    @property
    def nue(self) -> bool:
        """Un texte d'une ligne, sans mise en forme."""
        return self.forme != "texte" or bool(self.suffixe or self.prefixe)

    @property
    def est_titre(self) -> bool:
        return self.forme in ("titre1", "titre2")

    @property
    def est_point(self) -> bool:
        """Un point d'une liste : une action, un engagement, une ligne."""
        return self.forme in PUCES

    @property
    def ancre(self) -> str:
        """Nom du signet : court, et le même d'un export à l'autre."""
        return "rq_" + hashlib.sha256((self.signet or self.cle).encode()).hexdigest()[:20]


def pieces_du_contrat(contrat: Contrat, fiches: list[Fiche], *, entier: bool = True) -> list[Piece]:
    """Dans l'ordre d'impression ; `entier` faux : les seules fiches."""
    pieces: list[Piece] = []
    if entier:
        pieces.append(Piece("preambule", "Préambule", contrat.preambule, "Préambule"))
        engagements: dict[int | None, list] = {}
        for engagement in contrat.engagements.order_by("ordre"):
            engagements.setdefault(engagement.article_id, []).append(engagement)
        for article in contrat.articles.order_by("ordre"):
            texte = dire(contrat, article.texte)
            pieces += _texte_titre(
                f"article:{article.numero}", "titre", "Titre", article.titre, texte,
                f"Article {article.numero}", " : ",
            )  # fmt: skip
            siens = engagements.pop(article.pk, [])
            pieces += _engagements(siens, f"Article {article.numero}", article.pk, pieces[-1].cle)
        for restants in engagements.values():
            pieces += _engagements(restants, "Engagements", None, "preambule")
        pieces += _axes(contrat)
        for annexe in contrat.annexes.order_by("ordre"):
            pieces += _texte_titre(
                f"annexe:{annexe.numero}", "intitule", "Intitulé", annexe.intitule, annexe.texte,
                f"Annexe {annexe.numero}", " – ",
            )  # fmt: skip
    for fiche in fiches:
        pieces += _fiche(fiche)
    return pieces


def _texte_titre(
    nom: str, champ: str, libelle: str, titre: str, texte: str, groupe: str, lien: str
) -> list[Piece]:
    """Un titre numéroté et son texte : article ou annexe."""
    suite = f"{nom}:texte"
    return [
        Piece(
            f"{nom}:{champ}", libelle, titre, groupe, "titre1", prefixe=groupe + lien, suite=suite
        ),
        Piece(suite, "Texte", texte, groupe),
    ]


def _axes(contrat: Contrat) -> list[Piece]:
    """Ceux qui ont un texte à eux : un article, ou une fiche, porte celui des autres."""
    pieces: list[Piece] = []
    for axe in contrat.axes.order_by("ordre", "pk"):
        if not axe.texte and (axe.fiches.exists() or contrat.articles.exists()):
            continue
        nom, groupe = f"axe:{axe.cle}", f"{axe.get_nature_display()} « {axe.intitule[:60]} »"
        avant = f"{axe.numero}. " if axe.numero else ""
        suite = f"{nom}:texte"
        pieces += [
            Piece(
                f"{nom}:intitule", "Intitulé", axe.intitule, groupe, "titre2", prefixe=avant,
                suite=suite,
            ),
            Piece(suite, "Texte", axe.texte, groupe),
        ]  # fmt: skip
    return pieces


def _engagements(engagements: list, groupe: str, article: int | None, suite: str) -> list[Piece]:
    return [
        Piece(
            f"engagement:{e.pk}", f"Engagement {e.ordre}", e.texte, groupe, "puce",
            liste=f"engagements:{article or ''}", suite=suite,
        )
        for e in engagements
    ]  # fmt: skip


def _fiche(fiche: Fiche) -> list[Piece]:
    contenu, nom = lire(fiche), f"fiche:{fiche.public_id}"
    groupe = f"Fiche « {fiche.titre} »"
    natures = dict(fiche.modele.sections.values_list("cle", "nature"))
    sections = [s for s in contenu["sections"] if not _vide(s, natures.get(s["cle"], ""))]
    premiere = f"{nom}:{sections[0]['cle']}:texte" if sections else ""
    pieces = [Piece(f"{nom}:titre", "Titre", contenu["titre"], groupe, "titre1", suite=premiere)]
    if contenu["note_titre"]:
        note = contenu["note_titre"]
        pieces.append(
            Piece(f"{nom}:note_titre", "Note", note, groupe, prefixe="Note : ", suite=premiere)
        )
    for section in sections:
        cle, libelle = f"{nom}:{section['cle']}", section["libelle"]
        suite = f"{cle}:texte"
        pieces.append(Piece(f"{cle}:libelle", libelle, libelle, groupe, "titre2", suite=suite))
        pieces.append(Piece(suite, libelle, section["texte"], groupe))
        if section["partenaires"] or natures.get(section["cle"]) == "partenaires":
            mentions = ", ".join(p["mention"] for p in section["partenaires"])
            fin = "…" if section["liste_ouverte"] else ""
            pieces.append(
                Piece(
                    f"{cle}:partenaires", libelle, mentions + fin, groupe, "liste_en_ligne",
                    suite=suite,
                )
            )  # fmt: skip
        for action in section["actions"]:
            pieces += _action(nom, f"{nom}:actions:{section['cle']}", action, libelle, groupe)
        if natures.get(section["cle"]) in LIGNES:
            # Un responsable est une personne de l'annuaire : un texte ne suffit pas à l'ajouter.
            responsables = natures[section["cle"]] == NatureSection.RESPONSABLES
            liste = "" if responsables else f"{nom}:lignes:{section['cle']}"
            for rang, ligne in enumerate(section["lignes"], 1):
                date = f" ({ligne['echeance_texte']})" if ligne.get("echeance_texte") else ""
                pieces.append(
                    Piece(
                        f"{cle}:ligne:{rang}", libelle, ligne["intitule"], groupe, "puce", date,
                        liste=liste, suite=suite,
                        signet=_signet(cle, rang, section["lignes"]),
                    )
                )  # fmt: skip
    return pieces


def _signet(cle: str, rang: int, lignes: list) -> str:
    """Une ligne n'a pas d'identité : son texte la nomme, et son tour s'il se répète."""
    intitules = [ligne["intitule"] for ligne in lignes]
    texte = intitules[rang - 1]
    return f"{cle}:ligne:{texte}:{intitules[:rang].count(texte)}"


def _vide(section: object, nature: str) -> bool:
    """À renseigner et sans rien : elle ne s'imprime pas."""
    s: dict = section  # type: ignore[assignment]
    rempli = s["texte"] or s["actions"] or s["lignes"] or s["partenaires"]
    return s["etat"] == "a_renseigner" and not rempli


def _action(
    nom: str, liste: str, action: ContenuAction, libelle: str, groupe: str, niveau: int = 0
) -> list[Piece]:
    cle = f"{nom}:action:{action['id']}"
    suite = f"{cle}:description"
    pieces = [
        Piece(
            f"{cle}:intitule", libelle, action["intitule"], groupe, PUCES[min(niveau, 1)],
            liste=liste, suite=suite,
        )
    ]  # fmt: skip
    if action["description"]:
        pieces.append(Piece(suite, libelle, action["description"], groupe, liste=liste))
    for sous in action["sous_actions"]:
        pieces += _action(nom, liste, sous, libelle, groupe, niveau + 1)
    return pieces
