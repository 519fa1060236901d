"""Le texte que couvre le cadre visible d'une signature. Sans Django : lu par `signatures.valideur`.

Un cadre n'est qu'un dessin posé sur la page : opaque, il cache ce qu'il couvre sans que rien n'ait
été changé au document.
"""

import io
from collections.abc import Iterator
from typing import Any

MOTS_MONTRES = 12
CACHE = 2 | 32  # drapeaux Hidden et NoView d'une annotation
Cadre = tuple[float, float, float, float]


def textes_couverts(octets: bytes) -> dict[str, dict[str, Any]]:
    """Par champ de signature : la page de son cadre et les mots dessous ; rien s'il n'en couvre."""
    from pdfminer.high_level import extract_pages

    couverts: dict[str, dict[str, Any]] = {}
    for champ, rang, cadre in _cadres(octets):
        [page] = extract_pages(io.BytesIO(octets), page_numbers=[rang])
        if mots := _dessous(page, cadre).split():
            couverts.setdefault(champ, {"page": rang + 1, "texte": " ".join(mots[:MOTS_MONTRES])})
    return couverts


def _cadres(octets: bytes) -> Iterator[tuple[str, int, Cadre]]:
    """Les cadres visibles : nom du champ, rang de la page, coins."""
    import pikepdf

    with pikepdf.open(io.BytesIO(octets)) as pdf:
        for rang, page in enumerate(pdf.pages):
            for annotation in page.obj.get("/Annots") or []:
                noms, genre = _champ(annotation)
                if genre != pikepdf.Name.Sig or int(annotation.get("/F", 0)) & CACHE:
                    continue
                gauche, bas, droite, haut = (float(c) for c in annotation.get("/Rect", [0] * 4))
                cadre = (min(gauche, droite), min(bas, haut), max(gauche, droite), max(bas, haut))
                if cadre[0] < cadre[2] and cadre[1] < cadre[3]:
                    yield noms, rang, cadre


def _champ(annotation: Any) -> tuple[str, Any]:
    """Le nom entier du champ et son genre, hérités de ses parents."""
    noms: list[str] = []
    genre = None
    while annotation is not None:
        if "/T" in annotation:
            noms.insert(0, str(annotation.T))
        genre = genre or annotation.get("/FT")
        annotation = annotation.get("/Parent")
    return ".".join(noms), genre


def _dessous(objet: Any, cadre: Cadre) -> str:
    """Les caractères dont le milieu est dans le cadre, une espace entre deux lignes."""
    from pdfminer.layout import LTChar, LTContainer

    if isinstance(objet, LTChar):
        x, y = (objet.x0 + objet.x1) / 2, (objet.y0 + objet.y1) / 2
        dedans = cadre[0] <= x <= cadre[2] and cadre[1] <= y <= cadre[3]
        return str(objet.get_text()) if dedans else ""
    if isinstance(objet, LTContainer):
        return "".join(_dessous(enfant, cadre) for enfant in objet) + " "
    return " " if hasattr(objet, "get_text") else ""
