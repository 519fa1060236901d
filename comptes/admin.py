"""Administration des comptes : courriel, mot de passe, accès, assistances."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest

from api.admin import Exportable
from comptes import services
from comptes.models import Assistance, GesteAssiste, Utilisateur
from edition.admin import Administration, LectureSeule, Lignes, compte

# Le courriel est sur le compte ; les secrets ne se montrent pas.
admin.site.unregister([EmailAddress, Authenticator])


class CreationUtilisateur(AdminUserCreationForm):
    class Meta:
        model = Utilisateur
        fields = ["email", "prenom", "nom"]


@admin.register(Utilisateur)
class UtilisateurAdmin(Exportable, Administration, UserAdmin):
    """Un compte se désactive plutôt qu'il ne se supprime : l'historique garde son auteur."""

    add_form = CreationUtilisateur
    comptes = ("habilitations",)
    nb_habilitations = compte("habilitations", "contrats")
    list_display = [
        "email",
        "nom",
        "prenom",
        "organisme",
        "nb_habilitations",
        "is_active",
        "is_staff",
        "last_login",
    ]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    list_select_related = ["organisme"]
    search_fields = ["email", "nom", "prenom", "organisme__nom"]
    ordering = ["nom", "prenom", "email"]
    autocomplete_fields = ["organisme"]
    readonly_fields = ["last_login", "cree_le"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("Personne", {"fields": ["prenom", "nom", "organisme"]}),
        ("Accès", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Dates", {"fields": ["last_login", "cree_le"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "prenom", "nom", "usable_password", "password1", "password2"]})
    ]
    filter_horizontal = ["groups"]
    actions = ["retirer_les_seconds_facteurs"]

    @admin.action(description="Retirer les seconds facteurs (appareil et codes perdus)")
    def retirer_les_seconds_facteurs(
        self, request: HttpRequest, queryset: QuerySet[Utilisateur]
    ) -> None:
        """Après s'être assuré de la personne : son mot de passe suffira ensuite."""
        for utilisateur in queryset:
            services.retirer_les_seconds_facteurs(utilisateur)
        messages.success(request, "Seconds facteurs retirés, sessions fermées, personnes averties.")


class GesteLignes(LectureSeule, Lignes):
    model = GesteAssiste
    fields = readonly_fields = ["fait_le", "methode", "chemin", "statut"]


@admin.register(Assistance)
class AssistanceAdmin(Exportable, LectureSeule, Administration):
    """Le journal se lit et s'exporte ; il ne s'écrit pas."""

    list_display = ["agent", "au_nom_de", "motif", "debut_le", "fin_le"]
    list_filter = ["debut_le"]
    list_select_related = ["agent", "au_nom_de"]
    search_fields = ["motif", "agent__email", "au_nom_de__email"]
    fields = list_display
    inlines = [GesteLignes]
