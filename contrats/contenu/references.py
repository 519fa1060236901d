"""Résout les clés d'un contenu, à l'intérieur de ce que l'auteur peut voir.

Une clé inconnue ou hors du périmètre donne la même phrase : rien ne dit qu'un objet existe.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser

from comptes.models import Utilisateur
from contrats.contenu.forme import ContenuAction, ContenuFiche, ContenuInvalide
from contrats.models import Annexe, Axe, Contrat, Fiche, SectionModele
from partenaires.models import Organisme, Personne
from territoires.models import Territoire


class References:
    """Objets cités par un contenu, par clé ; une requête par modèle cité."""

    def __init__(
        self, fiche: Fiche, contenu: ContenuFiche, par: Utilisateur | None, deja: ContenuFiche
    ) -> None:
        auteur = par or AnonymousUser()
        erreurs: dict[str, str] = {}
        cites, anciens = citations(contenu), citations(deja)
        self.modeles = {m.cle: m for m in SectionModele.objects.filter(modele=fiche.modele_id)}
        self.axes = _charger(Axe.objects.filter(contrat=fiche.contrat_id), "cle", cites["axe"])
        self.fiches = _charger(
            Fiche.objects.filter(contrat=fiche.contrat_id), "cle", cites["fiche"]
        )
        self.annexes = _charger(
            Annexe.objects.filter(contrat=fiche.contrat_id), "numero", cites["annexe"]
        )
        self.organismes = _organismes(cites["organisme"], auteur)
        self.territoires = _charger(
            Territoire.objects.visibles_par(auteur), "cle", cites["territoire"]
        )
        self.personnes = _charger(Personne.objects.all(), "cle", cites["personne"])
        # Un contrat déjà lié le reste, même dépublié : enregistrer ne doit pas perdre un lien.
        self.contrats = _charger(
            Contrat.objects.visibles_par(auteur)
            | Contrat.objects.filter(slug__in=anciens["contrat"]),
            "slug",
            cites["contrat"],
        )
        trouves = {
            "axe": self.axes,
            "fiche": self.fiches,
            "annexe": self.annexes,
            "organisme": self.organismes,
            "territoire": self.territoires,
            "personne": self.personnes,
            "contrat": self.contrats,
            "section": self.modeles,
        }
        for nature, cles in cites.items():
            for cle in sorted(cles - set(trouves[nature])):
                erreurs[f"{nature}:{cle}"] = f"Aucun choix « {cle} » de ce genre ({nature})."
        if erreurs:
            raise ContenuInvalide(erreurs)


def _charger(queryset: Any, champ: str, cles: set[str]) -> dict[str, Any]:
    if not cles:
        return {}
    return {getattr(o, champ): o for o in queryset.filter(**{f"{champ}__in": cles})}


def _organismes(cles: set[str], auteur: Utilisateur | AnonymousUser) -> dict[str, Organisme]:
    """Une version ancienne peut citer un organisme fusionné depuis : celui qui le remplace."""
    fusionnes = Organisme.objects.filter(fusionne_dans__isnull=False)
    connus = Organisme.objects.visibles_par(auteur) | fusionnes
    trouves = _charger(connus.select_related("fusionne_dans"), "cle", cles)
    return {cle: organisme.fusionne_dans or organisme for cle, organisme in trouves.items()}


def citations(contenu: ContenuFiche) -> dict[str, set[str]]:
    """Clés citées par un contenu, par nature d'objet."""
    cites: dict[str, set[str]] = {
        nature: set()
        for nature in (
            "axe",
            "fiche",
            "annexe",
            "organisme",
            "territoire",
            "personne",
            "contrat",
            "section",
        )
    }
    cites["axe"].update(_presents([contenu["axe"]]))
    for section in contenu["sections"]:
        cites["section"].add(section["cle"])
        cites["organisme"].update(p["organisme"] for p in section["partenaires"])
        for ligne in section["lignes"]:
            cites["organisme"].update(_presents([ligne.get("organisme")]))
            cites["personne"].update(_presents([ligne.get("personne")]))
            cites["contrat"].update(_presents([ligne.get("cible")]))
        for renvoi in section["renvois"]:
            cites["fiche"].update(_presents([renvoi["fiche"]]))
            cites["annexe"].update(_presents([renvoi["annexe"]]))
        for action in toutes(section["actions"]):
            cites["organisme"].update(
                action["pilotes"] + action["chefs_de_file"] + action["partenaires"]
            )
            cites["territoire"].update(action["territoires"])
    return cites


def toutes(actions: list[ContenuAction]) -> Iterable[ContenuAction]:
    """Les actions et leurs sous-points, dans l'ordre imprimé."""
    for action in actions:
        yield action
        yield from toutes(action["sous_actions"])


def _presents(valeurs: list[str | None]) -> list[str]:
    return [v for v in valeurs if v]
