"""Compter ensemble, d'un processus à l'autre, sans toucher à la base de l'installation.

Un fichier SQLite à part, sans garantie de durée : une lecture de l'API n'y écrit qu'un nombre, et
n'attend jamais qui écrit dans la base. Il n'appelle rien de Django.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

TABLE = """CREATE TABLE IF NOT EXISTS compte (
    cle TEXT PRIMARY KEY, fenetre INTEGER NOT NULL, nombre INTEGER NOT NULL) WITHOUT ROWID"""
AJOUTER = """INSERT INTO compte VALUES (?, ?, 1) ON CONFLICT (cle) DO UPDATE SET
    nombre = CASE WHEN fenetre = excluded.fenetre THEN nombre + 1 ELSE 1 END,
    fenetre = excluded.fenetre RETURNING nombre"""
OUBLIER = "DELETE FROM compte WHERE fenetre < ?"
GARDEES = 10  # fenêtres : un visiteur qui ne revient pas ne laisse pas de trace


class Compteur:
    """`ajouter(cle, fenetre)` rend combien de fois cette clé a été comptée dans cette fenêtre."""

    def __init__(self, fichier: Path) -> None:
        self.fichier = fichier

    def ajouter(self, cle: str, fenetre: int) -> int:
        """Lève `sqlite3.Error` ou `OSError` si le fichier ne peut s'écrire."""
        with closing(self._ouvrir()) as base:
            [(nombre,)] = base.execute(AJOUTER, (cle, fenetre)).fetchall()
            if nombre == 1:
                base.execute(OUBLIER, (fenetre - GARDEES,))
            return nombre

    def _ouvrir(self) -> sqlite3.Connection:
        self.fichier.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(self.fichier, timeout=2, isolation_level=None)
        # Rien à sauver d'une panne : ni journal sur le disque, ni attente du disque.
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA journal_mode = MEMORY")
        base.execute(TABLE)
        return base
