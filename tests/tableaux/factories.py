import factory

from tableaux.models import Rapport
from tests.contrats.factories import ContratFactory


class RapportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rapport

    contrat = factory.SubFactory(ContratFactory)
    genre = "annuel"
    au = "2026-01-01"
    nom = "rapport.pdf"
    octets = b"%PDF-1.7"
    taille = 8
    empreinte = "0" * 64
