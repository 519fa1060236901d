import factory

from partenaires.enums import NatureOrganisme
from partenaires.models import Organisme, Personne


class OrganismeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisme

    class Params:
        categorie = factory.Trait(nature=NatureOrganisme.CATEGORIE)

    cle = factory.Sequence(lambda n: f"organisme-{n}")
    nom = factory.Sequence(lambda n: f"Organisme {n}")


class PersonneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Personne

    cle = factory.Sequence(lambda n: f"personne-{n}")
    prenom = "Camille"
    nom = factory.Sequence(lambda n: f"Exemple {n}")
