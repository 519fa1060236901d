import factory

from territoires.enums import TypeTerritoire
from territoires.models import Territoire


class TerritoireFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Territoire

    class Params:
        qpv = factory.Trait(
            type=TypeTerritoire.QPV, generation=2015, code=factory.Sequence(lambda n: f"QP{n:06}")
        )

    cle = factory.Sequence(lambda n: f"territoire-{n}")
    nom = factory.Sequence(lambda n: f"Territoire {n}")
    type = TypeTerritoire.COMMUNE
