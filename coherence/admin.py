"""Les constats écartés se lisent ici ; ils s'écartent et se reprennent sur la page du contrat."""

from django.contrib import admin

from coherence.models import ConstatEcarte
from edition.admin import Administration, LectureSeule


@admin.register(ConstatEcarte)
class ConstatEcarteAdmin(LectureSeule, Administration):
    list_display = ["regle", "phrase", "contrat", "par", "le", "repris_le"]
    list_filter = ["regle", ("repris_le", admin.EmptyFieldListFilter)]
    list_select_related = ["contrat", "par"]
    search_fields = ["phrase", "motif", "contrat__intitule_court"]
    ordering = ["-le", "-pk"]
