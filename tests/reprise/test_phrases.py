"""Le PDF et le Word d'un contrat repris disent les phrases de la source, dans l'ordre, une fois."""

import re
import subprocess

import pytest
from django.contrib.auth.models import AnonymousUser

from documents import rendu
from reprise.lecture import lire
from reprise.lecture.formes import sans_marques
from reprise.retour.comparaison import exporter
from reprise.sessions import compris_de, ecrire_document
from tests.reprise.outils import complet, source

pytestmark = pytest.mark.une_fois

ECARTES = ("bruit", "remplissage", "ignore", "note")
PARTIES = r"Fiche \d+ sur \d+|Préambule|Les parties|Article \d+|Gouvernance|Signatures|Annexe \d+"
PIED = re.compile(rf"^(?:Version \d+ du .*Page \d+ / \d+|.{{5,120}} (?:{PARTIES}|Sommaire))$")
COURTE = 30  # signes : en dessous, des mots que tout document répète
LONGUE = 140  # au-delà, une phrase ne revient pas comme titre de sommaire
# Ce que la reprise range autrement, et pourquoi.
AUTREMENT = {
    "000": [],
    "001": [
        "conflits d intérêt majeurs bloquant toute coopération dialogue",  # rendu aux risques
        "projets 2 5 10 11 12 13 16 17 18",  # neuf lignes
        "projet 03_fdr_v 1_maj le 08 12 2015",  # numéro, version et date du contrat
    ],
    "002": [
        "le projet de développement durable du territoire",  # un intertitre du préambule
        "les 3 défis à relever pour notre territoire",  # le nombre annoncé, et tenu
        "mise en oeuvre de 6 grandes orientations",
    ],
}


def mots(texte: str) -> str:
    sans_appels = re.sub(r"\[\^\w+\]:?|[¹²³]|(?<=[a-zé])\d\b", "", texte)
    return " ".join(re.findall(r"\w+", sans_marques(sans_appels).lower()))


def phrases(document) -> list[str]:
    places = [p for p in compris_de(document).places if p.role not in ECARTES]
    decoupes = (s for p in places for s in re.split(r"(?<=[.;:])\s", p.element.nu))
    return [m for m in map(mots, decoupes) if len(m) > COURTE]


def en_pdf(contrat) -> str:
    contexte = rendu.contexte(contrat, par=AnonymousUser(), entier=True)
    sortie = subprocess.run(
        ["pdftotext", "-raw", "-", "-"],  # noqa: S607 : outil du système
        input=rendu.rendre(contexte),
        capture_output=True,
        check=True,
    )
    lignes = sortie.stdout.decode().replace("\f", "\n").split("\n")
    return mots("\n".join(li for li in lignes if not PIED.match(li.strip())))


def en_word(contrat) -> str:
    return mots("\n".join(b.texte for b in lire(exporter(contrat), "a.docx").blocs))


@pytest.mark.usefixtures("modeles")
@pytest.mark.parametrize("numero", AUTREMENT)
def test_le_pdf_et_le_word_disent_la_source_dans_l_ordre_et_une_fois(numero):
    document = complet(source(numero), "contrat.txt")
    contrat = ecrire_document(document, version=document.version, par=None)
    contrat.publie_le = contrat.modifie_le
    contrat.save()
    contrat.fiches.update(statut="publiee")
    attendues = [p for p in phrases(document) if p not in AUTREMENT[numero]]
    for nom, imprime in (("pdf", en_pdf(contrat)), ("word", en_word(contrat))):
        position, absentes = 0, []
        for phrase in attendues:
            trouvee = imprime.find(phrase, position)
            if trouvee < 0:
                absentes.append(phrase)
            else:
                position = trouvee + len(phrase)
        assert len(absentes) <= 0.005 * len(attendues), (nom, absentes)
        deux_fois = [p for p in attendues if len(p) > LONGUE and imprime.count(p) > 1]
        assert deux_fois == [], nom
