"""Champs de formulaire de la gouvernance : une liste écrite une ligne par élément."""

from typing import Any

from django import forms


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
