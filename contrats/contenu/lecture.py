"""Lit en base le contenu d'une fiche, en un nombre fixe de requêtes."""

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch, QuerySet

from contrats.contenu.forme import (
    CHAMPS_ACTION,
    CHAMPS_PERIODE,
    LIGNES,
    ContenuAction,
    ContenuFiche,
    ContenuSection,
    section_vide,
)
from contrats.contenu.valeurs import valeur_json
from contrats.enums import NatureSection, RolePartenaire
from contrats.models import (
    Action,
    Fiche,
    Partenariat,
    ProjetLie,
    Renvoi,
    Responsable,
    Section,
    SectionModele,
)

ROLES = {
    "pilotes": RolePartenaire.PILOTE,
    "chefs_de_file": RolePartenaire.CHEF_DE_FILE,
    "partenaires": RolePartenaire.PARTENAIRE,
}

# Relations dont les lignes citent d'autres objets : lus avec elles.
AVEC_REFERENCES = {
    "projetlies": ProjetLie.objects.select_related("cible"),
    "responsables": Responsable.objects.select_related("personne", "organisme"),
}


def lire(fiche: Fiche) -> ContenuFiche:
    """Contenu entier de la fiche, sections dans l'ordre imprimé."""
    sections = list(_sections(fiche))
    actions = _actions_par_horizon(fiche)
    contenu = [_section(s, actions) for s in sections]
    contenu += _sections_manquantes(fiche, {s.modele_id for s in sections}, actions)
    return ContenuFiche(
        titre=fiche.titre,
        numero=fiche.numero,
        numero_deduit=fiche.numero_deduit,
        note_titre=fiche.note_titre,
        axe=fiche.axe.cle if fiche.axe else None,
        sections=contenu,
    )


def _sections(fiche: Fiche) -> QuerySet[Section]:
    partenariats = Partenariat.objects.select_related("organisme").order_by("ordre", "pk")
    renvois = Renvoi.objects.select_related("fiche", "annexe").order_by("ordre", "pk")
    return (
        Section.objects.filter(fiche=fiche)
        .select_related("modele")
        .prefetch_related(
            Prefetch("partenariats", partenariats),
            Prefetch("renvois", renvois),
            *(relation for relation, _ in LIGNES.values() if relation not in AVEC_REFERENCES),
            *(
                Prefetch(r, queryset.order_by("ordre", "pk"))
                for r, queryset in AVEC_REFERENCES.items()
            ),
        )
        .order_by("ordre", "pk")
    )


def _section(section: Section, actions: dict[str, list[ContenuAction]]) -> ContenuSection:
    nature, horizon = section.modele.nature, section.modele.horizon
    contenu = section_vide(section.modele.cle, section.libelle)
    contenu["etat"] = section.etat
    contenu["texte"] = section.texte
    contenu["liste_ouverte"] = section.liste_ouverte
    contenu["partenaires"] = [
        {"organisme": p.organisme.cle, "mention": p.mention} for p in section.partenariats.all()
    ]
    contenu["renvois"] = [_renvoi(r) for r in section.renvois.all()]
    if nature == NatureSection.ACTIONS:
        contenu["actions"] = actions.get(horizon, [])
    elif nature in LIGNES:
        relation, champs = LIGNES[nature]
        lignes = getattr(section, relation).all()
        contenu["lignes"] = [
            {c: valeur_json(getattr(ligne, c)) for c in champs} for ligne in lignes
        ]
    return contenu


def _sections_manquantes(
    fiche: Fiche, presentes: set[int], actions: dict[str, list[ContenuAction]]
) -> list[ContenuSection]:
    """Une action n'est jamais perdue de vue, même si sa section n'existe pas encore."""
    modeles = SectionModele.objects.filter(
        modele=fiche.modele_id, nature=NatureSection.ACTIONS
    ).exclude(pk__in=presentes)
    manquantes = []
    for modele in modeles.order_by("ordre") if actions else ():
        if actions.get(modele.horizon):
            section = section_vide(modele.cle, modele.libelle)
            section["etat"] = "renseignee"
            section["actions"] = actions[modele.horizon]
            manquantes.append(section)
    return manquantes


def _actions_par_horizon(fiche: Fiche) -> dict[str, list[ContenuAction]]:
    lignes = (
        Action.objects.filter(fiche=fiche)
        .select_related("regroupee_dans")
        .prefetch_related(
            Prefetch(
                "partenariats",
                Partenariat.objects.select_related("organisme").order_by("ordre", "pk"),
            ),
            "territoires",
            "periodes",
        )
        .order_by("ordre", "pk")
    )
    par_horizon: dict[str, list[ContenuAction]] = defaultdict(list)
    par_id: dict[int, ContenuAction] = {}
    sous_points: list[tuple[int, ContenuAction]] = []
    for action in lignes:
        contenu = par_id[action.pk] = _action(action)
        if action.parent_id:
            sous_points.append((action.parent_id, contenu))
        else:
            par_horizon[action.horizon].append(contenu)
    for parent, contenu in sous_points:
        par_id[parent]["sous_actions"].append(contenu)
    return par_horizon


def _action(action: Action) -> ContenuAction:
    roles: dict[str, list[str]] = {cle: [] for cle in ROLES}
    partenariats = action.partenariats.all()
    for cle, role in ROLES.items():
        roles[cle] = [p.organisme.cle for p in partenariats if p.role == role]
    champs: Any = {champ: valeur_json(getattr(action, champ)) for champ in CHAMPS_ACTION}
    return ContenuAction(
        id=str(action.public_id),
        regroupee_dans=str(action.regroupee_dans.public_id) if action.regroupee_dans else None,
        **champs,
        **roles,  # type: ignore[typeddict-item]  # les trois clés de ROLES
        territoires=sorted(t.cle for t in action.territoires.all()),
        periodes=[
            {champ: valeur_json(getattr(p, champ)) for champ in CHAMPS_PERIODE}
            for p in action.periodes.all()
        ],
        sous_actions=[],
    )


def _renvoi(renvoi: Renvoi) -> dict[str, Any]:
    return {
        "texte": renvoi.texte,
        "fiche": renvoi.fiche.cle if renvoi.fiche else None,
        "annexe": renvoi.annexe.numero if renvoi.annexe else None,
        "document": renvoi.document,
        "deduit": renvoi.deduit,
    }
