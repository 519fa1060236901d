"""Écrit les actions d'une fiche : seules celles qui changent, en un nombre fixe de requêtes."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.contenu.forme import CHAMPS_ACTION, CHAMPS_PERIODE, ContenuFiche, ContenuInvalide
from contrats.contenu.lecture import ROLES
from contrats.contenu.references import References
from contrats.enums import StatutAction
from contrats.models import Action, Fiche, Partenariat, Periode
from contrats.transitions import (
    DonneeManquante,
    TransitionAction,
    TransitionImpossible,
    journaliser,
    motif_du_statut,
    transition_entre,
)

REGROUPEMENT = (
    "Une action se regroupe avec une autre du contrat, elle-même non regroupée : choisissez-la "
    "depuis la page de l'action."
)
LIES = ("pilotes", "chefs_de_file", "partenaires")


def ecrire_actions(
    fiche: Fiche,
    actuel: ContenuFiche,
    contenu: ContenuFiche,
    references: References,
    par: Utilisateur | None,
    *,
    retablit: str = "",
) -> None:
    """Crée, modifie et supprime les actions de la fiche pour qu'elles soient celles du contenu.

    Un changement de statut suit la table des transitions, dit son motif et va au journal ;
    `retablit`, non vide, le permet d'où qu'il parte et sert de motif à qui n'en avait pas. Lève
    `ContenuInvalide` si un identifiant appartient à une autre fiche, ou si un statut ne peut
    suivre le précédent.
    """
    avant = _a_plat(actuel, references)
    apres = _a_plat(contenu, references)
    en_base = {str(a.public_id): a for a in Action.objects.filter(fiche=fiche)}
    _refuser_etrangeres(set(apres) - set(en_base))
    passages = _verifier_statuts(avant, apres, retablit)
    cibles = _cibles(fiche, apres)

    nouvelles = {i: en_base.get(i) or _nouvelle(fiche, i) for i in apres}
    for niveau in (1, 2, 3):  # un parent s'écrit avant ses sous-points
        _ecrire_niveau(niveau, nouvelles, avant, apres, cibles)
    # Après coup seulement : un sous-point déplacé ne doit pas suivre son ancien parent.
    _supprimer([en_base[i] for i in set(avant) - set(apres)])
    for i, transition in passages.items():
        journaliser(
            nouvelles[i],
            transition,
            de=avant[i]["statut"],
            par=par,
            motif=apres[i]["motif_statut"],
        )
    modifiees = {i for i in apres if avant.get(i) != apres[i]}
    _ecrire_liens(modifiees, nouvelles, avant, apres, references)


def _a_plat(contenu: ContenuFiche, references: References) -> dict[str, dict[str, Any]]:
    """Actions par identifiant, avec ce qui vient de leur place : horizon, parent, ordre, niveau."""
    plates: dict[str, dict[str, Any]] = {}

    def ajouter(actions: list[Any], horizon: str, parent: str | None, niveau: int) -> None:
        if niveau > 3 and actions:
            raise ContenuInvalide({"actions": "Un sous-point n'a pas de niveau plus fin."})
        for action in actions:
            place = {
                "horizon": horizon,
                "parent": parent,
                "ordre": len(plates) + 1,
                "niveau": niveau,
            }
            plates[action["id"]] = {**action, **place, "sous_actions": None}
            ajouter(action["sous_actions"], horizon, action["id"], niveau + 1)

    for section in contenu["sections"]:
        ajouter(section["actions"], references.modeles[section["cle"]].horizon, None, 1)
    return plates


def _refuser_etrangeres(inconnues: set[str]) -> None:
    if inconnues and Action.objects.filter(public_id__in=inconnues).exists():
        raise ContenuInvalide({"actions": "Cette action n'appartient pas à la fiche."})


def _verifier_statuts(
    avant: dict[str, Any], apres: dict[str, Any], retablit: str
) -> dict[str, TransitionAction]:
    """Les transitions que le contenu franchit ; le motif de chaque statut, à sa forme gardée."""
    passages = {}
    for identifiant, voulue in apres.items():
        try:
            if identifiant in avant:
                transition = transition_entre(
                    avant[identifiant]["statut"], voulue["statut"], libre=bool(retablit)
                )
                if transition:
                    passages[identifiant] = transition
            voulue["motif_statut"] = motif_du_statut(
                voulue["statut"], voulue["motif_statut"] or retablit
            )
        except (DonneeManquante, TransitionImpossible) as erreur:
            raise ContenuInvalide({f"action:{identifiant}": str(erreur)}) from erreur
        if voulue["statut"] != StatutAction.REGROUPEE:
            voulue["regroupee_dans"] = None
        elif not voulue["regroupee_dans"]:
            raise ContenuInvalide({f"action:{identifiant}": REGROUPEMENT})
    return passages


def _cibles(fiche: Fiche, apres: dict[str, Any]) -> dict[str, Action]:
    """Actions du contrat avec lesquelles d'autres sont regroupées, par identifiant."""
    citees = {i: a["regroupee_dans"] for i, a in apres.items() if a["regroupee_dans"]}
    if not citees:
        return {}
    du_contrat = Action.objects.filter(contrat=fiche.contrat_id)
    trouvees = {
        str(a.public_id): a
        for a in du_contrat.exclude(statut=StatutAction.REGROUPEE).filter(
            public_id__in=filter(None, map(_uuid, citees.values()))
        )
    }
    for identifiant, cible in citees.items():
        if cible not in trouvees or cible == identifiant:
            raise ContenuInvalide({f"action:{identifiant}": REGROUPEMENT})
    return trouvees


def _uuid(texte: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(texte)
    except ValueError:
        return None


def _supprimer(actions: list[Action]) -> None:
    """Une action avec laquelle d'autres sont regroupées ne se retire pas sous elles."""
    if not actions:
        return
    orphelines = Action.objects.filter(regroupee_dans__in=actions).exclude(
        pk__in=[a.pk for a in actions]
    )
    if orphelines.exists():
        raise ContenuInvalide(
            {"actions": "D'autres actions sont regroupées avec une de celles que vous retirez."}
        )
    Action.objects.filter(pk__in=[a.pk for a in actions]).delete()


def _nouvelle(fiche: Fiche, identifiant: str) -> Action:
    return Action(
        public_id=uuid.UUID(identifiant),
        fiche=fiche,
        contrat_id=fiche.contrat_id,
        axe_id=fiche.axe_id,
    )


def _ecrire_niveau(
    niveau: int,
    actions: dict[str, Action],
    avant: dict[str, dict[str, Any]],
    apres: dict[str, dict[str, Any]],
    cibles: dict[str, Action],
) -> None:
    a_creer: list[Action] = []
    a_modifier: list[Action] = []
    maintenant = timezone.now()
    for identifiant, voulue in apres.items():
        if voulue["niveau"] != niveau or avant.get(identifiant) == voulue:
            continue
        action = actions[identifiant]
        for champ in (*CHAMPS_ACTION, "horizon", "ordre"):
            setattr(action, champ, voulue[champ])
        action.parent = actions[voulue["parent"]] if voulue["parent"] else None
        action.regroupee_dans = cibles.get(voulue["regroupee_dans"] or "")
        _valider(action, voulue["intitule"])
        if action.pk is None:
            a_creer.append(action)
        else:
            action.version = F("version") + 1
            action.modifie_le = maintenant
            a_modifier.append(action)
    Action.objects.bulk_create(a_creer)
    champs = [
        *CHAMPS_ACTION,
        "horizon",
        "ordre",
        "parent",
        "regroupee_dans",
        "version",
        "modifie_le",
    ]
    Action.objects.bulk_update(a_modifier, champs)


def _valider(action: Action, intitule: str) -> None:
    """Champs puis ordre des dates ; les contraintes de la base coûteraient une requête chacune."""
    try:
        action.clean_fields(
            exclude=["contrat", "fiche", "axe", "parent", "regroupee_dans", "public_id"]
        )
    except ValidationError as erreur:
        raise ContenuInvalide({f"« {intitule} »": phrase(action, erreur)}) from erreur
    if action.debut and action.echeance and action.echeance < action.debut:
        raise ContenuInvalide({f"« {intitule} »": "L'échéance ne peut précéder le début."})


def phrase(objet: Model, erreur: ValidationError) -> str:
    """« intitulé : ce champ ne peut pas être vide » : chaque refus nomme son champ."""
    return " ".join(
        f"{objet._meta.get_field(champ).verbose_name} : {' '.join(messages)}"  # type: ignore[union-attr]
        for champ, messages in erreur.message_dict.items()
    )


def _ecrire_liens(
    modifiees: set[str],
    actions: dict[str, Action],
    avant: dict[str, dict[str, Any]],
    apres: dict[str, dict[str, Any]],
    references: References,
) -> None:
    """Partenaires, territoires et périodes des actions dont ils changent."""

    def changees(*champs: str) -> list[str]:
        return [
            i
            for i in apres
            if i in modifiees and any(apres[i][c] != avant.get(i, {}).get(c, []) for c in champs)
        ]

    qui = changees(*LIES)
    Partenariat.objects.filter(action__in=[actions[i] for i in qui]).delete()
    Partenariat.objects.bulk_create(
        Partenariat(
            action=actions[i],
            organisme=references.organismes[cle],
            role=ROLES[lie],
            ordre=ordre,
        )
        for i in qui
        for lie in LIES
        for ordre, cle in enumerate(dict.fromkeys(apres[i][lie]), 1)
    )
    ou = changees("territoires")
    lien = Action.territoires.through
    lien.objects.filter(action__in=[actions[i] for i in ou]).delete()
    lien.objects.bulk_create(
        lien(action=actions[i], territoire=references.territoires[cle])
        for i in ou
        for cle in dict.fromkeys(apres[i]["territoires"])
    )
    quand = changees("periodes")
    Periode.objects.filter(action__in=[actions[i] for i in quand]).delete()
    Periode.objects.bulk_create(
        Periode(
            action=actions[i],
            ordre=ordre,
            **{champ: periode[champ] for champ in CHAMPS_PERIODE},
        )
        for i in quand
        for ordre, periode in enumerate(apres[i]["periodes"], 1)
    )
