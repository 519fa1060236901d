"""Pages publiques des indicateurs : la liste, un indicateur, sa table et sa figure en fichiers."""

import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import TemplateView
from django_filters.views import FilterView

from contrats.permissions import Acte, peut
from indicateurs.figures import classement, etincelle, multiples
from indicateurs.filters import IndicateurFilterSet
from indicateurs.lecture import Ecarts, derniere, lire_generations, lire_tableau
from indicateurs.models import Analyse, Cible, Indicateur
from indicateurs.tableau import en_csv, explication, lignes_de_page

SVG = "image/svg+xml; charset=utf-8"


class DateForm(forms.Form):
    """Lire « à la date du »."""

    a_la_date = forms.DateField(
        label="Tel que connu le",
        required=False,
        help_text="Par exemple 10/02/2021 ; vide : aujourd'hui.",
        error_messages={"invalid": "Écrivez une date : jj/mm/aaaa."},
        widget=forms.DateInput(attrs={"autocomplete": "off", "size": "12"}),
    )

    def clean_a_la_date(self) -> datetime.date | None:
        date = self.cleaned_data["a_la_date"]
        if date is not None and not 1900 <= date.year <= 2200:
            raise forms.ValidationError("Indiquez une année de 1900 à 2200.")
        return date


@method_decorator(login_not_required, name="dispatch")
class IndicateurListView(FilterView):
    """Ce que les contrats mesurent, ce qu'ils ont écarté, et la phrase de chaque écart."""

    filterset_class = IndicateurFilterSet
    paginate_by = 25
    template_name = "indicateurs/indicateur_list.html"

    def get_queryset(self) -> QuerySet[Indicateur]:
        return Indicateur.objects.visibles_par(self.request.user).pour_liste()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte = super().get_context_data(**kwargs)
        lus = list(contexte["object_list"])
        lectures = lire_tableau([i for i in lus if not i.est_ecarte], self.request.user)
        contexte["lignes"] = [_entree(i, lectures.get(i.pk, [])) for i in lus]
        return contexte


def _entree(indicateur: Indicateur, lectures: list[Ecarts]) -> dict[str, Any]:
    lecture = derniere(lectures) if lectures else None
    trait = etincelle(lecture) if lecture is not None and lecture.chiffrees else ""
    return {"indicateur": indicateur, "lecture": lecture, "etincelle": trait}


class UnIndicateur(View):
    """Base : l'indicateur de l'adresse, dans ce que le lecteur voit."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visibles = Indicateur.objects.visibles_par(request.user).pour_liste()
        self.indicateur = get_object_or_404(
            visibles, contrat__slug=kwargs["slug"], cle=kwargs["cle"]
        )

    def lectures(self, date: datetime.date | None) -> list[Ecarts]:
        return lire_generations(self.indicateur, self.request.user, a_la_date=date)


@method_decorator(login_not_required, name="dispatch")
class IndicateurDetailView(UnIndicateur, TemplateView):
    """Un indicateur : l'écart par génération, en figures et en table ; ce qu'on en dit."""

    template_name = "indicateurs/indicateur_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.dates = DateForm(request.GET)
        statut = 200 if self.dates.is_valid() else 400
        return self.render_to_response(self.get_context_data(**kwargs), status=statut)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        i, lecteur = self.indicateur, self.request.user
        date = self.dates.cleaned_data.get("a_la_date")
        analyses = Analyse.objects.visibles_par(lecteur).filter(indicateur=i)
        cibles = Cible.objects.visibles_par(lecteur).filter(indicateur=i)
        return super().get_context_data(
            object=i,
            dates=self.dates,
            date=date,
            blocs=[] if i.est_ecarte else [_bloc(e) for e in self.lectures(date)],
            orientations=i.orientations.order_by("ordre", "pk"),
            analyses=analyses.order_by("-le", "-pk"),
            cibles=cibles.select_related("territoire").order_by("echeance", "pk"),
            modifiable=peut(lecteur, Acte.MODIFIER, i.contrat),
            **kwargs,
        )


def _bloc(ecarts: Ecarts) -> dict[str, Any]:
    return {
        "ecarts": ecarts,
        "classement": classement(ecarts) if ecarts.chiffrees else "",
        "multiples": multiples(ecarts) if len(ecarts.millesimes) > 1 else [],
        "lignes": lignes_de_page(ecarts),
        "total": ecarts.ecrire(ecarts.total),
        "explication": explication(ecarts),
    }


class FichierView(UnIndicateur):
    """Base des fichiers d'un indicateur, à la date que dit l'adresse."""

    def date(self) -> datetime.date | None:
        dates = DateForm(self.request.GET)
        if not dates.is_valid():
            raise DateIllisible(dates.errors["a_la_date"][0])
        return dates.cleaned_data["a_la_date"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().dispatch(request, *args, **kwargs)
        except DateIllisible as erreur:
            return HttpResponse(str(erreur), status=400, content_type="text/plain; charset=utf-8")


class DateIllisible(Exception):
    """La date demandée n'en est pas une : 400."""


@method_decorator(login_not_required, name="dispatch")
class IndicateurCsvView(FichierView):
    """La table de la page, toutes générations, nombres exacts."""

    def get(self, request: HttpRequest, **kwargs: Any) -> StreamingHttpResponse:
        flux = en_csv(self.lectures(self.date()))
        reponse = StreamingHttpResponse(flux, content_type="text/csv; charset=utf-8")
        reponse["Content-Disposition"] = f'attachment; filename="{self.indicateur.cle}.csv"'
        return reponse


@method_decorator(login_not_required, name="dispatch")
class IndicateurSvgView(FichierView):
    """Le classement d'une génération, en un fichier SVG qui se suffit."""

    def get(self, request: HttpRequest, generation: int, **kwargs: Any) -> HttpResponse:
        for ecarts in self.lectures(self.date()):
            if ecarts.generation == generation:
                dessin = classement(ecarts, autonome=True)
                return HttpResponse(dessin, content_type=SVG)
        raise Http404("Aucun quartier de cette génération n'est suivi.")
