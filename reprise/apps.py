from django.apps import AppConfig


class RepriseConfig(AppConfig):
    name = "reprise"
    verbose_name = "reprise de documents"
    default_auto_field = "django.db.models.BigAutoField"
