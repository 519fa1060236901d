"""Administration des documents figés et du journal : on lit, on ne touche à rien."""

from django.contrib import admin

from documents.models import DocumentFige, Inscription, Preparation
from edition.admin import Administration, LectureSeule


@admin.register(DocumentFige)
class DocumentFigeAdmin(LectureSeule, Administration):
    list_display = ["titre", "code", "contrat", "version", "valeur", "fige_le", "fige_par"]
    list_filter = ["nature", "valeur", "demonstration"]
    search_fields = ["titre", "code", "empreinte", "contrat__intitule"]
    list_select_related = ["contrat", "fige_par"]
    ordering = ["-fige_le", "-pk"]


@admin.register(Inscription)
class InscriptionAdmin(LectureSeule, Administration):
    list_display = ["rang", "acte", "contenu", "empreinte"]
    list_filter = ["acte"]
    search_fields = ["contenu", "empreinte"]
    ordering = ["-rang"]


@admin.register(Preparation)
class PreparationAdmin(LectureSeule, Administration):
    list_display = ["nom", "genre", "contrat", "etat", "restreinte", "demandee_le", "prete_le"]
    list_filter = ["genre", "etat", "restreinte"]
    search_fields = ["nom", "objet", "contrat__intitule"]
    list_select_related = ["contrat"]
    ordering = ["-demandee_le", "-pk"]
