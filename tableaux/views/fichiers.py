"""Le tableau en fichiers : les mêmes chiffres que la page, à la même date."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from tableaux.dossier import dossier, tableau_du_document
from tableaux.enums import GenreRapport
from tableaux.exports.classeur import classeur
from tableaux.exports.diaporama import diaporama
from tableaux.exports.texte import document
from tableaux.tableau import Tableau
from tableaux.tables import TABLES
from tableaux.views.socle import TableauView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


OFFICE = "application/vnd.openxmlformats-officedocument."
DOCUMENTS = {
    "docx": (document, f"{OFFICE}wordprocessingml.document"),
    "pptx": (diaporama, f"{OFFICE}presentationml.presentation"),
}


@method_decorator(login_not_required, name="dispatch")
class FichierView(TableauView):
    """Une table en CSV, ou toutes dans un classeur."""

    def get(self, request: HttpRequest, table: str, extension: str, **kwargs: Any) -> HttpResponse:
        if not self.formulaire.is_valid():
            fautes = "; ".join(str(e) for liste in self.formulaire.errors.values() for e in liste)
            return HttpResponse(fautes, status=400, content_type="text/plain; charset=utf-8")
        t = self.lire_pour(table, extension)
        reponse = HttpResponse(*self.octets(t, table, extension))
        nom = f"{t.perimetre.cle or 'tout'}-{table}-{t.au:%Y-%m-%d}.{extension}"
        reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
        return reponse

    def lire_pour(self, table: str, extension: str) -> Tableau:
        """Un document a sa date de comparaison ; une table, celle de la page."""
        if extension not in DOCUMENTS or table not in GenreRapport:
            return self.lire()
        dates = self.formulaire.cleaned_data
        choix = (GenreRapport(table), dates["au"], dates["depuis"])
        return tableau_du_document(self.perimetre, self.request.user, *choix)

    def octets(self, t: Tableau, table: str, extension: str) -> tuple[bytes, str]:
        """Les octets et leur type ; 404 pour un fichier que ce tableau n'a pas."""
        if extension == "csv" and table in TABLES:
            return TABLES[table](t).en_csv(), "text/csv; charset=utf-8"
        if extension == "xlsx" and table == "tableau":
            return classeur(t), XLSX
        if extension in DOCUMENTS and table in GenreRapport:
            rendre, type_ = DOCUMENTS[extension]
            return rendre(dossier(t, GenreRapport(table))), type_
        raise Http404("Ce tableau n'a pas ce fichier.")
