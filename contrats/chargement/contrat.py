"""Charge un contrat écrit en YAML (`fixtures/contrats/`) ; rejouable sans rien dupliquer.

Ce qui existe déjà, et qu'un agent a pu modifier, est laissé tel quel.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from contrats.chargement.action import charger_actions
from contrats.chargement.fiche import MOTIF, charger_fiches, identifiant
from contrats.models import (
    Annexe,
    Annonce,
    Article,
    Axe,
    Contrat,
    Engagement,
    Etape,
    Financement,
    LibelleAxe,
    ModeleFiche,
    Partie,
    Prorogation,
    Renvoi,
    SectionModele,
    Signature,
)
from contrats.versions import versionner
from partenaires.models import Organisme, Personne
from territoires.models import Territoire


def charger_modeles(modeles: list[dict[str, Any]]) -> None:
    """Modèles de fiche et leurs sections."""
    for modele in modeles:
        objet, _ = ModeleFiche.objects.update_or_create(
            cle=modele["cle"],
            defaults={c: modele[c] for c in ("nom", "description", "type_contrat")},
        )
        for ordre, section in enumerate(modele["sections"], 1):
            SectionModele.objects.update_or_create(
                modele=objet,
                cle=section["cle"],
                defaults={
                    "ordre": ordre,
                    "libelle": section["libelle"],
                    "nature": section["nature"],
                    "horizon": section.get("horizon") or "",
                    "aide": section.get("aide", ""),
                    "obligatoire": section.get("obligatoire", False),
                    "variantes": section.get("variantes", []),
                },
            )


@transaction.atomic
def charger_contrat(donnees: dict[str, Any]) -> Contrat:
    """Crée le contrat et ses fiches, ou complète ceux qui manquent.

    Un contrat déjà chargé garde son texte : seules les fiches absentes sont créées.
    """
    existant = Contrat.objects.filter(slug=donnees["slug"]).first()
    contrat = existant or _creer_contrat(donnees)
    charger_fiches(contrat, donnees["fiches"])
    if existant is None:
        charger_actions(contrat, donnees.get("actions") or [])
        _renvois_des_articles(contrat, donnees)
        versionner(contrat, par=None, motif=MOTIF)
    return contrat


def _creer_contrat(d: dict[str, Any]) -> Contrat:
    contrat = Contrat.objects.create(
        public_id=identifiant(d["slug"]),
        parent=Contrat.objects.get(slug=d["parent"]) if d.get("parent") else None,
        # Un contrat sans fiches n'a pas de modèle de fiche.
        modele_fiche=(
            ModeleFiche.objects.get(cle=d["modele_fiche"]) if d["modele_fiche"] else None
        ),
        statut=d["statut"],
        publie_le=timezone.now() if d["publie"] else None,
        **{champ: d.get(champ) for champ in ("dotation_propre", "debut", "fin", "maj_source_le")},
        **{
            champ: d.get(champ) or ""
            for champ in (
                "slug",
                "type",
                "lien",
                "intitule",
                "intitule_court",
                "sous_titre",
                "source",
                "preambule",
                "nature_juridique",
                "programme",
                "numero_projet",
                "version_source",
            )
        },
    )
    contrat.territoires.set(Territoire.objects.filter(cle__in=d["territoires"]))
    parties = _parties_et_signatures(contrat, d)
    _texte(contrat, d, parties)
    _axes(contrat, d.get("axes", []), None)
    return contrat


def _parties_et_signatures(contrat: Contrat, d: dict[str, Any]) -> dict[str, Partie]:
    parties = {
        p["organisme"]: Partie.objects.create(
            contrat=contrat,
            organisme=_organisme(p["organisme"]),
            role=p["role"],
            rang=p["rang"],
            libelle=p.get("libelle", ""),
            apport=p.get("apport", ""),
        )
        for p in d.get("parties", [])
    }
    for s in d.get("signatures", []):
        Signature.objects.create(
            contrat=contrat,
            partie=parties[s["organisme"]] if s.get("organisme") else None,
            personne=Personne.objects.get(cle=s["personne"]),
            **{c: s[c] for c in ("role", "qualite", "rang", "lieu", "le")},
        )
    return parties


def _texte(contrat: Contrat, d: dict[str, Any], parties: dict[str, Partie]) -> None:
    articles = {
        a["numero"]: Article.objects.create(contrat=contrat, ordre=ordre, **a)
        for ordre, a in enumerate(d.get("articles", []), 1)
    }
    for ordre, e in enumerate(d.get("engagements", []), 1):
        engagement = Engagement.objects.create(
            contrat=contrat, ordre=ordre, texte=e["texte"], article=articles.get(e.get("article"))
        )
        engagement.porteurs.set([parties[cle] for cle in e["porteurs"]])
        engagement.beneficiaires.set([parties[cle] for cle in e["beneficiaires"]])
    for ordre, etape in enumerate(d.get("chronologie", []), 1):
        Etape.objects.create(contrat=contrat, ordre=ordre, **etape)
    for annonce in d.get("annonces", []):
        Annonce.objects.create(contrat=contrat, **annonce)
    for prorogation in d.get("prorogations", []):
        Prorogation.objects.create(contrat=contrat, **prorogation)
    for ordre, annexe in enumerate(d.get("annexes", []), 1):
        Annexe.objects.create(contrat=contrat, ordre=ordre, **annexe)
    for ordre, f in enumerate(d.get("financements", []), 1):
        financeur = _organisme(f["financeur"]) if f.get("financeur") else None
        ligne = Financement(contrat=contrat, ordre=ordre, **{**f, "financeur": financeur})
        ligne.clean()  # une association n'est financée qu'après sa charte
        ligne.save(force_insert=True)


def _axes(contrat: Contrat, axes: list[dict[str, Any]], parent: Axe | None) -> None:
    for axe in axes:
        objet = Axe.objects.create(
            contrat=contrat,
            parent=parent,
            ordre=contrat.axes.count() + 1,
            **{c: axe.get(c) or "" for c in ("cle", "nature", "numero", "intitule", "texte")},
        )
        _libelles(objet, axe)
        _axes(contrat, axe.get("enfants", []), objet)


def _libelles(axe: Axe, d: dict[str, Any]) -> None:
    """Formes imprimées d'un axe : dans le texte, dans les annexes, et leurs coquilles."""
    formes = {"texte": [d.get("libelle_texte")], "annexe": [d.get("libelle_annexe")]}
    formes["coquille"] = d.get("variantes_annexe") or []
    LibelleAxe.objects.bulk_create(
        LibelleAxe(axe=axe, origine=origine, libelle=libelle)
        for origine, libelles in formes.items()
        for libelle in libelles
        if libelle
    )


def _renvois_des_articles(contrat: Contrat, d: dict[str, Any]) -> None:
    for ordre, renvoi in enumerate(d.get("renvois", []), 1):
        Renvoi.objects.create(
            article=contrat.articles.get(numero=renvoi["article"]),
            ordre=ordre,
            texte=renvoi["texte"],
            fiche=contrat.fiches.get(cle=renvoi["fiche"]) if renvoi.get("fiche") else None,
            annexe=contrat.annexes.get(numero=renvoi["annexe"]) if renvoi.get("annexe") else None,
            document=renvoi.get("document", ""),
            deduit=renvoi.get("deduit", False),
        )


def _organisme(cle: str) -> Organisme:
    return Organisme.objects.get(cle=cle)
