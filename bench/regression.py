"""Régression logistique à quelques indices, pour les poids de la confiance (sans bibliothèque).

Les cas de même allure se comptent ensemble : quelques centaines de lignes, quelques pas de Newton.
"""

import math
from collections import Counter

Cas = tuple[tuple[tuple[str, float], ...], bool]
Ligne = tuple[list[tuple[int, float]], bool, int]


def ajuster(
    cas: list[Cas], attendus: dict[str, float], *, frein: float = 1.0, pas: int = 40
) -> dict[str, float]:
    """Poids de chaque indice ; `frein` les retient près de l'attendu quand les cas sont rares."""
    groupes: Counter[Cas] = Counter(cas)
    vus = {nom for indices, _ in groupes for nom, _ in indices}
    noms = sorted(vus | set(attendus))
    departs = [attendus.get(nom, 0.0) for nom in noms]
    rang = {nom: i for i, nom in enumerate(noms)}
    lignes = [([(rang[n], v) for n, v in x], juste, k) for (x, juste), k in groupes.items()]
    poids = [*departs]
    vraisemblance = _vraisemblance(lignes, poids, departs, frein)
    for _ in range(pas):
        bouge = _resoudre(*_pente(lignes, poids, departs, frein))
        ampleur = 1.0
        while True:  # un pas trop long sature tout : on le raccourcit
            essai = [p + ampleur * b for p, b in zip(poids, bouge, strict=True)]
            atteinte = _vraisemblance(lignes, essai, departs, frein)
            if atteinte >= vraisemblance or ampleur < 1e-4:
                break
            ampleur /= 2
        gain, poids, vraisemblance = atteinte - vraisemblance, essai, atteinte
        if gain < 1e-6:
            break
    return dict(zip(noms, poids, strict=True))


def _vraisemblance(
    lignes: list[Ligne], poids: list[float], departs: list[float], frein: float
) -> float:
    total = -frein * sum((p - d) ** 2 for p, d in zip(poids, departs, strict=True)) / 2
    for indices, juste, combien in lignes:
        p = sigmoide(sum(poids[i] * v for i, v in indices))
        total += combien * math.log(p if juste else 1 - p)
    return total


def _pente(
    lignes: list[Ligne], poids: list[float], departs: list[float], frein: float
) -> tuple[list[list[float]], list[float]]:
    """Courbure et pente, pour un pas de Newton."""
    n = len(poids)
    pente = [-frein * (p - d) for p, d in zip(poids, departs, strict=True)]
    courbe = [[frein * (i == j) for j in range(n)] for i in range(n)]
    for indices, juste, combien in lignes:
        p = sigmoide(sum(poids[i] * v for i, v in indices))
        ecart, force = combien * (juste - p), combien * p * (1 - p)
        for i, v in indices:
            pente[i] += ecart * v
            for j, w in indices:
                courbe[i][j] += force * v * w
    return courbe, pente


def sigmoide(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def _resoudre(matrice: list[list[float]], droite: list[float]) -> list[float]:
    """Élimination de Gauss ; la matrice est symétrique et définie."""
    n = len(droite)
    m = [[*ligne, d] for ligne, d in zip(matrice, droite, strict=True)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(m[r][i]))
        m[i], m[pivot] = m[pivot], m[i]
        for r in range(i + 1, n):
            f = m[r][i] / m[i][i]
            if f:
                for c in range(i, n + 1):
                    m[r][c] -= f * m[i][c]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (m[i][n] - sum(m[i][c] * x[c] for c in range(i + 1, n))) / m[i][i]
    return x
