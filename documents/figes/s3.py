"""Le dépôt sur un service compatible S3 : mêmes règles que sur le disque, on n'y remplace rien."""

import mimetypes
from typing import Any

from botocore.exceptions import ClientError
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

DEJA_LA = ("PreconditionFailed", "ConditionalRequestConflict")


class DepotS3(S3Storage):
    """Chaque objet s'écrit une fois : le service lui-même refuse la seconde (`If-None-Match`).

    L'envoi en morceaux de django-storages ne connaît pas cette condition : un document tient en un
    envoi.
    """

    def _save(self, name: str, content: Any) -> str:
        nom: str = clean_name(name)
        objet = self.bucket.Object(self._normalize_name(nom))
        type_ = mimetypes.guess_type(nom)[0] or self.default_content_type
        content.seek(0)
        try:
            objet.put(Body=content.read(), ContentType=type_, IfNoneMatch="*")
        except ClientError as erreur:
            if erreur.response["Error"]["Code"] in DEJA_LA:
                raise FileExistsError(f"{nom} est déjà au dépôt.") from erreur
            raise
        return nom
