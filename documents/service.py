"""Servir des octets gardés : en flux, sans les relire tant qu'ils n'ont pas bougé.

Ce qui est public se lit et se garde en cache pour toujours : son adresse ne dira jamais autre
chose. Ce qui est restreint se demande d'un envoi, qui s'inscrit au journal.
"""

import logging

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from documents import publics
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
    try:
        fichier = stockage.flux(objet.chemin, objet.empreinte, str(objet))
    except stockage.OctetsAlteres as erreur:
        alerte.exception("Document gardé altéré")
        texte = f"{erreur} Prévenez la personne qui administre la plateforme."
        return HttpResponse(texte, status=503, content_type="text/plain; charset=utf-8")
    if public:
        return _a_tous(request, objet, fichier)
    faits = {"document": str(objet.public_id), "empreinte": objet.empreinte}
    journal.inscrire(ActeInscrit.TELECHARGER, par=request.user.pk, **faits)
    return _flux(objet, fichier, joint=True)


def _a_tous(
    request: HttpRequest, objet: DocumentFige | Preparation, fichier: File
) -> HttpResponse | FileResponse:
    """Comme un fichier statique s'il est sur le disque, sinon en flux depuis son dépôt."""
    etag = f'"{objet.empreinte}"'
    lu = stockage.sur_disque(objet.chemin, fichier)
    if lu is not None and request.method != "POST":
        fichier.close()
        nom = content_disposition_header(False, objet.nom_de_fichier) or "inline"
        en_tetes = {"Content-Type": objet.type, "Content-Disposition": nom}
        en_tetes |= {"ETag": etag, "Cache-Control": IMMUABLE}
        garde = publics.retenir(request.path_info, fichier.name, lu, en_tetes)
        return publics.rendre(request, garde)
    reponse = get_conditional_response(request, etag=etag)
    if reponse is None:
        reponse = _flux(objet, fichier, joint=False)
    else:
        fichier.close()
    reponse["ETag"], reponse["Cache-Control"] = etag, IMMUABLE
    return reponse


def _flux(objet: DocumentFige | Preparation, fichier: File, *, joint: bool) -> FileResponse:
    reponse = FileResponse(
        fichier, as_attachment=joint, filename=objet.nom_de_fichier, content_type=objet.type
    )
    reponse["Content-Length"] = str(objet.taille)
    return reponse
