"""La boîte à l'écran, les préférences, le désabonnement en un clic."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView
from django_filters.views import FilterView

from notifications import liens
from notifications.filters import NotificationFilterSet
from notifications.forms import PreferencesForm
from notifications.lecture import lire
from notifications.models import Notification
from notifications.preferences import desabonner
from notifications.registre import EVENEMENTS


class NotificationListView(FilterView):
    """Ce dont la personne a été prévenue et qu'elle a le droit de lire, du plus récent au plus
    ancien."""

    filterset_class = NotificationFilterSet
    paginate_by = 25
    template_name = "notifications/notification_list.html"

    def get_queryset(self) -> QuerySet[Notification]:
        return Notification.objects.visibles_par(self.request.user).pour_liste()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte = super().get_context_data(**kwargs)
        lignes = lire(contexte["page_obj"], self.request.user)
        pks = [ligne.notification.pk for ligne in lignes]
        a_lire = any(ligne.notification.lue_le is None for ligne in lignes)
        return contexte | {"lignes": lignes, "jusqu_a": max(pks, default=0), "a_lire": a_lire}


class LireView(View):
    """POST : une notification est lue.

    Sous assistance, lire au nom de quelqu'un lui cacherait ses nouvelles : refusé.
    """

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        siennes = Notification.objects.visibles_par(request.user)
        self.lignes = self.choisir(siennes)
        if request.user.assistance is not None:
            raise PermissionDenied("L'assistance ne lit pas les notifications d'une personne.")
        return super().dispatch(request, *args, **kwargs)

    def choisir(self, siennes: QuerySet[Notification]) -> QuerySet[Notification]:
        return siennes.filter(pk=get_object_or_404(siennes, pk=self.kwargs["pk"]).pk)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.lignes.non_lues().update(lue_le=timezone.now())
        # La page revient à la première : la liste a changé, ses filtres non.
        return redirect(reverse("notifications:notification-list", query=request.GET))


class ToutLireView(LireView):
    """Toutes celles que la page montrait : une autre, arrivée depuis, n'a pas été lue."""

    def choisir(self, siennes: QuerySet[Notification]) -> QuerySet[Notification]:
        jusqu_a = self.request.POST.get("jusqu_a", "")
        return siennes.filter(pk__lte=int(jusqu_a) if _est_entier(jusqu_a) else 0)


def _est_entier(texte: str) -> bool:
    return texte.isascii() and texte.isdecimal() and len(texte) < 19


class PreferencesView(FormView):
    """Par événement : à l'écran, par courriel, ou rien."""

    form_class = PreferencesForm
    template_name = "notifications/preferences.html"
    success_url = reverse_lazy("notifications:preferences")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"utilisateur": self.request.user}

    def form_valid(self, form: PreferencesForm) -> HttpResponse:
        form.enregistrer()
        messages.success(self.request, "Vos préférences sont enregistrées.")
        return super().form_valid(form)


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class DesabonnementView(View):
    """Le lien d'un courriel : le jeton fait le droit, et ne sert qu'à cela.

    GET demande confirmation, car les messageries visitent les liens ; POST désabonne, que ce soit
    le bouton de la page ou la messagerie elle-même (RFC 8058), qui n'a ni session ni jeton CSRF.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        trouve = liens.lire(kwargs["jeton"])
        if trouve is None:
            raise Http404
        self.personne, self.evenement = trouve
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, jeton: str) -> HttpResponse:
        return self.montrer(fait=False)

    def post(self, request: HttpRequest, jeton: str) -> HttpResponse:
        desabonner(self.personne, self.evenement)
        return self.montrer(fait=True)

    def montrer(self, *, fait: bool) -> HttpResponse:
        """`tout` : le lien qui désabonne de tout, depuis celui d'un seul événement."""
        evenement = EVENEMENTS.get(self.evenement)
        contexte = {
            "fait": fait,
            "evenement": evenement,
            "tout": liens.lien(self.personne.pk) if evenement else "",
            "reglages": reverse("notifications:preferences"),
        }
        return render(self.request, "notifications/desabonnement.html", contexte)
