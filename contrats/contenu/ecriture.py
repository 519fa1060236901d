"""Écrit le contenu d'une fiche : une transaction, une mise à jour conditionnelle, une `Version`."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from comptes.models import Utilisateur
from contrats.contenu.actions import ecrire_actions, phrase
from contrats.contenu.forme import (
    LIGNES,
    ContenuFiche,
    ContenuInvalide,
    ContenuSection,
    action_vide,
)
from contrats.contenu.lecture import lire
from contrats.contenu.references import References, toutes
from contrats.enums import RolePartenaire
from contrats.historique import constater
from contrats.models import Fiche, Partenariat, Renvoi, Section, Version
from contrats.models.lignes import LigneDeSection
from contrats.permissions import Acte, peut
from contrats.transitions import verifier_modifiable
from contrats.versions import versionner
from edition.contraintes import message_de_contrainte
from edition.ecriture import VersionPerimee, mettre_a_jour
from edition.models import Lot
from texte.markdown import nettoyer

REFERENCES_DE_LIGNE = {"personne": "personnes", "organisme": "organismes", "cible": "contrats"}


class _Inchange(Exception):
    """Rien ne change : la mise à jour conditionnelle s'annule, aucune version n'est faite."""


def enregistrer(
    fiche: Fiche,
    contenu: ContenuFiche,
    *,
    version: int,
    par: Utilisateur | None,
    motif: str = "",
    retablit: bool = False,
    lot: Lot | None = None,
) -> Version | None:
    """Écrit `contenu` si la fiche est encore à `version` ; rend la `Version` faite.

    Rend None si rien ne change. `par` vide : chargement initial, sans contrôle de droit.
    `lot` : l'acte groupé dont cet enregistrement fait partie.
    `retablit` : les statuts d'action reviennent à ce qu'ils étaient, d'où qu'ils partent.
    Lève `PermissionDenied`, `TransitionImpossible` (texte fermé), `VersionPerimee` ou
    `ContenuInvalide` (clé inconnue, action d'une autre fiche, statut interdit, règle de la base) :
    rien n'est alors écrit.
    """
    if par is not None and not peut(par, Acte.MODIFIER, fiche):
        raise PermissionDenied("Vous ne pouvez pas modifier cette fiche.")
    contenu = _normaliser(contenu)
    lue = Fiche.objects.select_related("axe").get(pk=fiche.pk)
    if lue.version != version:
        raise VersionPerimee(lue, version)
    if par is not None:
        verifier_modifiable(lue)
    try:
        with transaction.atomic():
            _ecrire(lue, contenu, version=version, par=par, motif=motif, retablit=retablit)
            constater(lue, par=par)
            faite = versionner(lue, par=par, motif=motif, lot=lot)
    except _Inchange:
        return None
    except IntegrityError as erreur:
        raise ContenuInvalide({"contenu": message_de_contrainte(erreur)}) from erreur
    fiche.refresh_from_db()
    return faite


def retablir(fiche: Fiche, ancienne: Version, *, version: int, par: Utilisateur) -> Version | None:
    """Remet la fiche dans l'état d'une version ancienne : c'est une version de plus.

    Lève les mêmes erreurs qu'`enregistrer`.
    """
    if not peut(par, Acte.RESTAURER, fiche):
        raise PermissionDenied("Vous ne pouvez pas rétablir une version de cette fiche.")
    motif = f"Rétablit la version {ancienne.numero}"
    return enregistrer(
        fiche, ancienne.instantane, version=version, par=par, motif=motif, retablit=True
    )


def _ecrire(
    fiche: Fiche,
    contenu: ContenuFiche,
    *,
    version: int,
    par: Utilisateur | None,
    motif: str,
    retablit: bool,
) -> None:
    champs = {c: contenu[c] for c in ("titre", "numero", "numero_deduit", "note_titre")}
    # La mise à jour conditionnelle vient d'abord : elle prend le verrou, et ce qu'on lit ensuite
    # est l'état sur lequel on écrit.
    avant = {c: getattr(fiche, c) for c in champs}
    mettre_a_jour(fiche, version=version, modifie_par=par, **champs)
    actuel = ContenuFiche(**{**lire(fiche), **avant})  # type: ignore[typeddict-item]
    if actuel == contenu:
        raise _Inchange
    references = References(fiche, contenu, par, actuel)
    if contenu["axe"] != actuel["axe"]:
        fiche.axe = references.axes[contenu["axe"]] if contenu["axe"] else None
        Fiche.objects.filter(pk=fiche.pk).update(axe=fiche.axe)
    _ecrire_sections(fiche, actuel, contenu, references)
    ecrire_actions(fiche, actuel, contenu, references, par, retablit=motif if retablit else "")


def _normaliser(contenu: ContenuFiche) -> ContenuFiche:
    """Textes nettoyés et identifiants donnés aux actions nouvelles, sans toucher à l'original."""
    sections: list[Any] = []
    for section in contenu["sections"]:
        actions = [_action_normalisee(a) for a in section["actions"]]
        sections.append({**section, "texte": nettoyer(section["texte"]), "actions": actions})
    propre: Any = {**contenu, "note_titre": nettoyer(contenu["note_titre"]), "sections": sections}
    cles = [s["cle"] for s in sections]
    ids = [a["id"] for s in sections for a in toutes(s["actions"])]
    if len(set(cles)) < len(cles) or len(set(ids)) < len(ids):
        raise ContenuInvalide({"contenu": "Une section ou une action figure deux fois."})
    return propre


def _action_normalisee(action: Any) -> Any:
    try:
        identifiant = uuid.UUID(action["id"]) if action["id"] else uuid.uuid4()
    except ValueError as erreur:
        raise ContenuInvalide({"actions": "Identifiant d'action mal formé."}) from erreur
    return {
        **action_vide(),  # une version ancienne peut ne pas avoir tous les champs
        **action,
        "id": str(identifiant),
        "description": nettoyer(action["description"]),
        "sous_actions": [_action_normalisee(a) for a in action["sous_actions"]],
    }


def _ecrire_sections(
    fiche: Fiche, actuel: ContenuFiche, contenu: ContenuFiche, references: References
) -> None:
    anciennes = {s["cle"]: s for s in actuel["sections"]}
    en_base = {s.modele.cle: s for s in fiche.sections.select_related("modele")}
    fiche.sections.exclude(modele__cle__in=[s["cle"] for s in contenu["sections"]]).delete()
    for ordre, voulue in enumerate(contenu["sections"], 1):
        section = en_base.get(voulue["cle"]) or Section(
            fiche=fiche, modele=references.modeles[voulue["cle"]]
        )
        champs = {c: voulue[c] for c in ("libelle", "etat", "texte", "liste_ouverte")}
        if section.pk is None or any(
            getattr(section, c) != v for c, v in {**champs, "ordre": ordre}.items()
        ):
            section.ordre = ordre
            for champ, valeur in champs.items():
                setattr(section, champ, valeur)
            _valider(section, ["fiche", "modele"], voulue["libelle"])
            section.save()
        _ecrire_listes(section, anciennes.get(voulue["cle"]), voulue, references)


def _valider(objet: Section | LigneDeSection, sans: list[str], libelle: str) -> None:
    try:
        objet.clean_fields(exclude=sans)
    except ValidationError as erreur:
        raise ContenuInvalide({libelle: phrase(objet, erreur)}) from erreur


def _ecrire_listes(
    section: Section,
    ancienne: ContenuSection | None,
    voulue: ContenuSection,
    references: References,
) -> None:
    """Listes sans identité propre : remplacées en entier quand elles changent."""
    if voulue["partenaires"] != (ancienne["partenaires"] if ancienne else []):
        section.partenariats.all().delete()
        Partenariat.objects.bulk_create(
            Partenariat(
                section=section,
                organisme=references.organismes[p["organisme"]],
                mention=p["mention"],
                role=RolePartenaire.POTENTIEL,
                ordre=ordre,
            )
            for ordre, p in enumerate(voulue["partenaires"], 1)
        )
    if voulue["renvois"] != (ancienne["renvois"] if ancienne else []):
        section.renvois.all().delete()
        Renvoi.objects.bulk_create(
            Renvoi(
                section=section,
                ordre=ordre,
                texte=r["texte"],
                fiche=references.fiches.get(r["fiche"]),
                annexe=references.annexes.get(r["annexe"]),
                document=r["document"],
                deduit=r["deduit"],
            )
            for ordre, r in enumerate(voulue["renvois"], 1)
        )
    if voulue["lignes"] != (ancienne["lignes"] if ancienne else []):
        _ecrire_lignes(section, voulue["lignes"], references)


def _ecrire_lignes(section: Section, lignes: list[dict[str, Any]], references: References) -> None:
    if section.modele.nature not in LIGNES:
        raise ContenuInvalide({section.modele.cle: "Cette section ne porte pas de lignes."})
    relation, champs = LIGNES[section.modele.nature]
    gestionnaire = getattr(section, relation)
    gestionnaire.all().delete()
    nouvelles = []
    for ordre, ligne in enumerate(lignes, 1):
        valeurs = {champ: ligne[champ] for champ in champs}
        for champ, table in REFERENCES_DE_LIGNE.items():
            if champ in valeurs:
                valeurs[champ] = getattr(references, table).get(valeurs[champ])
        nouvelle = gestionnaire.model(section=section, ordre=ordre, **valeurs)
        _valider(nouvelle, ["section"], section.libelle)
        nouvelles.append(nouvelle)
    gestionnaire.model.objects.bulk_create(nouvelles)
