"""Administration des notifications : qui a été prévenu de quoi, et ce que chacun a choisi."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from edition.admin import Administration, LectureSeule
from notifications.models import Notification, Preference


@admin.register(Notification)
class NotificationAdmin(LectureSeule, Administration):
    """Montre le fait et ses dates ; ce qu'il dit se lit avec les droits du destinataire seul."""

    list_display = ["evenement", "destinataire", "auteur", "cree_le", "lue_le", "envoyee_le"]
    list_filter = ["evenement", "cree_le"]
    list_select_related = ["destinataire", "auteur"]
    search_fields = ["destinataire__email", "cle"]
    fields = [*list_display, "cle"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notification]:
        """Celles de tous : elles ne portent aucun texte."""
        return Notification.objects.all()


@admin.register(Preference)
class PreferenceAdmin(LectureSeule, Administration):
    list_display = ["utilisateur", "evenement", "cadence"]
    list_filter = ["cadence", "evenement"]
    list_select_related = ["utilisateur"]
    search_fields = ["utilisateur__email"]
    fields = list_display
