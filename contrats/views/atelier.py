"""L'écran de l'agent : ses fiches, et l'édition d'une fiche."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.gzip import gzip_page
from django_filters.views import FilterView

from comptes.models import Utilisateur
from contrats import transitions
from contrats.atelier import brouillon
from contrats.atelier.annuaire import Annuaire
from contrats.atelier.brouillon import Source
from contrats.atelier.cadre import Cadre
from contrats.atelier.donnees import encoder
from contrats.atelier.enregistrement import (
    Conflit,
    Resultat,
    enregistrer_saisie,
    lire_version,
    reunir,
)
from contrats.atelier.gestes import Effet, appliquer
from contrats.atelier.page import Page, de, moment
from contrats.atelier.saisie import Saisie
from contrats.completude import manques
from contrats.contenu.lecture import lire
from contrats.enums import ListeFiltree, StatutFiche, TransitionFiche, TypeContrat
from contrats.etape import avec_depuis, prochaine_etape
from contrats.filters import FicheFilterSet
from contrats.masse.fiches import fiches_de_l_atelier
from contrats.masse.formulaires import FormulaireEtatDeFiche
from contrats.models import Contrat, Fiche
from contrats.permissions import Acte, nom_du_role, peut, roles
from contrats.transitions.tables import regle
from contrats.views.cycle import APPELS_FICHE, adresse_du_cycle, etape_de
from contrats.views.filtres import AvecFiltres
from edition import brouillons, presence
from edition.ecriture import VersionPerimee
from edition.models import Brouillon
from edition.session import rendre_la_saisie

GARDE = Effet(foyer="garder", phrase="Brouillon gardé, visible de vous seul·e.")

# Ce qu'un bouton de la page fait après avoir enregistré : rien de tapé ne se perd en route.
SUITES = {t.value: t for t in (TransitionFiche.SOUMETTRE, TransitionFiche.PUBLIER)}


def suites(fiche: Fiche, agent: Utilisateur) -> list[TransitionFiche]:
    """Les suites que l'état de la fiche et le rôle de l'agent permettent."""
    permises = transitions.possibles(fiche, agent)
    return [transition for transition in SUITES.values() if transition in permises]


class MesFichesView(AvecFiltres, FilterView):
    """Les fiches de l'agent, avec ce qu'il peut y faire."""

    liste = ListeFiltree.FICHES
    filterset_class = FicheFilterSet
    template_name = "contrats/mes_fiches.html"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Fiche]:
        fiches = fiches_de_l_atelier(self.request.user).pour_liste()
        return avec_depuis(fiches, "fiche").select_related("contrat", "modifie_par")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte = super().get_context_data(**kwargs)
        agent = self.request.user
        manquent = manques(contexte["page_obj"])
        contexte["lignes"] = [
            _ligne(fiche, agent) | {"manques": manquent.get(fiche.pk, [])}
            for fiche in contexte["page_obj"]
        ]
        contrats = Contrat.objects.visibles_par(agent).filter(type=TypeContrat.PERR)
        contexte["matrices"] = [c for c in contrats if peut(agent, Acte.MODIFIER, c)]
        contexte["formulaire"] = FormulaireEtatDeFiche(None, Annuaire(agent))
        contexte["a_des_roles"] = agent.is_superuser or bool(roles(agent))
        return contexte


def _ligne(fiche: Fiche, agent: Utilisateur) -> dict[str, Any]:
    """Une fiche dans la liste : ce que l'agent y peut, et ce qu'on attend de lui."""
    ouverte = fiche.statut in StatutFiche.modifiables()
    return {
        "fiche": fiche,
        "quand": moment(fiche.modifie_le),
        "modifiable": ouverte and peut(agent, Acte.MODIFIER, fiche),
        "role": nom_du_role(agent, fiche),
        "etape": prochaine_etape(fiche, agent),
    }


class FicheAtelierView(View):
    """Base des pages d'une fiche de l'atelier : la fiche de l'adresse, le droit exigé."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.agent = cast(Utilisateur, request.user)  # LoginRequiredMiddleware est passé
        fiches = fiches_de_l_atelier(self.agent).select_related("contrat", "axe", "modifie_par")
        self.fiche = get_object_or_404(fiches, public_id=kwargs["public_id"])
        self.cadre = Cadre(self.fiche, self.agent)

    def exiger(self, acte: Acte) -> None:
        if not peut(self.request.user, acte, self.fiche):
            raise PermissionDenied(f"{acte.label} : votre rôle sur ce contrat ne le permet pas.")

    def adresse(self, nom: str, *args: Any) -> str:
        return reverse(f"contrats:{nom}", args=[self.fiche.public_id, *args])


def rendre_si_refus(vue: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Un envoi refusé (droits retirés, fiche fermée, autre compte) rend son texte à l'agent."""

    @wraps(vue)
    def emballee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.POST.get("agent", str(request.user.pk)) != str(request.user.pk):
                raise PermissionDenied("Cette page a été ouverte avec un autre compte.")
            return vue(request, *args, **kwargs)
        except (PermissionDenied, Http404) as refus:
            if "fin" not in request.POST:
                raise
            statut = 403 if isinstance(refus, PermissionDenied) else 404
            return rendre_la_saisie(request, "contrats/fiche_refusee.html", statut)

    return emballee


@method_decorator(gzip_page, name="dispatch")
class FicheModifierView(FicheAtelierView):
    """Une fiche en une page et un formulaire ; chaque bouton marche sans JavaScript."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not peut(request.user, Acte.MODIFIER, self.fiche):
            return redirect(self.fiche)  # en lecture seule, la page de la fiche dit tout
        if self.fiche.statut not in StatutFiche.modifiables():
            return redirect(adresse_du_cycle(self.fiche))  # qui dit comment rouvrir le texte
        if "brouillon" in request.GET:
            repris = self.brouillon(request.GET["brouillon"])
            if repris is None:
                messages.warning(request, "Ce brouillon n'attend plus : la fiche est à jour.")
                return redirect(self.adresse("fiche-modifier"))
            return self.page(brouillon.deballer(repris))
        annuaire = self.cadre.annuaire
        return self.page(encoder(lire(self.fiche), annuaire, version=self.fiche.version))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.exiger(Acte.MODIFIER)
        donnees = request.POST.copy()
        geste = donnees.pop("geste", [""])[-1]
        if "fin" not in donnees:
            return render(request, "contrats/fiche_incomplete.html", status=400)
        if "reunir" in donnees and reunir(self.cadre, donnees):
            messages.info(request, "Le texte que vous écartez reste dans vos brouillons.")
        if geste in ("", "enregistrer"):
            return self.enregistrer(donnees)
        if geste in SUITES:
            return self.enregistrer(donnees, suite=SUITES[geste])
        if geste == "brouillon":
            return self.page(donnees, garder=lire_version(donnees), effet=GARDE)
        return self.page(donnees, effet=appliquer(geste, donnees, self.cadre))

    def brouillon(self, page: str) -> Brouillon | None:
        """Le brouillon de l'agent, pour cette fiche ; à lui seul."""
        siens = brouillons.proposes(self.agent, brouillon.cle(self.fiche))
        try:
            return siens.filter(page=page).first()
        except ValidationError:
            return None

    def enregistrer(self, donnees: QueryDict, suite: TransitionFiche | None = None) -> HttpResponse:
        if suite:
            self.exiger(regle(suite).acte)
        resultat = enregistrer_saisie(self.cadre, donnees)
        if resultat.conflit:
            return self.conflit(resultat.saisie, resultat.conflit)
        if not resultat.valide:
            reponse = self.page(donnees, garder=lire_version(donnees), saisie=resultat.saisie)
            reponse.status_code = 409 if resultat.ferme else 200
            return reponse
        messages.success(self.request, phrase(self.fiche, resultat))
        if suite:
            self.franchir(suite)
        return redirect(self.adresse("fiche-modifier") + ("?reunie=1" if resultat.reunis else ""))

    def franchir(self, suite: TransitionFiche) -> None:
        """Soumet ou publie la version qui vient d'être faite ; un refus se dit, elle reste."""
        mot = "publiée" if suite == TransitionFiche.PUBLIER else "soumise à relecture"
        try:
            APPELS_FICHE[suite](self.fiche, version=self.fiche.version, par=self.agent)
        except (VersionPerimee, transitions.TransitionImpossible) as erreur:
            messages.error(self.request, f"La fiche n'est pas {mot} : {erreur}")
        else:
            messages.success(self.request, f"Version {self.fiche.version} {mot}.")

    def garder(self, donnees: QueryDict, version: int) -> Source:
        """La saisie qui n'est pas enregistrée reste en brouillon ; la page suivante la continue."""
        source = brouillon.source(self.fiche, self.agent, donnees)
        try:
            source = brouillon.garder(source, donnees, version=version)
        except brouillons.BrouillonTropGrand as trop:
            messages.warning(self.request, str(trop))
        donnees["reprise"] = ""
        return source.suivante()

    def page(
        self,
        donnees: QueryDict,
        *,
        saisie: Saisie | None = None,
        effet: Effet | None = None,
        garder: int | None = None,
    ) -> HttpResponse:
        if garder is None:
            source = brouillon.source(self.fiche, self.agent, donnees)
        else:
            source = self.garder(donnees, garder)
        page = Page(saisie or Saisie(self.cadre, donnees), source, effet)
        contexte = {
            "page": page,
            "fiche": self.fiche,
            "connexion": resolve_url(settings.LOGIN_URL),
            "suites": suites(self.fiche, self.agent),
            **etape_de(self.fiche, self.agent),
            "brouillons": [] if page.suite != "lecture" else propositions(self.fiche, self.agent),
            "presents": presence.autres(self.agent, brouillon.cle(self.fiche)),
        }
        return render(self.request, "contrats/fiche_modifier.html", contexte)

    def conflit(self, saisie: Saisie, conflit: Conflit) -> HttpResponse:
        depart = conflit.depart.numero if conflit.depart else 0
        source = self.garder(saisie.donnees, depart)
        conflit.preparer(saisie.donnees)
        contexte = {
            "conflit": conflit,
            "source": source,
            "depart": depart,
            "connexion": resolve_url(settings.LOGIN_URL),
            "caches": _caches(saisie, {champ.html_name for champ in conflit.modifiables}),
            "moment_depart": moment(conflit.depart.cree_le) if conflit.depart else "",
            **_dernier_enregistrement(self.fiche),
        }
        return render(self.request, "contrats/fiche_conflit.html", contexte, status=409)


def propositions(fiche: Fiche, agent: Utilisateur) -> list[dict[str, Any]]:
    """Les brouillons que la page propose de reprendre, et quand ils ont été gardés."""
    siens = brouillons.proposes(agent, brouillon.cle(fiche))
    return [{"brouillon": b, "quand": moment(b.modifie_le)} for b in siens]


def phrase(fiche: Fiche, resultat: Resultat) -> str:
    """Ce que l'enregistrement a fait, et ce qu'il a pris à d'autres."""
    if resultat.version is None:
        return f"Rien n'a changé depuis la version {fiche.version}."
    faite = f"Version {resultat.version.numero} enregistrée {moment(fiche.modifie_le)}."
    if not resultat.reunis:
        return faite
    pris = list(dict.fromkeys(f"« {d.libelle} »" for d in resultat.reunis))
    suite = "" if len(pris) <= 5 else f" et {len(pris) - 5} autres"
    liste = ", ".join(pris[:5])
    return f"{faite} Elle réunit ce qui a été enregistré entre-temps : {liste}{suite}."


def _dernier_enregistrement(fiche: Fiche) -> dict[str, Any]:
    auteur = str(fiche.modifie_par or "l'administration")
    return {
        "fiche": fiche,
        "moment_leur": moment(fiche.modifie_le),
        "auteur": auteur,
        "de_l_auteur": de(auteur),
    }


def _caches(saisie: Saisie, visibles: set[str]) -> list[tuple[str, str]]:
    """Le reste de la saisie, que la page de conflit renvoie sans le montrer."""
    a_part = visibles | brouillon.HORS_BROUILLON
    return [
        (nom, valeur)
        for nom, valeurs in saisie.donnees.lists()
        if nom not in a_part
        for valeur in valeurs
    ]
