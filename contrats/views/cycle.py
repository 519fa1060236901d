"""Le cycle de vie dans l'atelier : la prochaine étape, les gestes permis, commentaires et journal.

Trois objets, les mêmes vues : une page (GET), une transition (POST), un commentaire (POST).
"""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from comptes.models import Utilisateur
from comptes.preuve import demander_une_preuve, preuve_fraiche
from contrats import transitions
from contrats.atelier.commentaires import (
    FormulaireCommentaire,
    commentaires_de,
    commentaires_lisibles,
    resoudre,
)
from contrats.atelier.cycle import Cycle, FormulaireTransition
from contrats.atelier.enregistrement import lire_version
from contrats.atelier.page import lecteurs, moment
from contrats.atelier.signature import signature_a_constater
from contrats.etape import avec_depuis, avec_signataires, prochaine_etape
from contrats.models import Action, Commentaire, Contrat, Fiche, OriginalSigne, Partenariat
from contrats.permissions import Acte, contrats_permis, nom_du_role, peut
from contrats.transitions.socle import TRANSITIONS, Objet
from edition.ecriture import VersionPerimee

APPELS_FICHE = {
    transition: getattr(transitions, f"{transition.value}_fiche")
    for transition in transitions.TransitionFiche
}
# Ce qu'une transition refusée rend, page à l'appui.
REFUS: dict[type[Exception], int] = {
    ValidationError: 400,
    transitions.AutrePersonneAttendue: 403,
    transitions.TransitionImpossible: 409,
    VersionPerimee: 409,
}


def adresse_du_cycle(objet: Objet) -> str:
    """La page du cycle de vie d'un objet."""
    if isinstance(objet, Contrat):
        return reverse("contrats:contrat-cycle", args=[objet.slug])
    nom = "fiche-cycle" if isinstance(objet, Fiche) else "action-cycle"
    return reverse(f"contrats:{nom}", args=[objet.public_id])


def etape_de(objet: Objet, lecteur: Any) -> dict[str, Any]:
    """Pour une page publique : la prochaine étape, si le lecteur a un rôle sur le contrat."""
    if not peut(lecteur, Acte.LIRE_ATELIER, objet):
        return {"etape": None}
    return {"etape": prochaine_etape(objet, lecteur), "adresse_cycle": adresse_du_cycle(objet)}


class CycleView(View):
    """La page d'un objet d'un contrat où l'agent a un rôle : ailleurs, 404."""

    modele: type[Objet]
    gabarit: str
    formulaire_refuse: FormulaireTransition | None = None
    commentaire_refuse: FormulaireCommentaire | None = None
    erreur = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)  # LoginRequiredMiddleware est passé
        cle = {nom: kwargs[nom] for nom in ("public_id", "slug") if nom in kwargs}
        self.objet = get_object_or_404(self.lignes(), **cle)

    def lignes(self) -> QuerySet:
        contrats = Contrat.objects.habilites(self.agent)
        if self.modele is Contrat:
            return avec_signataires(contrats).select_related("parent")
        lignes = self.modele.objects.filter(contrat__in=contrats).select_related("contrat")
        if self.modele is Action:
            pilotes = Partenariat.objects.select_related("organisme").order_by("ordre", "pk")
            return lignes.select_related("fiche__contrat", "regroupee_dans").prefetch_related(
                Prefetch("partenariats", pilotes)
            )
        return lignes

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def page(self, statut: int = 200) -> HttpResponse:
        return render(self.request, self.gabarit, self.contexte(), status=statut)

    def contexte(self) -> dict[str, Any]:
        objet, agent = self.objet, self.agent
        propre = (
            self.contexte_du_contrat(objet)
            if isinstance(objet, Contrat)
            else self.contexte_des_commentaires(objet)
        )
        return propre | {
            "objet": objet,
            "cycle": Cycle(objet, agent, self.formulaire_refuse),
            "erreur": self.erreur,
            "role": nom_du_role(agent, objet),
            "modifiable": peut(agent, Acte.MODIFIER, objet),
        }

    def contexte_des_commentaires(self, objet: Fiche | Action) -> dict[str, Any]:
        genre = "fiche" if isinstance(objet, Fiche) else "action"
        return {
            "lecteurs": lecteurs(objet) if isinstance(objet, Fiche) else "",
            "commentable": peut(self.agent, Acte.COMMENTER, objet),
            "commentaires": [{"c": c, "quand": moment(c.cree_le)} for c in commentaires_de(objet)],
            "formulaire": self.commentaire_refuse or FormulaireCommentaire(objet),
            "adresse_commenter": reverse(f"contrats:{genre}-commenter", args=[objet.public_id]),
        }

    def contexte_du_contrat(self, contrat: Contrat) -> dict[str, Any]:
        return {
            "gere_les_personnes": peut(self.agent, Acte.GERER_PERSONNES, contrat),
            "publiable": peut(self.agent, Acte.PUBLIER, contrat),
            "nb_fiches": contrat.fiches.count(),
            "ouvre_une_suite": peut(self.agent, Acte.OUVRIR, contrat),
            "original": OriginalSigne.objects.filter(contrat=contrat).defer("octets").first(),
            "signature": signature_a_constater(contrat, self.agent, preuve_fraiche(self.request)),
        }


class FicheCycleView(CycleView):
    modele = Fiche
    gabarit = "contrats/fiche_cycle.html"


class ActionCycleView(CycleView):
    modele = Action
    gabarit = "contrats/action_cycle.html"


class ContratCycleView(CycleView):
    modele = Contrat
    gabarit = "contrats/contrat_cycle.html"


class Franchir(CycleView):
    """Une transition (POST) : refusée, elle rend la page avec ce qu'on y a écrit."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, transition: str, **kwargs: Any) -> HttpResponse:
        vocabulaire = TRANSITIONS[self.modele]
        if transition not in vocabulaire.values:
            raise Http404("Cette transition n'existe pas.")
        formulaire = FormulaireTransition(self.objet, vocabulaire(transition), request.POST)
        try:
            self.franchir(formulaire)
        except transitions.PreuveManquante as demande:
            messages.info(request, str(demande))
            return demander_une_preuve(adresse_du_cycle(self.objet))
        except tuple(REFUS) as refus:
            return self.refuser(formulaire, refus)
        messages.success(request, f"{formulaire.transition.label} : c'est fait.")
        return redirect(adresse_du_cycle(self.objet))

    def refuser(self, formulaire: FormulaireTransition, refus: Exception) -> HttpResponse:
        statut = REFUS[type(refus)]
        if statut != 400:
            self.objet = get_object_or_404(self.lignes(), pk=self.objet.pk)
            suite = " Vérifiez l'état actuel, puis recommencez." if statut == 409 else ""
            self.erreur = f"{refus}{suite}"
        # La version montrée est l'actuelle : recommencer, après avoir lu, est un choix.
        formulaire.data = formulaire.data.copy()
        formulaire.data["version"] = str(self.objet.version)
        self.formulaire_refuse = formulaire
        return self.page(statut)

    def franchir(self, formulaire: FormulaireTransition) -> None:
        """Le droit et l'état d'abord : un formulaire incomplet ne les contourne pas."""
        transitions.verifier(self.objet, formulaire.transition, par=self.agent)
        if formulaire.is_valid():
            try:
                self.appeler(formulaire)
            except transitions.DonneeManquante as erreur:
                formulaire.add_error(erreur.champ, str(erreur))
        if formulaire.errors:
            raise ValidationError("Le formulaire dit ce qui manque.")

    def appeler(self, formulaire: FormulaireTransition) -> None:
        commun = {"version": lire_version(self.request.POST), "par": self.agent}
        arguments = formulaire.arguments()
        if isinstance(self.objet, Fiche):
            APPELS_FICHE[formulaire.transition](self.objet, **commun, **arguments)
        elif isinstance(self.objet, Action):
            transitions.suivre_action(self.objet, formulaire.transition, **commun, **arguments)
        else:
            if formulaire.transition == transitions.TransitionContrat.SIGNER:
                arguments["preuve"] = preuve_fraiche(self.request) or ""
            transitions.conduire_contrat(self.objet, formulaire.transition, **commun, **arguments)


class FicheFranchirView(Franchir, FicheCycleView):
    """Soumettre, valider, publier…"""


class ActionFranchirView(Franchir, ActionCycleView):
    """Lancer, reporter, terminer…"""


class ContratFranchirView(Franchir, ContratCycleView):
    """Adopter, signer, proroger…"""


class ContratOuvrirView(ContratCycleView):
    """Montre le contrat au public, ou le retire (POST)."""

    http_method_names = ["post"]
    ouvrir = True

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        acte = transitions.publier_contrat if self.ouvrir else transitions.depublier_contrat
        try:
            acte(self.objet, version=lire_version(request.POST), par=self.agent)
        except (VersionPerimee, transitions.TransitionImpossible) as erreur:
            self.objet = get_object_or_404(self.lignes(), pk=self.objet.pk)
            self.erreur = f"{erreur} Vérifiez l'état actuel, puis recommencez."
            return self.page(409)
        messages.success(request, "Contrat publié." if self.ouvrir else "Contrat dépublié.")
        return redirect(adresse_du_cycle(self.objet))


class Commenter(CycleView):
    """Un commentaire (POST) ; refusé, le texte reste dans la page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not peut(self.agent, Acte.COMMENTER, self.objet):
            raise PermissionDenied("Commenter : votre rôle sur ce contrat ne le permet pas.")
        formulaire = FormulaireCommentaire(self.objet, request.POST)
        if not formulaire.is_valid():
            self.commentaire_refuse = formulaire
            return self.page(400)
        formulaire.enregistrer(self.agent)
        messages.success(request, "Commentaire ajouté.")
        return redirect(f"{adresse_du_cycle(self.objet)}#commentaires")


class FicheCommenterView(Commenter, FicheCycleView):
    """Commente une fiche, une de ses sections ou une de ses actions."""


class ActionCommenterView(Commenter, ActionCycleView):
    """Commente une action."""


class CommentaireResoudreView(View):
    """Résout ou rouvre un commentaire (POST), et revient à la page d'où l'on vient."""

    http_method_names = ["post"]
    resolu = True

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        agent = cast(Utilisateur, request.user)
        commentaire: Commentaire = get_object_or_404(commentaires_lisibles(agent), pk=pk)
        resoudre(commentaire, par=agent, resolu=self.resolu)
        messages.success(request, f"Commentaire {'résolu' if self.resolu else 'rouvert'}.")
        objet: Any = commentaire.fiche or commentaire.action
        if isinstance(objet, Action) and objet.fiche and "fiche" in request.POST:
            objet = objet.fiche
        return redirect(f"{adresse_du_cycle(objet)}#commentaires")


class MesContratsView(View):
    """Les contrats où l'agent a un rôle, avec ce qu'on attend de lui."""

    def get(self, request: HttpRequest) -> HttpResponse:
        agent = cast(Utilisateur, request.user)
        contrats = avec_depuis(Contrat.objects.habilites(agent).pour_liste(), "contrat")
        lignes = [
            {
                "contrat": contrat,
                "role": nom_du_role(agent, contrat),
                "etape": prochaine_etape(contrat, agent),
            }
            for contrat in contrats
        ]
        reprend = agent.is_superuser or bool(contrats_permis(agent, Acte.OUVRIR))
        contexte = {"lignes": lignes, "reprend": reprend}
        return render(request, "contrats/mes_contrats.html", contexte)
