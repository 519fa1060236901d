"""Administration des campagnes de signature : on lit ; elles se conduisent à l'atelier."""

from django.contrib import admin

from edition.admin import Administration, LectureSeule
from signatures.models import CampagneSignature, Passage, PieceSignee, Signataire


@admin.register(CampagneSignature)
class CampagneSignatureAdmin(LectureSeule, Administration):
    list_display = ["document", "etat", "regle_effet", "effet_le", "lancee_le"]
    list_filter = ["etat"]
    list_select_related = ["document__contrat"]
    search_fields = ["document__titre", "document__code"]
    ordering = ["-preparee_le", "-pk"]


@admin.register(Signataire)
class SignataireAdmin(LectureSeule, Administration):
    """Adresses privées : sans export."""

    list_display = ["nom", "qualite", "campagne", "etat", "signe_le"]
    list_filter = ["etat", "role"]
    list_select_related = ["campagne__document__contrat"]
    search_fields = ["nom", "qualite"]
    ordering = ["-campagne", "rang", "pk"]


@admin.register(PieceSignee)
class PieceSigneeAdmin(LectureSeule, Administration):
    list_display = ["signataire", "genre", "nom", "empreinte", "recue_le"]
    list_filter = ["genre"]
    list_select_related = ["signataire"]
    search_fields = ["nom", "empreinte", "signataire__nom"]
    ordering = ["-recue_le", "-pk"]


@admin.register(Passage)
class PassageAdmin(LectureSeule, Administration):
    list_display = ["signataire", "transition", "de", "vers", "motif", "le"]
    list_filter = ["transition"]
    list_select_related = ["signataire"]
    search_fields = ["signataire__nom", "motif"]
    ordering = ["-le", "-pk"]
