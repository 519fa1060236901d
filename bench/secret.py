"""`python -m bench.secret [tirages]` : pays au hasard, secrets au hasard, et un lecteur qui essaie
toutes les valeurs. Imprime combien de valeurs sont tues et combien se devinent (0 attendu)."""

import sys

import django


def mesurer(tirages: int) -> int:
    """Nombre de valeurs qu'un lecteur retrouve."""
    # Les modèles se chargent d'abord ; la base n'est pas ouverte.
    from tests.indicateurs.attaque import pays_au_hasard, possibles
    from tests.indicateurs.test_secret import proteger

    tues = induites = devinees = 0
    for graine in range(tirages):
        pays = pays_au_hasard(graine)
        montre, caches = proteger(pays)
        tues += len(caches)
        induites += len(caches - pays.secrets)
        trouvees = possibles(montre, caches, pays.sommes)
        devinees += sum(len(valeurs) < 2 for valeurs in trouvees.values())
    print(f"{tirages} pays, {tues} valeurs tues dont {induites} induites, {devinees} devinées")
    return devinees


if __name__ == "__main__":
    django.setup()
    sys.exit(bool(mesurer(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)))
