from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "signatures"
    verbose_name = "signatures"

    def ready(self) -> None:
        # Ici : les modèles ne s'importent qu'une fois toutes les applications connues.
        from contrats.transitions.socle import SUITES
        from documents.figes.journal import EXAMENS
        from documents.figes.verification import (
            AUTRES,
            COMPLETES,
            DE_TAILLE,
            RECONNAITRE,
            SIGNATURES,
        )
        from signatures.controle import ruptures
        from signatures.evenements import declarer_les_evenements
        from signatures.suites import suivre_le_contrat
        from signatures.verification import (
            autres,
            completer,
            de_taille,
            reconnaitre,
            situation_signee,
        )

        declarer_les_evenements()
        SUITES.append(suivre_le_contrat)
        EXAMENS.append(ruptures)
        RECONNAITRE.append(reconnaitre)
        COMPLETES.append(completer)
        AUTRES.append(autres)
        SIGNATURES.append(situation_signee)
        DE_TAILLE.append(de_taille)
