"""Le tableau en classeur : une feuille par table, typée, sans formule, et une page qui les dit."""

import datetime
import io
from decimal import Decimal
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tableaux.tableau import Tableau
from tableaux.tables import TABLES, Table

LARGES = {"definition", "formule", "source", "ligne", "detail", "mouvement", "action", "intitule"}
TETE = PatternFill("solid", fgColor="114B5A")


def classeur(t: Tableau) -> bytes:
    """Les octets du fichier XLSX."""
    livre = Workbook()
    del livre[livre.sheetnames[0]]
    _presenter(livre.create_sheet("À lire"), t)
    for table in TABLES.values():
        _ecrire(livre.create_sheet(table.__name__.capitalize()), table(t))
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def _presenter(feuille: Worksheet, t: Tableau) -> None:
    phrases = [
        t.perimetre.nom,
        t.titre,
        f"À la date du {t.au:%d/%m/%Y}.",
        f"Comparé au {t.depuis:%d/%m/%Y}." if t.depuis else "Sans comité précédent connu.",
        "Une cellule vide n'est pas zéro : la valeur n'est pas renseignée.",
    ]
    if t.demonstration:
        phrases.append("Démonstration : les valeurs marquées « demonstration » sont inventées.")
    for rang, phrase in enumerate(phrases, 1):
        poser(feuille, rang, 1, phrase)
    feuille["A1"].font = Font(bold=True, size=14)
    feuille.column_dimensions["A"].width = 90


def _ecrire(feuille: Worksheet, table: Table) -> None:
    for rang, nom in enumerate(table.colonnes, 1):
        poser(feuille, 1, rang, nom).font = Font(bold=True, color="FFFFFF")
        feuille.cell(1, rang).fill = TETE
        large = 60 if nom in LARGES else 18
        feuille.column_dimensions[get_column_letter(rang)].width = large
    for numero, ligne in enumerate(table.lignes, 2):
        for rang, nom in enumerate(table.colonnes, 1):
            poser(feuille, numero, rang, ligne[nom])
    feuille.freeze_panes = "A2"


def poser(feuille: Worksheet, ligne: int, rang: int, valeur: Any) -> Any:
    """Un texte reste un texte : jamais une formule que le tableur calculerait."""
    case = feuille.cell(ligne, rang)
    if isinstance(valeur, str):
        case.value = ILLEGAL_CHARACTERS_RE.sub("", valeur)[:32767]
        case.data_type = "s"
        case.quotePrefix = valeur[:1] in ("=", "+", "-", "@")
    elif isinstance(valeur, datetime.datetime):
        case.value = timezone.make_naive(valeur)
    elif isinstance(valeur, Decimal):
        case.value = valeur
        case.number_format = "#,##0.00"
    else:
        case.value = valeur
    case.alignment = Alignment(vertical="top", wrap_text=True)
    return case
