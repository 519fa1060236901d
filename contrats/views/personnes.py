"""Les personnes d'un contrat : rôles, invitations, et pourquoi l'on voit ce que l'on voit."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from comptes.models import Utilisateur
from contrats import invitations
from contrats.atelier.personnes import (
    FormulaireCompte,
    FormulaireInvitation,
    FormulairePourquoi,
    FormulaireRole,
)
from contrats.explication import expliquer
from contrats.models import Contrat, Habilitation

CONNEXION = "comptes.authentification.ConnexionParCourriel"


class PersonnesView(View):
    """Qui a un rôle sur le contrat, jusqu'à quand, et qui est invité."""

    invitation_refusee: FormulaireInvitation | None = None
    role_refuse: FormulaireRole | None = None
    erreur = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)  # LoginRequiredMiddleware est passé
        contrats = Contrat.objects.habilites(self.agent).select_related("parent")
        self.contrat = get_object_or_404(contrats, slug=kwargs["slug"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invitations.exiger_gestion(self.agent, self.contrat)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def page(self, statut: int = 200) -> HttpResponse:
        contexte = {
            "contrat": self.contrat,
            "roles": self.roles(),
            "heritees": self.heritees(),
            "invitations": self.contrat.invitations.ouvertes().select_related("invitee_par"),
            "formulaire": self.invitation_refusee or FormulaireInvitation(),
            "erreur": self.erreur,
        }
        return render(self.request, "contrats/contrat_personnes.html", contexte, status=statut)

    def roles(self) -> list[dict[str, Any]]:
        """Chaque habilitation du contrat et son formulaire ; celles en vigueur d'abord."""
        lignes = self.contrat.habilitations.select_related("utilisateur__organisme")
        lignes = lignes.order_by("utilisateur__nom", "utilisateur__prenom", "pk")
        refuse = self.role_refuse
        formulaires = [
            refuse if refuse and refuse.habilitation.pk == h.pk else FormulaireRole(h)
            for h in sorted(lignes, key=lambda h: not h.est_en_vigueur)
        ]
        return [{"h": f.habilitation, "formulaire": f} for f in formulaires]

    def heritees(self) -> list[Habilitation]:
        """Rôles venus des contrats parents : ils se changent là-bas."""
        parents, parent = [], self.contrat.parent
        while parent is not None:
            parents.append(parent.pk)
            parent = parent.parent
        lignes = Habilitation.objects.en_vigueur().filter(contrat__in=parents, aux_enfants=True)
        return list(lignes.select_related("utilisateur", "contrat").order_by("contrat", "pk"))

    def revenir(self, phrase: str) -> HttpResponse:
        messages.success(self.request, phrase)
        return redirect(reverse("contrats:contrat-personnes", args=[self.contrat.slug]))


class InviterView(PersonnesView):
    """Envoie une invitation (POST)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        formulaire = FormulaireInvitation(request.POST)
        if not formulaire.is_valid():
            self.invitation_refusee = formulaire
            return self.page(400)
        invitation = invitations.inviter(self.contrat, par=self.agent, **formulaire.cleaned_data)
        return self.revenir(f"Invitation envoyée à {invitation.email}.")


class HabilitationView(PersonnesView):
    """Change un rôle, ou le termine à l'instant (POST)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        habilitation = get_object_or_404(self.contrat.habilitations, pk=pk)
        if "terminer" in request.POST:
            invitations.terminer(habilitation, par=self.agent)
            return self.revenir(f"Rôle de {habilitation.utilisateur} terminé.")
        formulaire = FormulaireRole(habilitation, request.POST)
        if not formulaire.is_valid():
            self.role_refuse = formulaire
            return self.page(400)
        invitations.changer(habilitation, par=self.agent, **formulaire.cleaned_data)
        return self.revenir(f"Rôle de {habilitation.utilisateur} enregistré.")


class RevoquerView(PersonnesView):
    """Révoque une invitation (POST) : son lien n'ouvre plus rien."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        invitation = get_object_or_404(self.contrat.invitations, pk=pk)
        try:
            invitations.revoquer(invitation, par=self.agent)
        except invitations.InvitationFermee as erreur:
            self.erreur = str(erreur)
            return self.page(409)
        return self.revenir(f"Invitation de {invitation.email} révoquée.")


@method_decorator([login_not_required, never_cache], name="dispatch")
class InvitationView(View):
    """Le lien reçu : accepter avec son compte, ou créer le sien. Fermé, il n'ouvre rien (404)."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.jeton = kwargs["jeton"]
        self.invitation = invitations.trouver(self.jeton)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.invitation is None:
            return render(request, "contrats/invitation_fermee.html", status=404)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(FormulaireCompte(self.invitation.email))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return self.accepter(cast(Utilisateur, request.user))
        if self.a_un_compte:
            raise PermissionDenied("Connectez-vous pour accepter cette invitation.")
        formulaire = FormulaireCompte(self.invitation.email, request.POST)
        if not formulaire.is_valid():
            return self.page(formulaire, 400)
        # Le jeton, reçu à cette adresse, prouve qu'elle est à cette personne.
        compte = Utilisateur.objects.create_user(self.invitation.email, **formulaire.compte())
        login(request, compte, backend=CONNEXION)
        return self.accepter(compte)

    def accepter(self, compte: Utilisateur) -> HttpResponse:
        try:
            invitations.accepter(self.invitation, compte)
        except invitations.InvitationFermee:
            return render(self.request, "contrats/invitation_fermee.html", status=409)
        messages.success(self.request, f"Bienvenue sur « {self.invitation.contrat} ».")
        return redirect("contrats:mes-contrats")

    @property
    def a_un_compte(self) -> bool:
        return Utilisateur.objects.filter(email__iexact=self.invitation.email).exists()

    def page(self, formulaire: FormulaireCompte, statut: int = 200) -> HttpResponse:
        courriel = getattr(self.request.user, "email", "")
        contexte = {
            "invitation": self.invitation,
            "formulaire": formulaire,
            "a_un_compte": self.a_un_compte,
            "est_pour_moi": courriel.casefold() == self.invitation.email.casefold(),
        }
        return render(self.request, "contrats/invitation.html", contexte, status=statut)


class PourquoiView(View):
    """L'administration demande pourquoi une personne voit, ou ne voit pas, un objet."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied("Cette page est celle de l'administration de l'instance.")
        formulaire = FormulairePourquoi(request.GET or None)
        contexte: dict[str, Any] = {"formulaire": formulaire, "explication": None}
        statut = 200
        if formulaire.is_bound:
            if formulaire.is_valid():
                qui, quoi = formulaire.cleaned_data["personne"], formulaire.cleaned_data["objet"]
                contexte |= {"qui": qui, "quoi": quoi, "explication": expliquer(qui, quoi)}
            else:
                statut = 400
        return render(request, "contrats/pourquoi.html", contexte, status=statut)
