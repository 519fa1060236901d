from django.apps import AppConfig
from django.db.backends.signals import connection_created


class TexteConfig(AppConfig):
    name = "texte"
    verbose_name = "texte"

    def ready(self) -> None:
        from texte.recherche import equiper_sqlite

        # Seul signal du projet : Django n'offre pas d'autre prise pour ajouter une fonction SQL
        # à chaque connexion SQLite qui s'ouvre.
        connection_created.connect(equiper_sqlite, dispatch_uid="texte.equiper_sqlite")
