"""Séances : la liste, la page d'une séance, sa préparation, ses présences, ses passages."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import ListView

from contrats.atelier.enregistrement import lire_version
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from gouvernance import etat, ordre_du_jour, presences, transitions
from gouvernance.cibles import Cibles
from gouvernance.enums import TransitionSeance
from gouvernance.forms import PointForm, SeanceForm
from gouvernance.models import Point, Seance
from gouvernance.seances import PageSeance, creer, modifier
from gouvernance.views.socle import AgentView


class SeanceListView(ListView):
    """Les séances des contrats de l'agent, et où en préparer une."""

    paginate_by = 50
    template_name = "gouvernance/seance_list.html"

    def get_queryset(self) -> Any:
        contrats = Contrat.objects.habilites(self.request.user).values("pk")
        return Seance.objects.filter(instance__contrat__in=contrats).pour_liste()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agent = self.request.user
        contrats = Contrat.objects.habilites(agent).filter(instances__isnull=False).distinct()
        conduits = [c for c in contrats.pour_liste() if peut(agent, Acte.CONDUIRE, c)]
        return super().get_context_data(contrats=conduits, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class SeanceDetailView(View):
    """Une séance : ordre du jour, décisions, et ce que l'état figé a gardé."""

    def get(self, request: HttpRequest, public_id: Any) -> HttpResponse:
        visibles = Seance.objects.visibles_par(request.user)
        visibles = visibles.select_related("instance__contrat", "close_par")
        seance = get_object_or_404(visibles, public_id=public_id)
        page = PageSeance(seance, request.user)
        contexte = {"seance": seance, "contrat": seance.contrat, "page": page}
        return render(request, "gouvernance/seance_detail.html", contexte)


class SeanceCreerView(AgentView):
    """Prépare une séance d'une instance du contrat."""

    acte = Acte.CONDUIRE

    def trouver(self, **kwargs: Any) -> None:
        contrats = Contrat.objects.habilites(self.agent)
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])
        self.seance = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(SeanceForm(self.contrat))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = SeanceForm(self.contrat, request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        seance = creer(formulaire, par=self.agent)
        return redirect("gouvernance:seance-preparer", seance.public_id)

    def page(self, formulaire: SeanceForm, statut: int = 200) -> HttpResponse:
        contexte = {"contrat": self.contrat, "formulaire": formulaire, "seance": None}
        return render(self.request, "gouvernance/seance_form.html", contexte, status=statut)


class SeanceModifierView(AgentView):
    """Change la date, le lieu, l'objet, le quorum d'une séance qui n'est pas close."""

    acte = Acte.CONDUIRE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(SeanceForm(self.contrat, instance=self.seance))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = SeanceForm(self.contrat, request.POST, instance=self.seance)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        modifier(self.seance, formulaire, version=lire_version(request.POST), par=self.agent)
        messages.success(request, "Séance enregistrée.")
        return redirect(self.seance)

    def page(self, formulaire: SeanceForm, statut: int = 200) -> HttpResponse:
        contexte = {"contrat": self.contrat, "formulaire": formulaire, "seance": self.seance}
        return render(self.request, "gouvernance/seance_form.html", contexte, status=statut)


class SeanceEtatView(AgentView):
    """Les actions telles que la clôture les a figées."""

    acte = Acte.LIRE_ATELIER

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        lignes = etat.lignes(self.seance.etat_fige)
        contexte = {"seance": self.seance, "contrat": self.contrat, "lignes": lignes}
        return render(request, "gouvernance/seance_etat.html", contexte)


class SeancePreparerView(AgentView):
    """L'ordre du jour : ce que l'on propose, ce que l'on retient, dans quel ordre."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(PointForm(self.cibles()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        gestes = {"inscrire": self.inscrire, "ajouter": self.ajouter}
        gestes |= {"retirer": self.retirer, "monter": self.monter}
        faire = gestes.get(request.POST.get("geste", ""))
        if faire is None:
            messages.error(request, "Choisissez un des gestes proposés.")
            return self.page(PointForm(self.cibles()), 400)
        return faire() or redirect("gouvernance:seance-preparer", self.seance.public_id)

    def page(self, formulaire: PointForm, statut: int = 200) -> HttpResponse:
        contexte = {
            "seance": self.seance,
            "contrat": self.contrat,
            "points": list(self.seance.points.order_by("ordre", "pk")),
            "propositions": ordre_du_jour.proposer(self.seance, self.agent),
            "formulaire": formulaire,
            "possibles": transitions.possibles(self.seance, self.agent),
        }
        return render(self.request, "gouvernance/seance_preparer.html", contexte, status=statut)

    def inscrire(self) -> None:
        cles = self.request.POST.getlist("proposition")
        nombre = ordre_du_jour.inscrire(self.seance, cles, par=self.agent)
        mot = f"{nombre} points" if nombre > 1 else "Un point" if nombre else "Aucun point"
        messages.success(self.request, f"{mot} à l'ordre du jour.")

    def ajouter(self) -> HttpResponse | None:
        cibles = self.cibles()
        formulaire = PointForm(cibles, self.request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        d = formulaire.cleaned_data
        objet = cibles.lire(d["cible"])
        ordre_du_jour.ajouter(self.seance, d["intitule"], par=self.agent, **objet)
        return None

    def cibles(self) -> Cibles:
        return Cibles(self.seance, self.agent)

    def retirer(self) -> None:
        ordre_du_jour.retirer(self.point(), par=self.agent)
        messages.success(self.request, "Point retiré de l'ordre du jour.")

    def monter(self) -> None:
        ordre_du_jour.monter(self.point(), par=self.agent)

    def point(self) -> Point:
        points = self.seance.points.select_related("seance__instance__contrat")
        return get_object_or_404(points, pk=lire_version(self.request.POST, "point"))


class SeancePresencesView(AgentView):
    """Qui est attendu, qui est là : avant, pendant et jusqu'à la clôture."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(presences.formulaires(self.seance))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaires = presences.formulaires(self.seance, request.POST)
        if not presences.enregistrer(self.seance, formulaires, par=self.agent):
            return self.page(formulaires, 400)
        messages.success(request, "Présences enregistrées.")
        return redirect("gouvernance:seance-presences", self.seance.public_id)

    def page(self, formulaires: list[Any], statut: int = 200) -> HttpResponse:
        contexte = {
            "seance": self.seance,
            "contrat": self.contrat,
            "formulaires": formulaires,
            "fautifs": [f for f in formulaires if f.is_bound and f.errors],
            "presents": transitions.compter_les_presents(self.seance),
            "manque": transitions.absents_au_quorum(self.seance),
        }
        return render(self.request, "gouvernance/seance_presences.html", contexte, status=statut)


class SeanceFranchirView(AgentView):
    """Convoquer, ouvrir, annuler (POST) ; clore a sa page, qui demande confirmation."""

    acte = Acte.CONDUIRE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, transition: str, **kwargs: Any) -> HttpResponse:
        faire = {
            TransitionSeance.CONVOQUER: transitions.convoquer,
            TransitionSeance.OUVRIR: transitions.ouvrir,
            TransitionSeance.ANNULER: transitions.annuler,
        }.get(transition)
        if faire is None:
            raise Http404("Cette transition n'existe pas.")
        rendu = faire(self.seance, version=lire_version(request.POST), par=self.agent)
        if transition == TransitionSeance.OUVRIR:
            return redirect("gouvernance:seance-tenir", self.seance.public_id)
        messages.success(request, presences.phrase(TransitionSeance(transition), rendu))
        return redirect(self.seance)
