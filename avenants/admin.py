"""Administration des avenants : on lit ; les effets s'écrivent dans l'atelier, règles comprises."""

from django.contrib import admin

from avenants.models import Avenant, Effet
from edition.admin import Administration, LectureSeule, Lignes


class EffetLignes(LectureSeule, Lignes):
    model = Effet
    fields = ["ordre", "nature", "cle", "apres", "titre", "fin", "montant", "organisme", "motif"]


@admin.register(Avenant)
class AvenantAdmin(LectureSeule, Administration):
    """Un avenant entré en vigueur ne se défait pas : un autre le corrige."""

    list_display = ["contrat", "modifie", "numero", "effet_le", "entre_par", "demonstration"]
    list_filter = ["demonstration", ("numero", admin.EmptyFieldListFilter)]
    list_select_related = ["contrat", "modifie", "entre_par"]
    search_fields = ["contrat__intitule", "modifie__intitule"]
    ordering = ["modifie", "numero", "pk"]
    inlines = [EffetLignes]
