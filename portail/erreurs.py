"""Refus rendus par Django lui-même, dits en français."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from edition.session import rendre_la_saisie


def csrf_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Formulaire sans jeton valable (session expirée, page trop ancienne) : 403, rien d'écrit.

    Une saisie venue de nos propres pages est rendue, prête à repartir : son auteur s'est reconnecté
    ailleurs. D'une autre origine, rien n'est proposé. `reason` vient de Django, en anglais et pour
    le développeur : elle n'est pas montrée.
    """
    ici = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") == ici and "fin" in request.POST:
        return rendre_la_saisie(request, "portail/csrf_refuse.html", 403)
    return render(request, "portail/csrf_refuse.html", {"saisie": None}, status=403)
