"""Les filtres qu'une personne garde pour elle, validés par le FilterSet de leur liste."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from comptes.models import Utilisateur
from contrats.enums import ListeFiltree
from contrats.filters import ActionFilterSet, ContratFilterSet, FicheFilterSet
from contrats.models import Action, Contrat, Fiche, FiltreEnregistre

NOMBRE_MAX = 50  # par personne et par liste : au-delà, une liste de filtres ne se lit plus
LISTES: dict[str, tuple[type[django_filters.FilterSet], Any]] = {
    ListeFiltree.CONTRATS: (ContratFilterSet, Contrat),
    ListeFiltree.FICHES: (FicheFilterSet, Fiche),
    ListeFiltree.ACTIONS: (ActionFilterSet, Action),
}


def filtres_de(utilisateur: Any, liste: ListeFiltree) -> list[FiltreEnregistre]:
    """Les filtres de cette personne pour cette liste, par nom ; aucun pour le public."""
    if not utilisateur.is_authenticated:
        return []
    return list(utilisateur.filtres.filter(liste=liste).order_by("nom", "pk"))


def enregistrer_filtre(
    requete: HttpRequest, *, liste: str, nom: str, parametres: str, par: Utilisateur
) -> FiltreEnregistre:
    """Garde le filtre, ou remplace celui de même nom. Lève `ValidationError`, par champ."""
    if liste not in LISTES:
        raise ValidationError({"parametres": "Cette liste n'a pas de filtres."})
    propre = _valider(requete, liste, parametres)
    autres = par.filtres.filter(liste=liste).exclude(nom=nom)
    if autres.count() >= NOMBRE_MAX:
        raise ValidationError(
            {"nom": f"Vous avez déjà {NOMBRE_MAX} filtres sur cette liste : supprimez-en un."}
        )
    filtre, _ = FiltreEnregistre.objects.update_or_create(
        utilisateur=par, liste=liste, nom=nom, defaults={"parametres": propre}
    )
    return filtre


def _valider(requete: HttpRequest, liste: str, parametres: str) -> str:
    """Les paramètres que le FilterSet connaît et admet, remis à leur forme d'adresse."""
    forme, modele = LISTES[liste]
    try:
        donnees = QueryDict(parametres, mutable=True)
    except ValueError as erreur:  # trop de paramètres
        raise ValidationError({"parametres": "Ces filtres sont illisibles."}) from erreur
    connus = forme.base_filters
    for nom in list(donnees):
        if nom not in connus or not any(donnees.getlist(nom)):
            del donnees[nom]
    visibles = modele.objects.visibles_par(requete.user)
    filtre = forme(donnees, visibles, request=requete)
    if not donnees:
        raise ValidationError({"parametres": "Filtrez d'abord la liste : il n'y a rien à garder."})
    if not filtre.is_valid():
        fautes = [str(e) for erreurs in filtre.errors.values() for e in erreurs]
        raise ValidationError({"parametres": fautes})
    propre = donnees.urlencode()
    if len(propre) > 2000:
        raise ValidationError({"parametres": "Ces filtres sont trop longs pour être gardés."})
    return propre
