"""Administration du courrier : ce qui est parti, ce qui attend une décision."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from courrier import envoi
from courrier.models import Courriel
from courrier.taches import vider_la_boite
from edition.admin import Administration, LectureSeule

# Le journal interne des tâches n'apprend rien à qui administre ; leurs échecs vont au journal.
admin.site.unregister(DBTaskResult)


@admin.register(Courriel)
class CourrielAdmin(LectureSeule, Administration):
    """Montre à qui, quand, pourquoi pas ; jamais le texte, qui peut porter un lien personnel."""

    list_display = ["sujet", "destinataire", "etat", "depose_le", "envoye_le", "tentatives"]
    list_filter = ["etat", "depose_le"]
    search_fields = ["sujet", "destinataire"]
    fields = [*list_display, "erreur"]
    actions = ["relancer"]

    @admin.action(description="Renvoyer les échecs et les incertains choisis")
    def relancer(self, request: HttpRequest, queryset: QuerySet[Courriel]) -> None:
        """Un incertain est peut-être déjà arrivé : le renvoyer est la décision de l'agent."""
        nombre = sum(envoi.relancer(courriel) for courriel in queryset)
        if nombre:
            vider_la_boite.enqueue()
        messages.info(request, f"{nombre} courriel(s) remis en attente d'envoi.")
