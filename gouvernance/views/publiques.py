"""Pages publiques : la gouvernance d'un contrat, une délibération, le calendrier."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import DetailView

from contrats.models import Contrat
from contrats.permissions import Acte, peut
from gouvernance import calendrier, transitions
from gouvernance.gouvernance import PageGouvernance
from gouvernance.models import Deliberation

ICAL = "text/calendar; charset=utf-8"


@method_decorator(login_not_required, name="dispatch")
class GouvernanceView(View):
    """Qui pilote le contrat, quand l'on s'est réuni, ce qui a été délibéré et décidé."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        visibles = Contrat.objects.visibles_par(request.user)
        contrat = get_object_or_404(visibles, slug=slug)
        contexte = {
            "contrat": contrat,
            "page": PageGouvernance(contrat, request.user),
            "convoque": peut(request.user, Acte.CONDUIRE, contrat),
            "redige": peut(request.user, Acte.MODIFIER, contrat),
            "conduit": peut(request.user, Acte.CONDUIRE, contrat),
        }
        return render(request, "gouvernance/contrat_gouvernance.html", contexte)


@method_decorator(login_not_required, name="dispatch")
class DeliberationDetailView(DetailView):
    """Une délibération : projet ou adoptée, commission, visas, articles, vote."""

    template_name = "gouvernance/deliberation_detail.html"
    slug_field = slug_url_kwarg = "public_id"

    def get_queryset(self) -> QuerySet[Deliberation]:
        visibles = Deliberation.objects.visibles_par(self.request.user)
        return visibles.select_related("contrat", "statut_par")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        objet, agent = self.object, self.request.user
        return super().get_context_data(
            avis=list(objet.avis_rendus.order_by("rendu_le", "pk")),
            redige=peut(agent, Acte.MODIFIER, objet.contrat),
            possibles=transitions.deliberations_possibles(objet, agent),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class CalendrierView(View):
    """Séances annoncées et sessions, à venir puis passées."""

    def get(self, request: HttpRequest) -> HttpResponse:
        tous = calendrier.evenements(request.user)
        contexte = {
            "a_venir": [e for e in tous if not e.est_passe],
            "passes": [e for e in reversed(tous) if e.est_passe],
        }
        return render(request, "gouvernance/calendrier.html", contexte)


@method_decorator(login_not_required, name="dispatch")
class FluxView(View):
    """Le même calendrier en iCal, à s'abonner ; celui d'un contrat, ou de tous."""

    def get(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        contrat = None
        if slug:
            contrat = get_object_or_404(Contrat.objects.visibles_par(request.user), slug=slug)
        nom = f"Réciproque : {contrat.intitule_court}" if contrat else "Réciproque"
        octets = calendrier.ical(calendrier.evenements(request.user, contrat), nom)
        nom_de_fichier = contrat.slug if contrat else "calendrier"
        entetes = {"Content-Disposition": f'inline; filename="{nom_de_fichier}.ics"'}
        return HttpResponse(octets, content_type=ICAL, headers=entetes)
