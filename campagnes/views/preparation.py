"""Préparer une campagne : choisir les actions, compléter les adresses, relire les courriels."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import ListView

from campagnes import conduite, courriels
from campagnes.conduite import CampagneImpossible
from campagnes.enums import EtatCampagne
from campagnes.forms import CampagneForm, ContactForm
from campagnes.models import Campagne, Relance
from campagnes.plan import concernes, envois, muettes
from campagnes.views.socle import AgentView
from contrats.enums import StatutAction
from contrats.filters import ActionFilterSet
from contrats.models import Action, Contrat
from contrats.permissions import Acte, peut

# Le contrat est celui de l'adresse.
SANS_OBJET = ("contrat", "type")


class CampagneListView(ListView):
    """Les campagnes des contrats de l'agent, et par où en préparer une."""

    paginate_by = 50
    template_name = "campagnes/campagne_list.html"

    def get_queryset(self) -> QuerySet[Campagne]:
        return Campagne.objects.visibles_par(self.request.user).pour_liste()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agent = self.request.user
        contrats = Contrat.objects.habilites(agent).pour_liste()
        conduits = [c for c in contrats if peut(agent, Acte.CONDUIRE, c)]
        return super().get_context_data(contrats=conduits, **kwargs)


class CampagneCreerView(AgentView):
    """La liste filtrée des actions du contrat, et ce que la campagne en fera."""

    acte = Acte.CONDUIRE

    def trouver(self, **kwargs: Any) -> None:
        contrats = Contrat.objects.habilites(self.agent)
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(CampagneForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = CampagneForm(request.POST)
        filtre = self.filtre()
        if not formulaire.is_valid() or not filtre.is_valid() or not filtre.qs.exists():
            return self.page(formulaire, status=400)
        campagne = self.creer(formulaire, filtre.qs)
        return redirect("campagnes:campagne-destinataires", campagne.public_id)

    def filtre(self) -> ActionFilterSet:
        """Les actions du contrat que l'agent voit ; une regroupée se suit avec l'autre."""
        actions = Action.objects.visibles_par(self.agent).filter(contrat=self.contrat)
        actions = actions.exclude(statut=StatutAction.REGROUPEE).pour_liste()
        filtre = ActionFilterSet(self.request.GET, queryset=actions, request=self.request)
        for nom in SANS_OBJET:
            filtre.form.fields.pop(nom, None)
        return filtre

    @transaction.atomic
    def creer(self, formulaire: CampagneForm, actions: QuerySet[Action]) -> Campagne:
        campagne = formulaire.save(commit=False)
        campagne.contrat, campagne.cree_par = self.contrat, self.agent
        campagne.save()
        campagne.actions.set(actions)
        dates = formulaire.cleaned_data["relances"]
        Relance.objects.bulk_create(Relance(campagne=campagne, le=le) for le in dates)
        return campagne

    def page(self, formulaire: CampagneForm, status: int = 200) -> HttpResponse:
        filtre = self.filtre()
        valide = filtre.is_valid()
        contexte = {
            "contrat": self.contrat,
            "filter": filtre,
            "actions": list(filtre.qs) if valide else [],
            "formulaire": formulaire,
            "selection": self.request.GET.urlencode(),
        }
        return render(self.request, "campagnes/campagne_creer.html", contexte, status=status)


class EnPreparationView(AgentView):
    """Base des étapes d'avant l'envoi ; après, la campagne elle-même dit la suite."""

    acte = Acte.CONDUIRE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(self.agent, self.acte, self.contrat):
            raise PermissionDenied("Conduire une campagne : votre rôle ne le permet pas.")
        if self.campagne.etat == EtatCampagne.EN_PREPARATION:
            return super().dispatch(request, *args, **kwargs)
        if request.method == "POST":
            etat = self.campagne.get_etat_display()
            return self.refuser(CampagneImpossible(f"La campagne est « {etat} »."))
        return redirect(self.campagne)


class DestinatairesView(EnPreparationView):
    """Les organismes concernés : qui répond pour chacun, à quelle adresse."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page([ContactForm(c) for c in concernes(self.campagne)])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaires = [ContactForm(c, request.POST) for c in concernes(self.campagne)]
        if any(f.errors for f in formulaires):
            return self.page(formulaires, status=400)
        with transaction.atomic():
            for formulaire in formulaires:
                if formulaire.has_changed():
                    formulaire.enregistrer(self.campagne)
        messages.success(request, "Destinataires enregistrés.")
        return redirect("campagnes:campagne-apercu", self.campagne.public_id)

    def page(self, formulaires: list[ContactForm], status: int = 200) -> HttpResponse:
        contexte = {
            "campagne": self.campagne,
            "formulaires": formulaires,
            "fautifs": [f for f in formulaires if f.is_bound and f.errors],
        }
        gabarit = "campagnes/campagne_destinataires.html"
        return render(self.request, gabarit, contexte, status=status)


class ApercuView(EnPreparationView):
    """Chaque courriel tel qu'il partira, au lien près ; puis l'envoi."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        prevus = envois(self.campagne)
        contexte = {
            "campagne": self.campagne,
            "courriels": [(e, courriels.apercu(self.campagne, e)) for e in prevus],
            "muettes": muettes(self.campagne),
            "nb_actions": self.campagne.actions.count(),
            "relances": list(self.campagne.relances.all()),
        }
        return render(request, "campagnes/campagne_apercu.html", contexte)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            nombre = conduite.envoyer(self.campagne, par=self.agent)
        except CampagneImpossible as erreur:
            return self.refuser(erreur)
        messages.success(request, f"Campagne ouverte : {nombre} courriels partent.")
        return redirect(self.campagne)
