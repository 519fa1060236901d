"""La corbeille et les actes groupés : ce qui se récupère, ce qui se défait ensemble."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from comptes.models import Utilisateur
from contrats import corbeille, lots
from contrats.atelier.enregistrement import lire_version
from contrats.atelier.page import moment
from contrats.contenu.forme import ContenuInvalide
from contrats.models import Contrat, Fiche
from contrats.permissions import Acte, peut
from contrats.transitions import TransitionImpossible
from contrats.views.atelier_historique import ActeDeVersionView
from edition.ecriture import VersionPerimee
from edition.models import Lot


def fiches_et_corbeille(agent: Utilisateur) -> Any:
    """Toutes les fiches des contrats de l'agent, supprimées comprises."""
    fiches = Fiche.objects.select_related("contrat", "supprimee_par")
    if agent.is_superuser:
        return fiches
    return fiches.filter(contrat__in=Contrat.objects.habilites(agent))


def supprimees(agent: Utilisateur) -> Any:
    """Les fiches à la corbeille, la dernière d'abord."""
    fiches = fiches_et_corbeille(agent).filter(supprimee_le__isnull=False)
    return fiches.order_by("-supprimee_le", "-pk")


class CorbeilleView(View):
    """Les fiches supprimées depuis trente jours au plus, et jusqu'à quand elles se récupèrent."""

    def get(self, request: HttpRequest) -> HttpResponse:
        agent = cast(Utilisateur, request.user)
        lignes = [
            {
                "fiche": fiche,
                "quand": moment(fiche.supprimee_le),
                "jusqu_au": fiche.supprimee_le + corbeille.DUREE,
                "recuperable": peut(agent, Acte.SUPPRIMER, fiche),
            }
            for fiche in supprimees(agent)
        ]
        return render(request, "contrats/corbeille.html", {"lignes": lignes})


class FicheSupprimerView(ActeDeVersionView):
    """Met la fiche à la corbeille."""

    retour = "mes-fiches"

    def agir(self, version: int) -> str:
        corbeille.supprimer(self.fiche, version=version, par=self.agent)
        return f"« {self.fiche} » est à la corbeille pour trente jours."


class FicheRecupererActionView(ActeDeVersionView):
    """Remet une action retirée dans la fiche d'aujourd'hui."""

    def agir(self, version: int) -> str:
        identifiant = str(self.kwargs["retiree"])
        faite = corbeille.recuperer_action(self.fiche, identifiant, version=version, par=self.agent)
        if faite is None:
            raise Http404("Cette action n'est pas à récupérer.")
        return f"Action récupérée : c'est la version {faite.numero}."


class FicheRecupererView(View):
    """Sort une fiche de la corbeille."""

    http_method_names = ["post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        self.fiche = get_object_or_404(
            fiches_et_corbeille(self.agent), public_id=kwargs["public_id"]
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        fiche = self.fiche
        try:
            corbeille.recuperer(fiche, version=lire_version(request.POST), par=self.agent)
        except (VersionPerimee, TransitionImpossible) as erreur:
            messages.error(request, f"La fiche n'est pas récupérée : {erreur}")
            return redirect("contrats:corbeille")
        messages.success(request, f"« {fiche} » est sortie de la corbeille.")
        return redirect("contrats:fiche-historique", public_id=fiche.public_id)


class LotView(View):
    """Un acte groupé : les fiches qu'il a changées ; le défaire (POST) les ramène ensemble."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        siens = Lot.objects.select_related("auteur", "defait_par")
        if not self.agent.is_superuser:
            contrats = Contrat.objects.habilites(self.agent).values("pk")
            siens = siens.filter(versions__fiche__contrat__in=contrats).distinct()
        self.lot = get_object_or_404(siens, public_id=kwargs["public_id"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.lot.lignes.exists():  # un changement d'actions se lit, et s'annule, ligne à ligne
            return redirect("contrats:changement-detail", public_id=self.lot.public_id)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "contrats/lot_detail.html", self.contexte())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            defaite = lots.defaire(self.lot, par=self.agent)
        except (lots.DejaDefait, TransitionImpossible, ContenuInvalide, VersionPerimee) as erreur:
            contexte = self.contexte(erreur=str(erreur))
            return render(request, "contrats/lot_detail.html", contexte, status=409)
        messages.success(request, f"Lot défait sur {len(defaite.faites)} fiche(s).")
        for fiche in defaite.restees:
            messages.warning(request, f"« {fiche} » a changé depuis : elle reste telle quelle.")
        return redirect("contrats:lot-detail", public_id=self.lot.public_id)

    def contexte(self, erreur: str = "") -> dict[str, Any]:
        versions = lots.versions(self.lot)
        permis = all(peut(self.agent, Acte.RESTAURER, v.fiche) for v in versions)
        return {
            "lot": self.lot,
            "quand": moment(self.lot.cree_le),
            "versions": versions,
            "defaisable": permis and self.lot.defait_le is None,
            "erreur": erreur,
        }
