"""Ce que la navigation dit des notifications."""

from django.http import HttpRequest

from notifications.models import Notification


def non_lues(request: HttpRequest) -> dict[str, object]:
    """`mot_notifications` : le mot du menu et le nombre de non lues, compté s'il s'affiche.

    Ce menu est sur toutes les pages : d'abord les genres de ce qui n'est pas lu (un index), puis
    les droits, de ceux-là seulement. Qui a tout lu ne paie que la première question.
    """

    def mot() -> str:
        siennes = Notification.objects.filter(destinataire=request.user.pk).non_lues()
        genres = set(siennes.order_by().values_list("genre", flat=True).distinct())
        if not genres:
            return "Notifications"
        visibles = Notification.objects.visibles_par(request.user, genres=genres)
        nombre = visibles.non_lues().count()
        return f"Notifications ({nombre})" if nombre else "Notifications"

    return {"mot_notifications": mot}
