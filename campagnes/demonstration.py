"""Les contacts de démonstration : des adresses qui ne mènent nulle part."""

from typing import Any

from campagnes.models import Contact
from contrats.models import Contrat
from partenaires.models import Organisme


def charger_contacts(donnees: list[dict[str, Any]]) -> None:
    """Crée les contacts absents ; ce qu'un agent a saisi reste."""
    for d in donnees:
        contrat = Contrat.objects.get(slug=d["contrat"])
        for organisme in Organisme.objects.filter(cle__in=d["organismes"]):
            Contact.objects.get_or_create(
                contrat=contrat,
                organisme=organisme,
                defaults={"email": f"{organisme.cle}@demonstration.invalid"},
            )
