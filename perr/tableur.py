"""La matrice lue, en classeur dans la disposition imprimée ou en table longue.

Les deux se réimportent : un export que personne n'a touché n'annonce aucun changement.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from api.exports import Colonnes, en_csv
from perr.enums import StatutDeclinaison as S
from perr.importation.textes import ecrire_texte
from perr.lecture import AnnexeLue, Cellule, Ligne, Matrice

TETES = ("Piliers", "N°", "Intitulé du programme", "Proposition PERR")
LARGEURS = (18, 6, 34, 42)
LARGEUR_QUARTIER = 48

# (fond, ce que la légende en dit) : en gris, l'étiquette en tête de texte et le trait distinguent.
TEINTES: dict[str, tuple[str, str]] = {
    S.TEXTE: ("FFFFFF", "Un texte."),
    S.TEXTE_RENVOI: ("E3EEF3", "Un texte, et un renvoi vers une action ou un axe."),
    S.RENVOI: ("C9DDE6", "Traité ailleurs : le texte dit où."),
    S.A_REGROUPER: ("F6E7B0", "À réunir avec une autre action."),
    S.NON_TRAVAILLE: ("F3D9C8", "Pas travaillée ; le motif dit pourquoi."),
    S.SANS_OBJET: ("DDDDDD", "Sans objet ici ; le motif dit pourquoi."),
    S.CONSIGNE: ("E4DDF0", "Une consigne pour toutes les actions."),
}
TRAITS = {S.A_REGROUPER: "dashed", S.NON_TRAVAILLE: "dotted", S.SANS_OBJET: "double"}
FIN = Side(style="thin", color="8A99A0")
HAUT = Alignment(vertical="top", wrap_text=True)


def classeur(matrice: Matrice, quartiers: Mapping[str, str], source: str) -> bytes:
    """Une feuille par annexe, volets figés, et une légende ; rien n'y est formule."""
    livre = Workbook()
    del livre[livre.sheetnames[0]]
    titres: set[str] = set()
    for annexe in matrice.annexes:
        feuille = livre.create_sheet(_titre_libre(annexe.nom, titres))
        _annexe(feuille, matrice, annexe, quartiers)
    _legende(livre.create_sheet("Légende"), source)
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def _titre_libre(nom: str, pris: set[str]) -> str:
    """Un nom de feuille : 31 signes, sans `[]:*?/\\`, unique."""
    base = "".join("-" if c in "[]:*?/\\" else c for c in nom).strip("'")[:28] or "Annexe"
    titre, n = base, 2
    while titre.lower() in pris:
        titre, n = f"{base} {n}", n + 1
    pris.add(titre.lower())
    return titre


def _annexe(
    feuille: Worksheet, matrice: Matrice, annexe: AnnexeLue, quartiers: Mapping[str, str]
) -> None:
    rangs = {c.pk: i for i, c in enumerate(matrice.colonnes)}
    _poser(feuille, 1, 1, f"TERRITOIRE {annexe.nom}", Font(bold=True, size=14))
    tetes = [*TETES, *(c.libelle for c in annexe.colonnes)]
    for rang, tete in enumerate(tetes, 1):
        case = _poser(feuille, 2, rang, tete, Font(bold=True, color="FFFFFF"))
        case.fill = PatternFill("solid", fgColor="1F4A58")
        large = LARGEURS[rang - 1] if rang <= len(LARGEURS) else LARGEUR_QUARTIER
        feuille.column_dimensions[get_column_letter(rang)].width = large
    numero = 2
    for pilier in matrice.piliers:
        for programme in pilier.programmes:
            for ligne in programme.lignes:
                numero += 1
                contexte = (
                    pilier.axe.intitule if pilier.axe else "",
                    programme.axe.numero if programme.axe else "",
                    programme.court,
                    _action(ligne),
                )
                for rang, texte in enumerate(contexte, 1):
                    _poser(feuille, numero, rang, texte)
                for rang, colonne in enumerate(annexe.colonnes, len(TETES) + 1):
                    cellule = ligne.cellules[rangs[colonne.pk]]
                    _cellule(feuille, numero, rang, cellule, quartiers)
    feuille.freeze_panes = "E3"
    feuille.auto_filter.ref = f"A2:{get_column_letter(len(tetes))}{numero}"
    feuille.print_title_rows = "1:2"
    feuille.print_title_cols = "A:D"
    feuille.page_setup.orientation = "landscape"
    feuille.page_setup.paperSize = 8  # A3
    feuille.page_setup.fitToHeight = 0
    feuille.sheet_properties.pageSetUpPr.fitToPage = True


def _action(ligne: Ligne) -> str:
    action = ligne.action
    return f"Action n° {action.numero} : {action.intitule}" if action.numero else action.intitule


def _cellule(
    feuille: Worksheet, ligne: int, rang: int, cellule: Cellule, quartiers: Mapping[str, str]
) -> None:
    contenu = cellule.contenu if cellule.retenue else None
    texte = ecrire_texte(contenu, quartiers) if contenu else ""
    case = _poser(feuille, ligne, rang, texte)
    if contenu and contenu.statut != S.TEXTE:
        case.fill = PatternFill("solid", fgColor=TEINTES[contenu.statut][0])
        if trait := TRAITS.get(S(contenu.statut)):
            bord = Side(style=trait, color="333333")
            case.border = Border(left=bord, right=bord, top=bord, bottom=bord)


def _poser(
    feuille: Worksheet, ligne: int, rang: int, texte: str, police: Font | None = None
) -> Any:
    """Écrit un texte, et jamais une formule : le tableur la calculerait à l'ouverture."""
    case = feuille.cell(ligne, rang)
    if texte:
        case.value = ILLEGAL_CHARACTERS_RE.sub("", texte)[:32767]
        case.data_type = "s"
        case.quotePrefix = texte[0] in "=+-@"
    case.alignment = HAUT
    case.border = Border(left=FIN, right=FIN, top=FIN, bottom=FIN)
    if police:
        case.font = police
    return case


def _legende(feuille: Worksheet, source: str) -> None:
    for rang, tete in enumerate(("Étiquette en tête de texte", "Ce qu'elle dit"), 1):
        _poser(feuille, 1, rang, tete, Font(bold=True))
    for ligne, (statut, (fond, sens)) in enumerate(TEINTES.items(), 2):
        etiquette = "" if statut == S.TEXTE else f"[{S(statut).label}]"
        case = _poser(feuille, ligne, 1, etiquette or "(sans étiquette)")
        case.fill = PatternFill("solid", fgColor=fond)
        _poser(feuille, ligne, 2, sens)
    suite = len(TEINTES) + 3
    for rang, phrase in enumerate(
        (
            "Une case vide n'a rien d'écrit : ce n'est ni « sans objet », ni « non travaillée ».",
            "Rubriques reconnues dans une case : « Modalités : », « Motif : », « Renvoi : » et "
            "« Regard spécifique – quartier : », chacune à la ligne.",
            source,
        )
    ):
        _poser(feuille, suite + rang, 2, phrase)
    feuille.column_dimensions["A"].width = 30
    feuille.column_dimensions["B"].width = 90


LONGUE = Colonnes(
    annexe="annexe",
    colonne_abrege="abrege",
    colonne="colonne",
    quartiers="quartiers",
    pilier="pilier",
    programme="programme",
    programme_intitule="programme_intitule",
    action="action",
    titre="titre",
    prioritaire="prioritaire",
    statut="statut",
    texte="texte",
    modalites="modalites",
    motif="motif",
    renvois="renvois",
    regards="regards",
    a_verifier="a_verifier",
)


def table_longue(matrice: Matrice, quartiers: Mapping[str, str]) -> Iterator[bytes]:
    """CSV : une ligne par cellule remplie que les filtres retiennent."""
    return en_csv([list(_lignes_longues(matrice, quartiers))], LONGUE)


def _lignes_longues(matrice: Matrice, quartiers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    annexes = {a.cle: a.nom for a in matrice.annexes}
    for pilier in matrice.piliers:
        for programme in pilier.programmes:
            for ligne in programme.lignes:
                for colonne, cellule in zip(matrice.colonnes, ligne.cellules, strict=True):
                    if cellule.contenu is None or not cellule.retenue:
                        continue
                    contenu = cellule.contenu
                    yield {
                        "annexe": annexes[colonne.annexe],
                        "abrege": colonne.abrege,
                        "colonne": colonne.libelle,
                        "quartiers": [q.code or q.nom for q in colonne.quartiers],
                        "pilier": pilier.axe.intitule if pilier.axe else "",
                        "programme": programme.axe.numero if programme.axe else "",
                        "programme_intitule": programme.axe.intitule if programme.axe else "",
                        "action": ligne.action.numero,
                        "titre": ligne.action.intitule,
                        "prioritaire": "oui" if ligne.action.prioritaire else "non",
                        "statut": contenu.statut,
                        "texte": contenu.texte,
                        "modalites": contenu.modalites,
                        "motif": contenu.motif,
                        "renvois": [r.texte for r in contenu.renvois],
                        "regards": [
                            f"{quartiers.get(r.quartier, r.quartier)} : {r.texte}"
                            for r in contenu.regards
                        ],
                        "a_verifier": contenu.a_verifier,
                    }
