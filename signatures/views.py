"""Les écrans d'agent : préparer, suivre, constater, recevoir, annuler."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views import View

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from contrats.transitions import DonneeManquante, TransitionImpossible
from documents.figes import stockage
from documents.rendu import RenduImpossible
from signatures import confier, gestes, preparation, transitions
from signatures.assemblage import assembler
from signatures.enums import EtatSignataire, TransitionSignataire
from signatures.forms import CampagneForm, ConstatForm, MotifForm, SignataireForm
from signatures.models import CampagneSignature, PieceSignee, Signataire
from signatures.parapheurs import ParapheurInjoignable, parapheur
from signatures.pieces import PieceRefusee
from signatures.presentation import faits, lignes, resume
from signatures.sceau import SceauImpossible
from signatures.tables import possibles

PAR_PAGE = 40
ECHECS = (
    TransitionImpossible,
    DonneeManquante,
    RenduImpossible,
    stockage.OctetsAlteres,
    SceauImpossible,
)


class AgentView(View):
    """Page d'un agent ; `acte` est ce que son rôle doit permettre sur le contrat."""

    acte = Acte.LIRE_ATELIER
    contrat: Contrat

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        self.trouver(**kwargs)

    def trouver(self, **kwargs: Any) -> None:
        """Pose l'objet de l'adresse, et `self.contrat` ; hors périmètre, 404."""
        campagnes = CampagneSignature.objects.visibles_par(self.agent).pour_liste()
        self.campagne = get_object_or_404(campagnes, public_id=kwargs["public_id"])
        self.contrat = self.campagne.document.contrat

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not peut(self.agent, self.acte, self.contrat):
            raise PermissionDenied(f"{self.acte.label} : votre rôle ne le permet pas.")
        return super().dispatch(request, *args, **kwargs)

    @property
    def conduit(self) -> bool:
        return peut(self.agent, Acte.CONDUIRE, self.contrat)


class ContratSignaturesView(AgentView):
    """Les campagnes d'un contrat, et de quoi en préparer une."""

    def trouver(self, **kwargs: Any) -> None:
        contrats = Contrat.objects.habilites(self.agent)
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(CampagneForm(self.contrat) if self.conduit else None)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.conduit:
            raise PermissionDenied("Préparer une signature : votre rôle ne le permet pas.")
        form = CampagneForm(self.contrat, request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        try:
            campagne = preparation.preparer(form.save(commit=False), par=self.agent)
        except TransitionImpossible as erreur:
            form.add_error("document", str(erreur))
            return self.page(form, status=409)
        return redirect(campagne)

    def page(self, form: CampagneForm | None, status: int = 200) -> HttpResponse:
        siennes = CampagneSignature.objects.visibles_par(self.agent)
        siennes = siennes.filter(document__contrat=self.contrat).pour_liste()
        page = Paginator(siennes, PAR_PAGE).get_page(self.request.GET.get("page"))
        contexte = {"contrat": self.contrat, "page_obj": page, "formulaire": form}
        return render(self.request, "signatures/signature_list.html", contexte, status=status)


class SignatureDetailView(AgentView):
    """Où en est chaque signataire, et par où continuer."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def page(self, motif: MotifForm | None = None, erreur: str = "", status: int = 200) -> Any:
        siens = list(self.campagne.signataires.pour_page())
        contexte = {
            "campagne": self.campagne,
            "contrat": self.contrat,
            "lignes": lignes(siens),
            "resume": resume(self.campagne, siens),
            "faits": faits(self.campagne),
            "conduit": self.conduit,
            "motif_form": motif or MotifForm(),
            "erreur": erreur,
        }
        return render(self.request, "signatures/signature_detail.html", contexte, status=status)


class ConduireView(SignatureDetailView):
    """Un bouton de la campagne : lancer, relancer, renvoyer en relecture."""

    acte = Acte.CONDUIRE
    http_method_names = ["post"]
    GESTES = ("lancer", "relancer", "assembler", "relecture")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        geste = request.POST.get("geste", "")
        motif = MotifForm(request.POST) if geste == "relecture" else None
        if motif and not motif.is_valid():
            return self.page(motif, status=400)
        try:
            if geste not in self.GESTES:
                raise TransitionImpossible("Choisissez une des actions proposées.")
            messages.success(request, getattr(self, geste)())
        except ECHECS as erreur:
            return self.page(motif, erreur=str(erreur), status=409)
        return redirect(self.campagne)

    def assembler(self) -> str:
        assembler(self.campagne, par=self.agent)
        return "PDF assemblé : le document et ses signatures, les originaux joints tels quels."

    def lancer(self) -> str:
        nombre = transitions.lancer(self.campagne, par=self.agent)
        return f"Campagne lancée : {nombre} signataire{'s' if nombre > 1 else ''} à attendre."

    def relancer(self) -> str:
        nombre = transitions.relancer(self.campagne, par=self.agent)
        return f"Relance : {nombre} courriel{'s' if nombre > 1 else ''}."

    def relecture(self) -> str:
        motif = self.request.POST.get("motif", "")
        preparation.renvoyer_en_relecture(self.campagne, par=self.agent, motif=motif)
        return "Renvoyé en relecture : ce qui était signé est annulé, chacun est prévenu."


class AssemblageView(AgentView):
    """Le PDF final, tel qu'il est gardé."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.campagne.assemblage:
            raise Http404("Le PDF signé n'est pas encore assemblé.")
        nom = f"{self.contrat.slug}-signe-{self.campagne.document.code}.pdf"
        return _fichier(self.campagne.chemin_assemblage, "application/pdf", nom)


def _fichier(chemin: str, genre: str, nom: str) -> HttpResponse:
    """Des octets gardés : toujours à enregistrer, jamais ouverts dans la page."""
    try:
        octets = stockage.lire(chemin)
    except stockage.OctetsAlteres as erreur:
        raise Http404(str(erreur)) from erreur
    reponse = HttpResponse(octets, content_type=genre)
    reponse["Content-Disposition"] = content_disposition_header(True, nom)
    reponse["Cache-Control"] = "private, no-store"
    return reponse


class SignataireView(AgentView):
    """Base des écrans d'un signataire."""

    def trouver(self, **kwargs: Any) -> None:
        siens = Signataire.objects.visibles_par(self.agent).pour_page()
        self.signataire = get_object_or_404(siens, public_id=kwargs["public_id"])
        self.campagne = self.signataire.campagne
        self.contrat = self.campagne.document.contrat

    def page(
        self,
        identite: SignataireForm | None = None,
        constat: ConstatForm | None = None,
        status: int = 200,
        **contexte: Any,
    ) -> HttpResponse:
        s = self.signataire
        contexte = {"erreur": "", "refus": []} | contexte
        contexte |= {"signataire": s, "campagne": self.campagne, "contrat": self.contrat}
        contexte["parapheur"] = self.conduit and parapheur() and s.etat in EtatSignataire.attendus()
        contexte |= {"conduit": self.conduit, "formulaire": constat or identite}
        contexte["pieces"] = list(s.pieces.select_related("recue_par").order_by("-recue_le", "-pk"))
        contexte["passages"] = list(s.passages.select_related("par").order_by("-le", "-pk"))
        contexte["identite"] = identite or SignataireForm(instance=s)
        contexte["constats"] = self.constats(constat)
        return render(self.request, "signatures/signataire_detail.html", contexte, status=status)

    def constats(self, rendu: ConstatForm | None) -> list[ConstatForm]:
        """Ce que l'on peut constater de lui ; le formulaire refusé revient tel qu'il fut rempli."""
        if not self.conduit or not self.campagne.lancee_le or self.campagne.motif:
            return []
        refait = rendu.transition if rendu else None
        transitions = possibles(self.signataire.etat)
        return [
            rendu if rendu and t == refait else ConstatForm(self.signataire, t) for t in transitions
        ]


class SignataireDetailView(SignataireView):
    """Un signataire : qui il est, ce qu'il a rendu, ce qui peut s'en constater."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        transitions.exiger(self.agent, self.campagne)
        form = SignataireForm(request.POST, instance=self.signataire)
        if not form.is_valid():
            return self.page(form, status=400)
        form.save()
        messages.success(request, f"« {self.signataire} » enregistré.")
        return redirect(self.campagne)


class ConstaterView(SignataireView):
    """Constate un envoi, une réception, une signature, un refus, une annulation."""

    acte = Acte.CONDUIRE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        dite = request.POST.get("transition", "")
        if dite not in TransitionSignataire.values:
            return self.page(erreur="Choisissez une des actions proposées.", status=400)
        transition = TransitionSignataire(dite)
        form = ConstatForm(self.signataire, transition, request.POST, request.FILES)
        if not form.is_valid():
            return self.page(constat=form, status=400)
        return self.constater(form)

    def constater(self, form: ConstatForm) -> HttpResponse:
        try:
            messages.success(self.request, gestes.constater(self.signataire, form, par=self.agent))
        except PieceRefusee as refus:
            form.add_error("piece", str(refus))
            return self.page(constat=form, refus=refus.details, status=400)
        except DonneeManquante as manque:
            form.add_error(manque.champ if manque.champ in form.fields else None, str(manque))
            return self.page(constat=form, status=400)
        except TransitionImpossible as erreur:
            self.signataire.refresh_from_db()
            return self.page(erreur=str(erreur), status=409)
        return redirect(self.campagne)


class ParapheurView(SignataireView):
    """Confie le document au parapheur, ou relève ce qu'il en est."""

    acte = Acte.CONDUIRE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            if self.signataire.dossier:
                messages.success(request, confier.relever(self.signataire, par=self.agent))
            else:
                confier.confier(self.signataire, par=self.agent)
                messages.success(request, "Déposé dans le parapheur.")
        except (TransitionImpossible, ParapheurInjoignable) as erreur:
            return self.page(erreur=str(erreur), status=409)
        return redirect(self.signataire)


class PieceView(SignataireView):
    """Une pièce reçue, telle quelle : toujours à enregistrer, jamais ouverte dans la page."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        siennes = PieceSignee.objects.filter(signataire=self.signataire)
        piece = get_object_or_404(siennes, pk=kwargs["piece"])
        return _fichier(piece.chemin, piece.type, piece.nom)
