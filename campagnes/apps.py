from django.apps import AppConfig


class CampagnesConfig(AppConfig):
    name = "campagnes"
    verbose_name = "campagnes"

    def ready(self) -> None:
        # Ici : les modèles ne s'importent qu'une fois toutes les applications connues.
        from campagnes.evenements import declarer_les_evenements
        from campagnes.reponses import rouvrir_les_reponses
        from contrats.masse.lot import SUITES

        declarer_les_evenements()
        SUITES.append(rouvrir_les_reponses)
