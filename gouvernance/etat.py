"""Ce qui a changé depuis la dernière séance, et l'état que la clôture fige."""

from collections import Counter
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.enums import StatutAction
from contrats.models import Action, Contrat, Fiche, Version
from contrats.versions import versionner
from edition.ecriture import mettre_a_jour
from gouvernance.models import Seance
from gouvernance.perimetre import actions_du_comite, contrats_du_comite
from indicateurs.lecture import derniere, lire_tableau
from indicateurs.models import Indicateur
from texte.dates import en_lettres

EN_RETARD = "en_retard"
LIBELLES = {EN_RETARD: "En retard", **dict(StatutAction.choices)}


def photographier(contrat: Contrat) -> dict[str, Any]:
    """Les actions du comité et leurs comptes, maintenant : ce que la clôture garde."""
    actions = list(actions_du_comite(contrat).select_related("contrat", "fiche"))
    return {
        "le": timezone.now().isoformat(timespec="seconds"),
        "total": len(actions),
        "comptes": dict(Counter(a.etat for a in actions)),
        "demonstration": any(a.demonstration for a in actions),
        "actions": [_ligne(action) for action in actions],
    }


def phrases_des_indicateurs(seance: Seance, lecteur: Any) -> dict[str, str]:
    """Ce que disent, maintenant, les indicateurs dont la séance a parlé."""
    vises = Q(points__seance=seance) | Q(decisions__seance=seance)
    siens = Indicateur.objects.filter(pk__in=Indicateur.objects.filter(vises).values("pk"))
    lus = list(siens.pour_liste())
    lectures = lire_tableau(lus, lecteur)
    return {str(i.public_id): derniere(lectures[i.pk]).titre for i in lus}


def _ligne(action: Action) -> dict[str, Any]:
    return {
        "id": str(action.public_id),
        "contrat": action.contrat.intitule_court,
        "fiche": action.fiche.titre if action.fiche else "",
        "numero": action.numero,
        "intitule": action.intitule,
        "statut": action.statut,
        "etat": action.etat,
        "motif": action.motif_statut,
        "avancement": action.avancement,
        "echeance": action.echeance.isoformat() if action.echeance else None,
        "demonstration": action.demonstration,
    }


def versions_en_vigueur(contrat: Contrat, *, par: Utilisateur, motif: str) -> list[Version]:
    """Les `Version`s des textes du comité : une neuve de chaque contrat, l'actuelle des fiches.

    S'appelle dans la transaction de la clôture ; lève `VersionPerimee` si un contrat s'écrit au
    même moment.
    """
    gardees = []
    for suivi in Contrat.objects.filter(pk__in=contrats_du_comite(contrat)).order_by("pk"):
        mettre_a_jour(suivi, version=suivi.version)
        gardees.append(versionner(suivi, par=par, motif=motif))
    fiches = Fiche.objects.vivantes().filter(contrat__in=contrats_du_comite(contrat))
    actuelles = Version.objects.filter(fiche__in=fiches, numero=F("fiche__version"))
    connues = list(actuelles.order_by("fiche"))
    gardees += connues
    for fiche in fiches.exclude(pk__in=[v.fiche_id for v in connues]).select_related("axe"):
        gardees.append(versionner(fiche, par=par, motif=motif))
    return gardees


def comptes(etat: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Les comptes par état, dans un ordre stable, pour une barre et son tableau."""
    if not etat:
        return []
    nombres = etat["comptes"]
    ordre = ["realisee", "en_cours", EN_RETARD, "a_lancer", "reportee"]
    ordre += [cle for cle in LIBELLES if cle not in ordre]
    return [
        {"statut": cle, "libelle": LIBELLES[cle], "nombre": nombres[cle]}
        for cle in ordre
        if nombres.get(cle)
    ]


def lignes(etat: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Les actions figées, avec leurs mots."""
    return [
        {**a, "libelle": LIBELLES[a["etat"]], "jour": _jour(a["echeance"]) if a["echeance"] else ""}
        for a in (etat["actions"] if etat else [])
    ]


def precedente(seance: Seance) -> Seance | None:
    """La dernière séance close de la même instance, avant celle-ci."""
    closes = Seance.objects.closes().filter(instance=seance.instance_id).exclude(pk=seance.pk)
    return closes.filter(le__lte=seance.le).order_by("-le", "-pk").first()


class Changements:
    """Ce qui a changé depuis une séance close : de l'état qu'elle a figé, et du journal."""

    def __init__(self, avant: Seance | None) -> None:
        self.avant = avant
        etat = avant.etat_fige if avant else None
        self._figees = {a["id"]: a for a in etat["actions"]} if etat else {}

    def de(self, action: Action) -> list[str]:
        """Une phrase par changement ; vide si rien n'a bougé, ou si aucune séance ne le dit."""
        if self.avant is None:
            return []
        return [*self._ecarts(action), *self._passages(action)]

    def _ecarts(self, action: Action) -> list[str]:
        figee = self._figees.get(str(action.public_id))
        if figee is None:
            return []
        phrases = []
        if figee["avancement"] != action.avancement:
            avant, apres = (_pourcent(v) for v in (figee["avancement"], action.avancement))
            phrases.append(f"Avancement : {avant}, puis {apres}.")
        echeance = action.echeance.isoformat() if action.echeance else None
        if figee["echeance"] != echeance:
            phrases.append(f"Échéance : {_jour(figee['echeance'])}, puis {_jour(echeance)}.")
        return phrases

    def _passages(self, action: Action) -> list[str]:
        passages = action.transitions.filter(le__gt=self.avant.instant)  # type: ignore[union-attr]
        return [
            f"Le {en_lettres(timezone.localtime(p.le))}, de « {p.libelle_de} » à "
            f"« {p.libelle_vers} »" + (f" : {p.motif}" if p.motif else ".")
            for p in passages.order_by("le", "pk")
        ]


def _pourcent(valeur: int | None) -> str:
    return "non renseigné" if valeur is None else f"{valeur} %"


def _jour(iso: str | None) -> str:
    if iso is None:
        return "aucune"
    annee, mois, jour = iso.split("-")
    return f"{jour}/{mois}/{annee}"
