"""Sessions ouvertes : qui, depuis où, depuis quand."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

# Une session se ferme douze heures après son ouverture, ou après trois heures sans activité.
DUREE = timedelta(hours=12)
INACTIVITE = timedelta(hours=3)


class SessionOuverteQuerySet(models.QuerySet["SessionOuverte"]):
    def valables(self) -> Self:
        """Ni expirées, ni trop vieilles, ni délaissées."""
        instant = timezone.now()
        return self.filter(
            expire_date__gt=instant,
            ouverte_le__gt=instant - DUREE,
            vue_le__gt=instant - INACTIVITE,
        )

    def de(self, utilisateur: Any) -> Self:
        """Ses sessions, la plus récemment active d'abord."""
        return self.filter(utilisateur=utilisateur).order_by("-vue_le", "pk")


class SessionOuverte(AbstractBaseSession):
    """Session d'un navigateur. `session_key` est l'empreinte de la clé, jamais la clé : une copie
    de la base n'ouvre aucune session."""

    session_key = models.CharField("empreinte de la clé", max_length=64, primary_key=True)
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="utilisateur",
        related_name="sessions",
        on_delete=models.CASCADE,
        null=True,
    )
    ouverte_le = models.DateTimeField("ouverte le", default=timezone.now)
    vue_le = models.DateTimeField("vue le", default=timezone.now)
    adresse = models.GenericIPAddressField("adresse", null=True)
    navigateur = models.CharField("navigateur", max_length=300, blank=True)

    objects = BaseSessionManager.from_queryset(SessionOuverteQuerySet)()  # type: ignore[misc]

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session ouverte"
        verbose_name_plural = "sessions ouvertes"

    @classmethod
    def get_session_store_class(cls) -> type:
        from comptes.sessions import SessionStore

        return SessionStore

    @property
    def appareil(self) -> str:
        """« Firefox sur Linux » : assez pour se reconnaître, d'après ce que dit le navigateur."""
        noms = [
            next((nom for marque, nom in table if marque in self.navigateur), "")
            for table in (NAVIGATEURS, SYSTEMES)
        ]
        return " sur ".join(filter(None, noms)) or "Navigateur inconnu"


# Dans l'ordre où les chercher : chaque navigateur dit aussi le nom de ceux qu'il imite.
NAVIGATEURS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMES = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]
