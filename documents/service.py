"""Servir des octets gardés : en flux, sans les relire tant qu'ils n'ont pas bougé.

Ce qui est public se lit et se garde en cache pour toujours : son adresse ne dira jamais autre
chose. Ce qui est restreint se demande d'un envoi, qui s'inscrit au journal.
"""

import logging

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response

from documents.enums import ActeInscrit
from documents.figes import journal, stockage
from documents.models import DocumentFige, Preparation

IMMUABLE = "public, max-age=31536000, immutable"
alerte = logging.getLogger(__name__)


def servir(
    request: HttpRequest, objet: DocumentFige | Preparation, *, public: bool
) -> HttpResponse | FileResponse:
    """Les octets de l'objet ; 304 si le lecteur les a, 503 s'ils ont été altérés."""
    if not public and request.method != "POST":
        return redirect(objet)
    etag = f'"{objet.empreinte}"'
    reponse = get_conditional_response(request, etag=etag) if public else None
    if reponse is None:
        reponse = _flux(request, objet, a_inscrire=not public)
    if public and reponse.status_code < 400:
        reponse["ETag"] = etag
        reponse["Cache-Control"] = IMMUABLE
    return reponse


def _flux(
    request: HttpRequest, objet: DocumentFige | Preparation, *, a_inscrire: bool
) -> HttpResponse | FileResponse:
    try:
        fichier = stockage.flux(objet.chemin, objet.empreinte, str(objet))
    except stockage.OctetsAlteres as erreur:
        alerte.exception("Document gardé altéré")
        texte = f"{erreur} Prévenez la personne qui administre la plateforme."
        return HttpResponse(texte, status=503, content_type="text/plain; charset=utf-8")
    if a_inscrire:
        faits = {"document": str(objet.public_id), "empreinte": objet.empreinte}
        journal.inscrire(ActeInscrit.TELECHARGER, par=request.user.pk, **faits)
    reponse = FileResponse(
        fichier, as_attachment=a_inscrire, filename=objet.nom_de_fichier, content_type=objet.type
    )
    reponse["Content-Length"] = str(objet.taille)
    return reponse
