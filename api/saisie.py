"""Ce qu'une écriture envoie : un objet JSON, des champs admis, des valeurs de leur forme."""

from typing import Any, ClassVar

import orjson
from django.core.exceptions import RequestDataTooBig
from rest_framework import serializers
from rest_framework.request import Request

from api.problemes import Refus

TYPES_DE_CORPS = ("application/json", "application/merge-patch+json")
# Un nombre écrit entre guillemets, un texte écrit sans : refusés plutôt que devinés.
FORMES: dict[type[serializers.Field], tuple[type, str]] = {
    serializers.IntegerField: (int, "Écrivez un nombre entier."),
    serializers.CharField: (str, "Écrivez un texte."),
    serializers.ChoiceField: (str, "Écrivez une des valeurs admises."),
    serializers.DateField: (str, "Écrivez une date : AAAA-MM-JJ."),
}


class Saisie(serializers.Serializer):
    """Les champs qu'un objet admet ; un champ absent ne change pas, un champ inconnu est refusé.

    `exemple` : un envoi que le schéma montre.
    """

    exemple: ClassVar[dict[str, Any]] = {}

    def to_internal_value(self, data: dict[str, Any]) -> dict[str, Any]:
        fautes = {n: ["Champ inconnu ici."] for n in data if n not in self.fields}
        for nom, champ in self.fields.items():
            forme, message = FORMES[type(champ)]
            valeur = data.get(nom)
            if valeur is not None and type(valeur) is not forme:
                fautes[nom] = [message]
        if fautes:
            admis = f" Champs admis : {', '.join(self.fields)}."
            raise serializers.ValidationError(
                {n: [m + admis if n not in self.fields else m] for n, [m] in fautes.items()}
            )
        return super().to_internal_value(data)


def corps(requete: Request) -> dict[str, Any]:
    """L'objet JSON envoyé ; lève `Refus` s'il n'y en a pas."""
    if requete.content_type.partition(";")[0].strip().lower() not in TYPES_DE_CORPS:
        raise Refus(415)
    try:
        brut = orjson.loads(requete._request.body)
    except RequestDataTooBig:
        raise Refus(413) from None
    except orjson.JSONDecodeError:
        raise Refus(400, "Le corps de la requête n'est pas du JSON (UTF-8).") from None
    if not isinstance(brut, dict):
        raise Refus(400, "Le corps de la requête est un objet JSON : { … }.")
    return brut


def invalide(fautes: dict[str, list[str]]) -> Refus:
    """400 : chaque champ fautif, désigné par son pointeur JSON (RFC 6901)."""
    erreurs = [
        {"pointer": f"/{nom.replace('~', '~0').replace('/', '~1')}", "message": message}
        for nom, messages in fautes.items()
        for message in messages
    ]
    return Refus(400, "Un champ ne peut être enregistré : rien n'est écrit.", erreurs=erreurs)
