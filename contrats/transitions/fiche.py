"""Cycle de vie d'une fiche : écrire, relire, corriger, valider, publier, archiver."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Coalesce

from comptes.models import Utilisateur
from contrats.enums import StatutFiche, TransitionFiche
from contrats.models import Action, Commentaire, Fiche, Section, Transition
from contrats.transitions.socle import TransitionImpossible, franchir


def soumettre_fiche(fiche: Fiche, *, version: int, par: Utilisateur) -> Transition:
    """Le texte se ferme jusqu'à la fin de la relecture.

    Refusé tant qu'une correction demandée n'est pas résolue : la relecture ne la redira pas.
    """
    restantes = corrections_restantes([fiche]).get(fiche.pk, 0)
    if restantes:
        raise TransitionImpossible(
            f"Il reste {restantes} correction{'s' if restantes > 1 else ''} demandée"
            f"{'s' if restantes > 1 else ''} : résolvez-les, puis soumettez la fiche."
        )
    return franchir(fiche, TransitionFiche.SOUMETTRE, version=version, par=par)


def corrections_restantes(fiches: Iterable[Fiche]) -> dict[int, int]:
    """Corrections demandées et non résolues, par fiche ; celles de ses actions comprises."""
    ouvertes = Commentaire.objects.filter(correction=True, resolu_le=None)
    siennes = ouvertes.filter(fiche__in=fiches) | ouvertes.filter(action__fiche__in=fiches)
    de_la_fiche = Coalesce("fiche", "action__fiche")
    comptes = siennes.order_by().annotate(de=de_la_fiche).values_list("de").annotate(Count("pk"))
    return dict(comptes)


def reprendre_fiche(fiche: Fiche, *, version: int, par: Utilisateur) -> Transition:
    return franchir(fiche, TransitionFiche.REPRENDRE, version=version, par=par)


@transaction.atomic
def renvoyer_fiche(
    fiche: Fiche,
    *,
    version: int,
    par: Utilisateur,
    motif: str,
    sections: Iterable[Section] = (),
    actions: Iterable[Action] = (),
) -> Transition:
    """Demande une correction : la fiche se rouvre, et chaque section ou action nommée porte la
    demande, à résoudre avant de soumettre de nouveau.

    Une section ou une action d'une autre fiche est ignorée : la vue l'a déjà refusée.
    """
    passage = franchir(fiche, TransitionFiche.RENVOYER, version=version, par=par, motif=motif)
    commun = {"texte": passage.motif, "correction": True, "auteur": par}
    siennes = [
        Commentaire(fiche=fiche, section=s, **commun) for s in sections if s.fiche_id == fiche.pk
    ]
    siennes += [Commentaire(action=a, **commun) for a in actions if a.fiche_id == fiche.pk]
    Commentaire.objects.bulk_create(siennes or [Commentaire(fiche=fiche, **commun)])
    return passage


def valider_fiche(fiche: Fiche, *, version: int, par: Utilisateur) -> Transition:
    return franchir(fiche, TransitionFiche.VALIDER, version=version, par=par)


def publier_fiche(fiche: Fiche, *, version: int, par: Utilisateur) -> Transition:
    """Le public lit la fiche dès que son contrat est publié."""
    return franchir(fiche, TransitionFiche.PUBLIER, version=version, par=par)


def depublier_fiche(fiche: Fiche, *, version: int, par: Utilisateur) -> Transition:
    """La fiche redevient un brouillon, hors de la vue du public."""
    return franchir(fiche, TransitionFiche.DEPUBLIER, version=version, par=par)


def archiver_fiche(fiche: Fiche, *, version: int, par: Utilisateur, motif: str) -> Transition:
    return franchir(fiche, TransitionFiche.ARCHIVER, version=version, par=par, motif=motif)


def desarchiver_fiche(fiche: Fiche, *, version: int, par: Utilisateur) -> Transition:
    return franchir(fiche, TransitionFiche.DESARCHIVER, version=version, par=par)


def verifier_modifiable(fiche: Fiche) -> None:
    """Lève `TransitionImpossible` si le texte est fermé : soumis, validé ou archivé."""
    if fiche.statut not in StatutFiche.modifiables():
        raise TransitionImpossible(
            f"La fiche est « {fiche.get_statut_display()} » : son texte est fermé. "
            "Reprenez l'écriture, ou attendez la demande de correction."
        )
