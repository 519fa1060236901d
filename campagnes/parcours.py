"""Le parcours d'un destinataire : ses actions, dans l'ordre, et où il en est."""

from functools import cached_property

from django.db.models import Max
from django.urls import reverse

from campagnes.liens import LienInvalide
from campagnes.models import Demande, Destinataire, Reponse
from contrats.atelier.page import moment


class Parcours:
    """Ce que le lien ouvre, et rien d'autre."""

    def __init__(self, destinataire: Destinataire, jeton: str) -> None:
        self.destinataire = destinataire
        self.campagne = destinataire.campagne
        self.jeton = jeton

    @cached_property
    def demandes(self) -> list[Demande]:
        return list(self.destinataire.demandes.pour_parcours())

    @cached_property
    def organismes(self) -> str:
        noms = self.destinataire.organismes.order_by("nom", "pk").values_list("nom", flat=True)
        return ", ".join(noms)

    @property
    def etapes(self) -> list[tuple[Demande, str]]:
        return [(d, self.adresse(d)) for d in self.demandes]

    @property
    def nb_repondues(self) -> int:
        return sum(d.repondue for d in self.demandes)

    @property
    def fini(self) -> bool:
        return self.nb_repondues == len(self.demandes)

    @property
    def accueil(self) -> str:
        return reverse("campagnes:repondre", args=[self.jeton])

    @property
    def premiere(self) -> str:
        """La première sans réponse ; toutes répondues, l'accueil."""
        return next((self.adresse(d) for d in self.demandes if not d.repondue), self.accueil)

    @cached_property
    def derniere_heure(self) -> str:
        """Quand la dernière réponse a été enregistrée, si c'est arrivé."""
        siennes = Reponse.objects.filter(demande__destinataire=self.destinataire)
        quand = siennes.aggregate(quand=Max("recue_le"))["quand"]
        return moment(quand) if quand else ""

    def demande(self, rang: int) -> Demande:
        """Sa demande de ce rang ; celle d'un autre n'existe pas."""
        for place, demande in enumerate(self.demandes, 1):
            if demande.rang == rang:
                demande.place = place
                return demande
        raise LienInvalide

    def apres(self, demande: Demande) -> str:
        """Une fois répondu : la suivante sans réponse, en reprenant au début ; sinon l'accueil."""
        autres = [d for d in self.demandes if d.pk != demande.pk and not d.repondue]
        suivantes = [d for d in autres if d.rang > demande.rang] or autres
        return self.adresse(suivantes[0]) if suivantes else self.accueil

    def passer(self, demande: Demande) -> str:
        """Sans répondre : la suivante, quelle qu'elle soit ; après la dernière, l'accueil."""
        suivantes = [d for d in self.demandes if d.rang > demande.rang]
        return self.adresse(suivantes[0]) if suivantes else self.accueil

    def adresse(self, demande: Demande) -> str:
        return reverse("campagnes:repondre-action", args=[self.jeton, demande.rang])
