"""Modifier un objet par l'API : droit, précondition, champs, porte, puis l'objet tel qu'il est."""

from typing import Any

from django.http import HttpResponse
from rest_framework import exceptions, parsers
from rest_framework.request import Request

from api import preconditions
from api.problemes import Refus
from api.saisie import Saisie, corps, invalide
from api.vues import LectureViewSet, contexte
from edition.ecriture import VersionPerimee


class EcritureViewSet(LectureViewSet):
    """Lecture, et modification d'un objet (`PATCH`).

    La sous-classe donne `saisie_class`, `autoriser(objet)`, qui lève `PermissionDenied`, et
    `ecrire(objet, champs)`, qui passe par la porte du modèle à `objet.version`. Rien n'est écrit
    quand la réponse est une erreur.
    """

    http_method_names = ["get", "head", "patch", "options"]
    parser_classes = [parsers.JSONParser]
    saisie_class: type[Saisie]

    def autoriser(self, objet: Any) -> None:
        raise NotImplementedError

    def ecrire(self, objet: Any, champs: dict[str, Any]) -> None:
        raise NotImplementedError

    def partial_update(self, request: Request, **cle: Any) -> HttpResponse:
        self.refuser_inconnus({"format"})
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated
        if getattr(request, "assistance", None) is not None:
            raise Refus(403, "L'API n'écrit pas sous assistance.")
        objet = self.get_queryset().filter(**cle).first()
        if objet is None:
            raise exceptions.NotFound
        self.autoriser(objet)
        brut = corps(request)
        try:
            preconditions.verifier(request.headers.get("If-Match"), objet.version)
            self.ecrire(objet, self.champs(brut))
        except VersionPerimee:
            raise self.perime(Refus(412), cle) from None
        except Refus as refus:
            raise self.perime(refus, cle) from None
        return self.reponse(self.actuel(cle))

    def champs(self, brut: dict[str, Any]) -> dict[str, Any]:
        saisie = self.saisie_class(data=brut, partial=True)
        if not saisie.is_valid():
            raise invalide({n: [str(m) for m in messages] for n, messages in saisie.errors.items()})
        return saisie.validated_data

    def actuel(self, cle: dict[str, Any]) -> dict[str, Any]:
        """L'objet tel qu'une lecture le rend à présent."""
        lus = self.lecture.lire(self.get_queryset().filter(**cle)[:1], contexte(self.request))
        if not lus:
            raise exceptions.NotFound
        return lus[0]

    def perime(self, refus: Refus, cle: dict[str, Any]) -> Refus:
        """Un refus pour version dépassée porte l'objet actuel et son étiquette : de quoi réunir."""
        if refus.status_code == 412:
            refus.actuel = self.actuel(cle)
            refus.etiquette = self.reponse(refus.actuel)["ETag"]
        return refus
