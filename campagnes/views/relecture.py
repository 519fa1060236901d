"""Relire les réponses : accepter, modifier ou renvoyer, une par une ou en lot."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header

from campagnes import reponses
from campagnes.conduite import CampagneImpossible
from campagnes.enums import EtatReponse
from campagnes.forms import RetourForm, SuiviForm
from campagnes.models import PieceJointe, Reponse
from campagnes.presentation import ligne_de
from campagnes.reponses import REFUS, DejaRelue
from campagnes.views.socle import AgentView
from contrats.atelier.enregistrement import lire_version
from contrats.models import Action


class AccepterView(AgentView):
    """Accepte les réponses cochées, ou toutes celles de la page, telles que proposées."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        nom = "montree" if "toutes" in request.POST else "reponse"
        cles = [int(pk) for pk in request.POST.getlist(nom) if _est_une_cle(pk)]
        siennes = Reponse.objects.filter(demande__destinataire__campagne=self.campagne, pk__in=cles)
        couples = [
            (r, lire_version(request.POST, f"version-{r.pk}"))
            for r in siennes.a_relire().pour_relecture()
        ]
        self.dire(reponses.accepter_en_lot(couples, par=self.agent))
        return redirect(self.campagne)

    def dire(self, bilan: reponses.Bilan) -> None:
        if not bilan.acceptees and not bilan.refus:
            messages.warning(self.request, "Cochez au moins une réponse qui attend d'être relue.")
        elif bilan.acceptees:
            s = "s" if bilan.acceptees > 1 else ""
            suite = "Elles s'annulent" if s else "Elle s'annule"
            phrase = f"{bilan.acceptees} réponse{s} acceptée{s}. {suite} depuis cette page."
            messages.success(self.request, phrase)
        for reponse, raison in bilan.refus:
            messages.warning(self.request, f"« {reponse.demande.action} » : {raison}")


def _est_une_cle(texte: str) -> bool:
    return texte.isascii() and texte.isdigit() and len(texte) <= 15


class ReponseView(AgentView):
    """Base : la réponse de l'adresse, dans un contrat de l'agent."""

    def trouver(self, **kwargs: Any) -> None:
        visibles = Reponse.objects.visibles_par(self.agent).pour_relecture()
        self.reponse = get_object_or_404(visibles, pk=kwargs["pk"])
        self.campagne = self.reponse.demande.destinataire.campagne
        self.action: Action = self.reponse.demande.action
        self.contrat = self.action.contrat


class ReponseDetailView(ReponseView):
    """Une réponse : ce qu'elle change, la corriger, l'accepter, la renvoyer."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(SuiviForm(self.action, initial=self.proposition()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get("geste") == "renvoyer":
            return self.renvoyer()
        formulaire = SuiviForm(self.action, request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, status=400)
        version = lire_version(request.POST)
        suivi = formulaire.suivi()
        try:
            reponses.accepter(self.reponse, version=version, par=self.agent, suivi=suivi)
        except (*REFUS, DejaRelue) as erreur:
            return self.page(formulaire, erreur=str(erreur), status=409)
        messages.success(request, f"Réponse acceptée : « {self.action} » est à jour.")
        return self.suivante()

    def renvoyer(self) -> HttpResponse:
        retour = RetourForm(self.request.POST)
        formulaire = SuiviForm(self.action, initial=self.proposition())
        if not retour.is_valid():
            return self.page(formulaire, retour=retour, status=400)
        try:
            texte = retour.cleaned_data["retour"]
            reponses.renvoyer(self.reponse, texte, par=self.agent)
        except (CampagneImpossible, DejaRelue) as erreur:
            return self.page(formulaire, retour=retour, erreur=str(erreur), status=409)
        messages.success(self.request, "Réponse renvoyée à son auteur, par courriel.")
        return self.suivante()

    def suivante(self) -> HttpResponse:
        """La prochaine réponse à relire de la campagne, ou la campagne."""
        siennes = Reponse.objects.filter(demande__destinataire__campagne=self.campagne)
        prochaine = siennes.a_relire().order_by("recue_le", "pk").first()
        return redirect(prochaine or self.campagne)

    def proposition(self) -> dict[str, Any]:
        r = self.reponse
        return {
            "statut": r.statut,
            "avancement": self.action.avancement if r.avancement is None else r.avancement,
            "echeance": r.echeance or self.action.echeance,
            "phrase": r.phrase,
        }

    def page(
        self,
        formulaire: SuiviForm,
        *,
        retour: RetourForm | None = None,
        erreur: str = "",
        status: int = 200,
    ) -> HttpResponse:
        contexte = {
            "campagne": self.campagne,
            "ligne": ligne_de(self.reponse),
            "formulaire": formulaire,
            "retour": retour or RetourForm(),
            "erreur": erreur,
            "ouverte": self.reponse.etat == EtatReponse.RECUE,
        }
        return render(self.request, "campagnes/reponse_detail.html", contexte, status=status)


class PieceView(ReponseView):
    """Un fichier joint : toujours à enregistrer, jamais ouvert dans la page."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        siennes = PieceJointe.objects.filter(reponse=self.reponse)
        piece = get_object_or_404(siennes, pk=kwargs["piece"])
        reponse = HttpResponse(bytes(piece.contenu), content_type=piece.type)
        reponse["Content-Disposition"] = content_disposition_header(True, piece.nom)
        reponse["Cache-Control"] = "private, no-store"
        return reponse
