from django.apps import AppConfig


class ContratsConfig(AppConfig):
    name = "contrats"
    verbose_name = "contrats"

    def ready(self) -> None:
        # Ici : les modèles ne s'importent qu'une fois toutes les applications connues.
        from contrats.evenements import declarer_les_evenements

        declarer_les_evenements()
