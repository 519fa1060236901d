"""Les PDF : lecture publique de ce que `visibles_par` montre, revalidée par ETag."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from contrats.filters import FicheFilterSet
from contrats.models import Contrat, Fiche
from documents import rendu
from documents.dossier import contexte_dossier
from documents.matrice import contexte_annexe, contexte_quartier
from documents.seance import contexte_seance
from documents.session import contexte_session
from gouvernance.models import Seance, Session
from gouvernance.sessions import organise
from perr.filters import MatriceFilterSet
from tableaux.enums import GenreRapport
from tableaux.forms import DateDuTableau
from territoires.models import Territoire

journal = logging.getLogger(__name__)


@login_not_required
@require_safe
def contrat_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Le contrat entier, de la couverture aux annexes."""
    return _pdf(request, _contrat(request, slug), entier=True)


@login_not_required
@require_safe
def fiche_pdf(request: HttpRequest, slug: str, fiche_slug: str) -> HttpResponse:
    """Une fiche."""
    contrat = _contrat(request, slug)
    fiche = get_object_or_404(
        Fiche.objects.visibles_par(request.user), contrat=contrat, cle=fiche_slug
    )
    return _pdf(request, contrat, cles=[fiche.cle])


@login_not_required
@require_safe
def fiches_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Les fiches que choisit l'adresse : `?fiche=…` répété, ou les filtres de la liste."""
    contrat = _contrat(request, slug)
    visibles = Fiche.objects.visibles_par(request.user).filter(contrat=contrat)
    filtre = FicheFilterSet(request.GET, queryset=visibles, request=request)
    if not filtre.is_valid():
        raise Http404("Aucune fiche ne répond à cette adresse.")
    cles = set(filtre.qs.values_list("cle", flat=True))
    voulues = set(request.GET.getlist("fiche")) or cles
    if not voulues or not voulues <= cles:
        raise Http404("Aucune fiche ne répond à cette adresse.")
    return _pdf(request, contrat, cles=voulues)


@login_not_required
@require_safe
def annexe_pdf(request: HttpRequest, slug: str, cle: str) -> HttpResponse:
    """Une annexe territoriale en A3, restreinte par les filtres de la matrice."""
    contrat = _contrat(request, slug)
    demande = request.GET.copy()
    demande["annexe"] = cle
    filtres = MatriceFilterSet(demande, request=request, contrat=contrat)
    if not filtres.is_valid():
        raise Http404("Aucune annexe ne répond à cette adresse.")
    return _pdf_ou_404(request, contexte_annexe, contrat, filtres)


@login_not_required
@require_safe
def quartier_pdf(request: HttpRequest, slug: str, cle: str) -> HttpResponse:
    """Ce que la matrice dit d'un quartier, en A4."""
    contrat = _contrat(request, slug)
    quartier = get_object_or_404(Territoire.objects.visibles_par(request.user), cle=cle)
    return _pdf_ou_404(request, contexte_quartier, contrat, quartier)


@login_not_required
@require_safe
def dossier_pdf(request: HttpRequest, slug: str, genre: str) -> HttpResponse:
    """Le dossier de comité ou le rapport annuel, à la date que dit l'adresse."""
    contrat = _contrat(request, slug)
    dates = DateDuTableau(request.GET)
    if genre not in GenreRapport or not dates.is_valid():
        raise Http404("Aucun dossier ne répond à cette adresse.")
    site = request.build_absolute_uri("/")
    choix = (GenreRapport(genre), dates.cleaned_data["au"], dates.cleaned_data["depuis"])
    return servir(request, contexte_dossier(contrat, *choix, par=request.user, site=site))


@login_not_required
@require_safe
def seance_pdf(request: HttpRequest, public_id: Any, piece: str) -> HttpResponse:
    """Dossier, relevé de décisions ou procès-verbal d'une séance."""
    visibles = Seance.objects.visibles_par(request.user).select_related("instance__contrat")
    seance = get_object_or_404(visibles, public_id=public_id)
    return _pdf_ou_404(request, contexte_seance, seance, piece)


@require_safe
def session_pdf(request: HttpRequest, slug: str, piece: str) -> HttpResponse:
    """Liste d'émargement ou badges, pour qui organise la session."""
    visibles = Session.objects.visibles_par(request.user).select_related("contrat")
    session = get_object_or_404(visibles, slug=slug)
    if not organise(request.user, session):
        raise PermissionDenied("Voir les inscrits : votre rôle ne le permet pas.")
    contexte = contexte_session(session, piece, site=request.build_absolute_uri("/"))
    if contexte is None:
        raise Http404("Cette session n’a rien à cette adresse.")
    return servir(request, contexte)


def _contrat(request: HttpRequest, slug: str) -> Contrat:
    return get_object_or_404(Contrat.objects.visibles_par(request.user), slug=slug)


def _pdf(request: HttpRequest, contrat: Contrat, **etendue: Any) -> HttpResponse:
    site = request.build_absolute_uri("/")
    return servir(request, rendu.contexte(contrat, par=request.user, site=site, **etendue))


def _pdf_ou_404(request: HttpRequest, lire: Callable[..., Any], *objets: Any) -> HttpResponse:
    contexte = lire(*objets, par=request.user, site=request.build_absolute_uri("/"))
    if contexte is None:
        raise Http404("Rien à imprimer à cette adresse.")
    return servir(request, contexte)


def servir(request: HttpRequest, contexte: dict[str, Any]) -> HttpResponse:
    """304 si le lecteur a déjà ces octets ; l'empreinte se calcule sans les produire."""
    empreinte = rendu.empreinte(contexte)
    reponse = get_conditional_response(request, etag=f'"{empreinte}"')
    if reponse is None:
        reponse = _corps(contexte, empreinte)
    if reponse.status_code < 400:
        reponse["ETag"] = f'"{empreinte}"'
        reponse["Cache-Control"] = "private, no-cache"
    return reponse


def _corps(contexte: dict[str, Any], empreinte: str) -> HttpResponse:
    try:
        octets = rendu.rendre_une_fois(contexte, empreinte)
    except rendu.RenduImpossible:
        journal.exception("PDF non produit")
        return HttpResponse(
            "Ce document ne peut pas être produit pour le moment. Réessayez plus tard.",
            status=503,
            content_type="text/plain; charset=utf-8",
        )
    nom = contexte["document"].nom_de_fichier
    entetes = {"Content-Disposition": content_disposition_header(False, nom)}
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)
