"""Les preuves tirées au hasard, à leur taille entière : `python -m bench.preuves [tests…]`.

Les mêmes tests que dans la suite, où ils ne font qu'une part de leurs tirages (`tests.tailles`) :
la matrice des droits à toute méthode, 2 000 requêtes d'API tirées du schéma sur ce moteur, 2 000
jeux de rôles sur trois territoires, 200 enregistrements et 40 scénarios d'écriture, 3 000
modifications d'un export Word. Les formulaires, filtres et envois au hasard s'allongent par
`pytest --hypothesis-profile=approfondi`.
Base de DATABASE_URL, ou SQLite.
"""

import os
import subprocess
import sys

from bench.concurrence import RACINE

PREUVES = [
    "tests/api/test_schemathesis.py",
    "tests/avenants/test_texte.py",
    "tests/droits/test_matrice.py",
    "tests/droits/test_fuites.py",
    "tests/contrats/test_atelier_preuves.py",
    "tests/contrats/test_atelier_sans_perte.py",
    "tests/perr/test_preuves.py",
    "tests/reprise/test_retour.py",
]


def main() -> int:
    """Code de retour de pytest ; les nombres s'impriment à mesure."""
    demandees = sys.argv[1:] or PREUVES
    commande = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:randomly", *demandees]
    environ = {**os.environ, "PREUVES": "pleines"}
    return subprocess.run(commande, cwd=RACINE, env=environ, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
