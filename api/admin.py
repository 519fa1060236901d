"""Export d'une liste de l'administration : la liste filtrée entière, ou les lignes choisies."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.text import slugify

from api.exports import Colonnes, en_csv, en_xlsx

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LOT = 500


class Exportable(admin.ModelAdmin):
    """Ajoute à une liste les exports CSV et XLSX de ses colonnes, sans limite de page."""

    actions = ["exporter_csv", "exporter_xlsx"]

    @admin.action(description="Exporter les lignes choisies en CSV", permissions=["view"])
    def exporter_csv(self, request: HttpRequest, queryset: QuerySet) -> StreamingHttpResponse:
        return self._fichier(request, queryset, "csv")

    @admin.action(description="Exporter les lignes choisies en XLSX", permissions=["view"])
    def exporter_xlsx(self, request: HttpRequest, queryset: QuerySet) -> StreamingHttpResponse:
        return self._fichier(request, queryset, "xlsx")

    def get_urls(self) -> list[Any]:
        nom = f"{self.opts.app_label}_{self.opts.model_name}_exporter"
        vue = self.admin_site.admin_view(self.exporter_liste)
        exports = [path(f"exporter.{f}", vue, {"format": f}, name=f"{nom}_{f}") for f in TYPES]
        return exports + super().get_urls()

    def exporter_liste(self, request: HttpRequest, format: str) -> HttpResponseBase:
        """La liste telle que filtrée et triée à l'écran, toutes pages réunies."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            lignes = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            opts = self.opts
            liste = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
            return HttpResponseRedirect(f"{liste}?e=1")
        return self._fichier(request, lignes, format)

    def _fichier(
        self, request: HttpRequest, lignes: QuerySet, format: str
    ) -> StreamingHttpResponse:
        noms = self.get_list_display(request)
        entetes = {str(label_for_field(nom, self.model, self)): nom for nom in noms}
        titre = str(self.opts.verbose_name_plural)
        colonnes, lots = Colonnes(**entetes), self._lots(lignes, noms)
        octets = en_csv(lots, colonnes) if format == "csv" else en_xlsx(lots, colonnes, titre)
        reponse = StreamingHttpResponse(octets, content_type=TYPES[format])
        reponse["Content-Disposition"] = f'attachment; filename="{slugify(titre)}.{format}"'
        return reponse

    def _lots(self, lignes: QuerySet, noms: list[str]) -> Iterator[list[dict[str, Any]]]:
        for lot in batched(lignes.iterator(chunk_size=LOT), LOT):
            yield [{nom: self._valeur(ligne, nom) for nom in noms} for ligne in lot]

    def _valeur(self, ligne: Model, nom: str) -> Any:
        """Ce que la liste affiche, en valeur : libellé d'un choix, nom d'un objet lié."""
        champ, _, valeur = lookup_field(nom, ligne, self)
        if champ is not None and champ.choices:
            return getattr(ligne, f"get_{nom}_display")()
        return str(valeur) if isinstance(valeur, Model) else valeur
