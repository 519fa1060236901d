"""Un lecteur qui cherche une valeur secrète : il essaie toutes les valeurs possibles.

Écrit sans rien reprendre de `indicateurs.secret` : il énumère les nombres entiers qui vérifient
toutes les égalités, et ne connaît que ce que le site montre.
"""

import random
from dataclasses import dataclass
from decimal import Decimal


@dataclass
class Pays:
    """Une métropole, ses communes, leurs quartiers : `valeurs` vraies, `sommes` vraies."""

    valeurs: dict[int, int]
    sommes: list[tuple[int, list[int]]]
    secrets: set[int]


def pays_au_hasard(graine: int) -> Pays:
    """Deux ou trois niveaux, des zéros, de un à trois secrets n'importe où."""
    alea = random.Random(graine)
    valeurs: dict[int, int] = {}
    sommes, communes, tous = [], [], []
    suivant = 1
    for _ in range(alea.randint(1, 3)):
        commune, suivant = suivant, suivant + 1
        quartiers = list(range(suivant, suivant + alea.randint(1, 4)))
        suivant += len(quartiers)
        for q in quartiers:
            valeurs[q] = alea.choice([0, 0, 1, 2, 3])
        valeurs[commune] = sum(valeurs[q] for q in quartiers)
        sommes.append((commune, quartiers))
        communes.append(commune)
        tous += quartiers
    valeurs[0] = sum(valeurs[c] for c in communes)
    sommes.append((0, communes))
    if alea.random() < 0.5:
        sommes.append((0, tous))
    secrets = set(alea.sample(sorted(valeurs), alea.randint(1, min(3, len(valeurs)))))
    return Pays(valeurs, sommes, secrets)


def possibles(
    montre: dict[int, Decimal | int], caches: set[int], sommes: list[tuple[int, list[int]]]
) -> dict[int, set[int]]:
    """Pour chaque valeur cachée, celles que les égalités permettent, de 0 à plus que tout."""
    ordre = sorted(caches)
    borne = max(40, 2 * max(map(int, montre.values()), default=0))
    trouvees: dict[int, set[int]] = {c: set() for c in ordre}
    liees = [(t, p) for t, p in sommes if caches.intersection([t, *p])]

    def tenable(essai: dict[int, int]) -> bool:
        for total, parts in liees:
            connus = {**montre, **essai}
            if total in connus and all(p in connus for p in parts):
                if connus[total] != sum(connus[p] for p in parts):
                    return False
            elif total in connus and sum(connus.get(p, 0) for p in parts) > connus[total]:
                return False
        return True

    def essayer(rang: int, essai: dict[int, int]) -> None:
        if all(len(v) > 1 for v in trouvees.values()):
            return
        if rang == len(ordre):
            for c, valeur in essai.items():
                trouvees[c].add(valeur)
            return
        for valeur in range(borne + 1):
            suite = {**essai, ordre[rang]: valeur}
            if tenable(suite):
                essayer(rang + 1, suite)

    essayer(0, {})
    return trouvees
