"""Figures SVG faites par le serveur : pour la page, le PDF, un fichier à part.

Le noir et la forme disent tout : trait plein pour les quartiers, pointillé pour la référence, rond
plein pour le dernier millésime, vide pour celui d'avant. Les couleurs viennent de la page
(`currentColor`) : niveaux de gris, impression et couleurs forcées se lisent pareil.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from indicateurs.enums import Comparaison
from indicateurs.lecture import Ecarts, Ligne
from indicateurs.mesures_lues import MesureLue

HAUT_DE_LIGNE = 46  # un nom, puis une piste : lisible à 375 px comme à 1280
MARGE = Decimal(3)
ESPACE_DE_NOMS = "http://www.w3.org/2000/svg"


class Echelle:
    """Place d'une valeur, en pour cent de la largeur."""

    def __init__(self, valeurs: Iterable[Decimal]) -> None:
        connues = list(valeurs) or [Decimal(0)]
        self.bas, self.haut = min(connues), max(connues)

    def __call__(self, valeur: Decimal) -> Decimal:
        if self.haut == self.bas:
            return Decimal(50)
        part = (valeur - self.bas) / (self.haut - self.bas)
        return (MARGE + part * (100 - 2 * MARGE)).quantize(Decimal("0.01"))


def classement(ecarts: Ecarts, *, autonome: bool = False) -> SafeString:
    """Les quartiers du plus loin au plus près : avant (vide), maintenant (plein), référence.

    Un quartier sans chiffre garde sa ligne et dit pourquoi. `autonome` : un fichier à part, qui
    porte son titre et son espace de noms.
    """
    lignes = ecarts.classement
    valeurs = [
        v for li in lignes for v in (_avant(ecarts, li), _valeur(li.valeur)) if v is not None
    ]
    reference = _references(ecarts).get(ecarts.millesime.pk) if ecarts.millesime else None
    if reference is not None:
        valeurs.append(reference)
    x = Echelle(valeurs)
    hauteur = HAUT_DE_LIGNE * len(lignes) + 22
    morceaux = []
    if reference is not None:
        dit = f"{ecarts.reference} : {ecarts.ecrire(reference)}"
        morceaux += [
            '<line x1="6" x2="6" y1="0" y2="18" stroke="currentColor" stroke-width="2" '
            'stroke-dasharray="4 3"/>',
            f'<text x="16" y="14" font-size="14">{escape(dit)}</text>',
        ]
    for rang, ligne in enumerate(lignes):
        morceaux.append(
            _ligne_de_classement(ecarts, ligne, x, reference, 22 + rang * HAUT_DE_LIGNE)
        )
    return _svg(ecarts.titre, "".join(morceaux), 'width="100%"', hauteur, autonome)


def _ligne_de_classement(
    ecarts: Ecarts, ligne: Ligne, x: Echelle, reference: Decimal | None, y: int
) -> str:
    nom, avant, valeur = escape(ligne.territoire.nom), _avant(ecarts, ligne), _valeur(ligne.valeur)
    piste = y + 32
    if valeur is None:
        dit = ligne.valeur.statut.label if ligne.valeur else "Non renseigné"
        droite = escape(dit.lower())
    else:
        droite = escape(ecarts.ecrire(valeur))
    morceaux = [
        f'<text x="0" y="{y + 18}" font-size="15">{nom}</text>',
        f'<text x="100%" y="{y + 18}" text-anchor="end" font-size="15" font-weight="600">'
        f"{droite}</text>",
        f'<line x1="0" x2="100%" y1="{piste}" y2="{piste}" stroke="currentColor" '
        'stroke-width="1" stroke-opacity="0.25"/>',
    ]
    if reference is not None:
        morceaux.append(
            f'<line x1="{x(reference)}%" x2="{x(reference)}%" y1="{piste - 9}" y2="{piste + 9}" '
            'stroke="currentColor" stroke-width="2" stroke-dasharray="4 3"/>'
        )
    if valeur is not None:
        if reference is not None:
            morceaux.append(
                f'<line x1="{x(reference)}%" x2="{x(valeur)}%" y1="{piste}" y2="{piste}" '
                'stroke="currentColor" stroke-width="4"/>'
            )
        if avant is not None:
            morceaux.append(_rond(x(avant), piste, plein=False))
        morceaux.append(_rond(x(valeur), piste, plein=True))
    return "".join(morceaux)


def _rond(x: Decimal, y: int, *, plein: bool) -> str:
    fond = "currentColor" if plein else "none"
    return (
        f'<circle cx="{x}%" cy="{y}" r="6" fill="{fond}" stroke="currentColor" stroke-width="2"/>'
    )


def etincelle(ecarts: Ecarts) -> SafeString:
    """Deux traits pleins, le quartier le plus bas et le plus haut ; en pointillé, la référence.

    Une étendue, jamais une moyenne : la plupart des indicateurs ne s'additionnent pas.
    """
    bas, haut = [], []
    for m in ecarts.millesimes:
        chiffres = [
            mesure.valeur
            for li in ecarts.lignes
            if (mesure := li.serie.get(m.pk)) and mesure.valeur is not None
        ]
        bas.append(min(chiffres, default=None))
        haut.append(max(chiffres, default=None))
    connues = _references(ecarts)
    reference = [connues.get(m.pk) for m in ecarts.millesimes]
    traits = [(bas, False), (haut, False), (reference, True)]
    return _petite(_dire_etendue(ecarts, bas, haut, reference), traits)


def multiples(ecarts: Ecarts) -> list[tuple[Ligne, SafeString]]:
    """Un petit dessin par quartier, tous à la même échelle : la série, et la référence en
    pointillé."""
    connues = _references(ecarts)
    reference = [connues.get(m.pk) for m in ecarts.millesimes]
    series = {
        li.territoire.pk: [_valeur(li.serie.get(m.pk)) for m in ecarts.millesimes]
        for li in ecarts.lignes
    }
    toutes = [v for serie in [*series.values(), reference] for v in serie if v is not None]
    return [
        (
            li,
            _petite(
                _dire_serie(ecarts, li, series[li.territoire.pk]),
                [(series[li.territoire.pk], False), (reference, True)],
                toutes,
            ),
        )
        for li in ecarts.lignes
    ]


Trait = tuple[list[Decimal | None], bool]  # valeurs par millésime, en pointillé


def _petite(nom: str, traits: list[Trait], toutes: list[Decimal] | None = None) -> SafeString:
    connues = toutes or [v for valeurs, _ in traits for v in valeurs if v is not None]
    y = Echelle(connues)
    nb = max(len(valeurs) for valeurs, _ in traits)
    morceaux = []
    for valeurs, pointille in traits:
        points = [
            (6 + (108 * rang / (nb - 1) if nb > 1 else 54), 30 - float(y(v)) * 0.28)
            for rang, v in enumerate(valeurs)
            if v is not None
        ]
        if not points:
            continue
        tirets = ' stroke-dasharray="3 3"' if pointille else ""
        chemin = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        morceaux.append(
            f'<polyline points="{chemin}" fill="none" stroke="currentColor" '
            f'stroke-width="2"{tirets}/>'
        )
        px, py = points[-1]
        if not pointille:
            morceaux.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="currentColor"/>')
        elif len(points) == 1:  # un seul millésime : le pointillé n'aurait pas de longueur
            morceaux.append(
                f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="none" '
                'stroke="currentColor" stroke-width="2" stroke-dasharray="2 2"/>'
            )
    corps = "".join(morceaux)
    return mark_safe(  # noqa: S308 : nombres calculés, et un nom échappé
        f'<svg class="petite" viewBox="0 0 120 34" role="img" aria-label="{escape(nom)}">'
        f"{corps}</svg>"
    )


def _dire_etendue(
    ecarts: Ecarts,
    bas: list[Decimal | None],
    haut: list[Decimal | None],
    reference: list[Decimal | None],
) -> str:
    morceaux = []
    for m, petit, grand, ref in zip(ecarts.millesimes, bas, haut, reference, strict=True):
        if petit is None or grand is None:
            continue
        dit = f"{m} : de {ecarts.ecrire(petit)} à {ecarts.ecrire(grand)} selon le quartier"
        morceaux.append(dit + (f", référence {ecarts.ecrire(ref)}" if ref is not None else ""))
    return " ; ".join(morceaux) or "Aucun chiffre"


def _dire_serie(ecarts: Ecarts, ligne: Ligne, serie: list[Decimal | None]) -> str:
    dits = [
        f"{m} : {ecarts.ecrire(v)}"
        for m, v in zip(ecarts.millesimes, serie, strict=True)
        if v is not None
    ]
    return f"{ligne.territoire.nom}, {' ; '.join(dits) or 'aucun chiffre'}"


def _svg(titre: str, corps: str, largeur: str, hauteur: int, autonome: bool) -> SafeString:
    if autonome:
        tete = f'<svg xmlns="{ESPACE_DE_NOMS}" width="720" height="{hauteur}" role="img"'
        dedans = f"<title>{escape(titre)}</title>"
        tete += ' font-family="sans-serif" color="#14222a" fill="currentColor"'
    else:
        tete = f'<svg class="classement" {largeur} height="{hauteur}" role="img"'
        tete += f' aria-label="{escape(titre)}"'
        dedans = ""
    return mark_safe(f"{tete}>{dedans}{corps}</svg>")  # noqa: S308 : tout texte y est échappé


def _references(ecarts: Ecarts) -> dict[int, Decimal]:
    """Valeur de la référence par millésime ; aucune si l'indicateur ne s'y compare pas."""
    if ecarts.indicateur.comparaison == Comparaison.AUCUNE:
        return {}
    serie = ecarts.serie_de_reference
    return {pk: m.valeur for pk, m in serie.items() if m.valeur is not None}


def _valeur(mesure: MesureLue | None) -> Decimal | None:
    return mesure.valeur if mesure is not None else None


def _avant(ecarts: Ecarts, ligne: Ligne) -> Decimal | None:
    return _valeur(ligne.serie.get(ecarts.precedent.pk)) if ecarts.precedent else None
