"""Lire : six formats rendent le même document ; tout ce qui est hostile est refusé en français."""

import json
import subprocess
import sys

import pytest

from reprise.lecture import DocumentRefuse, lire
from reprise.lecture.formes import Bloc, Nature, sans_marques
from reprise.lecture.isolement import MEMOIRE_MAX, TROP, lire_isole
from reprise.lecture.texte import lire_texte
from tests.reprise.documents import CONVENTION, FORMATS, docx
from tests.reprise.fichiers_mauvais import MAUVAIS, octets_de, pdf_bombe

LOURDS = {"cinquante-mo.txt", "trop-long.txt", "enorme.docx", "bombe.docx"}

PESER = """
import json, resource, sys
from reprise.lecture import DocumentRefuse
from reprise.lecture.isolement import lire_isole
refus = ""
try:
    lire_isole(sys.stdin.buffer.read(), "bombe.pdf")
except DocumentRefuse as erreur:
    refus = str(erreur)
unite = 1 if sys.platform == "darwin" else 1024
print(json.dumps([refus, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unite]))
"""


@pytest.mark.parametrize("nom", FORMATS)
def test_chaque_format_rend_tous_les_textes_dans_l_ordre(nom):
    blocs = [b for b in lire(FORMATS[nom](), nom).blocs if b.nature != Nature.PAGE]
    lus = " ".join(b.nu for b in blocs)
    position = 0
    for _, texte in CONVENTION:
        attendu = texte.partition(". ")[2] if texte[0].isdigit() else texte
        position = lus.find(attendu, position)
        assert position >= 0, attendu


@pytest.mark.parametrize("nom", [n for n in FORMATS if n != "convention.txt"])
def test_un_style_dit_les_titres_et_la_profondeur_des_listes(nom):
    blocs = lire(FORMATS[nom](), nom).blocs
    assert sum(b.nature == Nature.TITRE and b.niveau == 1 for b in blocs) == 3
    assert [b.niveau for b in blocs if b.nature == Nature.PUCE][3:] == [0, 0, 1, 1, 0]


@pytest.mark.parametrize("nom", [n for n in MAUVAIS if n not in LOURDS])
def test_un_mauvais_fichier_est_refuse_et_dit_pourquoi(nom):
    with pytest.raises(DocumentRefuse) as refus:
        lire(octets_de(nom), nom)
    assert MAUVAIS[nom][1] in str(refus.value)


@pytest.mark.lent
@pytest.mark.parametrize("nom", sorted(LOURDS))
def test_un_fichier_demesure_est_refuse_sans_prendre_la_memoire(nom):
    with pytest.raises(DocumentRefuse) as refus:
        lire_isole(octets_de(nom), nom)
    assert MAUVAIS[nom][1] in str(refus.value)


@pytest.mark.lent
def test_une_bombe_n_a_que_la_memoire_du_processus_isole():
    """Le pire PDF : 200 Mo de dessin dans une page ; le processus isolé s'arrête, pas le nôtre."""
    # Dans un processus neuf : les enfants du nôtre comptent aussi les navigateurs d'autres tests.
    fait = subprocess.run(  # noqa: S603 : notre commande
        [sys.executable, "-c", PESER], input=pdf_bombe(), capture_output=True, check=True
    )
    refus, memoire = json.loads(fait.stdout)
    assert refus
    assert memoire < 500_000_000
    assert MEMOIRE_MAX < 500_000_000


def test_la_lecture_isolee_rend_la_meme_chose():
    assert lire_isole(docx(), "a.docx").blocs == lire(docx(), "a.docx").blocs
    with pytest.raises(DocumentRefuse, match="vide"):
        lire_isole(b"", "a.docx")
    assert "abîmé" in TROP


def test_un_bloc_va_et_vient_en_json():
    bloc = Bloc(Nature.PUCE, "un **point**", 2, 0.7, "-", 12)
    assert Bloc.de_json(bloc.en_json()) == bloc
    assert bloc.nu == "un point"
    assert sans_marques("**a** [b](https://x.test) [^1] \\*c") == "a b *c"


def test_une_ligne_collee_a_une_liste_n_y_entre_pas():
    blocs = lire_texte("  • un point\n    qui continue\n  • deux\nPOUR UN TITRE\nSuite").blocs
    assert [(b.nature, b.nu) for b in blocs] == [
        (Nature.PUCE, "un point qui continue"),
        (Nature.PUCE, "deux"),
        (Nature.PARAGRAPHE, "POUR UN TITRE Suite"),
    ] or blocs[2].nu.startswith("POUR UN TITRE")


def test_rien_de_ce_qui_s_execute_n_est_lu_d_une_page_web():
    page = (
        b"<!DOCTYPE html><body><p onclick='x()'>Un <b>texte</b> <script>alert(1)</script>"
        b"<a href='javascript:alert(2)'>lien</a> <style>p{}</style></p><p hidden>masque</p></body>"
    )
    [bloc] = lire(page, "a.html").blocs
    assert bloc.texte == "Un **texte** lien"
