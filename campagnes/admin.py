"""Administration des campagnes : les contacts se corrigent, le reste se lit."""

from django.contrib import admin

from campagnes.models import Campagne, Contact, Reponse
from edition.admin import Administration, LectureSeule, compte


@admin.register(Contact)
class ContactAdmin(Administration):
    """Adresses privées : sans export."""

    list_display = ["organisme", "contrat", "nom", "email"]
    list_filter = ["contrat"]
    list_select_related = ["organisme", "contrat"]
    search_fields = ["organisme__nom", "nom", "email"]
    autocomplete_fields = ["contrat", "organisme"]


@admin.register(Campagne)
class CampagneAdmin(LectureSeule, Administration):
    """Une campagne se conduit à l'atelier ; ni jeton ni lien ne se lisent ici."""

    comptes = ("destinataires",)
    nb_destinataires = compte("destinataires", "destinataires")
    list_display = ["intitule", "contrat", "etat", "fin", "nb_destinataires"]
    list_filter = ["etat", "contrat"]
    list_select_related = ["contrat"]
    search_fields = ["intitule", "contrat__intitule_court"]
    fields = ["intitule", "contrat", "destination", "fin", "etat", "cree_par", "cree_le"]


@admin.register(Reponse)
class ReponseAdmin(LectureSeule, Administration):
    """Une réponse se relit à l'atelier."""

    list_display = ["action", "statut", "etat", "recue_le", "traitee_par"]
    list_filter = ["etat", "statut"]
    list_select_related = ["demande__action", "traitee_par"]
    search_fields = ["demande__action__intitule", "phrase"]
    fields = ["action", "statut", "avancement", "echeance", "phrase", "etat", "retour"]

    @admin.display(description="action")
    def action(self, reponse: Reponse) -> str:
        return str(reponse.demande.action)
