"""Ce qui est public et vient d'être servi se ressert comme un fichier statique.

Le droit se demande à la base une fois par `CONFIANCE`, non à chaque lecture : dépublier un contrat
retire donc ses documents au plus dix secondes après. Les octets, eux, sont tenus pour bons tant que
le fichier n'a pas bougé sur le disque ; s'il a bougé, la vue le relit.
"""

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from documents.figes.stockage import Etat, etat_de

CONFIANCE = 10  # secondes
RETENUS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Garde:
    """Un fichier du disque et ses en-têtes, vérifié dans cet état, public jusqu'à cet instant."""

    fichier: StaticFile
    chemin: str
    etat: Etat
    fin: float

    def vaut_encore(self) -> bool:
        """Lève `OSError` si le fichier n'est plus là."""
        return time.monotonic() < self.fin and etat_de(os.stat(self.chemin)) == self.etat


# Par adresse, dans ce processus.
retenus: dict[str, Garde] = {}


def retenir(adresse: str, chemin: str, lu: os.stat_result, en_tetes: dict[str, str]) -> Garde:
    """Se souvient que ce fichier, lu dans cet état, est public à cette adresse."""
    if len(retenus) >= RETENUS_MAX:
        retenus.clear()
    fichier = StaticFile(chemin, list(en_tetes.items()), stat_cache={chemin: lu})
    garde = retenus[adresse] = Garde(fichier, chemin, etat_de(lu), time.monotonic() + CONFIANCE)
    return garde


def rendre(request: HttpRequest, garde: Garde) -> HttpResponse:
    """Le fichier, une part du fichier (`Range`), ou 304 si le lecteur l'a."""
    return WhiteNoiseMiddleware.serve(garde.fichier, request)


class DocumentsPublics:
    """Ressert ce que la vue a servi, avant sessions, comptes et adresses : rien n'en dépend."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        garde = retenus.get(request.path_info)
        if garde is None or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with contextlib.suppress(OSError):  # le fichier n'est plus là : la vue le dira
            if garde.vaut_encore():
                return rendre(request, garde)
        retenus.pop(request.path_info, None)
        return self.get_response(request)
