"""La feuille de style et les polices : à jour, légères, contrastées."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from portail.management.commands.assembler_css import DOSSIER, FEUILLE, assemblee

STATIQUE = Path(settings.BASE_DIR) / "static"
JETONS = dict(
    re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})\b", (DOSSIER / "jetons.css").read_text("utf-8"))
)
TEXTE, BORDURE = 4.5, 3.0
ETATS = ["lancer", "cours", "retard", "realise", "suspendu", "abandon"]
PAIRES = [
    ("encre", "papier", TEXTE),
    ("encre", "papier-2", TEXTE),
    ("encre", "papier-3", TEXTE),
    ("encre", "colza", TEXTE),
    ("encre", "colza-clair", TEXTE),
    ("encre", "ardoise-clair", TEXTE),
    ("encre-2", "papier", TEXTE),
    ("encre-2", "papier-2", TEXTE),
    ("ardoise", "papier", TEXTE),
    ("ardoise", "papier-2", TEXTE),
    ("ardoise", "colza", TEXTE),
    ("papier", "ardoise", TEXTE),
    ("papier", "ardoise-fonce", TEXTE),
    ("ardoise-fonce", "ardoise-clair", TEXTE),
    ("trait-fort", "papier", BORDURE),
    ("trait-fort", "papier-2", BORDURE),
    ("foyer", "papier", BORDURE),
    ("foyer", "foyer-halo", BORDURE),
    *[(f"et-{etat}", f"et-{etat}-f", TEXTE) for etat in ETATS],
    *[(f"et-{etat}", "papier", TEXTE) for etat in ETATS],
    *[("encre", f"seq-{rang}", TEXTE) for rang in range(4)],
    ("papier", "seq-4", TEXTE),
    ("retrait", "et-retard-f", TEXTE),
    ("ardoise-clair", "ardoise", TEXTE),
]


def luminance(couleur: str) -> float:
    """Luminance relative WCAG 2 d'une couleur `#rgb` ou `#rrggbb`."""
    chiffres = couleur.lstrip("#")
    if len(chiffres) == 3:
        chiffres = "".join(c * 2 for c in chiffres)
    canaux = [int(chiffres[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, v, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux)
    return 0.2126 * r + 0.7152 * v + 0.0722 * b


def contraste(premiere: str, seconde: str) -> float:
    """Rapport de contraste WCAG 2, de 1 à 21."""
    claire, sombre = sorted((luminance(premiere), luminance(seconde)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


def test_le_calcul_de_contraste_retrouve_les_valeurs_connues():
    assert contraste("#000", "#fff") == pytest.approx(21)
    assert contraste("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("devant", "fond", "minimum"), PAIRES)
def test_chaque_paire_de_jetons_est_assez_contrastee(devant, fond, minimum):
    assert contraste(JETONS[devant], JETONS[fond]) >= minimum


def test_la_feuille_servie_est_celle_que_produit_assembler_css():
    assert FEUILLE.read_text("utf-8") == assemblee(), "lancer `manage.py assembler_css`"


def test_composants_ne_fixe_pas_de_couleur_hors_des_jetons():
    """Une collectivité ne remplace que jetons.css ; seul le blanc, sur fond sombre, est fixé."""
    source = (DOSSIER / "composants.css").read_text("utf-8")
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", source)) <= {"#fff"}


def test_la_feuille_tient_en_12_ko_compressee():
    """Toutes les pages et leur impression en une requête ; la barre d'une page est de 60 ko."""
    assert len(gzip.compress(FEUILLE.read_bytes(), 9)) <= 12 * 1024


def test_les_polices_d_ecran_tiennent_en_36_ko():
    polices = list((STATIQUE / "polices").glob("*.woff2"))
    assert len(polices) == 3
    assert sum(p.stat().st_size for p in polices) <= 36 * 1024


@pytest.mark.parametrize("chemin", sorted((STATIQUE / "polices").glob("*.[tw]*f*")), ids=str)
def test_une_police_ecrit_le_francais_sous_un_nom_a_nous(chemin):
    """L'OFL réserve « Source » à la version d'Adobe ; les droits (nom 0) le citent seuls."""
    police = TTFont(chemin)
    signes = "àâäçéèêëîïôöùûüÿœæÀÇÉÈÊÎÔŒÆ’‘“”«»–—…·•°§×−²€←→↑↓òí\u00a0\u202f\u2011"
    assert [s for s in signes if ord(s) not in police.getBestCmap()] == []
    noms = {n.nameID: n.toUnicode() for n in police["name"].names}
    assert noms[1].startswith("Réciproque ")
    assert [n for identifiant, n in noms.items() if identifiant != 0 and "Source" in n] == []
    assert "Open Font License" in noms[13]


def test_chaque_famille_a_sa_licence():
    for famille in ("sans", "serif"):
        texte = (STATIQUE / "polices" / f"LICENCE-OFL-reciproque-{famille}.txt").read_text("utf-8")
        assert "SIL OPEN FONT LICENSE" in texte
