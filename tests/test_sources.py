"""Ce que tient le texte du dépôt lui-même : taille, secrets, gabarits, verrou, statuts."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

RACINE = Path(settings.BASE_DIR)
IGNORES = {".git", ".venv", ".tools", "donnees", "statiques", "node_modules", "__pycache__"}
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")
LIGNES_MAX = 400
LIGNES_DE_VUE_MAX = 15


def fichiers(*suffixes):
    """Fichiers du dépôt, hors dépendances, caches et bibliothèques recopiées telles quelles."""
    for dossier, sous_dossiers, noms in RACINE.walk():
        sous_dossiers[:] = [d for d in sous_dossiers if d not in IGNORES and d not in CACHES]
        if "vendor" in dossier.parts:
            continue
        for nom in noms:
            if nom != ".git" and (not suffixes or nom.endswith(suffixes)):
                yield dossier / nom


def relatif(fichier):
    return str(fichier.relative_to(RACINE))


SOURCES = [f for f in fichiers(".py") if "migrations" not in f.parts]
CODE = [f for f in SOURCES if f.relative_to(RACINE).parts[0] not in ("tests", "bench")]
GABARITS = list(fichiers(".html"))
# La feuille assemblée est produite : ses sources comptent.
STYLES = [f for f in fichiers(".css", ".js", ".mjs") if f.name != "reciproque.css"]


@pytest.mark.parametrize("fichier", [*SOURCES, *GABARITS, *STYLES], ids=relatif)
def test_un_fichier_tient_en_400_lignes(fichier):
    """Au-delà, il se range par nom : un paquet."""
    assert len(fichier.read_text(encoding="utf-8").splitlines()) <= LIGNES_MAX


def est_une_vue(fichier):
    parties = {*fichier.relative_to(RACINE).with_suffix("").parts}
    return bool(parties & {"views", "admin"}) or fichier.stem.startswith("views")


@pytest.mark.parametrize("fichier", [f for f in CODE if est_une_vue(f)], ids=relatif)
def test_une_methode_de_vue_traduit_en_15_lignes_au_plus(fichier):
    """La documentation ne compte pas ; ce qui dépasse est une règle, à sa place ailleurs."""
    for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))):
        if isinstance(noeud, ast.FunctionDef):
            corps = noeud.body[1:] if ast.get_docstring(noeud) else noeud.body
            lignes = corps[-1].end_lineno - corps[0].lineno + 1 if corps else 0
            assert lignes <= LIGNES_DE_VUE_MAX, f"{noeud.name} : {lignes} lignes"


def test_un_statut_ne_s_ecrit_que_par_une_transition():
    """`x.statut = …` et `mettre_a_jour(…, statut=…)` : seul `transitions`."""
    affectation = re.compile(r"\.statut\s*=(?!=)|(?:mettre_a_jour|update)\([^)]*\bstatut=")
    ecrivains = {relatif(f) for f in CODE if affectation.search(f.read_text(encoding="utf-8"))}
    assert ecrivains <= {"contrats/transitions/socle.py", "gouvernance/transitions.py"}


# Écrits en deux morceaux : ce fichier se lit aussi.
INTERDITS = [
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/opt/" + "pypi",
    "pypi" + ".org",
    "python" + "hosted",
    "registry" + ".npmjs",
    "deb." + "debian.org",
    "github" + "usercontent",
]


def test_le_depot_ne_nomme_ni_chemin_de_machine_ni_hote_de_registre():
    fautes = []
    for fichier in fichiers():
        try:
            texte = fichier.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # police, image ou PDF
        fautes += [(relatif(fichier), mot) for mot in INTERDITS if mot in texte]
    assert fautes == []


def test_le_verrou_est_epingle_et_d_accord_avec_le_projet():
    """`nom==version` et ses empreintes par paquet ; toutes les dépendances directes y sont."""
    verrou = (RACINE / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in verrou
    versions = {
        canonicalize_name(nom): version
        for nom, version in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", verrou, re.M)
    }
    paquets = re.findall(r"^[\w.-]+(?:\[[\w,]+\])?==.*?(?=^\S|\Z)", verrou, re.M | re.S)
    assert all("--hash=sha256:" in paquet for paquet in paquets)
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))
    directes = [*projet["project"]["dependencies"], *projet["dependency-groups"]["dev"]]
    for exigence in map(Requirement, directes):
        version = versions.get(canonicalize_name(exigence.name))
        assert version, f"{exigence.name} manque au verrou"
        assert exigence.specifier.contains(version), f"{exigence} : {version} dans le verrou"


# Rendus par Django ou DRF, ou qui remplacent un gabarit du même nom.
PAR_CONVENTION = re.compile(
    r"^(400|403|404|429|500)\.html$|^admin/(base_site|change_list\w*)\.html$"
)


def test_tout_gabarit_sert():
    """Nommé par du code ou un autre gabarit, seul ou en famille (`f"pdf/sections/{nature}…"`)."""
    dossier = RACINE / "templates"
    textes = "\n".join(f.read_text(encoding="utf-8") for f in [*CODE, *GABARITS])

    def sert(fichier):
        nom, parent = str(fichier.relative_to(dossier)), str(fichier.parent.relative_to(dossier))
        famille = f"{parent}/_{{" in textes or f"{parent}/{{" in textes
        membre = f'"{fichier.stem.removeprefix("_")}"' in textes
        return f'"{nom}"' in textes or PAR_CONVENTION.match(nom) or (famille and membre)

    assert [relatif(f) for f in GABARITS if f.is_relative_to(dossier) and not sert(f)] == []
