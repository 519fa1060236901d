"""La page « Cohérence » d'un contrat : ce que le contrôle trouve, ce que l'on en admet."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from coherence.forms import EcarterForm
from coherence.service import ConstatInconnu, bilan, ecarter, reprendre
from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut


class ContratCoherenceView(View):
    """Lue de qui a un rôle sur le contrat (sinon 404) ; écarter demande de pouvoir modifier."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)  # LoginRequiredMiddleware est passé
        contrats = Contrat.objects.habilites(self.agent)
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        cle, formulaire = request.POST.get("cle", ""), EcarterForm(request.POST)
        try:
            if request.POST.get("geste") == "reprendre":
                reprendre(self.contrat, cle, par=self.agent)
                messages.success(request, "Repris : ce constat compte de nouveau.")
            elif formulaire.is_valid() or not peut(self.agent, Acte.MODIFIER, self.contrat):
                motif = formulaire.cleaned_data.get("motif", "")
                ecarter(self.contrat, cle, motif, par=self.agent)
                messages.success(request, "Écarté : il reviendra si le texte ou la donnée change.")
            else:
                return self.page(400, cle, formulaire)
        except ConstatInconnu as erreur:
            return self.page(409, erreur=str(erreur))
        return redirect("coherence:contrat-coherence", self.contrat.slug)

    def page(
        self,
        statut: int = 200,
        cle: str = "",
        formulaire: EcarterForm | None = None,
        erreur: str = "",
    ) -> HttpResponse:
        fait = bilan(self.contrat, par=self.agent)
        groupes = [
            (gravite, [(c, _champ(c.cle, formulaire if c.cle == cle else None)) for c in constats])
            for gravite, constats in fait.groupes
        ]
        contexte = {
            "contrat": self.contrat,
            "bilan": fait,
            "groupes": groupes,
            "ecarte": peut(self.agent, Acte.MODIFIER, self.contrat),
            "erreur": erreur,
        }
        return render(self.request, "coherence/contrat_coherence.html", contexte, status=statut)


def _champ(cle: str, envoye: EcarterForm | None) -> EcarterForm:
    """Le formulaire d'un constat : chacun a ses identifiants."""
    formulaire = EcarterForm(envoye.data if envoye else None)
    formulaire.auto_id = f"id_{cle}_%s"
    return formulaire
