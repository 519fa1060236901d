"""Un dépôt de mesures, du fichier (ou de la grille collée) à son annulation."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from comptes.models import Utilisateur
from contrats.models import Contrat
from edition.ecriture import mettre_a_jour
from indicateurs.ecriture import (
    ETAT,
    MesuresPerimees,
    Saisie,
    ecrire_mesures,
    exiger,
    millesime,
    retirer_mesures,
)
from indicateurs.importation.plan import Plan, prevoir
from indicateurs.models import ImportMesures, Indicateur, Mesure, VersionMesure
from perr.importation.lecteur import lire_fichier

GRILLE = "Grille collée"


class ImportImpossible(Exception):
    """L'état de l'import ou des mesures ne permet pas l'acte : 409, rien n'est écrit."""


def deposer(
    contrat: Contrat,
    nom: str,
    octets: bytes,
    *,
    par: Utilisateur | None,
    indicateur: Indicateur | None = None,
    millesime_dit: str = "",
) -> ImportMesures:
    """Garde un tableau lisible ; `FichierRefuse` sinon, et rien n'est gardé."""
    exiger(contrat, par)
    prevoir(contrat, lire_fichier(octets, nom), indicateur=indicateur, millesime=millesime_dit)
    return ImportMesures.objects.create(
        contrat=contrat,
        nom=nom[-200:],
        fichier=octets,
        empreinte=hashlib.sha256(octets).hexdigest(),
        indicateur=indicateur,
        millesime=millesime_dit,
        depose_par=par,
    )


def octets_de_la_grille(texte: str) -> bytes:
    """Un tableau copié d'un tableur, en tabulations ; deux colonnes suffisent."""
    lignes = texte.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # Une tabulation de plus : le lecteur de fichiers en attend deux pour reconnaître un tableau.
    return "\n".join(f"{ligne}\t" if ligne.strip() else "" for ligne in lignes).encode()


def plan_de(objet: ImportMesures) -> Plan:
    """Le plan pour l'état présent de la base."""
    feuilles = lire_fichier(bytes(objet.fichier), objet.nom)
    return prevoir(objet.contrat, feuilles, indicateur=objet.indicateur, millesime=objet.millesime)


@transaction.atomic
def appliquer(
    objet: ImportMesures, *, version: int, jeton: str | None, par: Utilisateur | None
) -> ImportMesures:
    """Écrit le plan que `jeton` désigne, tout ou rien."""
    exiger(objet.contrat, par)
    _exiger_ouvert(objet)
    plan = plan_de(objet)
    if jeton is not None and plan.jeton != jeton:
        raise ImportImpossible(
            "Les mesures ont changé depuis cet aperçu : rien n'est importé. Relisez l'aperçu."
        )
    if nb := len(plan.bloquantes):
        s = "s" if nb > 1 else ""
        raise ImportImpossible(f"{nb} anomalie{s} à corriger : rien n'est importé.")
    if not plan.changements:
        raise ImportImpossible("Rien à changer : les mesures disent déjà ce que dit le fichier.")
    mettre_a_jour(
        objet,
        version=version,
        applique_le=timezone.now(),
        bilan={s: plan.nombre(s) for s in ("créée", "modifiée", "inchangée")},
    )
    _ecrire(plan, objet, par)
    return objet


def _ecrire(plan: Plan, objet: ImportMesures, par: Utilisateur | None) -> None:
    formes = {p.millesime.cle: p.millesime.libelle for p in plan.changements}
    cles = {cle: millesime(libelle).pk for cle, libelle in sorted(formes.items())}
    try:
        ecrire_mesures(
            [
                Saisie(
                    p.indicateur.pk,
                    p.territoire.pk,
                    cles[p.millesime.cle],
                    p.valeur,
                    p.statut,
                    p.note,
                    version=p.presente.version if p.presente else None,
                )
                for p in plan.changements
            ],
            par=par,
            motif=f"Import de {objet.nom}",
            depot=objet,
        )
    except MesuresPerimees as erreur:
        raise ImportImpossible(
            "Des mesures ont changé pendant l'import : rien n'est importé. Relisez l'aperçu."
        ) from erreur


def abandonner(objet: ImportMesures, *, version: int, par: Utilisateur | None) -> None:
    exiger(objet.contrat, par)
    _exiger_ouvert(objet)
    mettre_a_jour(objet, version=version, abandonne_le=timezone.now())


@transaction.atomic
def annuler(objet: ImportMesures, *, version: int, par: Utilisateur | None) -> None:
    """Remet chaque mesure dans son état d'avant, si personne ne l'a changée depuis."""
    exiger(objet.contrat, par)
    if objet.applique_le is None or objet.annule_le is not None:
        raise ImportImpossible("Seul un import appliqué, et pas encore annulé, s'annule.")
    mettre_a_jour(objet, version=version, annule_le=timezone.now())
    ecrites = list(objet.versions.order_by("pk"))
    presentes = {
        (m.indicateur_id, m.territoire_id, m.millesime_id): m
        for m in Mesure.objects.filter(indicateur__contrat=objet.contrat_id)
    }
    passees = _passees(objet)
    saisies, retraits = [], []
    for ecrite in ecrites:
        cle = (ecrite.indicateur_id, ecrite.territoire_id, ecrite.millesime_id)
        presente, versions = presentes.get(cle), passees[cle]
        if presente is None or versions[0].pk != ecrite.pk:
            raise ImportImpossible(
                "Une mesure a changé depuis cet import : il ne s'annule plus d'un bloc. Corrigez "
                "les mesures une à une."
            )
        avant = versions[1] if len(versions) > 1 else None
        if avant is None or not avant.statut:
            retraits.append(presente)
        else:
            etat = {nom: getattr(avant, nom) for nom in ETAT}
            saisies.append(Saisie(*cle, **etat, version=presente.version))
    motif = f"Annulation de l'import de {objet.nom}"
    # D'abord ce qui revient : le secret se recalcule une fois tout remis.
    ecrire_mesures(saisies, par=par, motif=motif)
    retirer_mesures(_relues(retraits), par=par, motif=motif)


def _passees(objet: ImportMesures) -> dict[tuple[int, int, int], list[VersionMesure]]:
    """Les versions de chaque mesure que l'import a écrite, la dernière d'abord."""
    touchees = objet.versions.order_by()
    lignes = VersionMesure.objects.filter(
        indicateur__in=touchees.values("indicateur"),
        territoire__in=touchees.values("territoire"),
        millesime__in=touchees.values("millesime"),
    ).order_by("-numero", "-pk")
    versions: dict[tuple[int, int, int], list[VersionMesure]] = {}
    for v in lignes:
        versions.setdefault((v.indicateur_id, v.territoire_id, v.millesime_id), []).append(v)
    return versions


def _relues(mesures: Iterable[Mesure]) -> list[Mesure]:
    """Le recalcul du secret a pu changer leur version."""
    return list(Mesure.objects.filter(pk__in=[m.pk for m in mesures]).order_by("pk"))


def _exiger_ouvert(objet: ImportMesures) -> None:
    if not objet.est_ouvert:
        raise ImportImpossible(f"Cet import est {objet.etat.lower()} : il ne change plus.")
