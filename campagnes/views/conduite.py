"""Conduire une campagne ouverte : qui a répondu, relancer, prolonger, arrêter."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from campagnes import conduite
from campagnes.conduite import CampagneImpossible
from campagnes.forms import DateForm
from campagnes.models import Destinataire, Reponse
from campagnes.presentation import comptes, ligne_de, lignes
from campagnes.views.socle import AgentView
from contrats.atelier.enregistrement import lire_version
from contrats.permissions import Acte, peut
from edition.models import Lot

PAR_PAGE = 50


class CampagneDetailView(AgentView):
    """La liste vivante des destinataires, et les réponses à relire."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        toutes = lignes(self.campagne)
        page = Paginator(self.a_relire(), PAR_PAGE).get_page(request.GET.get("page"))
        contexte = {
            "campagne": self.campagne,
            "lignes": toutes,
            "comptes": comptes(toutes),
            "page_obj": page,
            "reponses": [ligne_de(r) for r in page],
            "relances": list(self.campagne.relances.all()),
            "lots": list(self.lots()),
            "conduit": self.conduit,
            "aujourd_hui": timezone.localdate(),
        }
        return render(request, "campagnes/campagne_detail.html", contexte)

    @property
    def conduit(self) -> bool:
        return peut(self.agent, Acte.CONDUIRE, self.contrat)

    def lots(self) -> QuerySet[Lot]:
        """Les acceptations en lot qui valent encore, la dernière d'abord."""
        siens = Reponse.objects.filter(demande__destinataire__campagne=self.campagne)
        lots = Lot.objects.filter(pk__in=siens.values("lot"), defait_le=None)
        return lots.select_related("auteur").order_by("-cree_le", "-pk")

    def a_relire(self) -> Any:
        siennes = Reponse.objects.filter(demande__destinataire__campagne=self.campagne)
        return siennes.a_relire().pour_relecture()


class ConduireView(AgentView):
    """Un bouton de la campagne : relancer, retirer une relance, prolonger, arrêter, un lien."""

    acte = Acte.CONDUIRE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        gestes = {
            "relancer": self.relancer,
            "relance": self.prevoir,
            "retirer": self.retirer,
            "prolonger": self.prolonger,
            "arreter": self.arreter,
            "revoquer": self.revoquer,
            "redonner": self.redonner,
        }
        try:
            faire = gestes.get(request.POST.get("geste", ""), self.inconnu)
            messages.success(request, faire())
        except CampagneImpossible as erreur:
            return self.refuser(erreur)
        return redirect(self.campagne)

    def inconnu(self) -> str:
        raise CampagneImpossible("Choisissez une des actions proposées.")

    def relancer(self) -> str:
        conduite.prevoir_relance(self.campagne, timezone.localdate(), par=self.agent)
        return "Relance en cours d'envoi à ceux qui n'ont pas tout répondu."

    def prevoir(self) -> str:
        le = self.date()
        conduite.prevoir_relance(self.campagne, le, par=self.agent)
        return f"Relance prévue le {le:%d/%m/%Y}."

    def retirer(self) -> str:
        pk = lire_version(self.request.POST, "relance")
        conduite.retirer_relance(self.campagne, pk, par=self.agent)
        return "Relance retirée."

    def prolonger(self) -> str:
        fin = self.date()
        conduite.prolonger(self.campagne, fin, par=self.agent)
        return f"Dernier jour pour répondre : le {fin:%d/%m/%Y}."

    def arreter(self) -> str:
        conduite.arreter(self.campagne, par=self.agent)
        return "Campagne arrêtée : plus aucun lien ne s'ouvre."

    def revoquer(self) -> str:
        conduite.revoquer(self.destinataire(), par=self.agent)
        return "Lien révoqué : il n'ouvre plus rien."

    def redonner(self) -> str:
        conduite.redonner_le_lien(self.destinataire(), par=self.agent)
        return "Un nouveau lien part par courriel ; l'ancien n'ouvre plus rien."

    def date(self) -> Any:
        formulaire = DateForm(self.request.POST)
        if not formulaire.is_valid():
            raise CampagneImpossible("Écrivez la date : jj/mm/aaaa.")
        return formulaire.cleaned_data["le"]

    def destinataire(self) -> Destinataire:
        siens = self.campagne.destinataires.select_related(
            "campagne__contrat", "campagne__cree_par"
        )
        return get_object_or_404(siens, pk=lire_version(self.request.POST, "destinataire"))
