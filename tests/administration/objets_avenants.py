"""Un avenant, avec `nb` effets."""

from avenants.models import Avenant
from tests.avenants.factories import AvenantFactory, EffetFactory


def avenant(nb):
    objet = AvenantFactory()
    for rang in range(nb):
        EffetFactory(
            avenant=objet,
            ordre=rang + 1,
            nature="article_abroge",
            cle=f"article:{rang}",
            fin=None,
            motif="",
        )
    return objet


OBJETS_D_AVENANT = {Avenant: avenant}
