"""Répondre depuis un téléphone, sans compte : le lien est le seul droit, sur ses seules actions.

Ces pages n'ouvrent pas de session et n'emploient pas de biscuit : le jeton de l'adresse, que
personne ne devine, tient lieu de protection contre les envois forgés.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from campagnes import liens, reponses
from campagnes.forms import ReponseForm
from campagnes.models import Demande, Reponse
from campagnes.parcours import Parcours
from contrats.atelier.enregistrement import lire_version

TAPES = [
    ("statut", "État"),
    ("avancement", "Avancement"),
    ("echeance", "Prochaine date"),
    ("phrase", "Phrase"),
]


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class SurLienView(View):
    """Base : un lien en vigueur. Forgé, expiré, révoqué ou d'un autre : même page, même statut."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.parcours = Parcours(liens.ouvrir(kwargs["jeton"]), kwargs["jeton"])
            reponse = super().dispatch(request, *args, **kwargs)
        except liens.LienInvalide:
            reponse = lien_invalide(request)
        # L'adresse porte le jeton : elle ne va pas au journal.
        reponse._has_been_logged = True  # type: ignore[attr-defined]
        reponse["Cache-Control"] = "private, no-cache"
        reponse["X-Robots-Tag"] = "noindex"
        return reponse


def lien_invalide(request: HttpRequest) -> HttpResponse:
    """Rien n'est ouvert ni écrit ; ce qui vient d'être tapé est rendu, à copier."""
    tapes = [(mot, request.POST.get(nom, "").strip()) for nom, mot in TAPES]
    texte = "\n".join(f"{mot} : {valeur}" for mot, valeur in tapes if valeur)
    return render(request, "campagnes/lien_invalide.html", {"texte": texte}, status=404)


class LienView(SurLienView):
    """Ce qu'on lui demande, et où il en est ; commencer se dit par un bouton, pas en lisant."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "campagnes/lien.html", {"parcours": self.parcours})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        reponses.noter_l_ouverture(self.parcours.destinataire)
        return redirect(self.parcours.premiere)


class DemandeView(SurLienView):
    """Une action par écran."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        demande = self.parcours.demande(kwargs["rang"])
        derniere = demande.reponses.order_by("-recue_le", "-pk").first()
        initial = depart(demande, derniere)
        formulaire = ReponseForm(demande.action, initial=initial)
        return self.page(demande, derniere, formulaire)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        demande = self.parcours.demande(kwargs["rang"])
        formulaire = ReponseForm(demande.action, request.POST, request.FILES)
        if not formulaire.is_valid():
            derniere = demande.reponses.order_by("-recue_le", "-pk").first()
            return self.page(demande, derniere, formulaire, status=400)
        reponses.repondre(
            demande,
            formulaire.suivi(),
            version=lire_version(request.POST) or demande.action.version,
            piece=formulaire.cleaned_data["piece"],
        )
        return redirect(self.parcours.apres(demande))

    def page(
        self,
        demande: Demande,
        derniere: Reponse | None,
        formulaire: ReponseForm,
        status: int = 200,
    ) -> HttpResponse:
        contexte = {
            "parcours": self.parcours,
            "demande": demande,
            "derniere": derniere,
            "pieces": list(derniere.pieces.sans_contenu()) if derniere else [],
            "formulaire": formulaire,
            "passer": self.parcours.passer(demande),
        }
        return render(self.request, "campagnes/lien_demande.html", contexte, status=status)


def depart(demande: Demande, derniere: Reponse | None) -> dict[str, Any]:
    """Ce que montre l'écran : sa dernière réponse, sinon ce qui est écrit de l'action."""
    action = demande.action
    if derniere is None:
        ecrit = {c: getattr(action, c) for c in ("statut", "avancement", "echeance")}
        return ecrit | {"phrase": ""}
    champs = ("statut", "avancement", "echeance", "phrase")
    return {c: getattr(derniere, c) for c in champs}
