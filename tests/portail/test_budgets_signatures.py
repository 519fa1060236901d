"""Les pages d'une campagne de signature : un nombre de requêtes connu."""

import pytest

from portail.budgets import BUDGETS_SIGNATURES
from tests.signatures.factories import campagne_lancee
from tests.signatures.test_transitions import signer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("nb", [1, 5])
@pytest.mark.parametrize("budget", BUDGETS_SIGNATURES, ids=lambda b: b.nom)
def test_une_page_de_signature_fait_le_meme_nombre_de_requetes_pour_1_et_5_signataires(
    client, administrateur, django_assert_num_queries, budget, nb
):
    campagne = campagne_lancee(nb=nb + 1)
    for rang in range(1, nb + 1):
        signer(campagne, rang)
    client.force_login(administrateur)
    with django_assert_num_queries(budget.requetes):
        reponse = client.get(budget.adresse())
    assert reponse.status_code == 200
