"""Les nombres écrits en lettres, de un à cent : « treize », « quatre-vingt-deux »."""

import re

_PETITS = [
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
]  # fmt: skip
_DIZAINES = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}


def en_lettres(nombre: int) -> str:
    """Le nombre, de 1 à 100, en toutes lettres."""
    if not 1 <= nombre <= 100:
        raise ValueError("En lettres, un nombre va de un à cent.")
    if nombre < 20:
        return _PETITS[nombre - 1]
    if nombre == 100:
        return "cent"
    if nombre >= 80:
        reste = nombre - 80
        return f"quatre-vingt-{_PETITS[reste - 1]}" if reste else "quatre-vingts"
    dizaine = min(nombre // 10, 6)
    mot, reste = _DIZAINES[dizaine], nombre - 10 * dizaine
    if not reste:
        return mot
    if reste in (1, 11):
        return f"{mot} et {_PETITS[reste - 1]}"
    return f"{mot}-{_PETITS[reste - 1]}"


NOMBRES = {en_lettres(n): n for n in range(1, 101)}
# Du plus long au plus court : « dix-sept » n'est pas « dix ».
MOTIF = "|".join(
    sorted((re.sub("[- ]", "[- ]", mot) for mot in (*NOMBRES, "une")), key=len, reverse=True)
)


def lire(ecrit: str) -> int | None:
    """Le nombre écrit en chiffres ou en lettres, sans égard à la casse ; `None` si ce n'en est
    pas un."""
    mots = " ".join(ecrit.lower().split())
    if mots.isdecimal():
        return int(mots)
    return {_sans_trait(mot): n for mot, n in NOMBRES.items()}.get(
        "un" if mots == "une" else _sans_trait(mots)
    )


def _sans_trait(mots: str) -> str:
    return mots.replace("-", " ")
