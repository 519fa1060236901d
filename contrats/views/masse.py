"""La liste des actions de l'agent, leur changement groupé, et l'historique des lots."""

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View
from django.views.generic import ListView
from django_filters.views import FilterView

from comptes.models import Utilisateur
from contrats.atelier.annuaire import Annuaire
from contrats.atelier.page import moment
from contrats.contenu.forme import ContenuInvalide
from contrats.enums import ListeFiltree, StatutFiche
from contrats.filters import ActionFilterSet, FicheFilterSet
from contrats.masse.changement import dire
from contrats.masse.fiches import LIMITE as LIMITE_DE_FICHES
from contrats.masse.fiches import (
    annuler_aux_fiches,
    appliquer_aux_fiches,
    fiches_a_changer,
    lignes_de_fiches,
    peut_annuler,
    preparer_fiches,
)
from contrats.masse.formulaires import FORMULAIRES, FORMULAIRES_DE_FICHES, FormulaireDeChangement
from contrats.masse.lot import (
    AnnulationImpossible,
    LignesChangees,
    annuler,
    appliquer,
    lignes_du_lot,
)
from contrats.masse.plan import (
    LIMITE,
    Lues,
    Plan,
    actions_de_l_atelier,
    avec_pilotes,
    lire_lues,
    preparer,
)
from contrats.models import Action, Contrat, LigneDeLot
from contrats.permissions import Acte, peut, roles
from contrats.transitions import TransitionImpossible
from contrats.views.filtres import AvecFiltres
from edition.ecriture import VersionPerimee
from edition.models import Lot
from partenaires.models import Organisme

REFUS = (ContenuInvalide, TransitionImpossible, VersionPerimee, IntegrityError)


class MesActionsView(AvecFiltres, FilterView):
    """Les actions des contrats de l'agent, filtrées par l'adresse, et de quoi les changer."""

    liste = ListeFiltree.ACTIONS
    filterset_class = ActionFilterSet
    template_name = "contrats/mes_actions.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Action]:
        return avec_pilotes(actions_de_l_atelier(cast(Utilisateur, self.request.user)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        agent = cast(Utilisateur, self.request.user)
        annuaire = Annuaire(agent)
        return super().get_context_data(
            formulaires=[forme(None, annuaire) for forme in FORMULAIRES.values()],
            organismes=organismes_proposes(annuaire),
            a_des_roles=agent.is_superuser or bool(roles(agent)),
            **kwargs,
        )


class ChangerView(View):
    """GET : l'aperçu d'un changement sur toute la liste filtrée ; POST : l'écrire, tout ou rien.

    La sous-classe dit de quels objets (`actions` ou `fiches`), leur liste, et comment.
    """

    nom = "actions"
    liste = "contrats:mes-actions"
    formulaires = FORMULAIRES
    filtres: Any = ActionFilterSet
    actes = frozenset({Acte.MODIFIER})
    limite = LIMITE

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        self.annuaire = Annuaire(self.agent)

    def objets(self) -> QuerySet[Any]:
        return actions_de_l_atelier(self.agent)

    def lire(self, objets: QuerySet[Any]) -> QuerySet[Any]:
        """Avec de quoi préparer un plan, sans une requête par ligne."""
        return avec_pilotes(objets)

    def preparer(self, objets: Iterable[Any], changement: Any) -> Plan:
        return preparer(objets, changement, self.agent)

    def appliquer(self, lues: Lues, changement: Any) -> Lot:
        return appliquer(lues, changement, par=self.agent)

    def get(self, request: HttpRequest) -> HttpResponse:
        formulaire = self.formulaire(request.GET)
        if formulaire is None:
            return redirect(self.liste)
        if not formulaire.is_valid():
            return self.page(formulaire)
        filtre = self.filtres(request.GET, self.objets(), request=request)
        if not filtre.is_valid():
            return redirect(f"{reverse(self.liste)}?{request.GET.urlencode()}")
        objets = list(self.lire(filtre.qs)[: self.limite + 1])
        if len(objets) > self.limite:
            erreur = f"Au plus {self.limite} {self.nom} à la fois : filtrez davantage."
            return self.page(formulaire, erreur=erreur)
        return self.page(formulaire, self.preparer(objets, formulaire.changement()))

    def post(self, request: HttpRequest) -> HttpResponse:
        self.exiger_un_droit()
        formulaire, lues = self.formulaire(request.POST), lire_lues(request.POST.get("lues", ""))
        if formulaire is None or not formulaire.is_valid() or lues is None:
            erreur = "L'envoi est incomplet : reprenez depuis la liste."
            return self.page(formulaire, erreur=erreur, statut=400)
        try:
            lot = self.appliquer(lues, formulaire.changement())
        except LignesChangees as changees:
            return self.page(formulaire, changees.plan, erreur=str(changees), statut=409)
        except REFUS as refus:
            objets = self.lire(self.objets().filter(public_id__in=list(lues)))
            plan = self.preparer(objets, formulaire.changement())
            return self.page(formulaire, plan, erreur=str(refus), statut=409)
        messages.success(request, f"C'est fait : {lot.libelle}.")
        return redirect("contrats:changement-detail", public_id=lot.public_id)

    def formulaire(self, donnees: QueryDict) -> FormulaireDeChangement | None:
        forme = self.formulaires.get(donnees.get("quoi", ""))
        return forme(donnees, self.annuaire) if forme else None

    def exiger_un_droit(self) -> None:
        """Sans aucun contrat où le faire, l'acte est refusé ; sinon, ligne à ligne."""
        contrats = Contrat.objects.filter(pk__in=roles(self.agent))
        if not self.agent.is_superuser and not any(
            peut(self.agent, acte, contrat) for contrat in contrats for acte in self.actes
        ):
            raise PermissionDenied("Changer : votre rôle ne le permet sur aucun contrat.")

    def page(
        self,
        formulaire: FormulaireDeChangement | None,
        plan: Plan | None = None,
        *,
        erreur: str = "",
        statut: int = 200,
    ) -> HttpResponse:
        contexte = {
            "formulaire": formulaire,
            "plan": plan,
            "erreur": erreur,
            "nom": self.nom,
            "liste": reverse(self.liste),
            "changer": reverse(f"contrats:{self.nom}-changer"),
            "organismes": organismes_proposes(self.annuaire) if plan is None else [],
        }
        return render(self.request, "contrats/actions_changer.html", contexte, status=statut)


class ActionsChangerView(ChangerView):
    """L'état, le pilote ou l'échéance de toute une liste d'actions."""


class FichesChangerView(ChangerView):
    """L'état de toute une liste de fiches : soumettre, valider, publier, archiver."""

    nom = "fiches"
    liste = "contrats:mes-fiches"
    formulaires = FORMULAIRES_DE_FICHES
    filtres = FicheFilterSet
    actes = frozenset({Acte.MODIFIER, Acte.RELIRE, Acte.PUBLIER})
    limite = LIMITE_DE_FICHES

    def objets(self) -> QuerySet[Any]:
        return fiches_a_changer(self.agent)

    def lire(self, objets: QuerySet[Any]) -> QuerySet[Any]:
        return objets

    def preparer(self, objets: Iterable[Any], changement: Any) -> Plan:
        return preparer_fiches(objets, changement, self.agent)

    def appliquer(self, lues: Lues, changement: Any) -> Lot:
        return appliquer_aux_fiches(lues, changement, par=self.agent)


def organismes_proposes(annuaire: Annuaire) -> list[str]:
    """Organismes que citent déjà les contrats de l'agent."""
    contrats = Contrat.objects.habilites(annuaire.utilisateur).values("pk")
    cites = Q(parties__contrat__in=contrats) | Q(partenariats__action__contrat__in=contrats)
    return annuaire.propositions("organisme", cites)


def lots_de_l_atelier(agent: Utilisateur) -> QuerySet[Lot]:
    """Les lots de l'agent, et ceux qui touchent un contrat où il a un rôle."""
    lots = Lot.objects.filter(lignes__isnull=False)
    if not agent.is_superuser:
        contrats = Contrat.objects.habilites(agent).values("pk")
        siens = Q(lignes__action__contrat__in=contrats) | Q(lignes__fiche__contrat__in=contrats)
        lots = lots.filter(siens | Q(auteur=agent))
    return Lot.objects.filter(pk__in=lots.values("pk")).select_related("auteur", "defait_par")


class LotListView(ListView):
    """Les changements groupés, du dernier au premier : qui, quand, quoi, sur combien d'actions."""

    template_name = "contrats/lot_list.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Lot]:
        lots = lots_de_l_atelier(cast(Utilisateur, self.request.user))
        return lots.order_by("-cree_le", "-pk")


class LotLignesView(View):
    """Un lot, ligne à ligne ; l'annuler (POST) remet tout en une fois."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)
        de_fiches = LigneDeLot.objects.filter(lot=OuterRef("pk"), fiche__isnull=False)
        lots = lots_de_l_atelier(self.agent).annotate(de_fiches=Exists(de_fiches))
        self.lot = get_object_or_404(lots, public_id=kwargs["public_id"])

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            defaire = annuler_aux_fiches if self.lot.de_fiches else annuler
            restees = defaire(
                self.lot, par=self.agent, sauf_changees="sauf_changees" in request.POST
            )
        except (AnnulationImpossible, *REFUS) as erreur:
            return self.page(erreur=str(erreur), statut=409)
        quoi = "fiche" if self.lot.de_fiches else "action"
        messages.success(request, f"Lot annulé : chaque {quoi} a repris son état d'avant.")
        for ligne in restees:
            messages.warning(request, f"« {ligne} » a changé depuis : elle reste telle quelle.")
        return redirect("contrats:changement-detail", public_id=self.lot.public_id)

    def page(self, *, erreur: str = "", statut: int = 200) -> HttpResponse:
        toutes = lignes_de_fiches(self.lot) if self.lot.de_fiches else lignes_du_lot(self.lot)
        siens = set(Contrat.objects.habilites(self.agent).values_list("pk", flat=True))
        lignes = [li for li in toutes if li.objet and li.objet.contrat_id in siens]
        permis = all(self.peut_annuler(li) for li in toutes if li.objet)
        contexte = {
            "lot": self.lot,
            "quand": moment(self.lot.cree_le),
            "lignes": self.dites(lignes),
            "nb_ailleurs": len(toutes) - len(lignes),
            "de_fiches": self.lot.de_fiches,
            "changees": [li for li in lignes if not li.est_la_derniere],
            "annulable": permis and self.lot.defait_le is None,
            "erreur": erreur,
        }
        return render(self.request, "contrats/lot_lignes.html", contexte, status=statut)

    def peut_annuler(self, ligne: LigneDeLot) -> bool:
        if self.lot.de_fiches:
            return peut_annuler(self.agent, ligne)
        return ligne.action is not None and peut(self.agent, Acte.MODIFIER, ligne.action)

    def dites(self, lignes: list[LigneDeLot]) -> list[tuple[LigneDeLot, str, str]]:
        """Chaque ligne, son avant et son après en toutes lettres."""
        cles = {cle for li in lignes for v in (li.avant, li.apres) for cle in v.get("pilotes", [])}
        organismes = Organisme.objects.visibles_par(self.agent).filter(cle__in=cles)
        noms = {o.cle: str(o) for o in organismes}
        if self.lot.de_fiches:
            return [(li, _etat_de_fiche(li.avant), _etat_de_fiche(li.apres)) for li in lignes]
        return [(li, dire(li.avant, noms), dire(li.apres, noms)) for li in lignes]


def _etat_de_fiche(valeurs: dict[str, Any]) -> str:
    motif = f" · motif : {valeurs['motif_statut']}" if valeurs["motif_statut"] else ""
    return f"{StatutFiche(valeurs['statut']).label}{motif}"
