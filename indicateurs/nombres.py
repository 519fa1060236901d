"""Écrire un nombre en français : la même forme à l'écran, dans une figure, un PDF, une phrase."""

from decimal import ROUND_HALF_EVEN, Decimal

ESPACE = "\u00a0"
MOINS = "\u2212"


def nombre(valeur: Decimal, decimales: int = 0, *, signe: bool = False) -> str:
    """« 12 345,6 », « −3,0 » ; avec `signe`, « +1,5 » aussi."""
    arrondi = valeur.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_EVEN)
    texte = f"{abs(arrondi):,.{decimales}f}".replace(",", ESPACE).replace(".", ",")
    if not arrondi:
        return texte
    return f"{MOINS if arrondi < 0 else '+' if signe else ''}{texte}"


def avec_unite(texte: str, unite: str) -> str:
    """Le nombre et son unité, jamais séparés par une fin de ligne."""
    return f"{texte}{ESPACE}{unite}" if unite else texte


def brut(valeur: Decimal | None) -> str | None:
    """Le nombre exact des fichiers et de l'API : point décimal, ni zéro ni exposant inutiles."""
    if valeur is None:
        return None
    return f"{valeur.normalize():f}"
