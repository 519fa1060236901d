"""Ce qui manque à une fiche, dit comme une liste de liens vers les champs à remplir."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse

from contrats.enums import EtatSection, RolePartenaire, StatutAction
from contrats.models import Action, Axe, Fiche, Partenariat, Section, SectionModele


@dataclass(frozen=True)
class Manque:
    """Un élément à compléter, et l'adresse de son champ."""

    libelle: str
    adresse: str


def manques(fiches: Iterable[Fiche]) -> dict[int, list[Manque]]:
    """Par fiche (clé primaire), ce qui lui manque : en quatre requêtes, quel que soit leur nombre.

    Une section « néant » ou « sans objet » ne manque pas : c'est une réponse.
    """
    liste = list(fiches)
    trouves: dict[int, list[Manque]] = defaultdict(list)
    _axes(liste, trouves)
    _sections(liste, trouves)
    _actions(liste, trouves)
    return trouves


def _champ(fiche: Fiche, ancre: str) -> str:
    return f"{reverse('contrats:fiche-modifier', args=[fiche.public_id])}#{ancre}"


def _axes(fiches: list[Fiche], trouves: dict[int, list[Manque]]) -> None:
    """Sans axe, une fiche n'est nulle part dans l'arbre de son contrat, s'il en a un."""
    sans = [fiche for fiche in fiches if fiche.axe_id is None]
    contrats = Axe.objects.filter(contrat__in={fiche.contrat_id for fiche in sans})
    avec_arbre = set(contrats.order_by().values_list("contrat", flat=True).distinct())
    for fiche in sans:
        if fiche.contrat_id in avec_arbre:
            trouves[fiche.pk].append(Manque("l'axe du contrat", _champ(fiche, "id_f-axe")))


def _sections(fiches: list[Fiche], trouves: dict[int, list[Manque]]) -> None:
    """Sections à renseigner, et sections obligatoires du modèle que la fiche n'a pas."""
    presentes: dict[int, set[int]] = defaultdict(set)
    par_fiche = {fiche.pk: fiche for fiche in fiches}
    sections = Section.objects.filter(fiche__in=fiches).select_related("modele")
    for section in sections.order_by("ordre", "pk"):
        presentes[section.fiche_id].add(section.modele_id)
        if section.etat == EtatSection.A_RENSEIGNER:
            adresse = _champ(par_fiche[section.fiche_id], f"s-{section.modele.cle}")
            trouves[section.fiche_id].append(Manque(section.libelle, adresse))
    modeles = SectionModele.objects.filter(
        modele__in={fiche.modele_id for fiche in fiches}, obligatoire=True
    )
    for modele in modeles.order_by("ordre", "pk"):
        for fiche in fiches:
            if fiche.modele_id == modele.modele_id and modele.pk not in presentes[fiche.pk]:
                trouves[fiche.pk].append(Manque(modele.libelle, _champ(fiche, "plan")))


def _actions(fiches: list[Fiche], trouves: dict[int, list[Manque]]) -> None:
    """Actions à faire qui n'ont ni pilote, ou pas d'échéance : un lien chacune."""
    par_fiche = {fiche.pk: fiche for fiche in fiches}
    pilotages = Partenariat.objects.filter(role=RolePartenaire.PILOTE, action=OuterRef("pk"))
    actions = (
        Action.objects.filter(fiche__in=fiches, parent=None, statut__in=StatutAction.a_faire())
        .annotate(a_un_pilote=Exists(pilotages))
        .order_by("ordre", "pk")
    )
    for action in actions:
        dits = [
            mot
            for mot, present in (
                ("le pilote", action.a_un_pilote),  # type: ignore[attr-defined]  # annoté
                ("l'échéance", action.echeance),
            )
            if not present
        ]
        if dits and action.fiche_id:
            fiche = par_fiche[action.fiche_id]
            libelle = f"{' et '.join(dits)} de « {action.intitule[:80]} »"
            trouves[fiche.pk].append(Manque(libelle, _champ(fiche, f"a-{action.public_id}")))
