"""Compter des actions : une façon, pour tous les chiffres qui comptent des actions."""

from collections.abc import Callable, Iterable

from tableaux.chiffre import Chiffre
from tableaux.etat import ActionLue, Etat

Test = Callable[[ActionLue], bool]


def compter(
    etat: Etat,
    cle: str,
    libelle: str,
    *,
    definition: str,
    formule: str,
    test: Test,
    parmi: Iterable[ActionLue] | None = None,
    hors: str = "",
    detail: Callable[[ActionLue], str] = lambda action: "",
    sinon: Callable[[ActionLue], str] = lambda action: "",
    cible: str = "",
) -> Chiffre:
    """Actions qui passent `test`, sur celles de `parmi` (les actions suivies par défaut).

    Les autres actions suivies sont écartées avec la raison `hors`.
    """
    base = etat.suivies if parmi is None else tuple(parmi)
    retenues = [a for a in base if test(a)]
    gardees = {a.identifiant for a in base}
    ecartees = [a.ligne(sinon(a)) for a in base if not test(a)]
    ecartees += [a.ligne(hors) for a in etat.suivies if a.identifiant not in gardees]
    return Chiffre(
        cle=cle,
        libelle=libelle,
        valeur=len(retenues),
        denominateur=len(base),
        definition=definition,
        formule=formule,
        comptees=tuple(a.ligne(detail(a)) for a in retenues),
        ecartees=(*ecartees, *etat.hors_compte),
        cible=cible,
    )


def jour(date: object) -> str:
    """Date courte d'une ligne."""
    return f"{date:%d/%m/%Y}" if date else "sans date"
