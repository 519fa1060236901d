"""Mémoire d'une commande et de ses enfants, au plus haut ; ce qu'ils partagent, une fois."""

import contextlib
import subprocess
import time
from pathlib import Path

PAS = 0.05  # secondes entre deux relevés
PROC = Path("/proc")


def crete_de(commande: list[str]) -> float:
    """La plus haute somme de PSS relevée, en mégaoctets."""
    processus = subprocess.Popen(  # noqa: S603 : une commande du banc
        commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    crete = 0
    while processus.poll() is None:
        crete = max(crete, sum(pss(pid) for pid in famille(processus.pid)))
        time.sleep(PAS)
    if processus.returncode:
        raise RuntimeError(f"La commande mesurée a échoué : {' '.join(commande)}")
    return crete / 1000


def famille(racine: int) -> set[int]:
    """Ce processus et tous ses descendants."""
    enfants: dict[int, list[int]] = {}
    for dossier in PROC.iterdir():
        if dossier.name.isdigit():
            with contextlib.suppress(OSError):  # fini entre-temps
                # « pid (nom) état ppid … » : le nom peut porter des parenthèses.
                ppid = int((dossier / "stat").read_text().rpartition(")")[2].split()[1])
                enfants.setdefault(ppid, []).append(int(dossier.name))
    vus, pile = set(), [racine]
    while pile:
        pid = pile.pop()
        vus.add(pid)
        pile += enfants.get(pid, [])
    return vus


def pss(pid: int) -> int:
    """Kilooctets de ce processus, sa part des pages partagées."""
    with contextlib.suppress(OSError):
        for ligne in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if ligne.startswith("Pss:"):
                return int(ligne.split()[1])
    return 0
