"""Les variables qu'un article peut porter : « {nombre d'actions} » se lit « 45 ».

Un motif fermé, pas un gabarit : chaque nom est ici, rien ne s'exécute. La valeur s'écrit en texte
nu, ses marques échappées, avant le rendu commun (`texte.markdown`), qui nettoie comme toujours.
Le texte d'un contrat est le même pour tous ses lecteurs : les nombres comptent le contrat entier.
Signé, le contrat garde les valeurs de ce jour-là : elles sont dans la version signée.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.formats import number_format

from contrats.enums import Horizon, NatureAxe, StatutContrat
from contrats.models.action import Action
from contrats.models.contrat import Contrat
from contrats.models.suivi import Version
from territoires.enums import TypeTerritoire
from texte.dates import en_lettres

VARIABLE = re.compile(r"\{[ \u00a0]*([^{}\n]{1,60}?)[ \u00a0]*\}")
MARQUES = re.compile(r"([\\*_\[\]#<>`~^!|&{}])")
SIGNES = (
    StatutContrat.SIGNE,
    StatutContrat.PROROGE,
    StatutContrat.ECHU,
    StatutContrat.ARCHIVE,
)

type Valeur = Callable[[Contrat], str]


def _actions(**parmi: Any) -> Valeur:
    def compter(contrat: Contrat) -> str:
        vivantes = Action.objects.filter(contrat=contrat, **parmi)
        return str(vivantes.exclude(fiche__supprimee_le__isnull=False).count())

    return compter


def _axes(nature: NatureAxe) -> Valeur:
    return lambda contrat: str(contrat.axes.filter(nature=nature).count())


def _nombre(relation: str) -> Valeur:
    return lambda contrat: str(getattr(contrat, relation).count())


def _liste(noms: Iterable[str]) -> str:
    """« A, B et C »."""
    *premiers, dernier = [*noms] or [""]
    return f"{', '.join(premiers)} et {dernier}" if premiers else dernier


def _parties(contrat: Contrat) -> str:
    parties = contrat.parties.select_related("organisme").order_by("rang", "pk")
    return _liste(p.libelle or p.organisme.nom for p in parties)


def _quartiers(contrat: Contrat) -> str:
    quartiers = contrat.territoires.filter(type=TypeTerritoire.QPV).order_by("nom", "pk")
    return _liste(quartiers.values_list("nom", flat=True))


def _signature(contrat: Contrat) -> str:
    """Celle de la dernière partie."""
    dates = [le for le in contrat.signatures.values_list("le", flat=True) if le]
    return en_lettres(max(dates)) if dates else ""


def _jour(champ: str) -> Valeur:
    def dire(contrat: Contrat) -> str:
        jour = getattr(contrat, champ)
        return en_lettres(jour) if jour else ""

    return dire


def _somme(champ: str) -> Valeur:
    """Vide si rien n'est chiffré : zéro n'est pas « inconnu »."""

    def dire(contrat: Contrat) -> str:
        somme: Decimal | None = contrat.financements.aggregate(s=Sum(champ))["s"]
        if somme is None:
            return ""
        nombre = number_format(somme, decimal_pos=2, force_grouping=True)
        return f"{nombre.removesuffix(',00')}\u00a0€"

    return dire


VARIABLES: dict[str, Valeur] = {
    "nombre d'actions": _actions(),
    "nombre d'actions pilotes": _actions(horizon=Horizon.PILOTE),
    "nombre d'actions de court terme": _actions(horizon=Horizon.COURT),
    "nombre d'actions de moyen et long terme": _actions(horizon=Horizon.MOYEN_LONG),
    "nombre d'actions prioritaires": _actions(prioritaire=True),
    "nombre de fiches": lambda contrat: str(contrat.fiches.vivantes().count()),
    "nombre d'orientations": _axes(NatureAxe.ORIENTATION),
    "nombre de programmes": _axes(NatureAxe.PROGRAMME),
    "nombre de champs thématiques": _axes(NatureAxe.THEMATIQUE),
    "nombre d'engagements": _nombre("engagements"),
    "nombre d'annexes": _nombre("annexes"),
    "nombre de parties": _nombre("parties"),
    "liste des parties": _parties,
    "nombre de quartiers": lambda contrat: str(
        contrat.territoires.filter(type=TypeTerritoire.QPV).count()
    ),
    "liste des quartiers": _quartiers,
    "date de signature": _signature,
    "date de début": _jour("debut"),
    "date d'échéance": _jour("fin"),
    "montant prévu": _somme("montant"),
    "montant engagé": _somme("engage"),
    "montant payé": _somme("paye"),
}


def noms(texte: str) -> list[str]:
    """Les variables d'un texte, sous leur nom commun, connues ou non, une fois chacune."""
    return list(dict.fromkeys(_nom(lu[1]) for lu in VARIABLE.finditer(texte)))


def inconnues(texte: str) -> list[str]:
    """Celles que la plateforme ne connaît pas."""
    return [nom for nom in noms(texte) if nom not in VARIABLES]


def controler(texte: str) -> str:
    """Le texte, si toutes ses variables sont connues. Lève `ValidationError`."""
    if manquent := inconnues(texte):
        dites = ", ".join(f"{{{nom}}}" for nom in manquent)
        raise ValidationError(f"Variable inconnue : {dites}. {aide()}", code="variable")
    return texte


def aide() -> str:
    """Ce que l'écran propose à qui écrit."""
    return "Variables connues : " + ", ".join(f"{{{nom}}}" for nom in VARIABLES) + "."


def valeurs(contrat: Contrat, demandees: Iterable[str]) -> dict[str, str]:
    """Chaque variable connue et sa valeur, vide si la donnée manque ; signé, celle de ce jour."""
    gardees: dict[str, str] = {}
    demandees = list(demandees)
    if demandees and contrat.statut in SIGNES:
        signees = Version.objects.filter(
            contrat=contrat, instantane__statut__in=[s.value for s in SIGNES]
        )
        version = signees.order_by("numero", "pk").first()
        gardees = version.instantane.get("variables", {}) if version else {}
    return {
        nom: gardees[nom] if nom in gardees else VARIABLES[nom](contrat)
        for nom in demandees
        if nom in VARIABLES
    }


def remplacer(texte: str, connues: Mapping[str, str]) -> str:
    """Le texte, ses variables dites. Une variable inconnue reste écrite ; sans valeur, elle le dit.

    Une valeur n'est pas relue : une accolade qu'elle porterait n'est pas une variable.
    """

    def dire(lu: re.Match[str]) -> str:
        nom = _nom(lu[1])
        if nom not in connues:
            return lu[0]
        valeur = connues[nom].replace("\n", " ")
        return MARQUES.sub(r"\\\1", valeur) if valeur else f"({nom} : à renseigner)"

    return VARIABLE.sub(dire, texte)


def dire(contrat: Contrat, texte: str) -> str:
    """Le texte tel qu'on le lit partout : la seule fonction qui le dise."""
    demandees = noms(texte) if "{" in texte else []
    return remplacer(texte, valeurs(contrat, demandees)) if demandees else texte


def employees(contrat: Contrat) -> dict[str, str]:
    """Les variables de ses articles et leurs valeurs d'aujourd'hui : une version les garde."""
    textes = contrat.articles.values_list("texte", flat=True)
    demandees = dict.fromkeys(nom for texte in textes for nom in noms(texte))
    return {nom: VARIABLES[nom](contrat) for nom in demandees if nom in VARIABLES}


def _nom(ecrit: str) -> str:
    """Sans égard à la casse, à l'apostrophe ni aux espaces."""
    return " ".join(ecrit.replace("’", "'").lower().split())
