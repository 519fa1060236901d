from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "documents"

    def ready(self) -> None:
        # Ici : les modèles ne s'importent qu'une fois toutes les applications connues.
        from documents.evenements import declarer_les_evenements

        declarer_les_evenements()
