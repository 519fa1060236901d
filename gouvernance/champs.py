"""Champs de formulaire de la gouvernance : une liste écrite une ligne par élément."""

import datetime
import re
from typing import Any

from django import forms

from gouvernance.enums import StatutIntervention

MOMENT = re.compile(r"(\d{1,2})\s*[h:]\s*(\d{2})?\s+(.+)")
VISIO, RESERVE = " (visio)", " (sous réserve)"


class ParLignes(forms.CharField):
    """Une liste, écrite une ligne par élément."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(self.dire(v) for v in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Any]:
        lignes = [ligne.strip() for ligne in (super().clean(value) or "").splitlines()]
        return [self.lire(ligne, rang) for rang, ligne in enumerate(filter(None, lignes), 1)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or []) != (data or "").replace("\r\n", "\n").strip()

    def dire(self, valeur: Any) -> str:
        return str(valeur)

    def lire(self, ligne: str, rang: int) -> Any:
        return ligne


class ParArticles(ParLignes):
    """« 1. Le conseil approuve… » : le numéro, un point, le texte ; sans numéro, le rang."""

    def dire(self, valeur: Any) -> str:
        return f"{valeur['numero']}. {valeur['texte']}"

    def lire(self, ligne: str, rang: int) -> Any:
        numero, point, texte = ligne.partition(". ")
        if point and len(numero) <= 6:
            return {"numero": numero, "texte": texte.strip()}
        return {"numero": str(rang), "texte": ligne}


class ParMoments(ParLignes):
    """Un programme : « 9h30 Accueil (visio) », puis « - Nom, fonction, organisme (sous réserve) »
    pour chaque personne annoncée."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(ligne for point in value for ligne in dire_le_moment(point))

    def clean(self, value: Any) -> list[Any]:
        points: list[dict[str, Any]] = []
        for ligne in super().clean(value):
            if not ligne.startswith("-"):
                points.append(lire_le_moment(ligne))
            elif points:
                points[-1]["interventions"].append(lire_la_personne(ligne[1:].strip()))
            else:
                raise forms.ValidationError("Écrivez un temps du programme avant ses intervenants.")
        return points


def dire_le_moment(point: dict[str, Any]) -> list[str]:
    heure = f"{point['heure']:%H:%M} " if point["heure"] else ""
    lignes = [f"{heure}{point['intitule']}{VISIO * point['visio']}"]
    for p in point["interventions"]:
        mots = ", ".join(filter(None, (p["nom"], p["fonction"], p["organisme"])))
        lignes.append(f"- {mots}{RESERVE * (p['statut'] == StatutIntervention.SOUS_RESERVE)}")
    return lignes


def lire_le_moment(ligne: str) -> dict[str, Any]:
    texte, heure = ligne.removesuffix(VISIO), None
    trouve = MOMENT.fullmatch(texte)
    if trouve:
        heures, minutes, texte = int(trouve[1]), int(trouve[2] or 0), trouve[3]
        if heures > 23 or minutes > 59:
            raise forms.ValidationError(f"Cette heure n'existe pas : « {ligne[:60]} ».")
        heure = datetime.time(heures, minutes)
    if len(texte) > 300:
        raise forms.ValidationError(f"Trois cents signes au plus par temps : « {ligne[:60]}… ».")
    visio = ligne.endswith(VISIO)
    return {"heure": heure, "intitule": texte, "visio": visio, "interventions": []}


def lire_la_personne(ligne: str) -> dict[str, Any]:
    nom, _, reste = ligne.removesuffix(RESERVE).partition(", ")
    fonction, _, organisme = reste.rpartition(", ") if ", " in reste else (reste, "", "")
    if not nom or len(nom) > 150 or max(len(fonction), len(organisme)) > 200:
        raise forms.ValidationError(f"« - Nom, fonction, organisme » : « {ligne[:60]} ».")
    sous_reserve = ligne.endswith(RESERVE)
    statut = StatutIntervention.SOUS_RESERVE if sous_reserve else StatutIntervention.CONFIRME
    return {"nom": nom, "fonction": fonction, "organisme": organisme, "statut": statut}
