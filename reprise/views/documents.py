"""La reprise d'un document : déposer, relire le document face à ce qui est compris, écrire."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from comptes.models import Utilisateur
from contrats.atelier.enregistrement import lire_version
from contrats.atelier.page import moment
from contrats.contenu.forme import ContenuInvalide
from contrats.enums import TypeContrat
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from contrats.reprise import territoires_de_reprise
from edition.ecriture import VersionPerimee
from gouvernance.models import Session
from reprise import sessions
from reprise.ecriture import RepriseImpossible
from reprise.gestes import Gestes
from reprise.lecture import DocumentRefuse
from reprise.models import DocumentRepris
from reprise.presentation import PAR_PAGE, Page
from reprise.rapprochement import territoire_cite
from reprise.views.depot import DepotForm, champ_de_depot, octets_deposes
from reprise.views.retours import en_telechargement

REFUS = (RepriseImpossible, VersionPerimee, ContenuInvalide, ValidationError)


class DocumentForm(DepotForm):
    fichier = champ_de_depot(
        "Document du contrat",
        "Word (DOCX), ODT, PDF avec du texte, page HTML, Markdown ou texte ; 20 Mo au plus. Rien "
        "n'est écrit avant que vous l'ayez relu.",
        ".docx,.odt,.pdf,.html,.htm,.md,.txt",
    )


class DocumentListView(View):
    """Déposer un document, et retrouver les reprises en cours ou passées."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.agent = cast(Utilisateur, request.user)
        if not territoires_de_reprise(self.agent):
            raise PermissionDenied(sessions.REPRENDRE)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(DocumentForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        formulaire = DocumentForm(request.POST, request.FILES)
        if not formulaire.is_valid():
            return self.page(formulaire, status=400)
        nom, octets = octets_deposes(formulaire)
        try:
            document = sessions.deposer(nom, octets, par=self.agent)
        except DocumentRefuse as erreur:
            formulaire.add_error("fichier", str(erreur))
            return self.page(formulaire, status=400)
        return redirect(document)

    def page(self, formulaire: forms.Form, status: int = 200) -> HttpResponse:
        documents = DocumentRepris.objects.visibles_par(self.agent).pour_liste()
        page = Paginator(documents, 40).get_page(self.request.GET.get("page"))
        contexte = {
            "formulaire": formulaire,
            "page_obj": page,
            "lignes": [{"objet": d, "quand": moment(d.depose_le)} for d in page],
        }
        return render(self.request, "reprise/document_list.html", contexte, status=status)


class DocumentView(View):
    """Base : un document que l'agent peut voir ; hors d'eux, 404."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        visibles = DocumentRepris.objects.visibles_par(self.agent)
        visibles = visibles.select_related("contrat", "session__contrat", "depose_par").defer(
            "fichier"
        )
        self.document = get_object_or_404(visibles, public_id=kwargs["public_id"])


class DocumentFichierView(DocumentView):
    """Le fichier d'origine, octet pour octet."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        octets = bytes(self.document.fichier)
        return en_telechargement(octets, self.document.nom, "application/octet-stream")


class DocumentDetailView(DocumentView):
    """Le document à gauche, ce qui est compris à droite ; chaque bouton marche sans script."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger()
        geste = request.POST.get("geste", "")
        gestes = Gestes(
            self.document, request.POST, version=lire_version(request.POST), par=self.agent
        )
        try:
            if geste == "ecrire":
                return self.vers(gestes.ecrire())
            phrase = gestes.faire(geste)
        except REFUS as erreur:
            self.document.refresh_from_db()
            return self.page(erreur=_phrase(erreur), status=409)
        messages.success(request, phrase)
        return redirect(f"{self.document.get_absolute_url()}{self.suite(request)}")

    def exiger(self) -> None:
        """Qui l'a déposé ; une fois écrit, qui peut ouvrir un contrat depuis celui-là."""
        session = self.document.session
        contrat = session.contrat if session else self.document.contrat
        sien = self.document.depose_par_id == self.agent.pk or self.agent.is_superuser
        if not (sien if contrat is None else peut(self.agent, Acte.OUVRIR, contrat)):
            raise PermissionDenied(sessions.REPRENDRE)

    def vers(self, ecrit: Contrat | Session) -> HttpResponse:
        if isinstance(ecrit, Session):
            messages.success(self.request, "Session écrite, en préparation.")
            return redirect(ecrit)
        messages.success(self.request, "Contrat écrit, en préparation : il reste à le relire.")
        return redirect("contrats:contrat-cycle", ecrit.slug)

    def suite(self, request: HttpRequest) -> str:
        """On revient là où l'on était : même vue, au passage suivant."""
        vue = "doutes" if request.POST.get("vue") == "doutes" else ""
        numero = request.POST.get("page", "")
        question = f"?vue={vue}" if vue else f"?page={numero}" if numero.isdecimal() else ""
        ancre = request.POST.get("ancre", "")
        return question + (f"#{ancre}" if ancre.replace("-", "").isalnum() else "")

    def page(self, erreur: str = "", status: int = 200) -> HttpResponse:
        contexte: dict[str, Any] = {
            "document": self.document,
            "depose": moment(self.document.depose_le),
            "erreur": erreur,
        }
        if self.document.est_ouvert:
            contexte |= self.ouvert()
        return render(self.request, "reprise/document_detail.html", contexte, status=status)

    def ouvert(self) -> dict[str, Any]:
        question = self.request.GET
        page = Page(self.document, sessions.compris_de(self.document), question.get("vue", ""))
        ouvert = question.get("passage", "")
        numero = question.get("page") or (page.numero_de_page(ouvert) if ouvert else 1)
        feuille = Paginator(page.lignes, PAR_PAGE).get_page(numero)
        territoires = territoires_de_reprise(self.agent)
        return {
            "territoire": territoire_cite(page.compris, territoires),
            "page": page,
            "page_obj": feuille,
            "lignes": [_ligne(page, ligne, ouvert) for ligne in feuille],
            "types": TypeContrat.choices,
            "territoires": territoires,
            "contrats": self.contrats() if page.compris.deliberation or page.session else [],
        }

    def contrats(self) -> Any:
        """Ceux auxquels une délibération ou une session peut s'attacher."""
        return Contrat.objects.habilites(self.agent).order_by("intitule_court", "pk")[:200]


def _ligne(page: Page, ligne: Any, ouvert: str) -> dict[str, Any]:
    """La ligne, et ses choix si elle est à décider ou ouverte."""
    deplie = ligne.a_decider or ligne.id == ouvert
    place = ligne.place
    return {
        "l": ligne,
        "ouverte": ligne.id == ouvert,
        "propositions": page.propositions(place) if ligne.a_decider else [],
        "options": page.options(place) if deplie else [],
    }


def _phrase(erreur: Exception) -> str:
    return " ".join(erreur.messages) if isinstance(erreur, ValidationError) else str(erreur)
