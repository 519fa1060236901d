"""Lire un fichier de texte, quel que soit son format, en une suite de blocs.

`lire` (dans ce processus) ou `isolement.lire_isole` (dans un processus à mémoire bornée, pour tout
fichier reçu). Aucun module d'ici n'importe Django : le processus isolé démarre vite.
"""

from reprise.lecture.formes import Bloc, DocumentRefuse, Lecture, Nature
from reprise.lecture.lecteur import lire

__all__ = ["Bloc", "DocumentRefuse", "Lecture", "Nature", "lire"]
