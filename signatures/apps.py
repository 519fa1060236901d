from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "signatures"
    verbose_name = "signatures"

    def ready(self) -> None:
        # Ici : les modèles ne s'importent qu'une fois toutes les applications connues.
        from contrats.transitions.socle import SUITES
        from documents.figes.journal import EXAMENS
        from signatures.controle import ruptures
        from signatures.evenements import declarer_les_evenements
        from signatures.suites import suivre_le_contrat

        declarer_les_evenements()
        SUITES.append(suivre_le_contrat)
        EXAMENS.append(ruptures)
