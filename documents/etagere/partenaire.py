"""« Tout ce qui me concerne » : ce que le contrat dit d'un organisme, en un PDF."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet

from comptes.models import Utilisateur
from contrats.models import Contrat, Engagement, Fiche, Partenariat, Partie
from documents import donnees
from documents.document import Document
from documents.lecture import (
    ActionLue,
    completer,
    fiches_visibles,
    lire_actions_sans_fiche,
    lire_fiches,
)
from documents.plan import Piece, plan
from partenaires.models import Organisme

Lecteur = Utilisateur | AnonymousUser


@dataclass(frozen=True)
class DocumentPartenaire(Document):
    """Ses engagements, ses actions hors des fiches, les fiches qui le citent."""

    organisme: Organisme | None = None
    engagements: list[Engagement] = field(default_factory=list)

    @property
    def titre(self) -> str:
        return f"Ce qui concerne {self.organisme.nom} ({self.contrat.intitule_court})"

    @property
    def surtitre(self) -> str:
        return f"Extrait : ce qui concerne {self.organisme.nom}"

    @property
    def version(self) -> None:
        return None

    @property
    def adresse(self) -> str:
        return self.site + self.organisme.get_absolute_url()

    @property
    def nom_de_fichier(self) -> str:
        return f"{self.contrat.slug}-{self.organisme.cle}-{self.modifie_le:%Y-%m-%d}.pdf"

    @property
    def identifiant(self) -> bytes:
        cle = f"{self.contrat.slug}/partenaire/{self.organisme.cle}"
        return hashlib.sha256(cle.encode()).hexdigest()[:32].encode()

    @property
    def pieces(self) -> list[Piece]:
        pieces = []
        if self.engagements:
            pieces.append(Piece("engagements", "Engagements", "engagements", self.engagements))
        if self.actions_sans_fiche:
            pieces.append(Piece("actions", "Actions", "actions", self.actions_sans_fiche))
        return [*pieces, *plan(self)]


def organismes_cites(contrat: Contrat, par: Lecteur) -> QuerySet[Organisme]:
    """Ceux qu'une fiche ou une action visible cite, ou qui sont parties, par ordre de nom."""
    return Organisme.objects.filter(
        Q(pk__in=_cites(contrat, par).values("organisme"))
        | Q(pk__in=contrat.parties.values("organisme"))
    ).order_by("nom", "pk")


def contexte_partenaire(
    contrat: Contrat, organisme: Organisme, *, par: Lecteur, site: str
) -> dict[str, Any]:
    """Ce que lit le gabarit ; le document peut n'avoir aucune pièce."""
    completer(contrat, entier=False)
    siens = _cites(contrat, par).filter(organisme=organisme)
    cles = Fiche.objects.visibles_par(par).filter(
        Q(sections__partenariats__in=siens) | Q(actions__partenariats__in=siens), contrat=contrat
    )
    document = DocumentPartenaire(
        contrat,
        lire_fiches(contrat, par, set(cles.values_list("cle", flat=True))),
        actions_sans_fiche=[
            lue for lue in lire_actions_sans_fiche(contrat, par) if _concerne(lue, organisme)
        ],
        fiches_visibles=fiches_visibles(contrat, par),
        site=site.rstrip("/"),
        organisme=organisme,
        engagements=_engagements(contrat, organisme),
    )
    fichiers = donnees.fichiers(document.actions, par=par, site=document.site)
    return {
        "document": document,
        "contrat": contrat,
        "pieces": document.pieces,
        "fichiers": fichiers,
    }


def _cites(contrat: Contrat, par: Lecteur) -> QuerySet[Partenariat]:
    """Les partenariats des fiches et des actions visibles du contrat."""
    fiches = Fiche.objects.visibles_par(par).filter(contrat=contrat)
    actions = contrat.actions.visibles_par(par)
    return Partenariat.objects.filter(Q(section__fiche__in=fiches) | Q(action__in=actions))


def _concerne(lue: ActionLue, organisme: Organisme) -> bool:
    return any(
        partenariat.organisme_id == organisme.pk
        for action in lue.toutes()
        for partenariat in action.partenariats.all()
    )


def _engagements(contrat: Contrat, organisme: Organisme) -> list[Engagement]:
    """Ceux qu'il doit ou dont il profite, comme partie."""
    parties = Prefetch("porteurs", Partie.objects.select_related("organisme"))
    autres = Prefetch("beneficiaires", Partie.objects.select_related("organisme"))
    siens = contrat.engagements.filter(
        Q(porteurs__organisme=organisme) | Q(beneficiaires__organisme=organisme)
    )
    return list(siens.distinct().order_by("ordre", "pk").prefetch_related(parties, autres))
