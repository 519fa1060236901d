"""Les préparations de l'étagère, en tâche de fond."""

from django.tasks import task


@task()
def faire_les_preparations() -> int:
    """Fait tout ce qui attend ; ce qu'un ouvrier tué a laissé se fait avec la suivante, ou à la
    ronde."""
    from documents.etagere.preparations import faire_toutes  # à l'appel : elle nous importe

    return faire_toutes()
