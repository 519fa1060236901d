"""Un retour déposé : le garder, le comparer au texte du jour, accepter ou refuser."""

import hashlib

from django.core.exceptions import PermissionDenied
from django.db import transaction

from comptes.models import Utilisateur
from contrats.models import Contrat
from contrats.permissions import Acte, peut
from edition.ecriture import mettre_a_jour
from reprise.lecture import DocumentRefuse
from reprise.lecture.isolement import lire_isole
from reprise.models import Retour
from reprise.retour.application import appliquer
from reprise.retour.changements import Changement
from reprise.retour.comparaison import Comparaison


def exiger(contrat: Contrat, par: Utilisateur | None) -> None:
    if par is not None and not peut(par, Acte.MODIFIER, contrat):
        raise PermissionDenied("Votre rôle sur ce contrat ne permet pas d'y recevoir un retour.")


def deposer(contrat: Contrat, nom: str, octets: bytes, *, par: Utilisateur | None) -> Retour:
    """Garde un DOCX qui répond à ce contrat ; `DocumentRefuse` sinon, et rien n'est gardé."""
    exiger(contrat, par)
    if lire_isole(octets, nom).format != "docx":
        raise DocumentRefuse("Un retour est le document Word (DOCX) que la plateforme a exporté.")
    Comparaison(contrat, octets)
    return Retour.objects.create(
        contrat=contrat,
        nom=nom.rpartition("/")[2].rpartition("\\")[2][-200:] or "retour.docx",
        fichier=octets,
        empreinte=hashlib.sha256(octets).hexdigest(),
        depose_par=par,
    )


def comparaison_de(retour: Retour) -> Comparaison:
    """Le fichier gardé, face au texte d'aujourd'hui."""
    return Comparaison(retour.contrat, bytes(retour.fichier))


def a_decider(
    retour: Retour, comparaison: Comparaison
) -> tuple[list[Changement], list[Changement]]:
    """À décider, puis refusés ; ce qui est accepté n'est plus une différence."""
    refuses = [c for c in comparaison.changements if c.cle in retour.refuses]
    ouverts = [c for c in comparaison.changements if c.cle not in retour.refuses]
    return ouverts, refuses


def versions_de(contrat: Contrat) -> dict[str, int]:
    fiches = contrat.fiches.vivantes().values_list("public_id", "version")
    return {"contrat": contrat.version, **{str(p): v for p, v in fiches}}


@transaction.atomic
def decider(
    retour: Retour,
    *,
    acceptes: set[str],
    refuses: set[str],
    versions: dict[str, int],
    version: int,
    par: Utilisateur | None,
) -> tuple[int, int]:
    """Écrit ce qui est accepté, garde ce qui est refusé ; rend les deux nombres."""
    exiger(retour.contrat, par)
    ouverts, _ = a_decider(retour, comparaison_de(retour))
    voulus = [c for c in ouverts if c.cle in acceptes]
    non = {c.cle: True for c in ouverts if c.cle in refuses}
    ecrits = appliquer(
        retour.contrat, voulus, versions=versions, par=par, motif=f"Retour « {retour.nom} »"[:300]
    )
    mettre_a_jour(
        retour,
        version=version,
        refuses={**retour.refuses, **non},
        acceptes=retour.acceptes + ecrits,
    )
    return ecrits, len(non)
