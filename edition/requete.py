"""Un numéro par requête HTTP : rendu à qui signale une panne, écrit dans le journal."""

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

EN_TETE = "X-Request-ID"
# Un mandataire peut l'avoir donné ; toute autre forme est ignorée, le journal est à nous.
ADMIS = re.compile(r"[A-Za-z0-9-]{8,64}")

numero: ContextVar[str] = ContextVar("numero_de_requete", default="")


class NumeroDeRequete:
    """Toute réponse porte `X-Request-ID`, le numéro que le journal répète."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        recu = request.headers.get(EN_TETE, "")
        jeton = numero.set(recu if ADMIS.fullmatch(recu) else secrets.token_hex(6))
        try:
            reponse = self.get_response(request)
            reponse[EN_TETE] = numero.get()
        finally:
            numero.reset(jeton)
        return reponse
