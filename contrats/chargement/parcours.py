"""Rejoue des gestes sur un contrat de démonstration : ses fiches arrivent à leur statut par les
transitions, avec leurs auteurs, leurs motifs et leur journal."""

from typing import Any

from comptes.models import Utilisateur
from contrats import transitions
from contrats.models import Contrat

GESTES_FICHE = {
    t.value: getattr(transitions, f"{t.value}_fiche") for t in transitions.TransitionFiche
}


def rejouer(contrat: Contrat, parcours: list[dict[str, Any]]) -> None:
    """Une seule fois : un contrat qui a déjà un journal est laissé tel quel."""
    if contrat.transitions.exists():
        return
    auteurs = {g["par"]: Utilisateur.objects.get(email=g["par"]) for g in parcours}
    for geste in parcours:
        par = auteurs[geste["par"]]
        motif = {"motif": geste["motif"]} if "motif" in geste else {}
        if "fiche" not in geste:
            transition = transitions.TransitionContrat(geste["transition"])
            transitions.conduire_contrat(
                contrat, transition, version=contrat.version, par=par, **motif
            )
            continue
        fiche = contrat.fiches.select_related("contrat").get(cle=geste["fiche"])
        sections = fiche.sections.filter(modele__cle__in=geste.get("sections", []))
        plus = {"sections": sections} if "sections" in geste else {}
        GESTES_FICHE[geste["transition"]](fiche, version=fiche.version, par=par, **motif, **plus)
