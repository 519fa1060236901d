"""Ce que dit le contrat lui-même à une date : sommes, engagements, jalons, météo, devoirs."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.timezone import localtime

from contrats.corbeille import CORBEILLE
from contrats.enums import NatureSection
from contrats.models import (
    Contrat,
    Engagement,
    Fiche,
    Financement,
    Jalon,
    SectionModele,
    Version,
)
from tableaux.comites import seances_tenues
from tableaux.enums import ValeurMeteo
from tableaux.etat import ConstatLu, ContratLu, EngagementLu, JalonLu, MeteoLue, SommeLue
from tableaux.perimetre import Lecteur
from tableaux.sources import Contrats, Sources


def lire_ce_que_dit_le_contrat(
    s: Sources, avant: datetime.datetime, present: bool
) -> dict[str, Any]:
    """Champs d'`Etat` : tout ce qui s'est dit avant cet instant."""
    contrats = s.contrats
    versions = {v.contrat_id: v for v in _dernieres(contrats, avant, present)}
    constats = _constats(s, avant)
    if present:
        sommes = list(_sommes(contrats, versions, s.nommes))
        promesses = [_promesse(e) for e in s.engagements.values()]
        jalons = list(_jalons(contrats, s.par, constats))
    else:
        sommes = list(_sommes_passees(contrats, versions, s.nommes))
        promesses = list(_promesses_passees(contrats, versions))
        jalons = list(_jalons_passes(contrats, s.par, avant, constats))
    return {
        "contrats": tuple(_contrats(s, avant)),
        "sommes": tuple(sommes),
        "engagements": tuple(_engagements(s, promesses, constats)),
        "jalons": tuple(jalons),
        "meteos": tuple(_meteos(s, avant)),
    }


def derniers_par(lignes: QuerySet, *champs: str) -> QuerySet:
    """La dernière ligne de chaque groupe."""
    rang = Window(RowNumber(), partition_by=list(champs), order_by=[F("pk").desc()])
    return lignes.annotate(rang=rang).filter(rang=1).order_by("pk")


def _dernieres(contrats: Contrats, avant: datetime.datetime, present: bool) -> Iterable[Version]:
    lignes = Version.objects.filter(contrat__in=contrats, cree_le__lt=avant)
    lues = derniers_par(lignes, "contrat").select_related("auteur")
    return lues.defer("instantane") if present else lues


def _auteur(dit: Any, contrat: int, nommes: set[int]) -> str:
    return str(dit.auteur) if dit is not None and dit.auteur and contrat in nommes else ""


# Sommes


def _sommes(contrats: Contrats, versions: Any, nommes: set[int]) -> Iterable[SommeLue]:
    lignes = Financement.objects.filter(contrat__in=contrats)
    for f in lignes.select_related("financeur", "beneficiaire").order_by("contrat", "ordre"):
        version = versions.get(f.contrat_id)
        yield SommeLue(
            contrat=contrats[f.contrat_id].slug,
            intitule=f.intitule,
            prevu=f.montant,
            engage=f.engage,
            paye=f.paye,
            origine=f.origine,
            en_nature=f.en_nature,
            demonstration=f.demonstration,
            nature=f.nature,
            financeur=f.financeur.cle if f.financeur else None,
            beneficiaire=f.beneficiaire.cle if f.beneficiaire else None,
            maj_le=version.cree_le if version else None,
            auteur=_auteur(version, f.contrat_id, nommes),
            adresse=f"{contrats[f.contrat_id].get_absolute_url()}#financements",
        )


def _sommes_passees(contrats: Contrats, versions: Any, nommes: set[int]) -> Iterable[SommeLue]:
    for pk, contrat in contrats.items():
        version = versions.get(pk)
        for f in version.instantane["financements"] if version else ():
            # Une version ancienne n'a ni engagé, ni payé, ni origine : ils étaient inconnus.
            yield SommeLue(
                contrat=contrat.slug,
                intitule=f["intitule"],
                prevu=_decimal(f["montant"]),
                engage=_decimal(f.get("engage")),
                paye=_decimal(f.get("paye")),
                origine=f.get("origine") or "",
                en_nature=f.get("en_nature", False),
                demonstration=f.get("demonstration", False),
                nature=f["nature"],
                financeur=f["financeur"],
                beneficiaire=f.get("beneficiaire"),
                maj_le=version.cree_le,
                auteur=_auteur(version, pk, nommes),
                adresse=f"{contrat.get_absolute_url()}#financements",
            )


def _decimal(texte: str | None) -> Decimal | None:
    return None if texte is None else Decimal(texte)


# Engagements

Promesse = tuple[int, int, str, tuple[str, ...], tuple[str, ...]]


def _promesse(e: Engagement) -> Promesse:
    porteurs = tuple(p.organisme.cle for p in e.porteurs.all())
    return (
        e.contrat_id,
        e.ordre,
        e.texte,
        porteurs,
        tuple(p.organisme.cle for p in e.beneficiaires.all()),
    )


def _promesses_passees(contrats: Contrats, versions: Any) -> Iterable[Promesse]:
    for pk in contrats:
        version = versions.get(pk)
        for e in version.instantane["engagements"] if version else ():
            yield pk, e["ordre"], e["texte"], tuple(e["porteurs"]), tuple(e["beneficiaires"])


def _engagements(
    s: Sources, promesses: Iterable[Promesse], constats: Any
) -> Iterable[EngagementLu]:
    for pk, ordre, texte, porteurs, beneficiaires in promesses:
        present = s.engagements.get((pk, ordre))
        yield EngagementLu(
            contrat=s.contrats[pk].slug,
            ordre=ordre,
            texte=texte,
            porteurs=tuple(s.organismes.get(c, c) for c in porteurs),
            beneficiaires=tuple(s.organismes.get(c, c) for c in beneficiaires),
            constat=constats.get(("engagement", present.pk)) if present else None,
            adresse=s.contrats[pk].get_absolute_url(),
            pk=present.pk if present else None,
        )


# Constats et météo


def _constats(s: Sources, avant: datetime.datetime) -> dict[Any, Any]:
    """Le dernier constat de chaque engagement et de chaque jalon."""
    constats: dict[Any, ConstatLu] = {}
    for c in s.constats:
        if c.le < avant:
            cle = ("engagement", c.engagement_id) if c.engagement_id else (c.fiche_id, c.jalon)
            auteur = _auteur(c, c.contrat_id, s.nommes)
            constats[cle] = ConstatLu(c.etat, c.phrase, c.le, auteur, c.demonstration)
    return constats


def _meteos(s: Sources, avant: datetime.datetime) -> Iterable[MeteoLue]:
    dernieres = {(m.contrat_id, m.axe.cle if m.axe else None): m for m in s.meteos if m.le < avant}
    for (pk, axe), m in dernieres.items():
        mot = ValeurMeteo(m.valeur).mot
        auteur = _auteur(m, pk, s.nommes)
        yield MeteoLue(
            s.contrats[pk].slug, axe, m.valeur, mot, m.phrase, m.le, auteur, m.demonstration
        )


# Jalons


def _jalons(contrats: Contrats, par: Lecteur, constats: Any) -> Iterable[JalonLu]:
    visibles = Fiche.objects.visibles_par(par).filter(contrat__in=contrats)
    lignes = Jalon.objects.filter(section__fiche__in=visibles).select_related("section__fiche")
    for j in lignes.order_by(
        "section__fiche__contrat", "section__fiche__ordre", "section__ordre", "ordre", "pk"
    ):
        fiche = j.section.fiche
        yield _jalon(fiche, contrats, constats, j.intitule, j.echeance, j.echeance_texte)


def _jalons_passes(
    contrats: Contrats, par: Lecteur, avant: datetime.datetime, constats: Any
) -> Iterable[JalonLu]:
    """D'après la dernière version de chaque fiche ; à la corbeille, elle n'en a pas."""
    presentes = Fiche.objects.visibles_par(par).filter(contrat__in=contrats)
    lisibles = Q(fiche__in=presentes)
    if par.is_authenticated:
        habilites = Contrat.objects.habilites(par).filter(pk__in=contrats)
        lisibles |= Q(fiche__contrat__in=habilites.values("pk"))
    versions = derniers_par(
        Version.objects.filter(lisibles, fiche__contrat__in=contrats, cree_le__lt=avant), "fiche"
    ).select_related("fiche")
    cles = set(
        SectionModele.objects.filter(nature=NatureSection.JALONS).values_list("modele", "cle")
    )
    lues = [v for v in versions if v.motif != CORBEILLE]
    for v in sorted(lues, key=lambda v: (v.fiche.contrat_id, v.fiche.ordre)):
        for section in v.instantane["sections"]:
            if (v.fiche.modele_id, section["cle"]) in cles:
                for ligne in section["lignes"]:
                    date = ligne["echeance"]
                    echeance = datetime.date.fromisoformat(date) if date else None
                    yield _jalon(
                        v.fiche,
                        contrats,
                        constats,
                        ligne["intitule"],
                        echeance,
                        ligne["echeance_texte"],
                    )


def _jalon(
    fiche: Fiche,
    contrats: Contrats,
    constats: Any,
    intitule: str,
    echeance: datetime.date | None,
    texte: str,
) -> JalonLu:
    contrat = contrats[fiche.contrat_id]
    return JalonLu(
        contrat=contrat.slug,
        fiche=fiche.titre,
        intitule=intitule,
        echeance=echeance,
        echeance_texte=texte,
        constat=constats.get((fiche.pk, intitule)),
        adresse=reverse("contrats:fiche-detail", args=[contrat.slug, fiche.cle]),
    )


# Devoirs


def _contrats(s: Sources, avant: datetime.datetime) -> Iterable[ContratLu]:
    comites, conferences = s.instances
    tenues = seances_tenues(s.contrats.values(), s.seances, avant)
    rapports: dict[int, list[datetime.date]] = defaultdict(list)
    for pk, au, le in s.rapports:
        if le < avant:
            rapports[pk].append(au)
    for pk, c in s.contrats.items():
        adopte, signe = s.adoptions.get(pk), s.signatures.get(pk)
        signe = signe if signe and signe < avant.date() else None
        yield ContratLu(
            slug=c.slug,
            nom=c.intitule_court,
            adresse=c.get_absolute_url(),
            type=c.type,
            debut=c.debut,
            signe_le=signe,
            a_un_comite=pk in comites,
            a_une_conference=pk in conferences,
            porteurs_depuis=s.creations.get(pk),
            comites=tuple(tenues[pk].comites),
            conferences=tuple(tenues[pk].conferences),
            rapports=tuple(rapports[pk]),
            inventees=frozenset(tenues[pk].inventees),
            adopte_le=localtime(adopte).date() if adopte and adopte < avant else signe,
        )
