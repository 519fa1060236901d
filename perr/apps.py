from django.apps import AppConfig


class PerrConfig(AppConfig):
    name = "perr"
    verbose_name = "protocoles d'engagements (PERR)"
