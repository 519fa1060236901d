"""Moteur des sessions : en base, par empreinte, bornées dans le temps."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as SessionEnBase
from django.utils import timezone

from comptes.models import SessionOuverte

# L'activité se note à la lecture, pas plus souvent : une écriture par requête coûterait trop.
PRECISION = timedelta(minutes=5)


def empreinte(cle: str) -> str:
    """Ce que la base garde d'une clé de session, qui est aléatoire : sans sel."""
    return sha256(cle.encode()).hexdigest()


class SessionStore(SessionEnBase):
    """Session de Django dont la base ne garde que l'empreinte de la clé, avec sa provenance.

    `adresse` et `navigateur` sont posés par `comptes.middleware`.
    """

    adresse: str | None = None
    navigateur: str = ""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._ligne: SessionOuverte | None = None

    @classmethod
    def get_model_class(cls) -> type[SessionOuverte]:
        return SessionOuverte

    def _get_session_from_db(self) -> SessionOuverte | None:
        cle = empreinte(self.session_key or "")
        self._ligne = SessionOuverte.objects.valables().filter(pk=cle).first()
        if self._ligne is None:
            self._session_key = None
        elif self._ligne.vue_le < timezone.now() - PRECISION:
            self._ligne.vue_le = timezone.now()
            SessionOuverte.objects.filter(pk=cle).update(vue_le=self._ligne.vue_le)
        return self._ligne

    def exists(self, session_key: str) -> bool:
        return SessionOuverte.objects.filter(pk=empreinte(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> SessionOuverte:
        cle = empreinte(self._get_or_create_session_key())  # type: ignore[attr-defined]
        connue = self._ligne if self._ligne is not None and self._ligne.pk == cle else None
        return SessionOuverte(
            session_key=cle,
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            utilisateur_id=data.get(SESSION_KEY),
            ouverte_le=connue.ouverte_le if connue else timezone.now(),
            vue_le=timezone.now(),
            adresse=self.adresse,
            navigateur=self.navigateur,
        )

    def delete(self, session_key: str | None = None) -> None:
        cle = session_key or self.session_key
        if cle is not None:
            SessionOuverte.objects.filter(pk=empreinte(cle)).delete()
