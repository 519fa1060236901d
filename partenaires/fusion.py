"""Fusion d'organismes : tout ce qui citait l'un cite l'autre, sans doublon ni perte.

Toutes les relations vers l'organisme sont parcourues, sans que ce module les connaisse : celles
qui viendront sont comprises.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import CASCADE, ForeignKey, Model, UniqueConstraint

from edition.ecriture import mettre_a_jour
from edition.models import Versionne
from partenaires.models import AliasOrganisme, Organisme

REPRIS = ("sigle", "siren", "territoire")  # vides chez l'organisme gardé, ils viennent de l'autre


class FusionImpossible(Exception):
    """Ces deux organismes ne peuvent fusionner ; le message dit pourquoi."""


@dataclass
class Report:
    """Ce que deviennent les lignes d'une relation vers l'objet fusionné."""

    champ: ForeignKey
    reportees: list[Model]
    doubles: list[tuple[Model, Model]]  # (ligne à retirer, ligne déjà présente qui la remplace)
    boucles: list[Model]  # deviendraient un lien de l'objet à lui-même : retirées

    @property
    def libelle(self) -> str:
        return str(self.champ.model._meta.verbose_name_plural)


def verifier(ancien: Organisme, garde: Organisme) -> None:
    """Lève `FusionImpossible` si `ancien` ne peut rejoindre `garde`."""
    if ancien.pk == garde.pk:
        raise FusionImpossible("Un organisme ne fusionne pas avec lui-même.")
    if ancien.fusionne_dans_id or garde.fusionne_dans_id:
        raise FusionImpossible("L'un de ces organismes est déjà fusionné.")
    if ancien.nature != garde.nature:
        raise FusionImpossible(
            f"« {ancien} » ({ancien.get_nature_display().lower()}) et « {garde} » "
            f"({garde.get_nature_display().lower()}) ne sont pas de même nature : corrigez-la "
            "d'abord."
        )


def reports(ancien: Model, garde: Model) -> list[Report]:
    """Pour chaque relation vers `ancien` qui a des lignes : ce qu'elles deviennent."""
    plan = []
    for relation in type(ancien)._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        champ: Any = relation.field  # type: ignore[union-attr]  # relation inverse
        proprietaires = list(chemins_des_proprietaires(champ.model))
        lignes = champ.model._base_manager.filter(**{champ.name: ancien}).order_by("pk")
        if proprietaires:
            lignes = lignes.select_related(*proprietaires)
        if lignes:
            plan.append(_report(champ, list(lignes), garde))
    return plan


def tous_les_reports(ancien: Model, garde: Model) -> Iterator[Report]:
    """Les reports, ceux des lignes en double compris : leurs propres liens suivent la jumelle."""
    for report in reports(ancien, garde):
        yield report
        for double, jumelle in report.doubles:
            yield from tous_les_reports(double, jumelle)


def _report(champ: ForeignKey, lignes: list[Model], garde: Model) -> Report:
    jumelles = _jumelles(champ, lignes, garde)
    report = Report(champ, [], [], [])
    for ligne in lignes:
        if _ferait_une_boucle(ligne, champ, garde):
            report.boucles.append(ligne)
        elif ligne.pk in jumelles:
            report.doubles.append((ligne, jumelles[ligne.pk]))
        else:
            report.reportees.append(ligne)
    return report


def _ferait_une_boucle(ligne: Model, champ: ForeignKey, garde: Model) -> bool:
    return any(
        autre is not champ
        and isinstance(autre, ForeignKey)
        and autre.related_model is champ.related_model
        and getattr(ligne, autre.attname) == garde.pk
        for autre in ligne._meta.concrete_fields
    )


def _jumelles(champ: ForeignKey, lignes: list[Model], garde: Model) -> dict[Any, Model]:
    """Par ligne (clé primaire), celle de `garde` qu'une contrainte interdit de doubler."""
    jumelles: dict[Any, Model] = {}
    gestionnaire = champ.model._base_manager
    for colonnes, condition in _unicites(champ):
        champs: list[Any] = [champ.model._meta.get_field(c) for c in colonnes if c != champ.name]
        autres = [c.attname for c in champs]
        soumises = gestionnaire.filter(*condition)
        presentes = {
            tuple(getattr(ligne, a) for a in autres): ligne
            for ligne in soumises.filter(**{champ.name: garde})
        }
        concernees = set(
            soumises.filter(pk__in=[ligne.pk for ligne in lignes]).values_list("pk", flat=True)
        )
        for ligne in lignes:
            cle = tuple(getattr(ligne, a) for a in autres)
            if ligne.pk in concernees and cle in presentes:
                jumelles[ligne.pk] = presentes[cle]
    return jumelles


def _unicites(champ: ForeignKey) -> Iterator[tuple[tuple[str, ...], tuple[Any, ...]]]:
    """Groupes de colonnes uniques où figure `champ`, et leur condition."""
    if champ.unique:
        yield (champ.name,), ()
    for groupe in champ.model._meta.unique_together:
        if champ.name in groupe:
            yield tuple(groupe), ()
    for contrainte in champ.model._meta.constraints:
        if isinstance(contrainte, UniqueConstraint) and champ.name in contrainte.fields:
            condition = (contrainte.condition,) if contrainte.condition else ()
            yield tuple(contrainte.fields), condition


def chemins_des_proprietaires(modele: type[Model], vus: tuple[Any, ...] = ()) -> Iterator[str]:
    """Chemins vers les objets dont une ligne fait partie : ceux qui l'emportent en cascade."""
    for champ in modele._meta.concrete_fields:
        if not isinstance(champ, ForeignKey) or champ.remote_field.on_delete is not CASCADE:
            continue
        if champ.related_model is modele or champ.related_model in vus:
            continue
        yield champ.name
        for suite in chemins_des_proprietaires(champ.related_model, (*vus, modele)):
            yield f"{champ.name}__{suite}"


def proprietaires(ligne: Model) -> list[Versionne]:
    """Objets versionnés dont `ligne` fait partie (fiche, action, contrat…), du proche au large."""
    trouves: dict[tuple[type[Model], Any], Versionne] = {}
    for chemin in chemins_des_proprietaires(type(ligne)):
        objet: Any = ligne
        for etape in chemin.split("__"):
            objet = getattr(objet, etape) if objet is not None else None
        if isinstance(objet, Versionne):
            trouves[type(objet), objet.pk] = objet
    return list(trouves.values())


@transaction.atomic
def fusionner(
    ancien: Organisme,
    garde: Organisme,
    *,
    version: int,
    version_gardee: int,
    par: AbstractBaseUser,
) -> None:
    """Réunit `ancien` à `garde` ; son nom devient un alias, son adresse redirige.

    Chaque fiche, action et contrat touché change de version et garde son nouvel état. Lève
    `FusionImpossible`, ou `edition.ecriture.VersionPerimee` si l'un des objets a changé depuis
    qu'il a été lu : rien n'est alors écrit.
    """
    verifier(ancien, garde)
    repris = champs_repris(ancien, garde)
    liberes = {"siren": ""} if "siren" in repris else {}
    mettre_a_jour(ancien, version=version, fusionne_dans=garde, **liberes)
    mettre_a_jour(garde, version=version_gardee, **repris)
    touches = _reporter(ancien, garde)
    AliasOrganisme.objects.get_or_create(libelle=ancien.nom, defaults={"organisme": garde})
    touches = {cle: o for cle, o in touches.items() if o not in (ancien, garde)}
    for objet in touches.values():
        mettre_a_jour(objet, version=objet.version)
    motif = f"Fusion de « {ancien} » dans « {garde} »"[:300]
    for objet in touches.values():
        objet.garder_version(par=par, motif=motif)


def champs_repris(ancien: Organisme, garde: Organisme) -> dict[str, Any]:
    """Champs vides de l'organisme gardé que l'ancien renseigne."""
    return {
        champ: getattr(ancien, champ)
        for champ in REPRIS
        if getattr(ancien, champ) and not getattr(garde, champ)
    }


def _reporter(ancien: Model, garde: Model) -> dict[tuple[type[Model], Any], Versionne]:
    """Applique les reports ; rend les objets versionnés dont une ligne a changé."""
    touches: dict[tuple[type[Model], Any], Versionne] = {}
    for report in reports(ancien, garde):
        for ligne in [*report.reportees, *report.boucles, *(d for d, _ in report.doubles)]:
            touches |= {(type(o), o.pk): o for o in proprietaires(ligne)}
        for double, jumelle in report.doubles:
            touches |= _reporter(double, jumelle)
            double.delete()
        for boucle in report.boucles:
            boucle.delete()
        _rattacher(report, garde)
    return touches


def _rattacher(report: Report, garde: Model) -> None:
    champ: Any = report.champ
    lignes: list[Any] = report.reportees
    if issubclass(champ.model, Versionne):
        for ligne in lignes:
            mettre_a_jour(ligne, version=ligne.version, **{champ.name: garde})
    else:
        cles = [ligne.pk for ligne in lignes]
        champ.model._base_manager.filter(pk__in=cles).update(**{champ.name: garde})
