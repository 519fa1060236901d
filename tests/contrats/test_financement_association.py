"""Une association n'est financée qu'après avoir signé la charte ou le contrat d'engagement."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contrats.enums import NatureFinancement
from contrats.models import Financement
from partenaires.enums import GenreCharte
from tests.contrats.factories import ContratFactory
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db
DEMAIN = datetime.timedelta(days=1)


def somme(beneficiaire, **champs):
    champs = {"nature": NatureFinancement.INDICATIF, "ordre": 1} | champs
    return Financement(
        contrat=ContratFactory(), intitule="Volet", beneficiaire=beneficiaire, **champs
    )


FINANCEES = [
    {"engage": Decimal(100)},
    {"paye": Decimal(100)},
    {"nature": NatureFinancement.CONVENTION},
]


@pytest.mark.parametrize("champs", FINANCEES)
@pytest.mark.parametrize("genre", GenreCharte)
def test_sans_signature_une_association_ne_recoit_rien(champs, genre):
    association = OrganismeFactory(association=True)
    with pytest.raises(ValidationError, match="engagement républicain"):
        somme(association, **champs).full_clean()
    charte = association.chartes.create(genre=genre, signee_le=timezone.localdate() + DEMAIN)
    with pytest.raises(ValidationError):
        somme(association, **champs).full_clean()
    charte.signee_le = timezone.localdate()
    charte.save(update_fields=["signee_le"])
    somme(association, **champs).full_clean()


@pytest.mark.parametrize("champs", FINANCEES)
def test_une_collectivite_ne_signe_pas_de_charte(champs):
    somme(OrganismeFactory(), **champs).full_clean()


def test_une_somme_seulement_citee_n_est_pas_un_financement():
    somme(OrganismeFactory(association=True), montant=Decimal(100)).full_clean()
