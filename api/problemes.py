"""Erreurs de l'API : `application/problem+json` (RFC 9457), en français, quel qu'en soit l'auteur.

Le `type` d'un problème est une ancre de la page de documentation : une adresse qui répond.
"""

import logging
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from api.exports import json_serialise

journal = logging.getLogger("django.request")
TYPE_MIME = "application/problem+json"


class Genre(NamedTuple):
    """Famille d'erreurs : ancre de la documentation, titre stable, explication par défaut."""

    ancre: str
    titre: str
    detail: str


GENRES = {
    400: Genre(
        "requete-invalide", "Requête invalide", "La requête porte un paramètre inconnu ou invalide."
    ),
    401: Genre(
        "jeton-exige",
        "Jeton exigé",
        "Présentez un jeton en service : « Authorization: Bearer rcp_… ».",
    ),
    403: Genre("acces-refuse", "Accès refusé", "Votre compte ne permet pas cet acte."),
    404: Genre(
        "introuvable",
        "Introuvable",
        "Rien ne répond à cette adresse, ou ce n'est pas publié.",
    ),
    405: Genre(
        "methode-non-admise",
        "Méthode non admise",
        "Employez une des méthodes de l'en-tête Allow.",
    ),
    406: Genre(
        "format-indisponible",
        "Format indisponible",
        "Aucun format proposé ne convient à l'en-tête Accept de la requête.",
    ),
    409: Genre(
        "conflit-d-etat",
        "État contraire",
        "L'état actuel de l'objet n'admet pas ce changement.",
    ),
    412: Genre(
        "version-perimee",
        "Version périmée",
        "L'objet a changé depuis que vous l'avez lu : rien n'est écrit. `current` le donne tel "
        "qu'il est, ETag l'étiquette à renvoyer.",
    ),
    413: Genre("corps-trop-grand", "Corps trop grand", "Envoyez un corps plus court."),
    415: Genre(
        "corps-non-json",
        "Corps d'un autre type",
        "Envoyez un corps « Content-Type: application/json ».",
    ),
    428: Genre(
        "precondition-exigee",
        "Précondition exigée",
        "Renvoyez dans If-Match l'étiquette (ETag) lue avec l'objet : sans elle, votre écriture "
        "pourrait en effacer une autre.",
    ),
    429: Genre(
        "trop-de-requetes",
        "Trop de requêtes",
        "Attendez le nombre de secondes de l'en-tête Retry-After avant de recommencer.",
    ),
    500: Genre(
        "erreur-interne",
        "Erreur interne",
        "La plateforme a rencontré une erreur ; elle est journalisée. Recommencez plus tard.",
    ),
}


class ParametreInvalide(exceptions.APIException):
    """Paramètres d'adresse refusés : 400, un message français par paramètre."""

    status_code = 400

    def __init__(self, erreurs: dict[str, list[str]]) -> None:
        self.erreurs = [
            {"parameter": nom, "message": message}
            for nom, messages in erreurs.items()
            for message in messages
        ]
        super().__init__("La requête porte un paramètre inconnu ou invalide.")


class Refus(exceptions.APIException):
    """Écriture refusée. `actuel` et `etiquette` : l'objet tel qu'il est, s'il a changé."""

    def __init__(self, statut: int, detail: str = "", *, erreurs: Any = ()) -> None:
        self.status_code = statut
        self.phrase = detail
        self.erreurs = list(erreurs)
        self.actuel: dict[str, Any] | None = None
        self.etiquette = ""
        super().__init__(detail)


def genre(statut: int) -> Genre:
    """La famille d'un statut HTTP ; à défaut, la plus générale de sa classe."""
    return GENRES.get(statut) or GENRES[500 if statut >= 500 else 400]


def reponse(
    requete: HttpRequest,
    statut: int,
    *,
    detail: str = "",
    erreurs: list[dict[str, Any]] = (),
    actuel: dict[str, Any] | None = None,
) -> HttpResponse:
    """Réponse `problem+json` ; `detail` vide : l'explication du genre."""
    famille = genre(statut)
    corps: dict[str, Any] = {
        "type": f"{reverse('api:documentation')}#{famille.ancre}",
        "title": famille.titre,
        "status": statut,
        "detail": detail or famille.detail,
        "instance": requete.path,
    }
    if erreurs:
        corps["errors"] = erreurs
    if actuel is not None:
        corps["current"] = actuel
    return HttpResponse(json_serialise(corps), status=statut, content_type=TYPE_MIME)


def traiter(exception: Exception, contexte: dict[str, Any]) -> HttpResponse:
    """Gestionnaire d'exceptions de REST framework : toute exception devient un problème."""
    requete = contexte["request"]
    set_rollback()
    if isinstance(exception, Http404):
        return reponse(requete, 404)
    if isinstance(exception, PermissionDenied):
        return reponse(requete, 403, detail=str(exception))
    if not isinstance(exception, exceptions.APIException):
        journal.error("Erreur de l'API : %s", requete.path, exc_info=exception)
        return reponse(requete, 500)
    probleme = reponse(
        requete,
        exception.status_code,
        detail=getattr(exception, "phrase", ""),
        erreurs=getattr(exception, "erreurs", ()),
        actuel=getattr(exception, "actuel", None),
    )
    if exception.status_code == 401:
        probleme["WWW-Authenticate"] = exception.auth_header
    if etiquette := getattr(exception, "etiquette", ""):
        probleme["ETag"] = etiquette
    if isinstance(exception, exceptions.Throttled) and exception.wait:
        probleme["Retry-After"] = str(int(exception.wait) + 1)
    return probleme
