"""Charge la gouvernance d'un contrat écrit en YAML, et les sessions ; rejouable."""

import datetime
from typing import Any

from django.db import transaction

from contrats.chargement.fiche import identifiant
from contrats.models import Contrat
from gouvernance.models import (
    Avis,
    Deliberation,
    Instance,
    Participation,
    Seance,
    Session,
)
from partenaires.models import Organisme


@transaction.atomic
def charger_instances(contrat: Contrat, instances: list[dict[str, Any]]) -> None:
    """Crée les instances absentes avec leurs participants."""
    for ordre, d in enumerate(instances, 1):
        instance, nouvelle = Instance.objects.get_or_create(
            contrat=contrat,
            cle=d["cle"],
            defaults={
                "public_id": identifiant(contrat.slug, "instance", d["cle"]),
                "ordre": ordre,
                "nom": d["nom"],
                "type": d["type"],
                "mission": d.get("mission") or "",
                "frequence": d.get("frequence") or "",
                "par_an": d.get("par_an"),
            },
        )
        for rang, p in enumerate(d.get("participations") or () if nouvelle else (), 1):
            Participation.objects.create(
                instance=instance,
                ordre=rang,
                organisme=Organisme.objects.get(cle=p["organisme"]) if p.get("organisme") else None,
                libelle=p["libelle"],
                role=p["role"],
            )


@transaction.atomic
def charger_deliberations(contrat: Contrat, deliberations: list[dict[str, Any]]) -> None:
    """Crée les délibérations absentes."""
    textes = (
        "point",
        "objet",
        "organe",
        "collectivite",
        "rapporteur",
        "commission",
        "avis",
        "expose",
    )
    for d in deliberations:
        Deliberation.objects.get_or_create(
            contrat=contrat,
            numero=d["numero"],
            defaults={
                "public_id": identifiant(contrat.slug, "deliberation", d["numero"]),
                "statut": d["statut"],
                "avis_le": d.get("avis_le"),
                "seance_le": d.get("seance_le"),
                "visas": d.get("visas") or [],
                "articles": d.get("articles") or [],
                "publique": True,
                **{champ: d.get(champ) or "" for champ in (*textes, "expose")},
            },
        )


@transaction.atomic
def charger_avis(contrat: Contrat, avis: list[dict[str, Any]]) -> None:
    """Crée les avis absents."""
    for d in avis:
        instance, deliberation = d.get("instance"), d.get("deliberation")
        Avis.objects.get_or_create(
            contrat=contrat,
            auteur=d["auteur"],
            objet=d["objet"],
            defaults={
                "sens": d["sens"],
                "rendu_le": d.get("rendu_le"),
                "texte": d.get("texte") or "",
                "instance": contrat.instances.get(cle=instance) if instance else None,
                "deliberation": (
                    contrat.deliberations.get(numero=deliberation) if deliberation else None
                ),
            },
        )


@transaction.atomic
def charger_seances(contrat: Contrat, seances: list[dict[str, Any]]) -> None:
    """Crée les séances absentes, avec leurs points et leurs décisions."""
    for d in seances:
        seance, nouvelle = Seance.objects.get_or_create(
            instance=contrat.instances.get(cle=d["instance"]),
            le=d["le"],
            defaults={
                "public_id": identifiant(contrat.slug, "seance", str(d["le"])),
                "heure": _heure(d.get("heure")),
                "lieu": d.get("lieu") or "",
                "objet": d["objet"],
                "statut": d["statut"],
                "publique": d["publique"],
                "demonstration": d["demonstration"],
            },
        )
        if nouvelle:
            _charger_points(seance, d["points"])
            _charger_decisions(seance, d["decisions"])


def _charger_points(seance: Seance, points: list[dict[str, Any]]) -> None:
    for ordre, d in enumerate(points, 1):
        seance.points.create(
            ordre=ordre, genre=d["genre"], intitule=d["intitule"], note=d.get("note") or ""
        )


def _charger_decisions(seance: Seance, decisions: list[dict[str, Any]]) -> None:
    points = {point.ordre: point for point in seance.points.all()}
    for ordre, d in enumerate(decisions, 1):
        organisme = d.get("organisme")
        seance.decisions.create(
            public_id=identifiant(str(seance.public_id), "decision", str(ordre)),
            ordre=ordre,
            point=points.get(d["point"]),
            texte=d["texte"],
            fonction=d["fonction"],
            organisme=Organisme.objects.get(cle=organisme) if organisme else None,
            avant_le=d.get("avant_le"),
            statut=d["statut"],
            suite=d.get("suite") or "",
        )


@transaction.atomic
def charger_sessions(sessions: list[dict[str, Any]]) -> None:
    """Crée les sessions absentes, avec leur programme ; jamais une coordonnée."""
    propres = ["nature", "intitule", "organisateur", "presentation", "lieu", "capacite"]
    propres += ["le", "cloture_le", "condition", "profils", "statut", "demonstration"]
    for d in sessions:
        contrat = d.get("contrat")
        session, nouvelle = Session.objects.get_or_create(
            slug=d["slug"],
            defaults={
                "contrat": Contrat.objects.get(slug=contrat) if contrat else None,
                "debut": datetime.time.fromisoformat(d["debut"]),
                "fin": datetime.time.fromisoformat(d["fin"]),
                **{champ: d[champ] for champ in propres},
            },
        )
        for ordre, point in enumerate(d["programme"] if nouvelle else (), 1):
            cree = session.programme.create(
                ordre=ordre, intitule=point["intitule"], visio=point["visio"]
            )
            for rang, intervention in enumerate(point["interventions"], 1):
                cree.interventions.create(ordre=rang, **intervention)


def _heure(texte: str | None) -> datetime.time | None:
    return datetime.time.fromisoformat(texte) if texte else None
