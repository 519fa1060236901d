"""Preuve : des processus écrivent une même cellule de la matrice, aucune écriture ne se perd.

    python -m bench.matrice [--processus 8] [--enregistrements 1000]

Une base jetable (`bench.concurrence.base_jetable`). Chaque processus lit la cellule, lui ajoute son
repère et l'écrit ; périmée, il relit et recommence. Une écriture sur dix vide la cellule, que le
suivant remplit. `lost` compte les écritures acceptées que l'historique n'a pas.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from bench.concurrence import RACINE, base_jetable, migrer


def preparer() -> tuple[int, int, int]:
    """Migre la base ; un contrat, une action, une colonne."""

    from contrats.models import Action, Contrat
    from perr.models import AnnexeTerritoriale, Colonne

    migrer()
    contrat = Contrat.objects.create(
        slug="preuve", type="perr", intitule="Preuve", intitule_court="Preuve"
    )
    action = Action.objects.create(contrat=contrat, ordre=1, numero="1", intitule="Action")
    annexe = AnnexeTerritoriale.objects.create(
        contrat=contrat, cle="a", nom="A", ordre_sommaire=1, ordre_imprime=1
    )
    colonne = Colonne.objects.create(annexe=annexe, cle="c", abrege="C", rang=1, libelle="C")
    return contrat.pk, action.pk, colonne.pk


def ecrire(agent: int, nombre: int) -> None:
    """Ce que fait un processus ; imprime le repère de chaque écriture acceptée."""
    from contrats.models import Action, Contrat
    from perr.contenu import Contenu
    from perr.ecriture import CellulesPerimees, Modification, ecrire_cellules
    from perr.models import Colonne, Declinaison

    contrat, action = Contrat.objects.get(), Action.objects.get()
    colonne = Colonne.objects.get()
    for rang in range(nombre):
        repere = f"{agent}.{rang}"
        while True:
            lue = Declinaison.objects.first()
            vider = rang % 10 == 9 and lue is not None
            contenu = None if vider else Contenu(texte=f"{lue.texte if lue else ''} {repere}")
            version = lue.version if lue else None
            modification = Modification(action.pk, colonne.pk, version, contenu)
            try:
                lot = ecrire_cellules(contrat, [modification], par=None, motif=repere)
            except CellulesPerimees:
                continue
            if lot is None:
                continue  # vidée par un autre entre-temps : l'état voulu y était, rien à écrire
            print(repere, flush=True)
            break


def mesurer(processus: int, enregistrements: int) -> int:
    from perr.models import Lot, VersionDeclinaison

    part = enregistrements // processus
    commande = [sys.executable, "-m", "bench.matrice", "--part", str(part), "--agent"]
    lances = [
        subprocess.Popen(  # noqa: S603 : notre commande
            [*commande, str(agent)], cwd=RACINE, stdout=subprocess.PIPE, text=True
        )
        for agent in range(processus)
    ]
    acceptes = [repere for p in lances for repere in p.communicate()[0].split()]
    gardes = set(Lot.objects.values_list("motif", flat=True))
    versions = VersionDeclinaison.objects.order_by("numero")
    chaine = all(b.avant == a.apres for a, b in pairwise(versions))
    perdus = len(set(acceptes) - gardes)
    print(f"lost={perdus} accepted={len(acceptes)} versions={len(versions)} chaine={chaine}")
    return 0 if not perdus and chaine and len(versions) == len(acceptes) else 1


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--processus", type=int, default=8)
    arguments.add_argument("--enregistrements", type=int, default=1000)
    arguments.add_argument("--agent", type=int)
    arguments.add_argument("--part", type=int, default=0)
    choix = arguments.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
    import django

    if choix.agent is not None:
        django.setup()
        ecrire(choix.agent, choix.part)
        return 0
    with tempfile.TemporaryDirectory() as dossier, base_jetable(Path(dossier)) as adresse:
        os.environ["DATABASE_URL"] = adresse
        django.setup()
        preparer()
        return mesurer(choix.processus, choix.enregistrements)


if __name__ == "__main__":
    sys.exit(main())
