"""L'atelier des avenants : les projets côte à côte, la copie à rédiger, l'entrée en vigueur."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from avenants import atelier
from avenants.conflits import TexteModifieDepuis, dernier_numero
from avenants.effets import avenant_de
from avenants.entree import entrer_en_vigueur, ouvrir
from avenants.enums import NatureEffet
from avenants.forms import UN_A_UN, AvenantForm, EffetForm, EntreeForm
from avenants.lecture import sources
from avenants.models import Avenant, Effet
from avenants.redaction import Copie
from comptes.models import Utilisateur
from contrats.atelier.annuaire import Annuaire
from contrats.atelier.enregistrement import lire_version
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from contrats.transitions import DonneeManquante, TransitionImpossible
from contrats.views.masse import organismes_proposes
from edition.ecriture import VersionPerimee

PERIMES = (VersionPerimee, TransitionImpossible)


class AgentView(View):
    """Page d'un agent sur un contrat où il a un rôle : ailleurs, 404 ; sans le droit, 403."""

    acte = Acte.LIRE_ATELIER

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)  # LoginRequiredMiddleware est passé
        contrats = Contrat.objects.habilites(self.agent).select_related("parent")
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.exiger(self.acte)
        return super().dispatch(request, *args, **kwargs)

    def exiger(self, acte: Acte) -> None:
        if not peut(self.agent, acte, self.contrat):
            raise PermissionDenied(f"{acte.label} : votre rôle sur ce contrat ne le permet pas.")


class AvenantListView(AgentView):
    """Les avenants d'un contrat : entrés en vigueur, puis les projets, côte à côte."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(AvenantForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.OUVRIR)
        formulaire = AvenantForm(request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        try:
            avenant = ouvrir(self.contrat, **formulaire.cleaned_data, par=self.agent)
        except ValidationError as erreur:
            formulaire.add_error(None, erreur.messages)
            return self.page(formulaire, 400)
        except TransitionImpossible as erreur:
            formulaire.add_error(None, str(erreur))
            return self.page(formulaire, 409)
        messages.success(request, "Avenant ouvert : changez la copie des articles.")
        return redirect("avenants:avenant-rediger", avenant.contrat.slug)

    def page(self, formulaire: AvenantForm, statut: int = 200) -> HttpResponse:
        contexte = atelier.liste(self.contrat, self.agent, self.request.GET.getlist("projet"))
        contexte |= {"contrat": self.contrat, "formulaire": formulaire}
        return render(self.request, "avenants/avenant_list.html", contexte, status=statut)


class AvenantView(AgentView):
    """Page d'un avenant, désigné par le contrat qui en porte le texte."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        try:
            self.avenant: Avenant = avenant_de(self.contrat)
        except TransitionImpossible as erreur:
            raise Http404(str(erreur)) from erreur


class AvenantDetailView(AvenantView):
    """Ce que change l'avenant, tout ce qu'il touche, et son entrée en vigueur."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def page(
        self,
        statut: int = 200,
        entree: EntreeForm | None = None,
        erreur: str = "",
        conflits: Any = None,
    ) -> HttpResponse:
        contexte = atelier.detail(self.avenant, self.agent, entree)
        if conflits is not None:
            contexte["conflits"] = conflits
        contexte |= {"erreur": erreur, "a_confirmer": conflits is not None}
        return render(self.request, "avenants/avenant_detail.html", contexte, status=statut)


class AvenantEntrerView(AvenantDetailView):
    """Constate l'entrée en vigueur (POST) ; un conflit se lit avant de se confirmer (409)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = EntreeForm(request.POST)
        try:
            self.entrer(formulaire)
        except TexteModifieDepuis as conflit:
            return self.page(409, self.relire(formulaire), str(conflit), conflit.conflits)
        except PERIMES as erreur:
            return self.page(409, self.relire(formulaire), f"{erreur} Relisez, puis recommencez.")
        except (ValidationError, DonneeManquante) as erreur:
            if not formulaire.errors:
                formulaire.add_error("effet_le", _phrases(erreur))
            return self.page(400, self.relire(formulaire))
        messages.success(request, f"{self.avenant.nom.capitalize()} : il est entré en vigueur.")
        return redirect("avenants:avenant-detail", self.contrat.slug)

    def entrer(self, formulaire: EntreeForm) -> None:
        if not peut(self.agent, Acte.CONDUIRE, self.avenant.modifie):
            raise PermissionDenied("Constater l'entrée en vigueur : votre rôle ne le permet pas.")
        if not formulaire.is_valid():
            raise ValidationError("Le formulaire dit ce qui manque.")
        entrer_en_vigueur(
            self.avenant,
            effet_le=formulaire.cleaned_data["effet_le"],
            version=lire_version(self.request.POST),
            par=self.agent,
            confirmes=self.request.POST.getlist("confirme"),
        )

    def relire(self, formulaire: EntreeForm) -> EntreeForm:
        """Le formulaire à la version actuelle : recommencer, après avoir lu, est un choix."""
        self.contrat.refresh_from_db()
        self.avenant = avenant_de(self.contrat)
        formulaire.data = formulaire.data.copy()
        formulaire.data["version"] = str(self.avenant.modifie.version)
        return formulaire


class AvenantRedigerView(AvenantView):
    """La copie des articles : ce que l'agent y change devient les effets de l'avenant."""

    acte = Acte.MODIFIER

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        lues = sources(self.avenant.modifie)
        return self.page(Copie(self.avenant, lues, dernier_numero(lues)))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        lues = sources(self.avenant.modifie)
        copie = Copie(self.avenant, lues, self.depart(dernier_numero(lues)), request.POST)
        if not copie.est_valide():
            return self.page(copie, 400)
        try:
            copie.enregistrer(version=lire_version(request.POST), par=self.agent)
        except TexteModifieDepuis as conflit:
            erreur = f"{conflit} Les deux textes sont ci-dessous, le vôtre intact."
            return self.page(copie.a_jour(conflit.conflits), 409, erreur)
        except PERIMES as erreur:
            return self.page(copie, 409, f"{erreur} Votre texte est intact ci-dessous.")
        except ValidationError as erreur:
            return self.page(copie, 400, " ".join(_phrases(erreur)))
        messages.success(request, "Copie enregistrée : voici ce que l'avenant change et touche.")
        return redirect("avenants:avenant-detail", self.contrat.slug)

    def depart(self, dernier: int) -> int:
        """Le dernier avenant que la page envoyée avait sous les yeux."""
        brut = self.request.POST.get("depart", "")
        return min(int(brut[:6]) if brut.isascii() and brut.isdigit() else 0, dernier)

    def page(self, copie: Copie, statut: int = 200, erreur: str = "") -> HttpResponse:
        if statut != 200:  # une écriture défaite laisse en mémoire la version qu'elle aurait faite
            self.contrat.refresh_from_db()
        contexte = {
            "avenant": self.avenant,
            "contrat": self.contrat,
            "copie": copie,
            "erreur": erreur,
            "modifiable": self.avenant.modifiable,
        }
        return render(self.request, "avenants/avenant_rediger.html", contexte, status=statut)


class EffetAjouterView(AvenantView):
    """Un effet qui ne touche pas un article : parties, actions, montants."""

    acte = Acte.MODIFIER

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.formulaire(request.GET.get("nature", UN_A_UN[0].value)))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = self.formulaire(request.POST.get("nature", UN_A_UN[0].value), request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        try:
            self.ecrire(formulaire.effet())
        except ValidationError as erreur:
            formulaire.add_error(None, _phrases(erreur))
            return self.page(formulaire, 400)
        except (*PERIMES, TexteModifieDepuis) as erreur:
            return self.page(formulaire, 409, f"{erreur} Relisez, puis recommencez.")
        messages.success(request, f"{formulaire.quoi.label} : c'est écrit.")
        return redirect("avenants:avenant-detail", self.contrat.slug)

    def ecrire(self, effet: Effet) -> None:
        version = lire_version(self.request.POST)
        atelier.ajouter(self.avenant, effet, version=version, par=self.agent)

    def formulaire(self, nature: str, envoi: Any = None) -> EffetForm:
        if nature not in NatureEffet.values or NatureEffet(nature) not in UN_A_UN:
            raise Http404("Cet effet ne s'écrit pas ici.")
        return atelier.formulaire_d_effet(NatureEffet(nature), self.avenant, self.agent, envoi)

    def page(self, formulaire: EffetForm, statut: int = 200, erreur: str = "") -> HttpResponse:
        if statut != 200:
            self.contrat.refresh_from_db()
        contexte = {
            "avenant": self.avenant,
            "contrat": self.contrat,
            "formulaire": formulaire,
            "erreur": erreur,
            "natures": UN_A_UN,
            "organismes": organismes_proposes(Annuaire(self.agent)),
            "modifiable": self.avenant.modifiable,
        }
        return render(self.request, "avenants/effet_ajouter.html", contexte, status=statut)


class EffetRetirerView(AvenantDetailView):
    """Retire un effet de l'avenant (POST)."""

    acte = Acte.MODIFIER
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        effet = get_object_or_404(Effet, avenant__contrat=self.contrat, pk=pk)
        try:
            atelier.retirer(self.avenant, effet, version=lire_version(request.POST), par=self.agent)
        except (*PERIMES, TexteModifieDepuis) as erreur:
            self.contrat.refresh_from_db()
            return self.page(409, erreur=f"{erreur} Relisez, puis recommencez.")
        messages.success(request, "Effet retiré.")
        return redirect("avenants:avenant-detail", self.contrat.slug)


def _phrases(erreur: ValidationError | DonneeManquante) -> list[str]:
    return erreur.messages if isinstance(erreur, ValidationError) else [str(erreur)]
