"""Vue de lecture commune : liste paginée, exports entiers, objet, empreinte et fraîcheur."""

import hashlib
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import classproperty
from django.utils.http import parse_etags
from rest_framework import exceptions, permissions, viewsets
from rest_framework.request import Request

from api import exports, formats, pagination
from api.lecture import Contexte, Lecture
from api.problemes import ParametreInvalide
from api.schema import SchemaLecture

# Un lecteur anonyme peut garder une réponse une minute ; au-delà, l'empreinte dit si elle a changé.
FRAICHEUR_PUBLIQUE = "public, max-age=60"
FRAICHEUR_COMPTE = "private, no-cache"


def contexte(requete: Request) -> Contexte:
    """Ce que les champs calculés ont besoin de savoir de la requête, établi une fois."""
    return {
        "racine": requete.build_absolute_uri(reverse("api:api-root")),
        "utilisateur": requete.user,
        "aujourdhui": timezone.localdate(),
    }


def lien(ressource: str) -> Any:
    """Champ calculé : adresse absolue d'un objet de la ressource, d'après son identifiant."""
    return lambda contexte, cle: cle and f"{contexte['racine']}{ressource}/{cle}/"


class LectureViewSet(viewsets.GenericViewSet):
    """Lecture seule d'une ressource.

    La sous-classe donne `serializer_class`, `filterset_class`, `colonnes` (tableaux),
    `ressource` (nom des fichiers) et `get_queryset()`, qui part de `visibles_par` : ce qui est
    hors périmètre répond 404. `ordre_export` est l'ordre imprimé, total.
    """

    http_method_names = ["get", "head", "options"]
    permission_classes = [permissions.AllowAny]
    renderer_classes = [formats.Json, formats.JsonComplet, formats.Csv, formats.Xlsx]
    content_negotiation_class = formats.Negociation
    schema = SchemaLecture()

    filterset_class: type[django_filters.FilterSet]
    colonnes: exports.Colonnes
    ressource: str
    ordre_export: tuple[str, ...] = ("pk",)
    redirections = False  # un objet peut avoir déménagé (301) : le schéma le dit
    filtres_de_l_objet = False  # un objet se lit filtré, comme une liste

    @classproperty
    def lecture(cls) -> Lecture:
        """Plan de lecture, établi au premier appel."""
        if "_lecture" not in cls.__dict__:
            cls._lecture = Lecture(cls.serializer_class(), cls.serializer_class.Meta.model)
        return cls._lecture

    @classmethod
    def filtres(cls) -> dict[str, django_filters.Filter]:
        """Les filtres admis, par paramètre."""
        return cls.filterset_class().filters

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Avant l'authentification : une méthode absente est refusée pareil avec ou sans session.
        if request.method not in self.allowed_methods:
            raise exceptions.MethodNotAllowed(request.method)
        try:
            super().initial(request, *args, **kwargs)
        except exceptions.AuthenticationFailed:
            self.check_throttles(request)  # essayer des jetons se compte aussi
            raise

    def get_renderers(self) -> list[formats.Format]:
        """Un objet seul ne se lit qu'en JSON ; une liste, dans tous les formats."""
        classes = self.renderer_classes if self.action == "list" else [formats.Json]
        return [classe() for classe in classes]

    def list(self, request: Request) -> HttpResponseBase:
        forme = request.accepted_renderer.format
        queryset = self.filter_queryset(self.get_queryset())
        if forme != formats.Json.format:
            return self.exporter(queryset, forme)
        page = pagination.Page.demandee(request.query_params)
        lignes = list(page.decouper(queryset.values_list(*self.lecture.colonnes)))
        lignes, suivant, precedent = page.liens(request, lignes)
        corps = {
            "results": self.lecture.assembler(lignes, contexte(request)),
            "next": suivant,
            "previous": precedent,
        }
        if page.compter:
            corps["count"] = queryset.count()
        return self.reponse(corps)

    def retrieve(self, request: Request, **cle: Any) -> HttpResponseBase:
        self.refuser_inconnus({"format"})
        objets = self.lecture.lire(self.get_queryset().filter(**cle)[:1], contexte(request))
        if not objets:
            raise exceptions.NotFound
        return self.reponse(objets[0])

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ce qu'un navigateur demande avant de lire d'un autre site avec If-None-Match."""
        return HttpResponse(
            status=204,
            headers={
                "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
                "Access-Control-Allow-Headers": "Accept, If-None-Match",
                "Access-Control-Max-Age": "86400",
            },
        )

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Les filtres de la page ; un paramètre inconnu ou invalide est refusé."""
        filtres = set(self.filterset_class.base_filters)
        page = pagination.PARAMETRES if self.request.accepted_renderer.format == "json" else ()
        self.refuser_inconnus({"format", *filtres, *page})
        if filtres.isdisjoint(self.request.query_params):
            return queryset
        jeu = self.filterset_class(
            self.request.query_params, queryset=queryset, request=self.request
        )
        if not jeu.is_valid():
            raise ParametreInvalide(jeu.errors)
        return jeu.qs

    def refuser_inconnus(self, connus: set[str]) -> None:
        inconnus = sorted(set(self.request.query_params) - connus)
        if inconnus:
            dit = f"Paramètre inconnu ici. Paramètres admis : {', '.join(sorted(connus))}."
            raise ParametreInvalide({nom: [dit] for nom in inconnus})

    def exporter(self, queryset: QuerySet, forme: str) -> StreamingHttpResponse:
        """La liste filtrée entière, dans l'ordre imprimé, en flux."""
        lots = self.lecture.par_lots(queryset.order_by(*self.ordre_export), contexte(self.request))
        flux = {
            "json-complet": lambda: exports.en_json(lots),
            "csv": lambda: exports.en_csv(lots, self.colonnes),
            "xlsx": lambda: exports.en_xlsx(lots, self.colonnes, self.ressource),
        }[forme]()
        return self.flux(flux, "json" if forme == "json-complet" else forme)

    def flux(self, morceaux: Any, extension: str) -> StreamingHttpResponse:
        type_mime = self.request.accepted_renderer.media_type
        texte = "; charset=utf-8" if type_mime.startswith("text/") else ""
        return StreamingHttpResponse(
            morceaux,
            content_type=type_mime + texte,
            headers={"Content-Disposition": f'attachment; filename="{self.ressource}.{extension}"'},
        )

    def reponse(self, corps: Any) -> HttpResponse:
        """JSON muni d'une étiquette forte : la version de l'objet, s'il en a une, et l'empreinte de
        ses octets ; 304 si le client les a déjà."""
        octets = exports.json_serialise(corps)
        empreinte = hashlib.blake2b(octets, digest_size=16).hexdigest()
        version = f"v{corps['version']}-" if "version" in corps else ""
        empreinte = f'"{version}{empreinte}"'
        if self.request.method in ("GET", "HEAD") and _deja_lu(
            self.request.headers.get("If-None-Match", ""), empreinte
        ):
            return HttpResponseNotModified(headers={"ETag": empreinte})
        return HttpResponse(octets, content_type="application/json", headers={"ETag": empreinte})

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        if response.status_code < 400 and request.method != "OPTIONS":
            connecte = request.user.is_authenticated
            response["Cache-Control"] = FRAICHEUR_COMPTE if connecte else FRAICHEUR_PUBLIQUE
        return response


def _deja_lu(demande: str, empreinte: str) -> bool:
    """Comparaison faible, celle d'If-None-Match : un proxy qui compresse ajoute `W/`."""
    connues = [connue.removeprefix("W/") for connue in parse_etags(demande)]
    return empreinte in connues or connues == ["*"]
