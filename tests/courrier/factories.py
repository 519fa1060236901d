import json

import factory

from courrier.chiffrement import chiffrer
from courrier.models import Courriel


class CourrielFactory(factory.django.DjangoModelFactory):
    """Courriel en attente ; `texte` est son corps."""

    class Meta:
        model = Courriel
        exclude = ["texte"]

    cle = factory.Sequence(lambda n: f"essai-{n}")
    destinataire = factory.Sequence(lambda n: f"destinataire{n}@exemple.invalid")
    sujet = "Essai"
    texte = "Bonjour."
    contenu = factory.LazyAttribute(
        lambda o: chiffrer(json.dumps({"texte": o.texte, "html": "", "entetes": {}}))
    )
