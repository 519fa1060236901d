import factory

from notifications.enums import Cadence
from notifications.models import Notification, Preference
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import TransitionFactory


class NotificationFactory(factory.django.DjangoModelFactory):
    """Notification d'une transition ; `passage=` choisit laquelle."""

    class Meta:
        model = Notification
        exclude = ["passage"]

    passage = factory.SubFactory(TransitionFactory)
    destinataire = factory.SubFactory(UtilisateurFactory)
    evenement = "relecture"
    genre = "transition"
    objet = factory.SelfAttribute("passage.pk")
    cle = factory.LazyAttribute(lambda n: f"transition-{n.objet}")


class PreferenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Preference

    utilisateur = factory.SubFactory(UtilisateurFactory)
    evenement = "relecture"
    cadence = Cadence.HEBDOMADAIRE
