"""Lecture des organismes."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework import exceptions
from rest_framework.request import Request

from api import exports
from api.vues import LectureViewSet
from partenaires.api.serializers import OrganismeSerializer
from partenaires.filters import OrganismeFilterSet
from partenaires.models import Organisme


class OrganismeViewSet(LectureViewSet):
    """Organismes, catégories d'acteurs et financements que citent les contrats, dédoublonnés.

    L'adresse d'un organisme fusionné mène à celui qui l'a repris (301).
    """

    queryset = Organisme.objects.none()
    serializer_class = OrganismeSerializer
    filterset_class = OrganismeFilterSet
    lookup_field = "cle"
    lookup_value_converter = "slug"
    ressource = "organismes"
    redirections = True
    ordre_export = ("nom", "pk")
    colonnes = exports.Colonnes(
        id="id",
        url="url",
        nom="nom",
        sigle="sigle",
        nature="nature",
        siren="siren",
        territoire="territoire.id",
        alias="alias",
        composants="composants.id",
        version="version",
        modifie_le="modifie_le",
    )

    def get_queryset(self) -> QuerySet[Organisme]:
        return Organisme.objects.visibles_par(self.request.user)

    def retrieve(self, request: Request, **cle: Any) -> HttpResponseBase:
        try:
            return super().retrieve(request, **cle)
        except exceptions.NotFound:
            repris = self.get_queryset().filter(fusionnes__cle=cle["cle"]).first()
            if repris is None:
                raise
            return HttpResponsePermanentRedirect(reverse("api:organisme-detail", args=[repris.cle]))
