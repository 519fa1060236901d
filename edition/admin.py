"""Socle de l'administration : périmètre, écriture à version contrôlée, pas de requête par ligne."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import display_for_field, flatten_fieldsets
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from edition.ecriture import VersionPerimee, mettre_a_jour
from edition.models import Versionne
from texte.recherche import filtrer

Saisie = dict[str, list[str]]  # champ → valeurs, d'une ligne de formulaire

PERIME = (
    "« %(objet)s » a été modifié le %(le)s, pendant que vous le modifiiez. Rien de votre saisie "
    "n'est perdu : elle est ci-dessous, et rien n'est encore enregistré. Comparez, puis "
    "enregistrez de nouveau pour remplacer la version %(version)s."
)


def nombre_de(modele: type[models.Model], relation: str) -> Coalesce:
    """Nombre d'objets liés par une relation inverse, à annoter.

    Une sous-requête par compte : plusieurs `Count` sur des jointures se multiplieraient.
    """
    lien = modele._meta.get_field(relation)
    lies = lien.related_model._default_manager.filter(**{lien.field.name: OuterRef("pk")})
    nombre = lies.order_by().values(lien.field.name).annotate(n=Count("pk", distinct=True))
    return Coalesce(Subquery(nombre.values("n")), 0)


def compte(relation: str, description: str) -> Any:
    """Colonne de liste : le nombre de lignes d'une relation citée dans `comptes`."""

    @admin.display(description=description, ordering=f"_nb_{relation}")
    def afficher(self: Any, objet: Any) -> int:
        return getattr(objet, f"_nb_{relation}")

    return afficher


def _identifiants(valeurs: Any) -> list[str]:
    """Les valeurs qui peuvent être des clés primaires : chercher les autres lèverait."""
    return [str(v) for v in valeurs if str(v).isdecimal() and len(str(v)) < 19]


class AutocompletionSobre(AutocompleteSelect):
    """Autocomplétion dont l'option choisie vient de l'objet déjà chargé (`connu`)."""

    connu: models.Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        choisis = _identifiants(value)
        if self.connu is None or choisis != [str(self.connu.pk)]:
            return super().optgroups(name, choisis, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        choisie = self.create_option(name, self.connu.pk, str(self.connu), True, len(options))
        return [(None, [*options, choisie], 0)]


class AutocompletionMultiple(AutocompleteSelectMultiple):
    """Autocomplétion de plusieurs objets, en une requête."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        return super().optgroups(name, _identifiants(value), attr)


class ChoixMultiples(forms.ModelMultipleChoiceField):
    """Refuse un identifiant trop grand, que Django passerait à la base, laquelle lèverait."""

    def clean(self, value: Any) -> Any:
        for identifiant in value or []:
            if not _identifiants([identifiant]):
                message = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(
                    message, code="invalid_pk_value", params={"pk": identifiant}
                )
        return super().clean(value)


class FormulaireSobre(forms.ModelForm):
    """Formulaire qui n'interroge pas la base pour afficher les objets déjà chargés."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            gadget = getattr(champ.widget, "widget", champ.widget)
            if isinstance(gadget, AutocompletionSobre):
                gadget.connu = self.instance._state.fields_cache.get(nom)


class Sobre(BaseModelAdmin):
    """Commun aux listes et aux lignes : autocomplétion sobre, relations chargées d'avance."""

    form = FormulaireSobre

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompletionSobre(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompletionMultiple(db_field, self.admin_site))
        kwargs.setdefault("form_class", ChoixMultiples)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class LignesFormSet(BaseInlineFormSet):
    """Une ligne supprimée par un autre pendant la saisie redevient une ligne à ajouter.

    Django l'effacerait de la page avec ce qu'on y a écrit.
    """

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if self.is_bound:
            self._garder_les_disparues()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Supprimer cette ligne"

    def _garder_les_disparues(self) -> None:
        presentes = {str(ligne.pk) for ligne in self.get_queryset()}
        lignes = [self._saisie(rang) for rang in range(self.total_form_count())]
        lues, ajoutees = lignes[: self.initial_form_count()], lignes[self.initial_form_count() :]
        disparues = [ligne for ligne in lues if ligne.get("id") not in ([p] for p in presentes)]
        if not disparues:
            return
        restantes = [ligne for ligne in lues if ligne not in disparues]
        sans_id = [{**ligne, "id": [""]} for ligne in disparues]
        self.data = self._reecrire(lignes, [*restantes, *ajoutees, *sans_id])
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(restantes))
        del self.management_form

    def _reecrire(self, avant: list[Saisie], apres: list[Saisie]) -> Any:
        """La saisie, lignes rangées comme `apres` ; une case cochée suit sa ligne."""
        donnees = self.data.copy()
        for rang, (ancienne, ligne) in enumerate(zip(avant, apres, strict=True)):
            for champ in ancienne:
                del donnees[f"{self.add_prefix(rang)}-{champ}"]
            for champ, valeurs in ligne.items():
                donnees.setlist(f"{self.add_prefix(rang)}-{champ}", valeurs)
        return donnees

    def _saisie(self, rang: int) -> Saisie:
        debut = f"{self.add_prefix(rang)}-"
        return {
            cle.removeprefix(debut): self.data.getlist(cle)
            for cle in self.data
            if cle.startswith(debut)
        }


class Lignes(Sobre, admin.TabularInline):
    """Lignes d'un objet, modifiables à sa suite ; `avec` nomme les relations multiples à lire."""

    formset = LignesFormSet
    extra = 0
    avec: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Chaque champ se nomme : un tableau de Django n'a d'étiquettes que ses en-têtes."""
        champ = super().formfield_for_dbfield(db_field, request, **kwargs)
        if champ is not None:
            champ.widget.attrs["aria-label"] = champ.label
        return champ

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lignes = super().get_queryset(request).prefetch_related(*self.avec)
        relations = self.get_autocomplete_fields(request)
        return lignes.select_related(*relations) if relations else lignes


class Blocs(Lignes):
    """Lignes aux textes longs, présentées l'une sous l'autre."""

    template = "admin/edit_inline/stacked.html"


class LectureSeule(BaseModelAdmin):
    """Ni ajout, ni modification, ni suppression : l'administration montre."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Administration(Sobre, admin.ModelAdmin):
    """Administration d'un modèle : les lignes visibles par l'agent, par pages de 50.

    La recherche ignore accents, casse et pluriels, comme celle du site.
    `comptes` nomme les relations inverses que la liste dénombre (`compte`).
    """

    list_per_page = 50
    comptes: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        lignes = super().get_queryset(request)
        if hasattr(lignes, "visibles_par"):
            lignes = lignes.visibles_par(request.user)
        return lignes.annotate(**{f"_nb_{r}": nombre_de(self.model, r) for r in self.comptes})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return filtrer(queryset, search_term, *self.get_search_fields(request)), False


class FormulaireVersionne(FormulaireSobre):
    """Porte la version lue ; périmée, il se réaffiche avec la saisie et l'état actuel."""

    version_lue = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = self.instance.version

    @property
    def est_perime(self) -> bool:
        return self.has_error(forms.forms.NON_FIELD_ERRORS, "version_perimee")

    def clean(self) -> dict[str, Any] | None:
        donnees = super().clean()
        if self.instance.pk and self.cleaned_data.get("version_lue") != self.instance.version:
            self._signaler_l_ecart()
        return donnees

    def _signaler_l_ecart(self) -> None:
        valeurs = {
            "objet": self.instance,
            "le": display_for_field(
                self.instance.modifie_le, self.instance._meta.get_field("modifie_le"), ""
            ),
            "version": self.instance.version,
        }
        self.add_error(None, forms.ValidationError(PERIME, code="version_perimee", params=valeurs))
        for nom in self.changed_data:
            if nom in self.cleaned_data and nom != "version_lue":
                self.add_error(nom, f"Enregistré actuellement : « {self._actuel(nom)} ».")
        # Enregistrer de nouveau, après avoir comparé, est un choix : il porte la version actuelle.
        self.data = self.data.copy()
        self.data[self.add_prefix("version_lue")] = str(self.instance.version)

    def _actuel(self, nom: str) -> str:
        champ = self.instance._meta.get_field(nom)
        if champ.many_to_many:
            return ", ".join(map(str, getattr(self.instance, nom).all())) or "—"
        return str(display_for_field(getattr(self.instance, nom), champ, "—"))


class AdministrationVersionnee(Administration):
    """Administration d'un objet `Versionne` : un enregistrement n'en écrase pas un autre.

    L'écriture est une mise à jour conditionnée à la version lue (`edition.ecriture`) ; périmée,
    la page revient en 409, la saisie intacte. Un enregistrement qui change quelque chose fait une
    version, gardée dans l'historique des objets qui en ont un.
    """

    form = FormulaireVersionne

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Les champs déclarés, puis la version : un champ caché, sans ligne visible."""
        fieldsets = super().get_fieldsets(request, obj)
        if "version_lue" in flatten_fieldsets(fieldsets):
            return fieldsets
        if obj is not None and not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ["version_lue"]})]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            reponse = super().changeform_view(request, *args, **kwargs)
        except VersionPerimee:
            # Un autre enregistrement est passé entre la lecture et l'écriture : relu, le
            # formulaire constate l'écart.
            reponse = super().changeform_view(request, *args, **kwargs)
        if isinstance(reponse, TemplateResponse) and reponse.context_data:
            formulaire = getattr(reponse.context_data.get("adminform"), "form", None)
            if getattr(formulaire, "est_perime", False):
                reponse.status_code = 409
        return reponse

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Crée ; une modification attend `save_related`, qui sait si les lignes changent."""
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        objet = form.instance
        change_quelque_chose = form.has_changed() or any(f.has_changed() for f in formsets)
        if change and change_quelque_chose:
            lue = form.cleaned_data["version_lue"]
            mettre_a_jour(objet, version=lue, **self.champs_modifies(request, form))
        super().save_related(request, form, formsets, change)
        if change_quelque_chose:
            objet.garder_version(par=request.user, motif="Administration")

    def champs_modifies(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        """Colonnes à écrire : celles du formulaire qui changent."""
        objet: Versionne = form.instance
        colonnes = {champ.name for champ in objet._meta.concrete_fields}
        return {nom: getattr(objet, nom) for nom in form.changed_data if nom in colonnes}
